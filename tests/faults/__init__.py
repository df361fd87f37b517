"""Everything that goes wrong with pictures, tables, networks and computers, in a table.

Each fault is a function that makes it in an empty folder and returns the call that
meets it, as a learner would. `tests/faults/test_faults.py` runs them all; `python -m
tests.faults` writes what they say to README.md.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT


class Scene(NamedTuple):
    """Where a fault takes place.

    Attributes:
        folder: An empty folder. What is in it when the call begins is in it, and
            nothing else, when the call has failed.
        patch: For what cannot be made: a full disk, another processor.
        later: What is to be closed at the end.
    """

    folder: Path
    patch: pytest.MonkeyPatch
    later: contextlib.ExitStack


class Fault(NamedTuple):
    """One thing that goes wrong.

    Attributes:
        group: `"pictures"`, `"tables"`, `"folders"`, …
        name: What it is, in a learner's words.
        sees: A regular expression for the message; or `"works: "` and what happens.
        make: Makes the fault and returns the call that meets it.
    """

    group: str
    name: str
    sees: str
    make: Callable[[Scene], Callable[[], object]]

    @property
    def works(self) -> bool:
        return self.sees.startswith("works: ")


FAULTS: list[Fault] = []


def fault(group: str, name: str, sees: str) -> Callable:
    """Enter a function into the table."""

    def enter(make: Callable) -> Callable:
        FAULTS.append(Fault(group, name, sees, make))
        return make

    return enter


class Outcome(NamedTuple):
    """What came of a fault.

    Attributes:
        error: What was raised, or None.
        message: Its text, in which the folder is called `…`.
        changed: The files that came, went or changed, locks left out; and unfinished
            folders. An empty one that was made for a lock is no harm.
    """

    error: BaseException | None
    message: str
    changed: set[str]


@functools.cache
def meet(fault: Fault) -> Outcome:
    """Make a fault and meet it, once."""
    error = None
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        contextlib.ExitStack() as later,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        scene = Scene(Path(folder).resolve(), patch, later)
        call = fault.make(scene)
        before = _listing(scene.folder)
        try:
            call()
        except Exception as raised:  # any: whether it is the right one is tested
            error = raised
        patch.undo()  # the disk is whole again, and can be looked at
        changed = {name for name, _ in before ^ _listing(scene.folder)}
        message = str(error or "").replace(str(scene.folder), "…")
    return Outcome(error, message, changed)


def _listing(folder: Path) -> set[tuple[str, bytes]]:
    found = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix != ".lock":
            found.add((name, path.read_bytes()))
        elif path.is_dir() and path.name.startswith("."):
            found.add((name, b""))
    return found


def script(name: str, *arguments: object, **environment: str) -> str:
    """Run one of `data_scripts` as a learner does; what it prints, or its error.

    Raises:
        InputError: what the script said, if it ended with exit code 2 and one message.
    """
    done = subprocess.run(
        [sys.executable, "-m", f"data_scripts.{name}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )
    if done.returncode == 0:
        return done.stdout
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("error: "), done.stderr
    assert "Traceback" not in done.stderr
    raise InputError(done.stderr.removeprefix("error: ").rstrip("\n"))


from . import (  # noqa: E402, F401  each enters its faults into the table
    archives,
    folders,
    machine,
    makers,
    network,
    pages,
    pictures,
    tables,
    weights,
)
