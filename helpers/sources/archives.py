"""Take the pictures out of an archive that anybody may have made."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.pictures import is_picture_name, shown
from helpers.plumbing import ListedZip, explained
from helpers.sources.looks import DOWNLOAD, UNPACK, ZEROS, looks_like
from helpers.sources.tars import Forward, TooMuch, tar_members

MAX_MEMBERS = 200_000
MAX_TOTAL = 8_000_000_000  # bytes, unpacked; the largest of our sets has 0.9 billion
MAX_GROWTH = 50  # unpacked to packed; pictures are packed already and hardly grow …
ROOM = 100_000_000  # … but a few flat drawings may, so the first 100 MB are free
SPLIT = 4  # bytes in front of a zip that was once in several parts
MAX_DIRECTORY = 40_000_000  # bytes; 200,000 names of 150 letters
# bytes at once; what bzip2 and LZMA make of so few is not yet too large for memory
PIECE = 1 << 14
ARCHIVES = r"\.(zip|tar|tgz|gz|bz2|xz|zst|7z|rar)$"


def extract(
    archive: Path | str,
    folder: Path | str,
    progress: bool = False,
    look: Callable[[dict[str, int]], object] | None = None,
) -> dict[str, Path]:
    """Extract the pictures of a zip or tar archive, and nothing else.

    An archive is refused as a whole, before anything is written, if one of its names
    leads out of the folder, or if it holds links, devices or a bomb; what counts is
    what is really unpacked, headers too, not what they claim. Pictures are streamed, so
    memory stays small, and get numbers for names: nothing that an archive says decides
    where a file is written, and a name that this computer cannot write does no harm.

    Args:
        archive: A zip or tar file, plain or compressed; its content tells, not its
            name.
        folder: An empty folder to extract to.
        progress: Show a progress bar.
        look: Called with each picture's name and size in bytes before anything is
            written; it may refuse them.

    Returns:
        For each picture's name in the archive the file that was written for it, in the
        order of the archive.

    Raises:
        InputError: if the file is not an archive, damaged, locked with a password, or
            refused as above. The message names the member.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as name:
        ...     archive = Path(name) / "a.zip"
        ...     with zipfile.ZipFile(archive, "w") as made:
        ...         made.writestr("pets/cat/tom.jpg", b"...")
        ...         made.writestr("pets/notes.txt", b"...")
        ...     pictures = extract(archive, name)
        >>> {name: path.name for name, path in pictures.items()}
        {'pets/cat/tom.jpg': '000000.jpg'}
    """
    archive, folder = Path(archive), Path(folder)
    if not os.path.isfile(archive):
        raise InputError(
            f"no such archive: {shown(archive)}. Check the spelling, and that the disk "
            "or share is connected."
        )
    try:
        with explained(folder), contextlib.ExitStack() as opened:
            members = _members(archive, opened)
            wanted = _wanted(archive, members)
            if look is not None:
                look({name: member.size for name, member in wanted.items()})
            return _extract(wanted, folder, progress)
    except InputError:
        raise
    except NotImplementedError as error:
        raise InputError(
            f"{shown(archive)} is packed in a way that Python cannot unpack: {error}. "
            f"{UNPACK}"
        ) from None
    except Exception as error:  # each of the five formats has errors of its own
        if (reason := looks_like(archive)) is not None:
            raise InputError(
                f"{shown(archive)} is no zip or tar archive: {reason}"
            ) from None
        what = shown(str(error).partition("\n")[0].rstrip(":"))
        raise InputError(
            f"{shown(archive)} is a damaged archive: {what or type(error).__name__}. "
            f"{DOWNLOAD}"
        ) from error


class _Member(NamedTuple):
    name: str
    size: int  # bytes, unpacked
    open: Callable[[], BinaryIO]


def _members(archive: Path, opened: contextlib.ExitStack) -> Iterator[_Member]:
    with open(archive, "rb") as file:
        is_zip = file.read(2) == b"PK"
    if is_zip:
        packed = opened.enter_context(ListedZip(archive, MAX_DIRECTORY))
        yield from _zip_members(archive, opened.enter_context(zipfile.ZipFile(packed)))
        return
    allowed = _allowed(archive)
    # Opened a second time, when the whole archive has been found good.
    contents = opened.enter_context(Forward(archive, allowed))
    name = "the first"
    try:
        for info in tar_members(archive, allowed):
            name = info.name
            if not info.isfile() and not info.isdir():
                raise _refused(archive, name, "a link or a device")
            if info.isdir():
                name += "/"
            start, size = info.offset_data, info.size
            yield _Member(name, size, lambda a=start, n=size: _Part(contents, a, n))
    except TooMuch as error:
        raise InputError(
            f"refused {shown(archive)}: behind its member '{shown(name)}' comes "
            f"{error}. Nothing was extracted. Ask whoever made it, or unpack it "
            "yourself and name the folder."
        ) from None


def _zip_members(archive: Path, opened: zipfile.ZipFile) -> Iterator[_Member]:
    first = min((info.header_offset for info in opened.infolist()), default=0)
    if first > SPLIT:  # the list at the end tells only of what the last one holds
        raise NotImplementedError("a second archive stands in front of it")
    for info in opened.infolist():
        # On Windows `filename` has lost its backslashes, and everywhere what follows
        # a zero byte; this is what really stands there.
        name = info.orig_filename
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(archive, name, "a link or a device")
        if info.flag_bits & 1:
            raise InputError(f"{shown(archive)} is locked with a password. {UNPACK}")
        yield _Member(name, info.file_size, lambda i=info: opened.open(i))


class _Part(io.RawIOBase):
    """One member of a tar archive that is read forward."""

    def __init__(self, stream: Forward, start: int, size: int) -> None:
        self._stream, self._left = stream, size
        stream.seek(start)

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        if not data and self._left:
            raise EOFError("a picture in it is cut short")
        return data


def _allowed(archive: Path) -> int:
    return min(MAX_TOTAL, ROOM + MAX_GROWTH * archive.stat().st_size)


def _wanted(archive: Path, members: Iterator[_Member]) -> dict[str, _Member]:
    """The pictures among the members, by name, when all of them have been looked at."""
    allowed = _allowed(archive)
    wanted: dict[str, _Member] = {}
    nested = []
    total = 0
    for count, member in enumerate(members, start=1):
        # Some programs on Windows write backslashes between folders.
        name = member.name.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or re.search(r"\0|^[A-Za-z]:", name):
            raise _refused(archive, name, "a name that leads out of the folder")
        total += member.size
        if count > MAX_MEMBERS or total > allowed:
            raise _refused(archive, name, "more than pictures take up: a bomb")
        if not parts or name.endswith("/"):
            continue
        if is_archive_name(name):
            nested.append(name)
        if any(part[0] == "." or part == "__MACOSX" for part in parts):
            continue  # what a Mac adds for itself
        if not is_picture_name(parts[-1]):
            continue
        if (plain := str(PurePosixPath(name))) in wanted:
            raise _refused(archive, name, "the same name twice")
        wanted[plain] = member
    if not wanted:
        if looks_like(archive) == ZEROS:
            raise ValueError(ZEROS)  # `extract` tells it, as of all that is none
        hint = ""
        if nested:
            hint = f" It holds archives ({', '.join(map(shown, nested[:3]))}). {UNPACK}"
        raise InputError(
            f"expected pictures in {shown(archive)}, found none. Expected names such "
            f"as cats/cat.1.jpg and dogs/dog.1.jpg.{hint}"
        )
    return wanted


def _extract(
    wanted: dict[str, _Member], folder: Path, progress: bool
) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    bar = tqdm(wanted.items(), "unpacking", unit="picture", disable=not progress)
    for number, (name, member) in enumerate(bar):
        suffix = PurePosixPath(name).suffix.lower()
        target = written[name] = folder / f"{number:06}{suffix}"
        with member.open() as packed, open(target, "xb") as file:
            shutil.copyfileobj(packed, file, PIECE)
    return written


def is_archive_name(name: str) -> bool:
    """Whether a file of this name should be an archive.

    Example:
        >>> is_archive_name("train.zip"), is_archive_name("train.jpg")
        (True, False)
    """
    return re.search(ARCHIVES, name, re.IGNORECASE) is not None


def _refused(archive: Path, name: str, why: str) -> InputError:
    return InputError(
        f"refused {shown(archive)}: its member '{shown(name)}' is {why}. Nothing was "
        "extracted. Ask whoever made it, or unpack it yourself and name the folder."
    )
