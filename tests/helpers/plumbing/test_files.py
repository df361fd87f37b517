"""Whole or not there: whatever goes wrong while something is written."""

import errno
import os
import time

import pytest

from helpers.errors import InputError
from helpers.plumbing import files, locked, run, whole_file, whole_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_it_is_complete(tmp_path):
    with whole_file(tmp_path / "deep" / "labels.csv") as unfinished:
        unfinished.write_text("half")
        assert not (tmp_path / "deep" / "labels.csv").exists()
    assert (tmp_path / "deep" / "labels.csv").read_text() == "half"
    assert names(tmp_path / "deep") == ["labels.csv"]


def test_a_failed_write_keeps_the_old_file(tmp_path):
    (tmp_path / "labels.csv").write_text("old")
    with pytest.raises(KeyError), whole_file(tmp_path / "labels.csv") as unfinished:
        unfinished.write_text("new")
        raise KeyError
    assert (tmp_path / "labels.csv").read_text() == "old"
    assert names(tmp_path) == ["labels.csv"]


def test_a_failed_folder_keeps_the_old_one(tmp_path):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "cat.jpg").write_text("old")
    with pytest.raises(KeyError), whole_folder(tmp_path / "pets"):
        raise KeyError
    assert names(tmp_path) == ["pets"]
    assert names(tmp_path / "pets") == ["cat.jpg"]


def test_a_folder_replaces_the_old_one_as_a_whole(tmp_path):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "cat.jpg").write_text("old")
    with whole_folder(tmp_path / "pets") as unfinished:
        (unfinished / "dog.jpg").write_text("new")
    assert names(tmp_path) == ["pets"]
    assert names(tmp_path / "pets") == ["dog.jpg"]


def test_what_a_killed_run_left_is_cleared(tmp_path):
    (tmp_path / ".unfinished-pets-abc").mkdir()
    with whole_folder(tmp_path / "pets") as unfinished:
        (unfinished / "dog.jpg").write_text("new")
    assert names(tmp_path) == ["pets"]


def test_what_a_killed_write_left_is_cleared_after_a_day(tmp_path):
    for name, age in ((".unfinished-old", 2), (".unfinished-new", 0.5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "labels.csv").write_text("half")
        then = time.time() - age * files.DAY
        os.utime(tmp_path / name, (then, then))
    with whole_file(tmp_path / "labels.csv") as unfinished:
        unfinished.write_text("whole")
    assert names(tmp_path) == [".unfinished-new", "labels.csv"]  # it may be writing


def test_a_run_killed_between_the_two_renames_loses_nothing(tmp_path):
    (tmp_path / ".replaced-pets").mkdir()  # moved aside; the new one never came
    (tmp_path / ".replaced-pets" / "cat.jpg").write_text("old")
    with pytest.raises(KeyError), whole_folder(tmp_path / "pets"):
        raise KeyError
    assert (tmp_path / "pets" / "cat.jpg").read_text() == "old"


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "the disk is full: .*run the same command again"),
        (errno.EACCES, "no permission: .*home folder"),
        (errno.EROFS, "no permission: .*home folder"),
        (errno.EIO, r"the disk cannot be read or written: .*a \(from the system\)"),
        (errno.ENOTDIR, "expected a folder where a file is"),
    ],
)
def test_the_systems_errors_become_a_sentence(tmp_path, number, message):
    with pytest.raises(InputError, match=message), whole_file(tmp_path / "a") as path:
        path.write_text("half")
        raise OSError(number, "from the system")
    assert names(tmp_path) == []


def test_other_errors_pass_through(tmp_path):
    with pytest.raises(OSError, match="from the system"), whole_file(tmp_path / "a"):
        raise OSError(errno.EBADF, "from the system")


def test_a_lock_is_given_to_one_at_a_time(tmp_path):
    with locked(tmp_path / "pets"), pytest.raises(TimeoutError):
        locked(tmp_path / "pets").acquire(timeout=0.01)
    locked(tmp_path / "pets").acquire(timeout=0.01).lock.release()


def test_a_script_ends_with_a_sentence_and_a_code(capsys):
    def fail():
        raise InputError("expected a cat, found a cow.")

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as stopped:
        run(fail)
    assert stopped.value.code == 2
    with pytest.raises(SystemExit) as stopped:
        run(interrupt)
    assert stopped.value.code == 130
    assert capsys.readouterr().err == (
        "error: expected a cat, found a cow.\n"
        "\nstopped. Run the same command again: it goes on.\n"
    )


def test_a_notebook_shows_the_sentence_alone():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shown = []
    shell._showtraceback = lambda kind, error, lines: shown.extend(lines)
    shell.run_cell("from helpers.errors import InputError\nraise InputError('no cat.')")
    assert shown == ["InputError: no cat."]
