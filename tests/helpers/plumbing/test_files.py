"""Whole or not there: whatever goes wrong while something is written."""

import errno
import hashlib
import os

import pytest

from helpers.errors import InputError
from helpers.plumbing import files, whole_file, whole_folder


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


def test_no_file_takes_the_place_of_a_folder_a_device_or_a_pipe(tmp_path):
    (tmp_path / "pets.keras").mkdir()
    places = [tmp_path / "pets.keras", os.devnull]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        places.append(tmp_path / "pipe")
    for place in places:
        with (
            pytest.raises(InputError, match=r"^expected a file or nothing at "),
            whole_file(place),
        ):
            raise AssertionError("nothing is to be made")
    assert len(names(tmp_path)) == len(places) - 1


@pytest.mark.skipif(not os.path.exists("/proc/version"), reason="no such files here")
def test_a_file_without_a_size_is_not_read():
    # Others of its kind have no end, or wait for the next message.
    assert files.sha256("/proc/version") == hashlib.sha256().hexdigest()


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


def test_an_interruption_between_the_two_renames_loses_nothing(tmp_path, monkeypatch):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "cat.jpg").write_text("old")
    replace = os.replace

    def interrupted(source, target):
        if target == tmp_path / "pets" and files.BEFORE not in str(source):
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "pets"):
        pass
    assert (tmp_path / "pets" / "cat.jpg").read_text() == "old"
    assert names(tmp_path) == ["pets"]


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "the disk is full: .*run the same command again"),
        (errno.EACCES, "no permission: .*home folder"),
        (errno.EROFS, "no permission: .*home folder"),
        (errno.EIO, r"the disk cannot be read or written: .*a \(from the system\)"),
        (errno.ENOTDIR, "expected a folder where a file is"),
        (errno.ENAMETOOLONG, "a name is too long for this disk: "),
        (errno.EBUSY, "cannot be replaced: a disk is mounted there, or another pro"),
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


def test_a_notebook_shows_the_sentence_alone():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shown = []
    shell._showtraceback = lambda kind, error, lines: shown.extend(lines)
    shell.run_cell("from helpers.errors import InputError\nraise InputError('no cat.')")
    assert shown == ["InputError: no cat."]
