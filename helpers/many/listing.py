"""What pictures there are: in a folder, an archive or a list, in a fixed order.

Only names, sizes and times are looked at, never a picture: that is for many to do.
"""

from __future__ import annotations

import csv
import io
import os
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pyarrow import fs

from helpers.errors import InputError
from helpers.many.stores import NoAnswer, Store, open_store, patiently, read_bytes, walk
from helpers.pictures import MAX_BYTES, is_picture_path, shown

AT_ONCE = 1000  # names of a list that are asked about in one go
LOCAL_HEADER = 30  # bytes of a zip's member before its name


class Entry(NamedTuple):
    """A picture to be computed: where its bytes are, and whether they are the same.

    Attributes:
        name: Its path in the folder, archive or list.
        label: The folder that it lies in, or what the list says; "" if nothing does.
        path: The file that holds it.
        offset: Where in the file it begins, in bytes.
        length: How many bytes it has there; -1 if there is no such file.
        kind: `"file"`, `"tar"`, `"stored"` or `"deflated"`.
        stamp: What changes with its content: a time in nanoseconds, or a checksum.
    """

    name: str
    label: str
    path: str
    offset: int
    length: int
    kind: str
    stamp: int


def list_pictures(
    pictures: Path | str | Sequence[Path | str], files: object = None
) -> tuple[Store, Iterator[Entry]]:
    """Find the pictures of a folder, an archive (.zip, .tar) or a list (.csv).

    Args:
        pictures: A place, as for `helpers.many.open_store`; or local paths, in order. A
            list has columns `File Name` (relative to where it lies) and `Label`.
        files: A file system of pyarrow or fsspec, if the place does not tell it.

    Returns:
        The store that holds them, and the entries one after the other: of a folder in
        the order of `helpers.pictures.find_pictures`, else as they were given.

    Raises:
        InputError: if there is no such place; while they are taken, if an archive or a
            list cannot be read.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     for name in ("dog/rex.jpg", "cat/tom.jpg", "cat/notes.txt"):
        ...         Path(folder, name).parent.mkdir(exist_ok=True)
        ...         _ = Path(folder, name).write_text("...")
        ...     _, entries = list_pictures(folder)
        ...     [(entry.name, entry.label) for entry in entries]
        [('cat/tom.jpg', 'cat'), ('dog/rex.jpg', 'dog')]
    """
    if not isinstance(pictures, (str, os.PathLike)):
        store = open_store("/")
        rows = ((os.path.abspath(path), str(path), "") for path in pictures)
        return store, _listed(store, rows)
    store = open_store(pictures, files)
    kind = patiently(store.root, lambda: store.files.get_file_info(store.root)).type
    if kind == fs.FileType.NotFound:
        raise InputError(
            f"no such place: {shown(pictures)}. Expected a folder, an archive or a "
            "list of pictures; check the spelling, and that every computer reaches it."
        )
    if kind == fs.FileType.Directory:
        return store, _in_folder(store)
    ending = PurePosixPath(store.root).suffix.lower()
    if ending == ".csv":
        return store, _listed(store, _rows(store))
    if ending == ".zip":
        return store, _in_zip(store)
    if ending == ".tar":
        return store, _in_tar(store)
    raise InputError(
        f"expected a folder, an archive (.zip, .tar) or a list (.csv), found "
        f"{shown(pictures)}. Unpack it, or write a list."
    )


def picture_of(store: Store, entry: Entry) -> bytes:
    """Read the bytes of a picture, out of its archive if it is in one.

    Args:
        store: What `list_pictures` gave.
        entry: One of its entries.

    Raises:
        InputError: if it is not there or damaged, or larger than 400 MB.
        NoAnswer: if the store fails; that says nothing of the picture.
    """
    if entry.length < 0:
        raise InputError(f"no such file: {shown(entry.name)}. Take it off the list.")
    if entry.length > MAX_BYTES:
        raise InputError(
            f"{shown(entry.name)} is too large: expected at most "
            f"{MAX_BYTES / 1e6:,.0f} MB, found {entry.length / 1e6:,.0f} MB. Save it "
            "smaller."
        )
    try:
        if entry.kind == "file":
            return read_bytes(store, entry.path)
        if entry.kind == "tar":
            return read_bytes(store, entry.path, entry.offset, entry.length)
        return _unzipped(store, entry)
    except NoAnswer:
        raise
    except OSError as error:
        raise InputError(
            f"{shown(entry.name)} cannot be read ({error.strerror or error}). See that "
            "every computer of the cluster reaches it under this path."
        ) from error


