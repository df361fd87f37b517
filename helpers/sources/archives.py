"""Take the pictures out of an archive that anybody may have made."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.pictures import is_picture_name, shown
from helpers.plumbing import explained

MAX_MEMBERS = 200_000
MAX_TOTAL = 8_000_000_000  # bytes, unpacked; the largest of our sets has 0.9 billion
MAX_GROWTH = 50  # unpacked to packed; pictures are packed already and hardly grow …
ROOM = 100_000_000  # … but a few flat drawings may, so the first 100 MB are free
DOWNLOAD = "Download or copy it again; the first try was probably cut short."
UNPACK = "Unpack it yourself, and name the folder."


def extract(
    archive: Path | str, folder: Path | str, progress: bool = False
) -> dict[str, Path]:
    """Extract the pictures of a zip or tar archive, and nothing else.

    An archive is refused as a whole, before anything is written, if one of its names
    leads out of the folder, or if it holds links, devices or a bomb. Pictures are
    streamed, so memory stays small, and get numbers for names: nothing that an archive
    says decides where a file is written, and a name that this computer cannot write
    does no harm.

    Args:
        archive: A zip or tar file, plain or compressed; its content tells, not its
            name.
        folder: An empty folder to extract to.
        progress: Show a progress bar.

    Returns:
        For each picture's name in the archive the file that was written for it, in the
        order of the archive.

    Raises:
        InputError: if the file is not an archive, damaged, locked with a password, or
            refused as above. The message names the member.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with zipfile.ZipFile(folder / "a.zip", "w") as made:
        ...     made.writestr("pets/cat/tom.jpg", b"...")
        ...     made.writestr("pets/notes.txt", b"...")
        >>> pictures = extract(folder / "a.zip", folder)
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
        with explained(folder):
            if _start(archive).startswith(b"PK"):
                with zipfile.ZipFile(archive) as opened:
                    members = _zip_members(archive, opened)
                    return _extract(archive, members, folder, progress)
            with tarfile.open(archive) as opened:
                members = _tar_members(archive, opened)
                return _extract(archive, members, folder, progress)
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
        what = str(error).partition("\n")[0].rstrip(":") or type(error).__name__
        raise InputError(
            f"{shown(archive)} is a damaged archive: {what}. {DOWNLOAD}"
        ) from error


class _Member(NamedTuple):
    name: str
    size: int  # bytes, unpacked
    open: Callable[[], BinaryIO]


def _zip_members(archive: Path, opened: zipfile.ZipFile) -> Iterator[_Member]:
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


def _tar_members(archive: Path, opened: tarfile.TarFile) -> Iterator[_Member]:
    for info in opened:
        if not info.isfile() and not info.isdir():
            raise _refused(archive, info.name, "a link or a device")
        name = info.name + "/" * info.isdir()
        yield _Member(name, info.size, lambda i=info: opened.extractfile(i))
    # tarfile takes whatever it cannot read for the end. The real one is a block of
    # zeros; reading on from there makes gzip, bzip2 and xz compare their checksums.
    opened.fileobj.seek(opened.offset)
    end = opened.fileobj.read(1 << 20)
    if len(end) < tarfile.BLOCKSIZE or any(end[: tarfile.BLOCKSIZE]):
        raise tarfile.ReadError("its end is missing, or a part in the middle spoiled")


def _extract(
    archive: Path, members: Iterator[_Member], folder: Path, progress: bool
) -> dict[str, Path]:
    allowed = min(MAX_TOTAL, ROOM + MAX_GROWTH * archive.stat().st_size)
    wanted: dict[str, _Member] = {}
    nested = []
    total = 0
    for count, member in enumerate(members, start=1):
        name, parts = member.name, PurePosixPath(member.name).parts
        if (
            name.startswith("/")
            or ".." in parts
            or re.search(r"[\\\0]|^[A-Za-z]:", name)
        ):
            raise _refused(archive, name, "a name that leads out of the folder")
        total += member.size
        if count > MAX_MEMBERS or total > allowed:
            raise _refused(archive, name, "more than pictures take up: a bomb")
        if not parts or name.endswith("/"):
            continue
        if re.search(r"\.(zip|tar|tgz|gz|bz2|xz|7z|rar)$", name, re.IGNORECASE):
            nested.append(name)
        if any(part[0] == "." or part == "__MACOSX" for part in parts):
            continue  # what a Mac adds for itself
        if not is_picture_name(parts[-1]):
            continue
        if (plain := str(PurePosixPath(name))) in wanted:
            raise _refused(archive, name, "the same name twice")
        wanted[plain] = member
    if not wanted:
        hint = f" It holds archives ({', '.join(map(shown, nested[:3]))}). {UNPACK}"
        raise InputError(
            f"expected pictures in {shown(archive)}, found none. Expected names such "
            "as cats/cat.1.jpg and dogs/dog.1.jpg." + hint * bool(nested)
        )
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    bar = tqdm(wanted.items(), "unpacking", unit="picture", disable=not progress)
    for number, (name, member) in enumerate(bar):
        suffix = PurePosixPath(name).suffix.lower()
        target = written[name] = folder / f"{number:06}{suffix}"
        with member.open() as packed, open(target, "xb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
    return written


def _refused(archive: Path, name: str, why: str) -> InputError:
    return InputError(
        f"refused {shown(archive)}: its member '{shown(name)}' is {why}. Nothing was "
        "extracted. Ask whoever made it, or unpack it yourself and name the folder."
    )


def _start(archive: Path) -> bytes:
    with open(archive, "rb") as file:
        return file.read(tarfile.BLOCKSIZE)


def looks_like(archive: Path) -> str | None:
    """What a file that should be an archive is instead, and what to do; or None.

    Example:
        >>> looks_like(Path(__file__))[:12]
        'it starts wi'
    """
    start = _start(archive)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return f"it is empty. {DOWNLOAD}"
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        return (
            "it is a web page, which a login or a proxy sent in its place. Open the "
            "address in a browser, and save the archive from there."
        )
    if start.startswith((b"Rar!", b"7z\xbc\xaf")):
        return f"it is one that only its own program opens (RAR or 7z). {UNPACK}"
    if start.startswith(b"PK"):
        return (
            None if zipfile.is_zipfile(archive) else f"its end is missing. {DOWNLOAD}"
        )
    packed = start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ"))
    if packed or start[257:262] == b"ustar":
        return None
    return f"it starts with {start[:8]!r}. {DOWNLOAD}"
