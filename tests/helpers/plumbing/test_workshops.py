"""What killed runs leave is cleared; what only looks so is somebody's, and stays."""

import contextlib
import os
import shutil
import time

from helpers.errors import InputError
from helpers.plumbing import whole_file, whole_folder, workshops
from tests.things.killed import killed


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write(path):
    with whole_file(path) as unfinished:
        unfinished.write_text("whole")


def test_what_a_killed_run_left_is_cleared(tmp_path):
    killed(tmp_path / "pets")
    write(tmp_path / "labels.csv")
    assert names(tmp_path) == ["labels.csv"]


def test_what_another_run_works_on_is_left_alone(tmp_path):
    with whole_folder(tmp_path / "pets-big") as unfinished:
        for name in ("pets", "pets*", "*"):
            with (
                contextlib.suppress(InputError, OSError),
                whole_folder(tmp_path / name),
            ):
                pass  # Windows has no such names
        assert unfinished.is_dir()
        assert unfinished.parent.name in names(tmp_path)


def test_what_a_run_on_another_computer_left_is_cleared_after_a_day(tmp_path):
    there = killed(tmp_path / "pets", "elsewhere")
    write(tmp_path / "labels.csv")
    assert there.is_dir()
    then = time.time() - 2 * workshops.DAY
    os.utime(there, (then, then))
    write(tmp_path / "labels.csv")
    assert names(tmp_path) == ["labels.csv"]


def test_a_folder_of_somebodys_stays_whatever_its_name(tmp_path):
    left = killed(tmp_path / "pets")
    theirs = left.with_name(f"{left.name[:-8]}holidays")
    shutil.copytree(left, theirs)  # the note in it names another folder
    bare, linked = (left.with_name(f"{left.name[:-8]}{n * 8}") for n in "ab")
    for folder in (bare, linked):
        (folder / "pets").mkdir(parents=True)
        (folder / "pets" / "cat.jpg").write_text("mine")
    with contextlib.suppress(OSError):  # Windows gives this right to few
        (linked / workshops.NOTE).symlink_to(left / workshops.NOTE)
    (tmp_path / ".unfinished-pets-backup").mkdir()
    before = set(names(tmp_path)) - {left.name}
    write(tmp_path / "labels.csv")
    assert set(names(tmp_path)) == before | {"labels.csv"}
    assert all((folder / "pets" / "cat.jpg").is_file() for folder in (theirs, bare))


def test_a_run_that_is_killed_at_its_very_beginning_leaves_nothing(tmp_path):
    left = killed(tmp_path / "pets")
    shutil.rmtree(left)
    left.mkdir()  # its note was not yet written
    write(tmp_path / "labels.csv")
    assert names(tmp_path) == ["labels.csv"]


def test_the_note_goes_last(tmp_path, monkeypatch):
    # Or what is left of a run that is killed while it tidies up would stay for ever.
    left = killed(tmp_path / "pets")
    monkeypatch.setattr(workshops.shutil, "rmtree", lambda *_, **__: None)
    (left / "labels.csv").write_text("half")
    write(tmp_path / "labels.csv")
    assert names(left) == [workshops.NOTE, "pets"]


def test_a_run_killed_between_the_two_renames_loses_nothing(tmp_path):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "cat.jpg").write_text("old")
    killed(tmp_path / "pets", "between")
    assert not (tmp_path / "pets").exists()
    write(tmp_path / "labels.csv")
    assert (tmp_path / "pets" / "cat.jpg").read_text() == "old"
    assert names(tmp_path) == ["labels.csv", "pets"]