def _unzipped(store: Store, entry: Entry) -> bytes:
    head = read_bytes(store, entry.path, entry.offset, LOCAL_HEADER)
    names = sum(int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
    start = entry.offset + LOCAL_HEADER + names
    data = read_bytes(store, entry.path, start, entry.length)
    try:
        if entry.kind == "deflated":
            data = zlib.decompressobj(-15).decompress(data, MAX_BYTES)
        fits = zlib.crc32(data) == entry.stamp
    except zlib.error:
        fits = False
    if not fits:
        raise InputError(
            f"{shown(entry.name)} is damaged in its archive: its checksum is another. "
            "Copy or download the archive again."
        )
    return data


def _in_folder(store: Store) -> Iterator[Entry]:
    for info in walk(store):
        name = info.path[len(store.path("")) :].lstrip("/")
        if is_picture_path(name):
            yield _file(name, _label(name), info.path, info)


def _in_zip(store: Store) -> Iterator[Entry]:
    methods = {zipfile.ZIP_STORED: "stored", zipfile.ZIP_DEFLATED: "deflated"}
    with _opened(store) as file, zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if not is_picture_path(info.filename):
                continue
            if info.flag_bits & 1 or info.compress_type not in methods:
                raise InputError(
                    f"{shown(store.root)} is locked with a password or packed in a way "
                    "that is read nowhere else. Unpack it, and name the folder."
                )
            yield Entry(
                info.filename,
                _label(info.filename),
                store.root,
                info.header_offset,
                info.compress_size,
                methods[info.compress_type],
                info.CRC,
            )


def _in_tar(store: Store) -> Iterator[Entry]:
    when = store.files.get_file_info(store.root).mtime_ns or 0
    with _opened(store) as file, tarfile.open(fileobj=file, mode="r:") as archive:
        for info in archive:
            name = info.name.removeprefix("./")
            if info.isreg() and is_picture_path(name):
                place = store.root, info.offset_data, info.size
                yield Entry(name, _label(name), *place, "tar", when)
            archive.members = []  # it would keep them all


def _opened(store: Store) -> io.BufferedIOBase:
    return patiently(store.root, lambda: store.files.open_input_file(store.root))


def _rows(store: Store) -> Iterator[tuple[str, str, str]]:
    """The path, name and label of each row of a list."""
    folder = store.root.rpartition("/")[0]
    with _opened(store) as file:
        table = csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
        if "File Name" not in (table.fieldnames or ()):
            raise InputError(
                f"expected columns File Name and Label in {shown(store.root)}, found "
                f"{', '.join(table.fieldnames or ()) or 'none'}. Name them so."
            )
        for row in table:
            name = row["File Name"]
            yield f"{folder}/{name}", name, row.get("Label") or ""


def _listed(store: Store, rows: Iterable[tuple[str, str, str]]) -> Iterator[Entry]:
    rows = iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        paths = [path for path, _, _ in some]
        found = patiently(paths[0], lambda p=paths: store.files.get_file_info(p))
        for (path, name, label), info in zip(some, found, strict=True):
            yield _file(name, label, path, info)


def _file(name: str, label: str, path: str, info: fs.FileInfo) -> Entry:
    there = info.type == fs.FileType.File
    length, stamp = (info.size, info.mtime_ns or 0) if there else (-1, 0)
    return Entry(name, label, path, 0, length, "file", stamp)


def _label(name: str) -> str:
    return PurePosixPath(name).parent.name
