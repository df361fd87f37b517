"""What nobody has read since it changed: sentences, with what is said to prove them.

    python -m tools.reading                      what is unread, piece by piece
    python -m tools.reading done                 all of that has been read
    python -m tools.reading done 09 documents    these have been

A tie proves a number. That an expression is about its sentence, a title about its
figure, an assert about its item, a translation about its original: only a reader sees
it. So each piece of a text has a line in `tests/read`, with a digest of the sentence
and its ties. Whoever changes one of the two reads it against the other and says `done`.
Numbers that a tie holds are left out: a run compares these. What stood there on
2026-12-01 was taken as it was.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat
from babel.messages.pofile import read_po

from helpers.errors import InputError
from helpers.plumbing import PYTHON, ROOT, run, write_whole
from helpers.ties import sentences
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons

READ = ROOT / "tests" / "read"
SPOKEN = (
    "helpers",
    "data_scripts",
    "tools",
    "benchmarks",
)  # whose docstrings and messages count
DOCUMENTS = (
    *("README.md", "CONTRIBUTING.md", "TROUBLESHOOTING.md", "LICENSE*", "CITATION.cff"),
    *("notebooks/glossary.md", "notebooks/article.md", "requirements*.in", "Makefile"),
    *("helpers/**/*.md", "tools/book/class/*.md", "tests/faults/*.md"),
    *("helpers/page/script/words.*.js", "helpers/page/*.html"),
    *("helpers/**/*.j2", "tools/**/*.j2", "tools/**/*.html"),
)
RECORDS = ("benchmarks/results/*.json", "tests/**/*.json", "notebooks/*.csv")
_HELD = re.compile(r"-?[\d.,]*\d(?=[%*_)]*<!--=)")  # numbers that a tie holds
_MADE = re.compile(r"<!-- (\w+) -->.*?<!-- /\1 -->", re.DOTALL)  # by our own tools


class Piece(NamedTuple):
    """A sentence, a statement, a message, a row of a record.

    Attributes:
        place: The file that holds it.
        text: What it says, with its ties.
    """

    place: str
    text: str

    def line(self) -> str:
        """Its line in `tests/read`.

        Example:
            >>> now = Piece("README.md", "It takes 2<!--= n --> seconds.")
            >>> then = Piece("README.md", "It takes 3<!--= n --> seconds.")
            >>> now.line() == then.line()
            True
            >>> now.line()
            '44fb0b182f It takes …<!--= n --> seconds.'
        """
        plain = " ".join(_HELD.sub("…", self.text).split())
        found = hashlib.sha256(f"{self.place}\n{plain}".encode()).hexdigest()[:10]
        return f"{found} {_cut(plain, 36)}"


def of_markdown(text: str) -> list[str]:
    """Sentences, items, cells of a table, headings; not what our tools have written."""
    return sentences(_MADE.sub("", text))


def of_code(text: str) -> list[str]:
    """The statements of a Python text, each with the comments above it.

    Example:
        >>> of_code("x = 1\\n# Not more.\\nassert x < 2\\n")
        ['x = 1', '# Not more.\\nassert x < 2']
    """
    lines = text.splitlines()
    ends = [node.end_lineno for node in ast.parse(text).body]
    pieces = ["\n".join(lines[a:b]) for a, b in zip([0, *ends], ends, strict=False)]
    return [piece.strip() for piece in [*pieces, "\n".join(lines[ends[-1] :])] if piece]


def of_lesson(text: str) -> Iterator[str]:
    """A lesson's source in pieces, with its exercises: prose, code, marks of cells."""
    for cell in re.split(r"^(?=# %%)", text, flags=re.MULTILINE)[1:]:
        mark, _, content = cell.partition("\n")
        if "[markdown]" in mark:
            yield from of_markdown(re.sub(r"^# ?", "", content, flags=re.MULTILINE))
        else:
            yield from of_code(content)
        if "tags" in mark:
            yield mark


def of_module(text: str) -> Iterator[str]:
    """What a module says: docstrings, paragraph by paragraph, and messages.

    Example:
        >>> text = '"Reads pictures."\\nraise ValueError(f"expected {n} bytes")'
        >>> list(of_module(text))
        ['Reads pictures.', 'f"expected {n} bytes"']
    """
    waiting: list[ast.AST] = [ast.parse(text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr):
            yield ast.get_source_segment(text, node) or ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if " " in node.value.strip():
                yield from re.split(r"\n\s*\n", node.value.strip())
        else:
            waiting += reversed(list(ast.iter_child_nodes(node)))


def of_exempt(notebook: Path) -> Iterator[str]:
    """What is stored and not compared: exempt cells' outputs, the line of versions."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        exempt = "nbval-ignore-output" in cell.metadata.get("tags", ())
        for output in cell.get("outputs", ()):
            said = output.get("text") or output.get("data", {}).get("text/plain", "")
            if exempt and said:
                yield said
            else:
                yield from re.findall(r"^Python \d.*", said, re.MULTILINE)


def of_record(path: Path) -> Iterator[str]:
    """The rows of a record; not which code made it, which is looked at elsewhere."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        yield from (" ".join(row) for row in csv.reader(text.splitlines()))
        return
    found = json.loads(text)
    for part in found if isinstance(found, list) else [found]:
        for name, value in part.items():
            for row in value if isinstance(value, list) else [value]:
                if name != "code":
                    yield f"{name}: {json.dumps(row, ensure_ascii=False)}"


def of_translation(path: Path) -> Iterator[str]:
    """What is said in English, with what is said instead."""
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield f"{message.string}\n{message.id}"


def groups() -> dict[str, list[Piece]]:
    """All pieces, by the name of the file in `tests/read` that has their lines."""
    found = {source.stem: list(_about_lesson(source)) for source in lessons()}
    found["documents"] = list(
        _pieces(DOCUMENTS, lambda path: of_markdown(path.read_text(encoding="utf-8")))
    )
    modules = [f"{folder}/**/*.py" for folder in SPOKEN]
    found["messages"] = list(
        _pieces(modules, lambda path: of_module(path.read_text(encoding="utf-8")))
    )
    found["records"] = list(_pieces(RECORDS, of_record))
    for folder in sorted((ROOT / "translations").iterdir()):
        files = [f"translations/{folder.name}/*.po"]
        found[folder.name] = list(_pieces(files, of_translation))
    return found


def _pieces(patterns: Iterable[str], read) -> Iterator[Piece]:
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            place = path.relative_to(ROOT).as_posix()
            yield from (Piece(place, text) for text in read(path))


def _about_lesson(source: Path) -> Iterator[Piece]:
    place = source.relative_to(ROOT).as_posix()
    judge = ROOT / "helpers" / "exercises" / f"lesson_{source.stem[:2]}.py"
    for text in of_lesson(source.read_text(encoding="utf-8")):
        yield Piece(place, text)
    for text in of_exempt(notebook_of(source)):
        yield Piece(notebook_of(source).relative_to(ROOT).as_posix(), text)
    if judge.is_file():
        for text in of_code(judge.read_text(encoding="utf-8")):
            yield Piece(judge.relative_to(ROOT).as_posix(), text)


def unread(pieces: Iterable[Piece], lines: Iterable[str]) -> list[Piece]:
    """The pieces that are new, or have changed, since somebody read them.

    Args:
        pieces: What stands there now.
        lines: Of what was read.

    Example:
        >>> then, now = Piece("README.md", "It is so."), Piece("README.md", "It was.")
        >>> unread([now], [then.line()])
        [Piece(place='README.md', text='It was.')]
    """
    left = Counter(lines)
    left.subtract(piece.line() for piece in pieces)
    return [piece for piece in pieces if left[piece.line()] < 0]


def gone(pieces: Iterable[Piece], lines: Iterable[str]) -> list[str]:
    """The lines of what was read and does not stand there any longer."""
    left = Counter(lines)
    left.subtract(piece.line() for piece in pieces)
    return list((+left).elements())


def faults(name: str, pieces: list[Piece], lines: list[str]) -> list[str]:
    """What is wrong in a group, a sentence for each piece."""
    cure = f"then `{PYTHON} -m tools.reading done {name}`"
    new, lost = unread(pieces, lines), gone(pieces, lines)
    found = [
        f"{piece.place}: “{_cut(piece.text, 120)}” is new or has changed: read it "
        f"against what it tells of, {cure}"
        for piece in new
    ]
    if len(lost) > len(new):
        found += [
            f"{name}: “{line.partition(' ')[2]}” was read, and is gone: does something "
            f"still need it? If not, {cure}"
            for line in lost
        ]
    return found


def _cut(text: str, length: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"


def lines_of(name: str) -> list[str]:
    """The lines of a group: what was read."""
    path = READ / f"{name}.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("done", nargs="?", choices=["done"], help="it has been read")
    parser.add_argument("name", nargs="*", help="a lesson's number, or a file's name")
    arguments = parser.parse_args()
    everything = groups()
    chosen = {
        name: pieces
        for name, pieces in everything.items()
        if not arguments.name or {name, name[:2]} & set(arguments.name)
    }
    if not chosen:
        raise InputError(
            f"expected a lesson's number or one of {', '.join(everything)}, found "
            f"{' '.join(arguments.name)!r}."
        )
    for name, pieces in chosen.items():
        new = unread(pieces, lines_of(name))
        if arguments.done:
            lines = [piece.line() for piece in pieces]
            write_whole(READ / f"{name}.txt", "\n".join(lines) + "\n")
            print(f"{name}: {len(pieces)} pieces, {len(new)} of them new.")
            continue
        for piece in new:
            print(f"{piece.place}\n    {' '.join(piece.text.split())}\n")
        print(f"{name}: {len(new)} of {len(pieces)} pieces are unread.")


if __name__ == "__main__":
    run(_main)
