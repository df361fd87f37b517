"""The pictures of a folder, and why everything else in it was not taken."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import explained, shown

SUFFIXES = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp", ".tif"),
    *(".tiff", ".avif", ".heic", ".heif", ".hif"),
}
RAW = {
    *(".dng", ".cr2", ".cr3", ".nef", ".nrw", ".arw", ".srf", ".sr2", ".orf", ".rw2"),
    *(".raf", ".pef", ".srw", ".3fr", ".iiq", ".raw"),
}
RARE = {
    *(".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".pcx", ".ico", ".exr", ".hdr", ".dds"),
    *(".j2k", ".jpx", ".xcf", ".kra", ".ai", ".cdr", ".eps", ".wmf", ".emf", ".qoi"),
    *(".bpg", ".heics", ".dcm", ".fits", ".djvu"),
}
OTHERS = {
    **dict.fromkeys(RAW, "a camera's raw picture: export it as JPEG"),
    ".jxl": "a JPEG XL picture: export it as JPEG",
    ".jp2": "a JPEG 2000 picture: export it as JPEG",
    ".svg": "a drawing of lines (SVG), without pixels: export it as PNG",
    ".psd": "a Photoshop file: export it as JPEG",
    ".mpo": "a JPEG of a camera with two lenses: rename it to .jpg",
    **dict.fromkeys(RARE, "a picture of a kind that is not read: export it as JPEG"),
    ".pdf": "a document (PDF): export its pictures as JPEG",
    ".icloud": "still in iCloud: download it in Finder first",
    **dict.fromkeys(
        (".part", ".crdownload", ".download", ".partial"),
        "a download that has not ended: let it end, or fetch it again",
    ),
    **dict.fromkeys(
        (".mov", ".mp4", ".m4v", ".avi", ".mkv", ".webm", ".3gp"),
        "a film: save a picture of it as JPEG",
    ),
    **dict.fromkeys(
        (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar"),
        "an archive: name it, or unpack it first",
    ),
}
# As browsers, web pages and editors name them: tom.jpg_large, tom.png~, tom.jpg.bak
_ADDED = r"([^\w.][^.]*|_[^.]*|\.(\d+|bak|backup|old|orig|tmp|copy))$"
NEARLY = re.compile(rf"({'|'.join(map(re.escape, SUFFIXES))}){_ADDED}")
LEFT, HIDDEN = "left behind by the computer", "hidden"
NO_PICTURE = "no picture, by its ending"
NOT_MEANT = {LEFT, HIDDEN, NO_PICTURE}  # reasons of what nobody takes for a picture
# What computers, disks and network drives leave behind, in small letters.
LEFT_FOLDERS = {
    *("__macosx", "@eadir", "$recycle.bin", "recycler", "#recycle", "@recycle"),
    *("system volume information", "lost+found", ".trashes", "found.000"),
    *("#snapshot", "~snapshot", "@recently-snapshot", "@tmp", "@__thumb"),
}
LEFT_FILES = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"}


def find_pictures(folder: Path | str) -> list[Path]:
    """List the picture files in a folder and the folders below it.

    A file counts by its ending, in upper or lower case. What a computer leaves behind
    does not: hidden files and folders (`.DS_Store`, `._cat.jpg`, `.Trashes`), and
    thumbnails and bins (`__MACOSX`, `@eaDir`, `$RECYCLE.BIN`). Links to
    folders are not followed. `passed_over` tells what was not taken.

    Args:
        folder: Where to look.

    Returns:
        Paths that begin with `folder`, in the same order on every computer.

    Raises:
        InputError: if there is no such folder or it may not be read.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ["dog.JPG", "cat.png", "._cat.png", "notes.txt"]:
        ...         Path(folder, name).touch()
        ...     [path.name for path in find_pictures(folder)]
        ['cat.png', 'dog.JPG']
    """
    return [path for path, reason in _look_through(folder) if not reason]


def passed_over(folder: Path | str) -> dict[str, str]:
    """Tell why each file or folder was not taken by `find_pictures`.

    For whoever reports to a learner: nothing is left out without a word.

    Args:
        folder: Where to look.

    Returns:
        From a path, relative to `folder` and with forward slashes, to the reason and,
        where there is one, the remedy. A folder that is left out is one entry, its path
        with a slash at the end.

    Raises:
        InputError: as `find_pictures`.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ["cat.png", "dog.dng", "._cat.png"]:
        ...         Path(folder, name).touch()
        ...     passed_over(folder)["dog.dng"]
        "a camera's raw picture: export it as JPEG"
    """
    left = ((path, reason) for path, reason in _look_through(folder) if reason)
    folder = Path(folder)
    return {
        path.relative_to(folder).as_posix()
        + ("/" if os.path.isdir(path) else ""): reason
        for path, reason in left
    }


def not_read(folder: Path | str) -> str:
    """Say in a sentence what in a folder may have been meant and is not read.

    Hidden files, text and what a computer leaves behind are not worth a word. The
    sentence begins with a blank; without anything to say, or a folder, it is empty.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     (Path(folder) / "tom.svg.part").touch()
        ...     not_read(folder)[:41]
        ' Not read here: 1, such as tom.svg.part ('
    """
    if not os.path.isdir(folder):
        return ""
    by_reason: dict[str, list[str]] = {}
    for name, reason in passed_over(folder).items():
        if reason not in NOT_MEANT:
            by_reason.setdefault(reason, []).append(name)
    told = [
        f"{len(names)}, such as {shown(names[0])} ({reason})"
        for reason, names in by_reason.items()
    ]
    return f" Not read here: {'; '.join(told)}." if told else ""


def is_picture_name(name: str) -> bool:
    """Whether a file of this name should be a picture: not hidden, a known ending.

    Example:
        >>> is_picture_name("猫.JPEG"), is_picture_name("._cat.jpg")
        (True, False)
    """
    return not name.startswith(".") and _suffix(name) in SUFFIXES


def is_picture_path(name: str) -> bool:
    """Whether `find_pictures` would take a file of this path within a folder.

    Example:
        >>> is_picture_path("cat/tom.jpg"), is_picture_path("__MACOSX/cat/tom.jpg")
        (True, False)
    """
    *folders, last = name.split("/")
    return is_picture_name(last) and not any(map(_left, folders))


def _look_through(folder: Path | str) -> list[tuple[Path, str]]:
    """Every file, and every folder that is left out; the reason, or "" if taken."""
    folder = Path(folder)
    if not os.path.isdir(folder):
        raise InputError(
            f"no such folder: {shown(folder)}. Expected a folder with pictures; check "
            "the spelling, and that the disk or share is connected."
        )
    try:
        with explained(folder):
            found = list(_walk(folder))
    except RecursionError:  # of `os.walk`, before Python 3.12
        raise InputError(
            f"{shown(folder)} holds folders within folders, a thousand deep: no "
            "program made that on purpose. Name the folder in which the pictures lie."
        ) from None
    return sorted(found, key=lambda entry: entry[0].as_posix())


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    for here, folders, files in os.walk(folder, onerror=_raise):
        left = {name: _why_not_into(Path(here, name)) for name in folders}
        folders[:] = [name for name in folders if not left[name]]
        yield from ((Path(here, name), why) for name, why in left.items() if why)
        yield from ((Path(here, name), _why_not(name)) for name in files)


def _why_not_into(folder: Path) -> str:
    if reason := _left(folder.name):
        return reason
    if _is_link(folder):
        return "a link to another folder: move that folder here, or name it itself"
    return ""


def _left(folder: str) -> str:
    if folder.lower() in LEFT_FOLDERS:
        return LEFT
    return HIDDEN if folder.startswith(".") else ""


def _why_not(name: str) -> str:
    if is_picture_name(name):
        return ""
    if _suffix(name) == ".icloud":  # hidden, but the learner's own
        return OTHERS[".icloud"]
    if name.startswith("._") or name.lower() in LEFT_FILES | {".ds_store"}:
        return LEFT
    if name.startswith("."):
        return HIDDEN
    if nearly := NEARLY.search(name.lower()):
        return f"a picture under another ending: rename it to {nearly[1]}"
    return OTHERS.get(_suffix(name), NO_PICTURE)


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()


def _is_link(folder: Path) -> bool:
    # A junction is Windows's link; Python asks for it from 3.12 on.
    junction = getattr(os.path, "isjunction", lambda _: False)
    return os.path.islink(folder) or junction(folder)


def _raise(error: OSError) -> None:
    raise error


def unreadable_pictures(number: int, reasons: Sequence[str], remedy: str) -> InputError:
    """The error that names pictures which cannot be read, ten of them at most.

    Args:
        number: How many pictures there are.
        reasons: For each that cannot be read a sentence that names it.
        remedy: What may be done instead of taking them out, in half a sentence.

    Returns:
        The error, to be raised.

    Example:
        >>> print(unreadable_pictures(5, ["tom.jpg is empty."], "draw it again."))
        expected 5 readable pictures, found 1 that are not:
          tom.jpg is empty.
        Take them out, or draw it again.
    """
    listed = "\n".join(f"  {reason}" for reason in reasons[:10])
    return InputError(
        f"expected {number} readable pictures, found {len(reasons)} that are not:\n"
        f"{listed}\nTake them out, or {remedy}"
    )
