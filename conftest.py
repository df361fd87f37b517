"""A run of the tests: what it prepares, what it leaves alone, what it tells."""

import os
import re
import shutil
import signal
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from helpers.plumbing import ray_is_there

# pytest imports a module to find its examples, and importing a lesson would run it.
# Exercises hold gaps; their solutions are compared instead.
collect_ignore = ["notebooks/source", "notebooks/exercises"]
# Of other languages, code and outputs are the same ones (tests/tools/translation): they
# are run when they are named, as tools.matrix does.
collect_ignore_glob = ["notebooks/[a-z][a-z]"]
if not ray_is_there():  # an extra: see tools.many
    collect_ignore.append("helpers/many")

FOLDER = pytest.StashKey[Path]()  # everything temporary of this run


def pytest_configure(config):
    """Give the run a temporary folder of its own, for every process that it starts."""
    named = [Path(argument).as_posix() for argument in config.args]
    if any(re.search(r"notebooks/[a-z]{2}\b", argument) for argument in named):
        other = collect_ignore_glob.pop()
        collect_ignore_glob.extend([f"{other}/source", f"{other}/exercises"])
    folder = Path(tempfile.mkdtemp(prefix="lessons-tests-")).resolve()
    config.stash[FOLDER] = folder
    (folder / "models").mkdir()
    settings = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    # Lesson 6 saves a classifier: the learner's own stays as it is.
    settings["TRANSFER_MODELS"] = str(folder / "models")
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    tempfile.tempdir = None  # what was found before does not count any longer

    def put_back():
        tempfile.tempdir = None
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
        # On Windows, what a process that just ends still holds open stays.
        shutil.rmtree(folder, ignore_errors=True)

    config.add_cleanup(put_back)
    # A shell lets what it starts in the background ignore Ctrl-C; tests press it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def style_of_figures():
    """Whatever a test, or an example, sets of matplotlib ends with it."""
    import matplotlib

    with matplotlib.rc_context():
        yield


def pytest_itemcollected(item):
    """Of a lesson, pictures are compared too, and of exempt cells what is no number."""
    from nbval.plugin import IPyNbCell

    if item.nodeid.startswith("helpers/many/"):  # some examples start a cluster
        item.add_marker("slow")
    if isinstance(item, IPyNbCell):
        from tools.lessons.compared import compare_more

        compare_more(item)
        if _lacks_ray(item.path):
            from tests.parts import NO_MANY

            item.add_marker(pytest.mark.skip(reason=NO_MANY))


@cache
def _lacks_ray(notebook):
    """Whether a lesson needs an extra that is not installed: see tools.many."""
    text = notebook.read_text(encoding="utf-8")
    return not ray_is_there() and "helpers.many" in text


def pytest_collection_finish(session):
    """Before lessons are compared: what they prepare once, and say so, is prepared."""
    from nbval.plugin import IPyNbCell

    lessons = any(isinstance(item, IPyNbCell) for item in session.items)
    if lessons and not session.config.option.collectonly:
        from tools.lessons.prepared import prepare_once

        prepare_once()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """In a lesson that is compared, a check that does not hold is a failure."""
    from nbval.plugin import IPyNbCell

    os.environ.pop("STRICT_CHECKS", None)
    if isinstance(item, IPyNbCell):
        os.environ["STRICT_CHECKS"] = "1"


def pytest_terminal_summary(terminalreporter):
    """What stands proven on the page: `make test` ends with it."""
    _tell_judged(terminalreporter)
    _tell_passed_over(terminalreporter)
    run = {item.nodeid.partition("::")[0] for item in _reported(terminalreporter)}
    if not any(name.endswith(".ipynb") for name in run):
        return
    import nbformat

    from tools.lessons.notebooks import notebook_of
    from tools.lessons.sources import lessons
    from tools.lessons.style import style_figures

    figures = [
        style_figures(source, nbformat.read(notebook_of(source), as_version=4))
        for source in lessons()
        if f"notebooks/{source.stem}.ipynb" in run
    ]
    if not figures:  # solutions alone
        return
    tied, exempt, code = (
        sum(row[key] for row in figures) for key in ("tied results", "exempt", "code")
    )
    terminalreporter.write_line(
        f"{len(figures)} lesson(s): {tied} results in prose are tied to the run, "
        f"{code} code cells are compared ({exempt} without their numbers, each with "
        "its reason)."
    )


def _tell_passed_over(terminalreporter):
    """How many tests could not be made, since something is not on this computer."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(item.longrepr[2]).removeprefix("Skipped: ") for item in skipped]
    for reason, number in Counter(reasons).items():
        terminalreporter.write_line(f"{number} test(s) passed over: {reason}.")


def _tell_judged(terminalreporter):
    """How many answers to exercises were judged as they should be."""
    passed = [item.nodeid for item in terminalreporter.stats.get("passed", [])]
    here = "tests/lessons/exercises/test_answers.py::"
    kinds = [n.rpartition("[")[2].split() for n in passed if n.startswith(here)]
    judged = [kind for kind in kinds if len(kind) == 3]  # "0.1 right 2]"
    if judged:
        right = sum(kind[1] == "right" for kind in judged)
        terminalreporter.write_line(
            f"{len({kind[0] for kind in judged})} exercise(s): {right} right answers "
            f"are taken, {len(judged) - right} wrong ones refused with their reason."
        )


def _reported(terminalreporter):
    for outcome in ("passed", "failed"):
        yield from terminalreporter.stats.get(outcome, [])
