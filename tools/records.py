"""Records: what was measured once, and by which code.

    python -m tools.records        write every table anew from its record

A benchmark takes an hour and is not run by the tests. So its numbers are kept as JSON,
with a digest of each file that made them; the tables that people read are written from
that, and carry a mark as soon as this code has changed. Tests compare: nobody edits a
table by hand, and no mark is missing.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from helpers.plumbing import ROOT, run, write_whole

PACKAGES = ("helpers", "benchmarks", "tools", "tests")
# They lay out what was found, and compute none of it.
LAYOUT = ("benchmarks/report.py", "tools/records.py", "helpers/figures/")
WRITERS = (
    "benchmarks.report",
    "tools.reach",
    "tools.matrix",
    "tests.faults.side_by_side",
)
CHANGED = "**The code has changed since this was measured.**"
UNKNOWN = "**Which code this was measured with is not on record.**"


def code_lines(source: str) -> str:
    """A Python source without docstrings, comments and empty lines.

    What is left decides what is computed; a better comment spoils no measurement.

    Example:
        >>> code_lines('# Why.\\ndef f(x):\\n    "One more."\\n\\n    return x + 1\\n')
        'def f(x):\\n    return x + 1'
    """
    prose = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(
            node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        ) and ast.get_docstring(node, clean=False):
            first = node.body[0]
            prose |= set(range(first.lineno, first.end_lineno + 1))
    return "\n".join(
        line.rstrip()
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in prose and line.strip() and not line.lstrip().startswith("#")
    )


def code_of(
    files: Iterable[str], root: Path = ROOT, within: tuple[str, ...] = PACKAGES
) -> dict[str, str]:
    """Which code runs when these files run: they, and what they import of ours.

    Args:
        files: Paths from the root, such as `"benchmarks/growth.py"`.
        root: Of the project, or of another state of it.
        within: Only imports from these folders are followed.

    Returns:
        For each file a digest of its code: 12 hexadecimal digits.

    Example:
        >>> sorted(code_of(["helpers/accuracy.py"]))
        ['helpers/__init__.py', 'helpers/accuracy.py', 'helpers/errors.py']
    """
    waiting, found = list(files), {}
    while waiting:
        name = waiting.pop()
        if name in found or name.startswith(LAYOUT):
            continue
        source = (root / name).read_text(encoding="utf-8")
        if not name.endswith(".py"):  # all of it counts, and what it imports is named
            found[name] = hashlib.sha256(source.encode()).hexdigest()[:12]
            continue
        found[name], imports = _taken_apart(source)
        waiting += [
            file
            for file in _files(name, imports, root)
            if file.startswith(tuple(f"{folder}/" for folder in within))
        ]
    return dict(sorted(found.items()))


@functools.cache
def _taken_apart(source: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The digest of a source, and what it imports: levels up, and a dotted name."""
    digest = hashlib.sha256(code_lines(source).encode()).hexdigest()[:12]
    imports = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imports += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = f"{node.module}." if node.module else ""
            imports += [(node.level, f"{start}{alias.name}") for alias in node.names]
    return digest, tuple(imports)


def _files(name: str, imports: Iterable[tuple[int, str]], root: Path) -> list[str]:
    """Files of ours behind imports; the last part of a name may be no module."""
    package = name.split("/")[:-1]
    files = set()
    for level, module in imports:
        above = package[: len(package) + 1 - level] if level else []
        parts = [*above, *module.split(".")]
        if parts[0] in PACKAGES:
            for end in range(1, len(parts) + 1):
                place = "/".join(parts[:end])
                files |= {f"{place}.py", f"{place}/__init__.py"}
    return [file for file in sorted(files) if (root / file).is_file()]


def changed_files(code: Mapping[str, str] | None, root: Path = ROOT) -> list[str]:
    """The files whose code is no longer what a record was made with.

    Args:
        code: From `code_of`, at that time.
        root: Of the project as it is now.

    Example:
        >>> changed_files({**code_of(["helpers/errors.py"]), "gone.py": "0" * 12})
        ['gone.py']
    """
    now = code_of([name for name in code or () if (root / name).is_file()], root, ())
    return [name for name, digest in (code or {}).items() if now.get(name) != digest]


def mark(code: Mapping[str, str] | None) -> str:
    """The sentence under a table whose code has changed or is not known, or nothing.

    Example:
        >>> mark(code_of(["helpers/errors.py"])), mark(None) == UNKNOWN
        ('', True)
    """
    if not code:
        return UNKNOWN
    return CHANGED if changed_files(code) else ""


def write_json(path: Path, record: object) -> None:
    """Keep a record: whole or not at all, a line for each entry."""
    write_whole(path, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def rendered() -> dict[Path, str]:
    """Every document that is written from a record, and what it has to say now."""
    found: dict[Path, str] = {}
    for name in WRITERS:
        found |= importlib.import_module(name).rendered()
    return found


def _main() -> None:
    for path, text in rendered().items():
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        if old != text:
            write_whole(path, text)
            print(f"{path.relative_to(ROOT).as_posix()} is written anew")
    print("Every table says what its record says.")


if __name__ == "__main__":
    run(_main)
