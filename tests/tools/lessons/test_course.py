"""Lessons in a row: what is told of them, what is measured, what stays untouched."""

import subprocess
import sys

import pytest

from helpers.plumbing import ROOT, run
from tools import run_lessons
from tools.lessons import budgets, course, first_run, pictures

pytestmark = pytest.mark.slow

SLOW = ("pandas", "nbformat", "nbclient", "jupytext", "tensorflow", "keras")


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Let the command line see a course of our own, and no network."""
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(course, "BUILD", tmp_path / "build")
    monkeypatch.setenv("TRANSFER_MODELS", str(tmp_path))
    monkeypatch.setattr(pictures, "get_photos", pytest.fail)

    def start(*arguments):
        monkeypatch.setattr("sys.argv", ["run_lessons", *arguments])
        run(run_lessons._main)

    return start


SAVE = """import json, zipfile
facts = {"accuracy": 0.98765, "n_pictures": 400, "class_names": ["cat", "dog"]}
with zipfile.ZipFile("../cats_vs_dogs.keras", "w") as archive:
    archive.writestr("classifier.json", json.dumps(facts))"""


def test_the_course_ends_with_a_table_and_the_classifier(
    lesson, start, tmp_path, capsys
):
    lesson("06_train.ipynb", SAVE, "1")
    (tmp_path / "cats_vs_dogs.keras").write_text("of an earlier run")
    start("--offline")
    *_, head, row, _, last = capsys.readouterr().out.splitlines()
    assert head == "lesson    seconds  peak memory  check passed"
    assert row.startswith("06_train")
    assert row.endswith("yes")
    assert last == (
        "your classifier: 98.8% on 400 pictures it never saw; saved as "
        f"{tmp_path / 'cats_vs_dogs.keras'}"
    )


def test_later_lessons_run_when_they_are_asked_for(lesson, start, capsys):
    lesson("07_last_of_the_first.ipynb", "assert True")
    lesson("08_later.ipynb", "assert True")
    start("--offline")
    assert "08_later" not in capsys.readouterr().out
    start("8", "--offline")
    assert "08_later" in capsys.readouterr().out


def test_lessons_of_another_language_run_where_they_are(
    lesson, start, tmp_path, monkeypatch, capsys
):
    lesson("01_in_english.ipynb", "assert True")
    (tmp_path / "notebooks" / "zh").mkdir()
    lesson(
        "zh/01_in_chinese.ipynb", "from pathlib import Path", "print(Path().resolve())"
    )
    monkeypatch.setattr(course, "lessons_in", lambda _: tmp_path / "notebooks" / "zh")
    start("--offline", "--language", "zh_CN")
    assert "01_in_english" not in capsys.readouterr().out
    ran = (tmp_path / "build" / "zh" / "01_in_chinese.ipynb").read_text("utf-8")
    assert f"{(tmp_path / 'notebooks' / 'zh').resolve()}\\n" in ran


def test_after_a_failure_the_course_goes_on_and_says_so(lesson, start, capsys):
    lesson("01_fail.ipynb", "pets", "assert True")
    lesson("02_go_on.ipynb", "assert True")
    with pytest.raises(SystemExit) as stopped:
        start("--offline")
    said = capsys.readouterr().out
    assert stopped.value.code == 1
    first, second = [line.split() for line in said.splitlines() if " MB " in line]
    assert (first[0], first[-1]) == ("01_fail", "no")
    assert (second[0], second[-1]) == ("02_go_on", "yes")
    assert "01_fail stopped at code cell 1 (pets): NameError: name 'pets'" in said
    assert "your classifier" not in said


def test_a_lesson_that_does_not_exist_is_one_sentence(lesson, start, capsys):
    lesson("06_train.ipynb", "1")
    with pytest.raises(SystemExit) as stopped:
        start("--offline", "7")
    assert stopped.value.code == 2
    assert "expected the number of a lesson, found 7" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of our own, with a learner's data and the costs of two lessons."""
    table = tmp_path / "budgets.csv"
    table.write_text("lesson,seconds,megabytes\n05_feed,40,900\n06_train,1000,1\n")
    monkeypatch.setattr(budgets, "BUDGETS", table)
    monkeypatch.setattr(course, "BUDGETS", table)
    monkeypatch.setattr(first_run, "ROOT", tmp_path)
    monkeypatch.setattr(first_run, "DATA", tmp_path / "data")
    for name in (
        "helpers",
        "data_scripts",
        "benchmarks/results",
        "data/drawn",
        "data/features",
    ):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "mine").touch()
    return tmp_path


WRITE = """import os; os.makedirs('../data', exist_ok=True)
open('../data/seen', 'w').write(' '.join(sorted(os.listdir('../data'))))
raise KeyError(open('../data/seen').read())"""


def test_a_new_lesson_is_measured_alone_and_nothing_of_the_learner_changes(
    lesson, start, project
):
    lesson("05_feed.ipynb", "1")
    lesson("06_train.ipynb", "open('../data/drawn/mine', 'w').write('other')")
    start("--record", "6")
    assert (project / "data" / "drawn" / "mine").read_text() == ""
    table = budgets.read_budgets()
    assert table.loc["05_feed"].tolist() == [40, 900]
    assert table.loc["06_train", "seconds"] < 1000
    assert table.loc["06_train", "megabytes"] > 1


@pytest.mark.parametrize(
    ("number", "found"), [("5", "seen"), ("6", "drawn seen")], ids=["first", "later"]
)
def test_lessons_are_measured_as_a_reader_meets_them(
    lesson, start, project, capsys, number, found
):
    """The first lesson draws the pets; a later one finds them; none finds features."""
    lesson("05_feed.ipynb", WRITE)
    lesson("06_train.ipynb", WRITE)
    before = (project / "budgets.csv").read_bytes()
    with pytest.raises(SystemExit) as stopped:
        start("--record", number)
    assert stopped.value.code == 1
    assert f"KeyError: '{found}'" in capsys.readouterr().out
    assert (project / "budgets.csv").read_bytes() == before  # it stopped: no record
    assert not (project / "data" / "seen").exists()


def test_a_lesson_that_takes_much_more_than_is_stated_is_reported(
    lesson, start, project, capsys
):
    lesson("06_train.ipynb", "1")
    start("--offline")
    told = capsys.readouterr().out
    assert "MB, and 1 are stated." in told
    assert "1000 are stated" not in told


def test_a_check_that_photographs_do_not_bear_out_is_told_and_no_failure(
    lesson, reporting, start, monkeypatch, capsys
):
    monkeypatch.setattr(course, "choose_pictures", lambda *_: "photos")
    lesson("06_train.ipynb", reporting, "assert 0.9 > 0.95")
    start("--photos", "pets.zip")
    told = capsys.readouterr().out
    assert "06_train: its check does not hold on these photographs: " in told
    assert "photographs: 0.9 > 0.95" in told
    assert told.splitlines()[3].endswith("no")


@pytest.mark.parametrize("command", ["tools.author", "tools.run_lessons"])
def test_a_command_starts_at_once_and_imports_later(command):
    """Ctrl-C in the first seconds would otherwise end in a traceback."""
    code = f"import {command}, sys; print([m for m in {SLOW} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr
