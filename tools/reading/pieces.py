"""Texts in pieces: sentences, statements, messages, translations, rows of a record."""

from __future__ import annotations

import ast
import csv
import html
import io
import itertools
import json
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import nbformat
from babel.messages.pofile import read_po

from helpers.ties import sentences

_MADE = re.compile(r"<!-- (lessons|compared) -->.*?<!-- /\1 -->", re.DOTALL)
_LABELS = {
    "title",
    "label",
    "xlabel",
    "ylabel",
    "set_title",
    "set_xlabel",
    "set_ylabel",
}


def of_markdown(text: str) -> list[str]:
    """Sentences, items, cells of a table, headings; not what our tools have written."""
    return sentences(_MADE.sub("", text))


def of_lines(text: str) -> list[str]:
    """The lines that hold something.

    Example:
        >>> of_lines("clean:  ## remove build\\n\\n\\trm -rf build\\n")
        ['clean:  ## remove build', 'rm -rf build']
    """
    return [line.strip() for line in text.splitlines() if line.strip()]


def of_code(text: str) -> list[str]:
    """The statements of a Python text, each with the comments above it.

    Indentation counts, and is shown by dots.

    Example:
        >>> of_code("x = 1\\n# Not more.\\nif x:\\n    print(x)\\n")
        ['x = 1', '# Not more.\\nif x:\\n····print(x)']
    """
    lines = text.splitlines()
    ends = [0, *(node.end_lineno for node in ast.parse(text).body), len(lines)]
    pieces = ("\n".join(lines[a:b]).strip("\n") for a, b in itertools.pairwise(ends))
    indented = re.compile(r"^ +", re.MULTILINE)
    return [
        indented.sub(lambda blanks: "·" * len(blanks[0]), piece)
        for piece in pieces
        if piece.strip()
    ]


def of_lesson(text: str) -> Iterator[str]:
    """A lesson's source, with its exercises: prose, code, the marks of cells."""
    for cell in re.split(r"^(?=# %%)", text, flags=re.MULTILINE)[1:]:
        mark, _, content = cell.partition("\n")
        if "tags" in mark:
            yield mark
        if "[markdown]" in mark:
            yield from of_markdown(re.sub(r"^# ?", "", content, flags=re.MULTILINE))
        else:
            yield from of_code(content)


def of_module(text: str) -> Iterator[str]:
    """What a module says, and what words elsewhere rest on.

    Docstrings by the paragraph, messages, labels, comments, constants, the arguments of
    a command.

    Example:
        >>> list(of_module('"It reads."\\nMOST = 9  # of all\\nprint(f"expected {n}")'))
        ['# of all', 'It reads.', 'MOST = 9', 'f"expected {n}"']
    """
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(text), False)]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    while waiting:
        node, labels = waiting.pop()
        if _stands_for_itself(node):
            yield ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = node.value.strip()
            if labels or " " in said or not said.isascii():
                yield from re.split(r"\n\s*\n", said)
        labels = _is_label(node)
        waiting += [(child, labels) for child in ast.iter_child_nodes(node)][::-1]


def _stands_for_itself(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [ast.unparse(target) for target in targets]
        return all(name.isupper() for name in names) and isinstance(
            node.value, ast.Constant | ast.BinOp | ast.UnaryOp | ast.Tuple
        )
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "add_argument"
    return isinstance(node, ast.JoinedStr)


def _is_label(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in _LABELS
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in _LABELS
    return False


def of_outputs(notebook: Path) -> Iterator[str]:
    """What is stored and not compared: exempt cells' outputs, the line of versions."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        exempt = "nbval-ignore-output" in cell.metadata.get("tags", ())
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            shown = html.unescape(re.sub(r"<[^>]*>", " ", data.get("text/html", "")))
            said = output.get("text") or data.get("text/plain", "")
            if exempt:
                yield from filter(None, (said, shown))
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
