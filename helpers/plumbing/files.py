"""Files and folders that are either whole or not there.

Everything that the project writes goes to a temporary name beside its place and is
renamed when it is complete. A run that is killed, or meets a full disk, leaves nothing
that a later run could take for data.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing.paths import shown
from helpers.plumbing.workshops import BEFORE, workshop

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"  # pictures, tables, weights, caches; ignored by git
DISK_FAULTS = (errno.EIO, errno.ENXIO, errno.ENODEV, getattr(errno, "ESTALE", None))


@contextlib.contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Give a temporary path to write to; rename it to `path` when all went well.

    Args:
        path: Where the finished file belongs. Its folder is made if it is missing.

    Yields:
        A path in a folder beside it and with the same ending, to be written by the
        caller.

    Raises:
        InputError: if the disk is full, the folder cannot be written to, or a folder, a
            device or a pipe stands at `path`.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     with whole_file(Path(folder) / "labels.csv") as unfinished:
        ...         _ = unfinished.write_text("File Name,Label")
        ...     [file.name for file in Path(folder).iterdir()]
        ['labels.csv']
    """
    path = Path(path)
    if os.path.exists(path) and not os.path.isfile(path):  # or a reader of it hangs
        raise InputError(
            f"expected a file or nothing at {shown(path)}, found a folder, a device or "
            "a pipe. Move it away, or name another place."
        )
    with explained(path), workshop(path) as room:
        yield room / path.name
        os.replace(room / path.name, path)


def write_whole(path: Path | str, text: str) -> None:
    """Write a text: whole or not at all, and with the same bytes on every system.

    Args:
        path: Where it belongs. Its folder is made if it is missing.
        text: Stored as UTF-8; lines end in one line feed.

    Raises:
        InputError: if the disk is full or the folder cannot be written to.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_whole(Path(folder) / "page.md", "# Pets\\n")
        ...     (Path(folder) / "page.md").read_bytes()
        b'# Pets\\n'
    """
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")


@contextlib.contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """Give a temporary folder to fill; rename it to `path` when all went well.

    A folder that stood at `path` before is removed only then: whoever fills the new one
    has made sure that nothing in the old one is somebody's (`helpers.plumbing.ours`),
    and holds `locked(path)`, so that two runs do not meet.

    Args:
        path: Where the finished folder belongs; not a link (resolve it first).

    Yields:
        An empty folder on the same disk, to be filled by the caller.

    Raises:
        InputError: if the disk is full or the place cannot be written to.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as home:
        ...     with whole_folder(Path(home) / "pets") as unfinished:
        ...         (unfinished / "cat").mkdir()
        ...     [folder.name for folder in (Path(home) / "pets").iterdir()]
        ['cat']
    """
    path = Path(path)
    with explained(path), workshop(path) as room:
        unfinished, before = room / path.name, room / BEFORE
        unfinished.mkdir()
        yield unfinished
        before.mkdir()
        try:
            if path.exists():
                os.replace(path, before / path.name)
            os.replace(unfinished, path)
        except BaseException:  # a Ctrl-C, too, may come between the two
            if (before / path.name).exists() and not path.exists():
                os.replace(before / path.name, path)
            raise


@contextlib.contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn the system's errors about `path` into one sentence with a remedy.

    Example:
        >>> with explained("pets"):
        ...     raise OSError(errno.ENOSPC, "no space", "pets")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: the disk is full: pets was not written, ...
    """
    try:
        yield
    except OSError as error:
        place = shown(error.filename or path)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InputError(
                f"the disk is full: {shown(path)} was not written, and nothing is left "
                "of it. Free some space (the project needs about 1 GB for its data), "
                "then run the same command again."
            ) from error
        if error.errno == errno.EFBIG:
            raise InputError(
                f"a file would be larger than may be: {place} was not written. Use "
                "another disk (on many a stick, FAT32 ends at 4 GB), or lift the limit "
                "of your system (`ulimit -f unlimited`)."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise InputError(
                f"no permission: {place}. Use a folder that you may read and write, "
                "such as one in your home folder, or ask whoever owns this one."
            ) from error
        if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
            place = shown(error.filename2 or place)
            raise InputError(
                f"expected a folder where a file is, or the reverse: {place}. Move it "
                "away, or name another place."
            ) from error
        if error.errno == errno.ENAMETOOLONG:
            raise InputError(
                f"a name is too long for this disk: {place}. Give it a shorter one, or "
                "use a folder nearer to the top."
            ) from error
        if error.errno == errno.ENOENT:
            raise InputError(
                f"{place} is not there any more: somebody has moved or deleted it "
                "meanwhile, or its disk is no longer connected. Run the same command "
                "again."
            ) from error
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise InputError(
                f"{place} cannot be replaced: a disk is mounted there, or another "
                "program has it open. Close that program, or name a folder inside it."
            ) from error
        if error.errno in DISK_FAULTS:
            raise InputError(
                f"the disk cannot be read or written: {place} ({error.strerror}). See "
                "that the disk, stick or share is connected and sound, or move the "
                "project to another one."
            ) from error
        raise


def sha256(path: Path | str) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits, read a piece at a time.

    Example:
        >>> sha256(__file__) == sha256(Path(__file__))
        True
    """
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        # What the system makes up when it is read (in /proc) has no size, and may have
        # no end.
        size = os.fstat(file.fileno()).st_size
        while size and (piece := file.read(1 << 20)):
            digest.update(piece)
    return digest.hexdigest()
