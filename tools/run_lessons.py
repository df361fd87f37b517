"""Run the lessons, one after another, and tell how each went.

    python -m tools.run_lessons                      photographs, if they can be had
    python -m tools.run_lessons --offline            drawn pets
    python -m tools.run_lessons --photos pets.zip    an archive, an address or a folder
    python -m tools.run_lessons 5 6                  these lessons
    python -m tools.run_lessons --offline --record   measure what a first run costs

The executed notebooks go to the folder `build`; those in `notebooks` stay as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from tqdm import tqdm

from helpers.errors import InputError
from helpers.plumbing import DATA, ROOT, run, whole_file
from helpers.sources import get_photos, make_training_set
from helpers.sources.photos import SOURCE

NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "build"
BUDGETS = NOTEBOOKS / "budgets.csv"  # what each lesson takes, as README.md says it
# What helpers.classifier writes beside the model of lesson 6. Not imported from there:
# that would start TensorFlow in this process too.
CLASSIFIER = DATA / "models" / "cats_vs_dogs.json"


@dataclass(frozen=True)
class Result:
    """How a lesson went.

    Attributes:
        lesson: Its name, such as `06_train_cats_vs_dogs`.
        seconds: How long it ran.
        peak_mb: The most memory that its process and its children held, in megabytes.
        check_passed: Whether it ran to its end, and has a check cell on the way.
        fault: The cell at which it stopped, and why; None if it ran to its end.
    """

    lesson: str
    seconds: float
    peak_mb: float
    check_passed: bool
    fault: str | None = None


def choose_pictures(photos: str | None, offline: bool) -> str:
    """Decide which pictures the lessons see, put them in place and say so.

    Args:
        photos: A source for `helpers.sources.get_photos`, or None.
        offline: Do not try to fetch photographs.

    Returns:
        `"photos"` or `"drawn"`, as `helpers.picture_sets.open_pictures` knows them.

    Raises:
        InputError: if the photographs that were asked for cannot be had.
    """
    if offline and not photos:
        print("The lessons use drawn pets.")
        return "drawn"
    if photos:
        get_photos(photos)
    elif not SOURCE.is_dir():
        print("Looking for the real photographs (65 MB, once) ...", flush=True)
        try:
            get_photos(timeout=5)
        except InputError as error:
            reason = str(error).splitlines()[0]
            print(f"The lessons use drawn pets: {reason}")
            return "drawn"
    make_training_set(SOURCE, SOURCE.parent)
    print(f"The lessons use the photographs in {_short(SOURCE)}.")
    return "photos"


def run_lesson(notebook: Path, build: Path, pictures: str) -> Result:
    """Execute one notebook in a process of its own and store it in another folder.

    Args:
        notebook: The notebook; it is only read.
        build: Where the executed notebook goes, as far as it came.
        pictures: `"drawn"` or `"photos"`.

    Returns:
        How it went. A lesson that fails raises nothing: the next one can still run.
    """
    document = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        document,
        kernel_name="python3",
        extra_arguments=["--log-level=CRITICAL"],  # what counts comes as an error
        shutdown_kernel="immediate",
        timeout=1800,  # seconds a cell: no lesson needs it, but none may hang for ever
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(notebook.parent)}},
    )
    code = [
        (index, cell)
        for index, cell in enumerate(document.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    fault, number = None, 0
    start = time.perf_counter()
    with (
        client.setup_kernel(env={**os.environ, "PICTURES": pictures}),
        PeakMemory(client.km.provisioner.pid) as memory,
        # Without a terminal there is no bar, only the line that says how it went.
        tqdm(code, notebook.stem, unit=" cells", leave=False, disable=None) as bar,
    ):
        try:
            for number, (index, cell) in enumerate(bar, start=1):
                client.execute_cell(cell, index, execution_count=number)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            first_line = code[number - 1][1].source.splitlines()[0]
            fault = f"code cell {number} ({first_line}): {_sentence(error)}"
    seconds = time.perf_counter() - start
    with whole_file(build / notebook.name) as unfinished:
        text = nbformat.writes(document) + "\n"
        unfinished.write_text(text, encoding="utf-8", newline="\n")
    has_check = any("check" in cell.metadata.get("tags", []) for _, cell in code)
    result = Result(
        notebook.stem, seconds, memory.megabytes, has_check and not fault, fault
    )
    print(f"{result.lesson}: {fault or f'done in {seconds:.0f} s'}", flush=True)
    return result


def _sentence(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        # An InputError is a sentence for the reader; others need their name.
        name = "" if error.ename == "InputError" else f"{error.ename}: "
        return f"{name}{error.evalue}"
    if isinstance(error, DeadKernelError):
        return (
            "its process died. Most often the memory was full: close other programs "
            "and run it again, or see the table of problems in README.md."
        )
    return "it ran for more than half an hour and was stopped."


class PeakMemory:
    """Watch a process and its children; keep the most memory that they held.

    Args:
        pid: The process to watch.

    Example:
        >>> with PeakMemory(os.getpid()) as memory:
        ...     pass
        >>> memory.megabytes > 1
        True
    """

    def __init__(self, pid: int):
        self.megabytes = 0.0
        self._process = psutil.Process(pid)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while True:
            total = 0
            try:
                children = self._process.children(recursive=True)
                for process in (self._process, *children):
                    memory = process.memory_full_info()
                    # Linux tells what a process holds when shared pages are shared out.
                    total += getattr(memory, "pss", memory.rss)
            except psutil.Error:  # one of them has ended just now
                pass
            self.megabytes = max(self.megabytes, total / 1e6)
            if self._done.wait(0.5):
                return

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()


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


def over_budget(results: Sequence[Result], budgets: pd.DataFrame) -> list[str]:
    """Name the lessons that take half as much again as is stated, or more.

    Args:
        results: How lessons went.
        budgets: What `read_budgets` gives.

    Returns:
        A sentence for each; none for a lesson that nothing is stated for.

    Example:
        >>> budgets = pd.DataFrame({"seconds": [40], "megabytes": [900]}, ["05_feed"])
        >>> over_budget([Result("05_feed", 61, 1000, True)], budgets)
        ['05_feed took 61 s, and 40 are stated.']
    """
    found = []
    for result in results:
        if result.lesson not in budgets.index:
            continue
        budget = budgets.loc[result.lesson]
        for value, limit, unit in (
            (result.seconds, budget["seconds"], "s"),
            (result.peak_mb, budget["megabytes"], "MB"),
        ):
            if value > 1.5 * limit:
                stated = f"{limit:.0f} are stated"
                found.append(f"{result.lesson} took {value:.0f} {unit}, and {stated}.")
    return found


def read_budgets() -> pd.DataFrame:
    """What each lesson takes: `seconds` and `megabytes`, by the lesson's name."""
    return pd.read_csv(BUDGETS, index_col="lesson")


