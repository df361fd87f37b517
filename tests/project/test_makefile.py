"""The commands that README.md promises are there and do what it says."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from helpers.plumbing import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTED = re.findall(r"^([a-z-]+):.*  ## ", MAKEFILE, re.MULTILINE)

needs_make = pytest.mark.skipif(
    shutil.which("make") is None, reason="Windows has no make, and needs none"
)


def make(*arguments, folder=ROOT, **environment):
    """What make prints; it must succeed."""
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        # No settings of whoever runs the tests:
        env={"PATH": "/usr/bin:/bin", **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_make
def test_help_comes_first_and_lists_every_target():
    told = make()
    assert told == make("help")
    assert re.findall(r"^  make ([a-z-]+) +\S", told, re.MULTILINE) == DOCUMENTED
    for name in ("run", "test", "notebooks", "lab", "lint", "lock", "clean"):
        assert name in DOCUMENTED
    assert all(len(line) <= 88 for line in told.splitlines())


@needs_make
@pytest.mark.parametrize("target", ["run", "test", "notebooks", "lab", "lint", "lock"])
def test_every_target_sets_up_first_with_the_python_of_your_choice(target):
    first = make("-n", target, "PYTHON=python3.13").splitlines()[0]
    assert first == "python3.13 tools/set_up.py"


@pytest.fixture
def wishes(tmp_path):
    """Make a target with stand-ins for Python: the arguments that they were given."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    script = "import json, sys; print(json.dumps(sys.argv[1:]))"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{script}" "$@"\n')
    python.chmod(0o755)

    def arguments(*wanted, **environment):
        done = make("--silent", *wanted, "PYTHON=true", folder=tmp_path, **environment)
        return [json.loads(line) for line in done.splitlines()]

    return arguments


RUN = ["-m", "tools.run_lessons"]


@needs_make
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        (["PHOTOS="], []),
        (["PHOTOS=my pets.zip"], ["--photos=my pets.zip"]),
        (["OFFLINE=1"], ["--offline"]),
        (["OFFLINE=0"], []),
        (["OFFLINE="], []),
        (["OFFLINE=1", "PHOTOS=-x"], ["--photos=-x", "--offline"]),
    ],
)
def test_wishes_for_pictures_reach_the_lessons(wishes, given, expected):
    assert wishes("run", *given) == [RUN + expected]


@needs_make
@pytest.mark.parametrize(
    ("given", "expected"), [([], []), (["CLEAN=1"], ["--clean"]), (["CLEAN=0"], [])]
)
def test_fresh_copies_are_made_when_they_are_wished_for(wishes, given, expected):
    assert wishes("lab", *given) == [["-m", "tools.lab", *expected]]


HOSTILE = [
    "pets $5",
    "$(shell touch x) $(PYTHON) ${HOME} $$ $",
    "`touch x` $(touch x)",
    "a'b\"c\\d",
    '"; touch x; "',
    "'; touch x; '",
    "a  b ",
    "a#b&c|d>x*?",
    "猫 & 狗",
]


@needs_make
@pytest.mark.parametrize("value", HOSTILE)
def test_a_name_is_passed_on_as_it_is_and_nothing_of_it_is_run(wishes, tmp_path, value):
    teach = ["-m", "data_scripts.train_classifier", "--", value]
    before = sorted(tmp_path.rglob("*"))
    assert wishes("run", f"PHOTOS={value}") == [[*RUN, f"--photos={value}"]]
    assert wishes("run", PHOTOS=value) == [[*RUN, f"--photos={value}"]]
    assert wishes("teach", f"PHOTOS={value}") == [teach]
    page = ["-m", "data_scripts.make_page", "--", value]
    assert wishes("page", f"CLASSIFIER={value}")[-1] == page
    benchmarks = wishes("bench", f"PHOTOS={value}")
    assert [given[2:] for given in benchmarks[:-1]] == [[f"--photos={value}"]] * 7
    wishes("run", f"OFFLINE={value}")
    assert wishes("lab", f"CLEAN={value}") == [["-m", "tools.lab", "--clean"]]
    assert sorted(tmp_path.rglob("*")) == before


@needs_make
def test_teach_says_what_it_needs(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = subprocess.run(
        ["make", "--silent", "teach", "PYTHON=true"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 2
    assert "expected PHOTOS=FOLDER, with a folder of pictures" in done.stderr


@needs_make
def test_no_other_environment_and_no_switch_reaches_what_make_starts(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    names = ("JUPYTER_PATH", "PYTHONOPTIMIZE", "HOME")
    said = f"import os; print([name for name in {names} if name in os.environ])"
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "set_up.py").write_text(said, encoding="utf-8")
    done = subprocess.run(
        ["make", "--no-print-directory", "set-up", f"PYTHON={sys.executable}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "JUPYTER_PATH": "x", "PYTHONOPTIMIZE": "1", "HOME": "/"},
    )
    assert done.stdout.splitlines()[-1] == "['HOME']", done.stderr


@needs_make
def test_clean_keeps_what_cannot_be_made_again(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    gone = [".venv/x", "build/x", "data/drawn/x", "data/weights/x", "a/__pycache__/x"]
    kept = [
        "data/photos/source/cat/x",
        "data/models/x",
        "data/reports/x",
        "data/pages/x",
        "helpers/x",
        "wheels/x",
    ]
    for name in gone + kept:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    make("clean", folder=tmp_path)
    make("clean", folder=tmp_path)  # nothing there: nothing to complain of
    assert [name for name in gone if (tmp_path / name).parent.exists()] == []
    assert [name for name in kept if not (tmp_path / name).exists()] == []


def test_windows_runs_what_make_runs():
    for command in re.findall(r"IN_VENV\) (-m [\w.]+)", MAKEFILE):
        name = command.split()[1]
        if name in ("tools.run_lessons", "pytest", "tools.lab"):
            assert f".venv\\Scripts\\python {command}" in README


def test_ci_runs_the_commands_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^(?:[^#\n]* tools\.\w+ )?(make .*)", script, re.MULTILINE) == [
        "make lint",
        "make run OFFLINE=1",
        "make test",
    ]
    assert "`make run OFFLINE=1`" in README
    assert "`make test`" in README


def test_the_set_up_finds_its_project_from_any_folder(tmp_path):
    script = ROOT / "tools" / "set_up.py"
    code = f"import runpy; print(runpy.run_path({str(script)!r})['ROOT'])"
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == str(ROOT), done.stderr
