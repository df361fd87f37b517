"""One lesson, run from its first cell to its last, and how that went."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from tqdm import tqdm

from tools.lessons.kernels import client, environment
from tools.lessons.memory import PeakMemory
from tools.lessons.notebooks import code_cells, store, tags


@dataclass(frozen=True)
class Result:
    """How a lesson went.

    Attributes:
        lesson: Its name, such as `06_train_cats_vs_dogs`.
        seconds: How long it ran.
        peak_mb: The most memory that its process and its children held, in megabytes.
        check_passed: Whether it ran to its end, and has a check cell that held.
        fault: The cell at which it stopped, and why; None if it ran to its end.
        doubt: What its check asserts and these photographs do not bear out; None if
            its check held.
    """

    lesson: str
    seconds: float
    peak_mb: float
    check_passed: bool
    fault: str | None = None
    doubt: str | None = None


def run_lesson(notebook: Path, build: Path, pictures: str) -> Result:
    """Execute one notebook in a process of its own and store it in another folder.

    A lesson's check says what is true of drawn pets. Photographs may be harder or
    easier, which is no fault of theirs: the lesson goes on, and what did not hold is
    told.

    Args:
        notebook: The notebook; it is only read.
        build: Where the executed notebook goes, as far as it came.
        pictures: `"drawn"` or `"photos"`.

    Returns:
        How it went. A lesson that fails raises nothing: the next one can still run.
    """
    document = nbformat.read(notebook, as_version=4)
    # No cell needs half an hour, but none may hang for ever.
    runner = client(document, timeout=1800, folder=str(notebook.parent))
    code = code_cells(document)
    places = [i for i, cell in enumerate(document.cells) if cell in code]
    fault = None
    start = time.perf_counter()
    with (
        environment(pictures, strict=pictures != "photos") as settings,
        runner.setup_kernel(env=settings),
        PeakMemory(runner.km.provisioner.pid) as memory,
        # Without a terminal there is no bar, only the line that says how it went.
        tqdm(code, notebook.stem, unit=" cells", leave=False, disable=None) as bar,
    ):
        for number, (cell, place) in enumerate(zip(bar, places, strict=True), start=1):
            try:
                runner.execute_cell(cell, place, execution_count=number)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                first_line = cell.source.splitlines()[0]
                fault = f"code cell {number} ({first_line}): {_sentence(error)}"
                break
    seconds = time.perf_counter() - start
    doubt = _reported(code)
    store(document, build / notebook.name)
    held = any("check" in tags(cell) for cell in code) and not (fault or doubt)
    result = Result(notebook.stem, seconds, memory.megabytes, held, fault, doubt)
    print(f"{result.lesson}: {fault or f'done in {seconds:.0f} s'}", flush=True)
    return result


def _reported(code: list[nbformat.NotebookNode]) -> str | None:
    """What checks reported that did not end their cells (see helpers.checks)."""
    outputs = [output for cell in code for output in cell.get("outputs", [])]
    printed = "".join(output.get("text", "") for output in outputs)
    found = re.findall(r"^Not so in this run: (.*?)(?:\. Have you.*)?$", printed, re.M)
    return "\n".join(found) or None


def _sentence(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        # An InputError is a sentence for the reader; others need their name.
        name = "" if error.ename == "InputError" else f"{error.ename}: "
        return f"{name}{error.evalue}"
    if isinstance(error, DeadKernelError):
        return (
            "its process died. Most often the memory was full: close other programs "
            "and run it again, or see TROUBLESHOOTING.md."
        )
    return "it ran for more than half an hour and was stopped."


def table(results: Sequence[Result]) -> str:
    """The results as a person reads them.

    Example:
        >>> print(table([Result("06_train_cats_vs_dogs", 61.7, 1412.4, True)]))
        lesson                 seconds  peak memory  check passed
        06_train_cats_vs_dogs       62      1412 MB           yes
    """
    width = max(len("lesson"), *(len(result.lesson) for result in results))
    lines = [f"{'lesson':{width}}  seconds  peak memory  check passed"]
    for result in results:
        passed = "yes" if result.check_passed else "no"
        lines.append(
            f"{result.lesson:{width}}  {result.seconds:7.0f}  "
            f"{result.peak_mb:8.0f} MB  {passed:>12}"
        )
    return "\n".join(lines)
