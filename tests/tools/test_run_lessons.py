"""Lessons of a cell or two, really executed, and what is told about them."""

import json

import nbformat
import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT, run
from tools import run_lessons
from tools.run_lessons import choose_lessons, choose_pictures, run_lesson


@pytest.fixture
def lesson(tmp_path):
    """Write a notebook from the texts of its cells; the last one is its check."""

    def write(name, *cells):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_markdown_cell("# A lesson")]
        notebook.cells += [nbformat.v4.new_code_cell(text) for text in cells]
        notebook.cells[-1].metadata["tags"] = ["check"]
        path = tmp_path / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write


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


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Let the command line see a course of our own, and no network."""
    monkeypatch.setattr(run_lessons, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(run_lessons, "BUILD", tmp_path / "build")
    monkeypatch.setattr(run_lessons, "DATA", tmp_path / "data")
    monkeypatch.setattr(run_lessons, "CLASSIFIER", tmp_path / "cats_vs_dogs.json")
    monkeypatch.setattr(run_lessons, "get_photos", pytest.fail)

    def start(*arguments):
        monkeypatch.setattr("sys.argv", ["run_lessons", *arguments])
        run(run_lessons._main)

    return start


def test_the_course_ends_with_a_table_and_the_classifier(
    lesson, course, tmp_path, capsys
):
    facts = json.dumps({"accuracy": 0.98765, "n_pictures": 400})
    lesson("06_train.ipynb", f"open('../cats_vs_dogs.json', 'w').write({facts!r})", "1")
    (tmp_path / "cats_vs_dogs.json").write_text("of an earlier run")
    course("--offline")
    *_, head, row, _, last = capsys.readouterr().out.splitlines()
    assert head == "lesson    seconds  peak memory  check passed"
    assert row.startswith("06_train")
    assert row.endswith("yes")
    assert last == (
        "your classifier: 98.8% on 400 pictures it never saw; saved as "
        f"{tmp_path / 'cats_vs_dogs.keras'}"
    )


def test_after_a_failure_the_course_goes_on_and_says_so(lesson, course, capsys):
    lesson("01_fail.ipynb", "pets", "assert True")
    lesson("02_go_on.ipynb", "assert True")
    with pytest.raises(SystemExit) as stopped:
        course("--offline")
    said = capsys.readouterr().out
    assert stopped.value.code == 1
    first, second = [line.split() for line in said.splitlines() if " MB " in line]
    assert (first[0], first[-1]) == ("01_fail", "no")
    assert (second[0], second[-1]) == ("02_go_on", "yes")
    assert "01_fail stopped at code cell 1 (pets): NameError: name 'pets'" in said
    assert "your classifier" not in said


def test_a_lesson_that_does_not_exist_is_one_sentence(lesson, course, capsys):
    lesson("06_train.ipynb", "1")
    with pytest.raises(SystemExit) as stopped:
        course("--offline", "7")
    assert stopped.value.code == 2
    assert "expected the number of a lesson, found 7" in capsys.readouterr().err


def test_lessons_are_chosen_by_number_in_reading_order(lesson, tmp_path):
    one, two = lesson("01_a.ipynb", "1"), lesson("02_b.ipynb", "1")
    lesson("notes.ipynb", "1")
    folder = tmp_path / "notebooks"
    assert choose_lessons([], folder) == [one, two]
    assert choose_lessons(["02", "1", "2"], folder) == [one, two]
    with pytest.raises(InputError, match="there are: none"):
        choose_lessons([], tmp_path)


class Photos:
    """Stands for the two functions that fetch and split photographs."""

    def __init__(self, monkeypatch, folder, fault=None):
        self.asked, self.split = [], []
        self.fault = fault
        monkeypatch.setattr(run_lessons, "SOURCE", folder / "source")
        monkeypatch.setattr(run_lessons, "get_photos", self.get)
        monkeypatch.setattr(
            run_lessons,
            "make_training_set",
            lambda *folders: self.split.append(folders),
        )

    def get(self, source="filtered", timeout=20):
        self.asked.append((source, timeout))
        if self.fault:
            raise InputError(self.fault)


def test_photographs_that_were_asked_for_are_put_in_place(monkeypatch, tmp_path):
    photos = Photos(monkeypatch, tmp_path)
    assert choose_pictures("pets.zip", offline=True) == "photos"
    assert photos.asked == [("pets.zip", 20)]
    assert photos.split == [(tmp_path / "source", tmp_path)]


def test_photographs_that_cannot_be_had_are_an_error_if_asked_for(
    monkeypatch, tmp_path
):
    Photos(monkeypatch, tmp_path, fault="no such archive: pets.zip")
    with pytest.raises(InputError, match="no such archive"):
        choose_pictures("pets.zip", offline=False)


def test_without_a_wish_the_real_set_is_tried_once_and_shortly(
    monkeypatch, tmp_path, capsys
):
    photos = Photos(monkeypatch, tmp_path, "no way to the server.\nOr take an archive.")
    assert choose_pictures(None, offline=False) == "drawn"
    assert photos.asked == [("filtered", 5)]
    assert photos.split == []
    assert capsys.readouterr().out.splitlines()[-1] == (
        "The lessons use drawn pets: no way to the server."
    )


def test_photographs_that_are_there_are_used_and_never_replaced(monkeypatch, tmp_path):
    """They may be the reader's own, which no run may overwrite with the real set."""
    photos = Photos(monkeypatch, tmp_path)
    (tmp_path / "source").mkdir()
    assert choose_pictures(None, offline=False) == "photos"
    assert photos.asked == []
    assert len(photos.split) == 1


def test_offline_nothing_is_fetched(monkeypatch, tmp_path):
    photos = Photos(monkeypatch, tmp_path)
    assert choose_pictures(None, offline=True) == "drawn"
    assert photos.asked == []


def test_what_lessons_take_is_recorded_and_the_others_stay(
    lesson, course, tmp_path, monkeypatch
):
    budgets = tmp_path / "budgets.csv"
    budgets.write_text("lesson,seconds,megabytes\n05_feed,40,900\n06_train,1000,1\n")
    monkeypatch.setattr(run_lessons, "BUDGETS", budgets)
    lesson("06_train.ipynb", "1")
    for name in ("drawn", "features", "photos"):
        (tmp_path / "data" / name).mkdir(parents=True)
    course("--offline", "--record")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["photos"]
    table = run_lessons.read_budgets()
    assert table.loc["05_feed"].tolist() == [40, 900]
    assert table.loc["06_train", "seconds"] < 1000
    assert table.loc["06_train", "megabytes"] > 1


def test_a_lesson_that_takes_much_more_than_is_stated_is_reported(
    lesson, course, tmp_path, monkeypatch, capsys
):
    budgets = tmp_path / "budgets.csv"
    budgets.write_text("lesson,seconds,megabytes\n06_train,1000,1\n")
    monkeypatch.setattr(run_lessons, "BUDGETS", budgets)
    lesson("06_train.ipynb", "1")
    course("--offline")
    told = capsys.readouterr().out
    assert "MB, and 1 are stated." in told
    assert "1000 are stated" not in told
