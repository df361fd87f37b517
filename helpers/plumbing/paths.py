"""Paths as people give them, and places that must not overlap."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from pathlib import Path

from helpers.errors import InputError

# The records of sets, and what in their folders is theirs; all of it if none is named.
SETS = {
    "provenance.json": (),
    "drawn_pets.json": (),
    "training_set.json": ("train", "test"),
}
LONGEST = 260  # letters of a path in a message: the longest that most of Windows knows
QUOTES = "'\"‘’“”"
# What a message tells a learner to type, from the project's folder: a `python` alone is
# another one on most computers, or none.
PYTHON = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"


def given_path(text: str | Path) -> Path:
    """The path that somebody means who typed, pasted or dragged it.

    What is there under the very name counts first. Otherwise blanks around it, quotes
    that a shell did not take away, `~`, a `file:` address, and accents in one sign or
    in two are understood.

    Args:
        text: A path as it was given.

    Returns:
        The path; whether anything is there is not said.

    Raises:
        InputError: if it is empty, holds a zero byte, is too long, or ends in a loop
            of links.

    Example:
        >>> given_path("'~/pets' ") == Path.home() / "pets"
        True
        >>> given_path(" ")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected the path of a file or folder, found ' '. ...
    """
    text = os.fspath(text)
    plain = text.strip().strip(QUOTES).strip()
    if not plain or "\0" in plain:
        raise InputError(
            f"expected the path of a file or folder, found {text!r}. Name it after the "
            "command, in quotes if there are blanks in it."
        )
    if re.match("file:", plain, re.IGNORECASE):
        from urllib.parse import unquote, urlsplit  # they take long to import
        from urllib.request import url2pathname

        plain = url2pathname(unquote(urlsplit(plain).path))
    meant = os.path.expanduser(plain)
    for form in ("NFC", "NFD"):  # macOS writes é in two signs
        if not os.path.lexists(text) and not os.path.lexists(meant):
            other = unicodedata.normalize(form, meant)
            meant = other if os.path.lexists(other) else meant
    path = Path(text if os.path.lexists(text) else meant)
    try:
        os.stat(path)
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            raise _endless(path) from None
    return path


def resolved(path: Path | str) -> Path:
    """Where a path leads, whatever links are in it.

    Args:
        path: Of a file or a folder, or of nothing yet.

    Raises:
        InputError: if a link leads to itself: some Pythons answer that with an error of
            their own, others with the link.

    Example:
        >>> resolved(".") == Path.cwd()
        True
    """
    try:
        os.stat(path)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _endless(path) from None
    return Path(os.path.realpath(path))


def _endless(path: Path | str) -> InputError:
    return InputError(
        f"{shown(path)} can be no path: a name in it is too long for this disk, or a "
        "link leads to itself. Name another."
    )


def refuse_overlap(source: Path | str, target: Path | str) -> None:
    """Refuse a source that making `target` would change, or that holds it.

    Every command that reads one place and writes another asks here first.

    Args:
        source: What is only to be read.
        target: What is about to be made.

    Raises:
        InputError: if one lies in the other, under whatever names and links.

    Example:
        >>> refuse_overlap("pets", "pets/cat")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: pets and pets/cat lie one in the other, ...
    """
    theirs, ours = resolved(source), resolved(target)
    if _within(theirs, ours) or _within(ours, theirs):
        raise InputError(
            f"{shown(source)} and {shown(target)} lie one in the other, and the first "
            "is only to be read. Name another place for what is to be made, or move "
            "the pictures to a folder of their own."
        )


def refuse_inside_set(target: Path | str) -> None:
    """Refuse to make something inside a set of pictures that a command has made.

    It would be taken for the set's own pictures, and keep the set from being made anew.

    Args:
        target: What is about to be made.

    Raises:
        InputError: if it lies among the pictures of a set.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     print(refuse_inside_set(Path(folder) / "pets"))
        None
    """
    place = resolved(target)
    for folder in place.parents:
        for record, parts in SETS.items():
            if not os.path.isfile(folder / record):
                continue
            if not parts or place.relative_to(folder).parts[0] in parts:
                raise InputError(
                    f"{shown(target)} lies inside a set of pictures, {shown(folder)}, "
                    "that another command has made. Name a folder outside of it."
                )


def _within(path: Path, folder: Path) -> bool:
    return any(
        place == folder
        # Capitals do not count on every disk, and a disk may be mounted twice.
        or (
            os.path.exists(place)
            and os.path.exists(folder)
            and os.path.samefile(place, folder)
        )
        for place in (path, *path.parents)
    )


def printable(text: str) -> str:
    """A text on one line, in which nothing steers a terminal.

    Example:
        >>> print(printable("a \\x1b[31mred cat"))
        a \\x1b[31mred cat
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown(path: Path | str) -> str:
    """A path as a message shows it: on one line, whatever is in the name.

    Characters that steer a terminal, or turn the order of letters, are written out; of
    an endless name the beginning and the end are left.

    Example:
        >>> print(shown("two\\nlines.jpg"))
        two\\nlines.jpg
        >>> len(shown("cat" * 1000 + ".jpg"))
        261
    """
    text = printable(str(path))
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 :]}"
