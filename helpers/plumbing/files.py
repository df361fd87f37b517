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
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock

from helpers.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"  # pictures, tables, weights, caches; ignored by git
DISK_FAULTS = (errno.EIO, errno.ENXIO, errno.ENODEV, getattr(errno, "ESTALE", None))
DAY = 24 * 60 * 60  # seconds; nothing here is written for so long


@contextlib.contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Give a temporary path to write to; rename it to `path` when all went well.

    Args:
        path: Where the finished file belongs. Its folder is made if it is missing.

    Yields:
        A path in the same folder and with the same ending, to be written by the caller.

    Raises:
        InputError: if the disk is full or the folder cannot be written to.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with whole_file(folder / "labels.csv") as unfinished:
        ...     _ = unfinished.write_text("File Name,Label")
        >>> [file.name for file in folder.iterdir()]
        ['labels.csv']
    """
    path = Path(path)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(".unfinished-*"):
            with contextlib.suppress(OSError):  # another run may clear it as well
                if time.time() - left.stat().st_mtime > DAY:  # by a killed run
                    shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=path.parent))
        try:
            yield folder / path.name
            os.replace(folder / path.name, path)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """Give a temporary folder to fill; rename it to `path` when all went well.

    A folder that stood at `path` before is replaced only at that moment. Whoever
    fills the folder holds `locked(path)`, so that two runs do not meet.

    Args:
        path: Where the finished folder belongs.

    Yields:
        An empty folder beside it, to be filled by the caller.

    Raises:
        InputError: if the disk is full or the place cannot be written to.

    Example:
        >>> import tempfile
        >>> place = Path(tempfile.mkdtemp()) / "pets"
        >>> with whole_folder(place) as unfinished:
        ...     (unfinished / "cat").mkdir()
        >>> [folder.name for folder in place.iterdir()]
        ['cat']
    """
    path = Path(path)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".unfinished-{path.name}-*"):  # by a killed run
            shutil.rmtree(left, ignore_errors=True)
        old = path.with_name(f".replaced-{path.name}")
        if old.exists():  # killed between the two renames below
            if path.exists():
                shutil.rmtree(old)
            else:
                os.replace(old, path)
        temporary = tempfile.mkdtemp(
            prefix=f".unfinished-{path.name}-", dir=path.parent
        )
        os.chmod(temporary, 0o755)
        try:
            yield Path(temporary)
            if path.exists():
                os.replace(path, old)
            os.replace(temporary, path)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def locked(path: Path | str) -> FileLock:
    """A lock for whoever makes `path`: the second of two runs waits for the first.

    Args:
        path: What is about to be made. The lock is a file beside it.

    Returns:
        A `filelock.FileLock`, to be used in a `with` statement; inside `explained`,
        since taking it writes the file.

    Raises:
        InputError: if the folder above `path` cannot be written to.

    Example:
        >>> import tempfile
        >>> with locked(Path(tempfile.mkdtemp()) / "pets") as lock:
        ...     lock.is_locked
        True
    """
    path = Path(path)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path.with_name(f".{path.name}.lock"))


@contextlib.contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn the system's errors about `path` into one sentence with a remedy."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InputError(
                f"the disk is full: {path} was not written, and nothing is left of it. "
                "Free some space (the project needs about 1 GB for its data), "
                "then run the same command again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise InputError(
                f"no permission: {error.filename or path}. Move the project "
                "to a folder that you may read and write, such as your home folder, "
                "or ask whoever owns this one."
            ) from error
        if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
            raise InputError(
                "expected a folder where a file is, or the reverse: "
                f"{error.filename2 or error.filename or path}. Move it away, or name "
                "another place."
            ) from error
        if error.errno in DISK_FAULTS:
            raise InputError(
                f"the disk cannot be read or written: {error.filename or path} "
                f"({error.strerror}). See that the disk, stick or share is connected "
                "and sound, or move the project to another one."
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
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
