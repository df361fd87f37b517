"""Take the pictures out of an archive that anybody may have made."""

from __future__ import annotations

import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from helpers.errors import InputError
from helpers.files import explained
from helpers.pictures import is_picture_name, shown

MAX_MEMBERS = 200_000
MAX_PICTURE = 200_000_000  # bytes of one picture, unpacked
MAX_TOTAL = 8_000_000_000  # bytes of all pictures, unpacked; the largest set has 0.9
MAX_GROWTH = 50  # unpacked to packed; pictures are packed already and hardly grow
DOWNLOAD = "Download or copy it again; the first try was probably cut short."


def extract(archive: Path | str, folder: Path | str) -> list[Path]:
    """Extract the pictures of a zip or tar archive, and nothing else.

    An archive is refused as a whole, before anything is written, if one of its names
    leads out of the folder, or if it holds links, devices or a bomb. Only files with
    a picture's name are extracted; they are streamed, so memory stays small.

    Args:
        archive: A zip or tar file, plain or compressed; its content tells, not its
            name.
        folder: An empty folder to extract to. The folders of the archive are kept.

    Returns:
        The paths of the pictures, in the order of the archive.

    Raises:
        InputError: if the file is not an archive, damaged, locked with a password, or
            refused as above. The message names the member.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with zipfile.ZipFile(folder / "a.zip", "w") as made:
        ...     made.writestr("pets/cat/1.jpg", b"...")
        ...     made.writestr("pets/notes.txt", b"...")
        >>> [p.name for p in extract(folder / "a.zip", folder)]
        ['1.jpg']
    """
    archive, folder = Path(archive), Path(folder)
    try:
        with explained(archive):
            if zipfile.is_zipfile(archive):
                with zipfile.ZipFile(archive) as opened:
                    return _extract(archive, _zip_members(archive, opened), folder)
            if tarfile.is_tarfile(archive):
                with tarfile.open(archive) as opened:
                    return _extract(archive, _tar_members(archive, opened), folder)
    except FileNotFoundError:
        raise InputError(
            f"no such archive: {shown(archive)}. Check the spelling, and that the disk "
            "or share is connected."
        ) from None
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError) as error:
        raise InputError(
            f"{shown(archive)} is a damaged archive: {error}. {DOWNLOAD}"
        ) from None
    except NotImplementedError as error:
        raise InputError(
            f"{shown(archive)} is packed in a way that Python cannot unpack: {error}. "
            "Unpack it yourself, and name the folder."
        ) from None
    raise InputError(
        f"{shown(archive)} is no zip or tar archive: {looks_like(archive)}"
    )


class _Member:
    """A picture in an archive: its name, its size in bytes, and how to open it."""

    def __init__(self, name: str, size: int, opened) -> None:
        self.name, self.size, self.opened = name, size, opened


def _zip_members(archive: Path, opened: zipfile.ZipFile) -> Iterator[_Member]:
    for info in opened.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise _refused(archive, info.filename, "a link or a device")
        if info.flag_bits & 1 and is_picture_name(_last(info.filename)):
            raise InputError(
                f"{shown(archive)} is locked with a password. Unpack it yourself, "
                "and name the folder."
            )
        if not info.is_dir():
            # zipfile has turned backslashes; the original name has them still.
            name = info.orig_filename
            yield _Member(name, info.file_size, lambda i=info: opened.open(i))


def _tar_members(archive: Path, opened: tarfile.TarFile) -> Iterator[_Member]:
    for info in opened:
        if not info.isfile() and not info.isdir():
            raise _refused(archive, info.name, "a link or a device")
        if info.isfile():
            yield _Member(info.name, info.size, lambda i=info: opened.extractfile(i))


def _extract(archive: Path, members: Iterator[_Member], folder: Path) -> list[Path]:
    wanted: dict[str, _Member] = {}
    total = 0
    for count, member in enumerate(members, start=1):
        parts = PurePosixPath(member.name).parts
        if (
            member.name.startswith("/")
            or ".." in parts
            or re.search(r"[\\\0]|^[A-Za-z]:", member.name)
        ):
            raise _refused(archive, member.name, "a name that leads out of the folder")
        if any(part[0] == "." or part == "__MACOSX" for part in parts):
            continue  # what a Mac adds for itself
        if not is_picture_name(parts[-1]):
            continue
        total += member.size
        if (
            count > MAX_MEMBERS
            or member.size > MAX_PICTURE
            or total > min(MAX_TOTAL, 1_000_000 + MAX_GROWTH * archive.stat().st_size)
        ):
            raise _refused(archive, member.name, "more than pictures take up: a bomb")
        if member.name.lower() in wanted:
            raise _refused(archive, member.name, "the same name twice")
        wanted[member.name.lower()] = member
    if not wanted:
        raise InputError(
            f"expected pictures in {shown(archive)}, found none. Expected names such "
            "as cats/cat.1.jpg and dogs/dog.1.jpg."
        )
    written = []
    for member in wanted.values():
        target = folder.joinpath(*map(_safe, PurePosixPath(member.name).parts))
        target.parent.mkdir(parents=True, exist_ok=True)
        with member.opened() as packed, open(target, "xb") as file:
            _copy(packed, file, member.size, archive, member.name)
        written.append(target)
    return written


def _copy(
    packed: BinaryIO, file: BinaryIO, size: int, archive: Path, name: str
) -> None:
    left = size  # never trust what the archive says of itself
    while piece := packed.read(1 << 20):
        left -= len(piece)
        if left < 0:
            raise _refused(archive, name, "more than it says: a bomb")
        file.write(piece)


def _safe(part: str) -> str:
    """A name that Windows can write, too."""
    return re.sub(r'[<>:"|?*\x00-\x1f]', "_", part).rstrip(". ") or "_"


def _last(name: str) -> str:
    return PurePosixPath(name).name or "."


def _refused(archive: Path, name: str, why: str) -> InputError:
    return InputError(
        f"refused {shown(archive)}: its member {shown(name)!r} is {why}. Nothing was "
        "extracted. Ask whoever made it, or unpack it yourself and name the folder."
    )


def looks_like(archive: Path) -> str:
    """What a file that should be an archive is instead, and what to do.

    Example:
        >>> looks_like(Path(__file__))[:12]
        'it starts wi'
    """
    with open(archive, "rb") as file:
        start = file.read(400).lstrip().lower()
    if not start:
        return f"it is empty. {DOWNLOAD}"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return (
            "it is a web page, which a login or a proxy sent in its place. Open the "
            "address in a browser, and save the archive from there."
        )
    if start.startswith(b"pk"):
        return f"its end is missing. {DOWNLOAD}"
    return f"it starts with {bytes(start[:8])!r}. {DOWNLOAD}"
