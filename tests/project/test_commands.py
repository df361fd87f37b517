"""Every command in a document can be read by what it calls."""

import pytest

from helpers.plumbing import ROOT

from .commands import bare, commands, fault, said_commands
from .test_links import documents, text_of

PLACEHOLDERS = {"PACKAGE"}  # a learner puts a name there

CODE = [
    path
    for folder in ("helpers", "data_scripts", "tools", "benchmarks", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not path.name.startswith("test_")  # they hold wrong ones, on purpose
]
IN_DOCUMENTS = {
    (path.relative_to(ROOT).as_posix(), command)
    for path in documents()
    for command in commands(text_of(path))
}
CASES = sorted(
    IN_DOCUMENTS
    | {
        (path.relative_to(ROOT).as_posix(), command)
        for path in CODE
        for command in said_commands(path)
    }
)


@pytest.mark.parametrize(("document", "command"), CASES)
def test_a_command_that_is_promised_can_be_given(document, command):
    assert fault(command) is None


@pytest.mark.parametrize(
    "path",
    [path for path in CODE if path.relative_to(ROOT).parts[0] != "tests"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_message_names_the_python_of_the_project(path):
    assert bare(path, docstrings=path.parent.name == "data_scripts") == []


def test_a_document_names_the_python_of_the_project():
    told = {case for case in IN_DOCUMENTS if case[1].startswith("python -m ")}
    assert told == set()


def test_the_two_commands_are_among_them():
    given = {command for _, command in CASES}
    assert given >= {"make run", "make test", r".venv\Scripts\python -m pytest"}
    assert given >= {".venv/bin/python -m data_scripts.get_photos oxford"}
    assert len(given) > 60


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("make tset", "make has no tset"),
        ("make run PHOTO=x.zip", "make has no PHOTO=x.zip"),
        ("… -m tools.run_lessons --offlin", "unrecognized arguments: --offlin"),
        ("python -m tools.run_lessons --on-line", "unrecognized arguments: --on-line"),
        ("python -m tools.author bild", "invalid choice: 'bild'"),
        ("python -m tools.nothing", "no module tools.nothing"),
        ("python3 tools/setup.py", "there is no tools/setup.py"),
    ],
)
def test_one_that_cannot_be_is_found(command, told):
    assert told in fault(command)
