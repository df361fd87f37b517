"""Files wherever they are: on a disk, or in a store that answers over a network."""

from __future__ import annotations

import contextlib
import errno
import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import fsspec
import pyarrow
from pyarrow import fs

from helpers.errors import InputError
from helpers.pictures import shown
from helpers.plumbing import explained

PAUSES = (0.5, 1, 2, 4, 8)  # seconds between tries, when a store fails
# What does not pass by itself: asking again would only take time.
LASTING = {
    *(errno.ENOENT, errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM),
    *(errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG),
}
Answer = TypeVar("Answer")


class NoAnswer(OSError):
    """A store failed, again and again. Nothing is known of what was asked for."""


class Store(NamedTuple):
    """A folder, or what is like one: `root` in a file system of pyarrow."""

    files: fs.FileSystem
    root: str

    def path(self, name: str) -> str:
        """The path of a file in it; the file that the store is, if `name` is empty."""
        return f"{self.root.rstrip('/')}/{name}" if name else self.root


def open_store(place: Path | str, files: object = None) -> Store:
    """Open a folder, an address such as `s3://bucket/folder`, or a file system's path.

    Args:
        place: A local path; an address that pyarrow or fsspec knows; or, with `files`,
            a path in it.
        files: A file system of pyarrow or of fsspec, if `place` does not tell it.

    Returns:
        The store. It can be sent to other processes.

    Raises:
        InputError: if nobody knows such an address.

    Example:
        >>> open_store("/pets").path("cat/tom.jpg")
        '/pets/cat/tom.jpg'
    """
    if files is not None:
        return Store(_of_pyarrow(files), str(place))
    if "://" not in str(place):
        return Store(fs.LocalFileSystem(), Path(os.path.abspath(place)).as_posix())
    try:
        return Store(*fs.FileSystem.from_uri(str(place)))
    except (pyarrow.ArrowException, ValueError, OSError):
        pass
    try:
        found, root = fsspec.core.url_to_fs(str(place))
    except (ValueError, ImportError) as error:
        raise InputError(
            f"expected a folder or an address such as s3://bucket/folder, found "
            f"{shown(place)}: {error}. Check the spelling, or give the file system "
            "itself (files=...)."
        ) from None
    return Store(_of_pyarrow(found), root)


def _of_pyarrow(files: object) -> fs.FileSystem:
    if isinstance(files, fs.FileSystem):
        return files
    return fs.PyFileSystem(fs.FSSpecHandler(files))


def patiently(path: str, work: Callable[[], Answer]) -> Answer:
    """Do what a store may fail at for a while: five more times, for 15 seconds.

    Args:
        path: What it is about, for the message.
        work: The call.

    Returns:
        What it gave.

    Raises:
        OSError: what does not pass: no such file, no permission, a full disk.
        NoAnswer: if the store still fails after the last try.

    Example:
        >>> patiently("pets", lambda: 7)
        7
    """
    for pause in (*PAUSES, None):
        try:
            return work()
        except OSError as error:
            if error.errno in LASTING:
                raise
            if pause is None:
                raise NoAnswer(
                    f"the store does not answer: {shown(path)} was asked for "
                    f"{len(PAUSES) + 1} times ({str(error).splitlines()[0][:200]}). "
                    "See that it is up, then run the same command again: it goes on."
                ) from error
        time.sleep(pause)


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Turn a store's failure into the sentence that whoever started this reads.

    Example:
        >>> with reported():
        ...     raise NoAnswer("the store does not answer: ...")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: the store does not answer: ...
    """
    try:
        yield
    except NoAnswer as error:
        raise InputError(str(error)) from error


def read_bytes(
    store: Store, path: str, offset: int = 0, length: int | None = None
) -> bytes:
    """Read a file, or a part of it.

    Args:
        store: Where it is.
        path: Its whole path.
        offset: Where to begin, in bytes.
        length: How many bytes; None reads to the end.

    Raises:
        OSError: if there is no such file, or it may not be read; and as `patiently`.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     here = open_store(folder)
        ...     write_bytes(here, here.path("new/a"), b"12345")
        ...     read_bytes(here, here.path("new/a"), offset=1, length=3)
        b'234'
    """

    def read() -> bytes:
        with store.files.open_input_file(path) as file:
            wanted = file.size() - offset if length is None else length
            return file.read_at(wanted, offset)

    return patiently(path, read)


def write_bytes(store: Store, path: str, data: bytes) -> None:
    """Write a file whole or not at all; on a disk, its folder is made.

    Args:
        store: Where it goes.
        path: Its whole path.
        data: What is in it.

    Raises:
        InputError: if the disk is full or may not be written to.
        NoAnswer: as `patiently`.
    """
    # A network's store shows a file when it is complete; a disk, from its first byte.
    local = isinstance(store.files, fs.LocalFileSystem)
    unfinished = f"{path}.{uuid.uuid4().hex}.unfinished" if local else path

    def write() -> None:
        try:
            if local:
                store.files.create_dir(os.path.dirname(path))
            with store.files.open_output_stream(unfinished) as file:
                file.write(data)
            if local:
                store.files.move(unfinished, path)
        except OSError:
            if local and os.path.exists(unfinished):
                os.unlink(unfinished)
            raise

    with explained(path):
        patiently(path, write)


def walk(store: Store, folder: str = "") -> Iterator[fs.FileInfo]:
    """List the files of a store in the order of their paths, a folder at a time.

    Args:
        store: Where to look.
        folder: The path of the folder within it.

    Yields:
        What pyarrow tells of each file. Never more than a folder is in memory.

    Raises:
        OSError: if there is no such folder.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     here = open_store(folder)
        ...     for name in ("b/1.jpg", "b.jpg", "a.jpg"):
        ...         write_bytes(here, here.path(name), b"...")
        ...     [found.path.removeprefix(here.root) for found in walk(here)]
        ['/a.jpg', '/b.jpg', '/b/1.jpg']
    """
    path = store.path(folder).rstrip("/")
    found = patiently(path, lambda: store.files.get_file_info(fs.FileSelector(path)))
    # As the whole paths would be ordered: "b.jpg" before "b/1.jpg".
    is_folder = {info.path: info.type == fs.FileType.Directory for info in found}
    for info in sorted(found, key=lambda i: i.path + "/" * is_folder[i.path]):
        if is_folder[info.path]:
            yield from walk(store, info.path[len(store.path("")) :].strip("/"))
        else:
            yield info