def _record(results: Sequence[Result]) -> None:
    measured = pd.DataFrame(
        {
            "seconds": [r.seconds for r in results],
            "megabytes": [r.peak_mb for r in results],
        },
        index=pd.Index([r.lesson for r in results], name="lesson"),
    )
    budgets = measured.combine_first(read_budgets()).round().astype(int)
    with whole_file(BUDGETS) as unfinished:
        budgets.to_csv(unfinished, lineterminator="\n")
    print(f"\nrecorded in {_short(BUDGETS)}; now python -m tools.lesson_map")


def classifier_sentence(record: Path) -> str:
    """What the learner holds now, from what lesson 6 wrote beside its model.

    Args:
        record: The JSON file, with `accuracy` (0 to 1) and `n_pictures`.
    """
    facts = json.loads(record.read_text(encoding="utf-8"))
    return (
        f"your classifier: {facts['accuracy']:.1%} on {facts['n_pictures']} pictures "
        f"it never saw; saved as {_short(record.with_suffix('.keras'))}"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _changed(record: Path) -> int | None:
    return record.stat().st_mtime_ns if record.is_file() else None


def choose_lessons(wanted: Sequence[str], folder: Path) -> list[Path]:
    """The notebooks to run, in reading order.

    Args:
        wanted: Numbers of lessons, such as `6` or `06`; none for all of them.
        folder: Where the notebooks are.

    Raises:
        InputError: if there is no such lesson.
    """
    there = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    by_number = {notebook.name[:2]: notebook for notebook in there}
    unknown = [number for number in wanted if number.zfill(2) not in by_number]
    if unknown or not there:
        raise InputError(
            f"expected the number of a lesson, found {', '.join(unknown) or 'none'}. "
            f"In {folder} there are: {', '.join(n.stem for n in there) or 'none'}."
        )
    return sorted({by_number[number.zfill(2)] for number in wanted}) or there


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("lesson", nargs="*", help="a number, such as 6; all if none")
    parser.add_argument("--photos", help="an archive, an address or a folder")
    parser.add_argument("--offline", action="store_true", help="fetch no photographs")
    parser.add_argument("--record", action="store_true", help="write budgets.csv")
    arguments = parser.parse_args()
    lessons = choose_lessons(arguments.lesson, NOTEBOOKS)
    pictures = choose_pictures(arguments.photos, arguments.offline)
    if arguments.record:  # as a learner's first run, which has neither of the two
        for name in ("drawn", "features"):
            shutil.rmtree(DATA / name, ignore_errors=True)
    before = _changed(CLASSIFIER)
    results = [run_lesson(notebook, BUILD, pictures) for notebook in lessons]
    print(f"\n{table(results)}")
    if not arguments.record:
        for sentence in over_budget(results, read_budgets()):
            print(sentence)
    if _changed(CLASSIFIER) != before:
        print(f"\n{classifier_sentence(CLASSIFIER)}")
    faults = [result for result in results if result.fault]
    for result in faults:
        print(f"\n{result.lesson} stopped at {result.fault}")
    if faults:
        raise SystemExit(1)
    if arguments.record:
        _record(results)


if __name__ == "__main__":
    run(_main)
