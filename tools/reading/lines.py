"""A line in `tests/read` for each piece of a text: what somebody has read.

A line's digest is of the piece, with its ties, and of the piece above it: so what
moves, and what stands below a piece that is taken out, is unread as well. Numbers that
a tie holds are left out: a run compares these. What stood there on 2026-12-01 was taken
as it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from helpers.errors import InputError
from helpers.plumbing import PYTHON, ROOT, write_whole
from tools.lessons.exercises import solutions_of
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons
from tools.reading.pieces import (
    of_code,
    of_lesson,
    of_lines,
    of_markdown,
    of_module,
    of_outputs,
    of_record,
    of_translation,
)

READ = ROOT / "tests" / "read"
DOCUMENTS = (
    *("README.md", "CONTRIBUTING.md", "TROUBLESHOOTING.md", "notebooks/*.md"),
    *("helpers/**/*.md", "tools/book/class/*.md", "tests/faults/*.md"),
)
BY_LINES = (
    *("LICENSE*", "CITATION.cff", "Makefile", ".ci/run", "pyproject.toml"),
    *("requirements*.in", ".github/**/*.yml", ".devcontainer/*.json"),
    *("helpers/page/package.json", "helpers/page/script/words.*.js"),
    *("helpers/**/*.html", "helpers/**/*.j2", "tools/**/*.j2", "tools/**/*.html"),
)
MESSAGES = (
    "helpers/**/*.py",
    "data_scripts/**/*.py",
    "tools/**/*.py",
    "benchmarks/*.py",
)
RECORDS = ("benchmarks/results/*.json", "tests/**/*.json", "notebooks/*.csv")
_HELD = re.compile(r"-?[\d.,]*\d(?=[%*_)]*<!--=)")  # numbers that a tie holds
END = "(the end)"


class Piece(NamedTuple):
    """A sentence, a statement, a message, a row of a record.

    Attributes:
        place: The file that holds it.
        text: What it says, with its ties.
        above: What the piece above it says.
    """

    place: str
    text: str
    above: str = ""

    def line(self) -> str:
        """Its line in `tests/read`.

        Example:
            >>> now = Piece("README.md", "It takes 2<!--= n --> seconds.")
            >>> then = Piece("README.md", "It takes 3<!--= n --> seconds.")
            >>> now.line() == then.line()
            True
            >>> now.line()
            '6df3c71258 It takes …<!--= n --> seconds.'
        """
        whole = "\n".join(
            (self.place, without_numbers(self.above), without_numbers(self.text))
        )
        found = hashlib.sha256(whole.encode()).hexdigest()[:10]
        return f"{found} {_cut(without_numbers(self.text), 36)}"


def in_a_row(place: str, texts: Iterable[str]) -> Iterator[Piece]:
    """The pieces of a file, each with what stands above it, and its end.

    Example:
        >>> [piece.text for piece in in_a_row("README.md", ["One.", "Two."])]
        ['One.', 'Two.', '(the end)']
    """
    above = ""
    for text in (*texts, END):
        yield Piece(place, text, above)
        above = text


def names() -> list[str]:
    """The groups of pieces, each with a file in `tests/read`."""
    languages = sorted(p.name for p in (ROOT / "translations").iterdir() if p.is_dir())
    stems = [source.stem for source in lessons()]
    return [*stems, "documents", "messages", "records", *languages]


def group(name: str) -> list[Piece]:
    """All pieces of a group.

    Raises:
        InputError: if a file cannot be taken apart; it names the file.
    """
    return [
        piece
        for patterns, take_apart in _parts(name)
        for path in _paths(patterns)
        for piece in _pieces(path, take_apart)
    ]


def find(place: str) -> tuple[str, list[Piece]]:
    """The group that a file belongs to, and the file's own pieces.

    Raises:
        InputError: if it belongs to none, or cannot be taken apart.

    Example:
        >>> find("LICENSE-text")[0]
        'documents'
    """
    for name in names():
        for patterns, take_apart in _parts(name):
            if ROOT / place in _paths(patterns):
                return name, list(_pieces(ROOT / place, take_apart))
    raise InputError(
        "expected a lesson's number, a file whose words are read, or one of "
        f"{', '.join(names()[-4:])}, found {place!r}."
    )


def _parts(name: str) -> list[tuple[Iterable[str], Callable]]:
    """A group's patterns of files, and what takes each apart."""
    if name == "documents":
        return [(DOCUMENTS, _of(of_markdown)), (BY_LINES, _of(of_lines))]
    if name == "messages":
        return [(MESSAGES, _of(of_module))]
    if name == "records":
        return [(RECORDS, of_record)]
    if (ROOT / "translations" / name).is_dir():
        folder = f"translations/{name}"
        return [([f"{folder}/*.po"], of_translation), ([f"{folder}/*.csv"], of_record)]
    (source,) = (source for source in lessons() if source.stem == name)
    outputs = [_short(notebook_of(source)), _short(solutions_of(source))]
    judge = f"helpers/exercises/lesson_{name[:2]}.py"
    return [
        ([_short(source)], _of(of_lesson)),
        (outputs, of_outputs),
        ([judge], _of(of_code)),
    ]


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _of(take_apart: Callable) -> Callable[[Path], Iterable[str]]:
    return lambda path: take_apart(path.read_text(encoding="utf-8"))


def _paths(patterns: Iterable[str]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _pieces(path: Path, take_apart: Callable) -> Iterator[Piece]:
    try:
        yield from in_a_row(_short(path), list(take_apart(path)))
    except (SyntaxError, ValueError) as error:
        raise InputError(
            f"{_short(path)} cannot be taken apart: {error}. Mend it first."
        ) from error


def unread(pieces: Iterable[Piece], lines: Iterable[str]) -> list[Piece]:
    """The pieces that are new, have changed, or stand below something else.

    Args:
        pieces: What stands there now.
        lines: Of what was read.

    Example:
        >>> then, now = Piece("README.md", "It is so."), Piece("README.md", "It was.")
        >>> unread([now], [then.line()])
        [Piece(place='README.md', text='It was.', above='')]
    """
    known = set(lines)
    return [piece for piece in pieces if piece.line() not in known]


def faults(name: str, pieces: list[Piece], lines: list[str]) -> list[str]:
    """What is wrong in a group, a sentence for each piece."""
    short = re.sub(r"^(\d\d)_.*", r"\1", name)
    cure = f"then `{PYTHON} -m tools.reading --done {short}`"
    found = [
        f"{piece.place}: “{_cut(piece.text, 120)}” is new, has changed, or stands "
        f"below something else: read it against what it tells of, {cure}"
        for piece in unread(pieces, lines)
    ]
    if not found and len(lines) > len(pieces):
        found = [f"{name}: a file that was read is gone; look what needs it, {cure}"]
    return found


def without_numbers(text: str) -> str:
    """A text on one line, without the numbers that a tie holds.

    Example:
        >>> without_numbers("Of 2<!--= n --> in\\n2019.")
        'Of …<!--= n --> in 2019.'
    """
    return " ".join(_HELD.sub("…", text).split())


def _cut(text: str, length: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def lines_of(name: str) -> list[str]:
    """The lines of a group: what was read."""
    path = READ / f"{name}.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def write(name: str, pieces: Iterable[Piece]) -> None:
    """Say that somebody has read a group."""
    lines = [piece.line() for piece in pieces]
    write_whole(READ / f"{name}.txt", "\n".join(lines) + "\n")
