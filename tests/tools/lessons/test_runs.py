"""Lessons of a cell or two, really executed, and what is told about them."""

from pathlib import Path

import nbformat
import pytest

from helpers.plumbing import ROOT
from tools.lessons.runs import run_lesson

pytestmark = pytest.mark.slow


def printed(notebook):
    """What the cells of an executed notebook printed."""
    cells = nbformat.read(notebook, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def test_a_lesson_is_executed_elsewhere_and_measured(lesson, tmp_path):
    notebook = lesson(
        "01_learn.ipynb",
        "import os, pathlib; print(os.environ['PICTURES'], pathlib.Path.cwd().name)",
        "memory = bytearray(b'x' * 200_000_000); import time; time.sleep(0.5)",
        "assert memory",
    )
    before = notebook.read_bytes()
    result = run_lesson(notebook, tmp_path / "build", "photos")
    assert result.lesson == "01_learn"
    assert result.check_passed
    assert result.fault is None
    assert result.seconds > 0.5
    assert 200 < result.peak_mb < 1000
    assert notebook.read_bytes() == before
    assert printed(tmp_path / "build" / "01_learn.ipynb") == "photos notebooks\n"


RAISE = f"""raise_it = True
import sys; sys.path.insert(0, {str(ROOT)!r})
from helpers.errors import InputError
raise InputError('no such folder: pets.')"""


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("1 / 0", "code cell 2 (1 / 0): ZeroDivisionError: division by zero"),
        (RAISE, "code cell 2 (raise_it = True): no such folder: pets."),
        ("import os; os._exit(1)", "its process died. Most often the memory was full"),
    ],
    ids=["error", "sentence", "died"],
)
def test_a_lesson_that_fails_is_named_and_kept_as_far_as_it_came(
    lesson, tmp_path, cell, fault
):
    result = run_lesson(
        lesson("02_fail.ipynb", "print('begun')", cell, "assert True"),
        tmp_path / "build",
        "drawn",
    )
    assert fault in result.fault
    assert not result.check_passed
    assert printed(tmp_path / "build" / "02_fail.ipynb").startswith("begun")


def test_checks_report_with_photographs_and_are_strict_with_drawn_pets(
    lesson, reporting, tmp_path
):
    notebook = lesson("06_train.ipynb", reporting, "assert 0.9 > 0.95\nassert 1 > 2")
    photos = run_lesson(notebook, tmp_path / "build", "photos")
    assert (photos.fault, photos.check_passed) == (None, False)
    assert photos.doubt == "0.9 > 0.95\n1 > 2"
    drawn = run_lesson(notebook, tmp_path / "build", "drawn")
    assert "AssertionError: 0.9 > 0.95" in drawn.fault


def test_any_other_fault_in_a_check_is_a_fault_with_photographs_too(
    lesson, reporting, tmp_path
):
    notebook = lesson("06_train.ipynb", reporting, "assert accuracy > 0.95")
    result = run_lesson(notebook, tmp_path / "build", "photos")
    assert "NameError: name 'accuracy' is not defined" in result.fault
    assert result.doubt is None


def test_what_a_lesson_leaves_in_the_temporary_folder_is_gone(lesson, tmp_path):
    notebook = lesson("01_litter.ipynb", "import tempfile; print(tempfile.mkdtemp())")
    run_lesson(notebook, tmp_path / "build", "drawn")
    made = Path(printed(tmp_path / "build" / notebook.name).strip())
    assert made.is_absolute()
    assert not made.exists()
    assert not made.parent.exists()
