"""The exercises of a lesson: a notebook with gaps, a notebook with solutions.

Both are made from the cells of the lesson's source that are tagged as exercises. The
first has no outputs; the second is executed and compared like a lesson.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat

from helpers.exercises import Exercise, setup_and_exercises
from helpers.ties import find_ties, prose
from tools.lessons.claims import untied_numbers
from tools.lessons.notebooks import (
    assembled,
    execute,
    exercise_tag,
    faults,
    identity,
    read_cells,
    store,
)
from tools.lessons.sources import short, title
from tools.lessons.words import folder_of_lessons, language_of, speaker

AT_LEAST = 3  # exercises in a lesson
_LETTERS = {  # of an exercise's cells, for an expression that tells their order
    "exercise": "t",
    "exercise-setup": "u",
    "exercise-gap": "g",
    "exercise-hint": "h",
    "exercise-solution": "s",
}
_START = """\
import sys

sys.path.insert(0, "../..")  # the project's folder, where `helpers` lives

from helpers.exercises import check, hint, solution
from helpers.start import start_lesson

start_lesson(seed=0)"""
_START_ELSEWHERE = """\
import sys

sys.path.insert(0, "../../..")  # the project's folder, where `helpers` lives

from helpers.exercises import check, hint, solution, speak
from helpers.start import start_lesson

start_lesson(seed=0)
speak("{language}")"""


def exercises_of(source: Path) -> Path:
    """Where the notebook with a lesson's exercises is stored."""
    return folder_of_lessons(source) / "exercises" / f"{source.stem}.ipynb"


def solutions_of(source: Path) -> Path:
    """Where the notebook with the solutions is stored."""
    return folder_of_lessons(source) / "solutions" / f"{source.stem}.ipynb"


def has_exercises(source: Path) -> bool:
    """Whether a lesson has any exercise yet."""
    return bool(_exercises(source))


def with_gaps(source: Path) -> nbformat.NotebookNode:
    """The notebook in which learners work."""
    heading = speaker(language_of(source))(
        "# Exercises to {title}\n\n"
        "Each exercise has a **gap**: a `...`, or a line to change. Fill it, run the "
        "cell, and\nrun the check below it. It says what is right and what is not yet, "
        "as often as you like.\nFor a hint, or a solution, take away the `# ` before "
        "it.\n\n[← the lesson](../{name}.ipynb) | [Glossary](../glossary.md)",
        title=title(source),
        name=source.stem,
    )
    asks = '\n# hint("{0}")\n# solution("{0}")'
    return assembled(_cells(source, heading, "exercise-solution", asks))


def with_solutions(source: Path) -> nbformat.NotebookNode:
    """The notebook that shows one good answer to each exercise; not executed yet."""
    heading = speaker(language_of(source))(
        "# Solutions to {title}\n\n"
        "One good answer to each exercise; others are as right.\n\n"
        "[← the lesson](../{name}.ipynb) | "
        "[the exercises](../exercises/{name}.ipynb)",
        title=title(source),
        name=source.stem,
    )
    cells = _cells(source, heading, "exercise-gap", "")
    if find_ties(prose(source.read_text(encoding="utf-8"), exercises=True)):
        comparison = (
            "from helpers.ties import compare_text\n\n"
            f'compare_text("{source.stem}", globals(), exercises=True)'
        )
        cells.append(nbformat.v4.new_code_cell(comparison))
    return assembled(cells)


def build_exercises(source: Path) -> None:
    """Make both notebooks of a lesson; the solutions are executed.

    Args:
        source: The lesson's percent-format text.

    Raises:
        InputError: if a solution does not run, or is not right, or the text tells
            another result than the run; that notebook is not stored.
    """
    for target in (exercises_of(source), solutions_of(source)):
        target.parent.mkdir(exist_ok=True)
    store(with_gaps(source), exercises_of(source))
    target = solutions_of(source)
    execute(source, with_solutions(source), target, folder=target.parent)


def exercise_faults(source: Path) -> list[str]:
    """What is wrong with the two notebooks of a lesson, a sentence each."""
    if not has_exercises(source):
        return []
    gaps, rebuild = exercises_of(source), f"`tools.author exercises {source.stem[:2]}`"
    if not gaps.is_file():
        return [f"{short(gaps)} is missing. Run {rebuild}."]
    found = []
    notebook = nbformat.read(gaps, as_version=4)
    worked = any(cell.get("outputs") for cell in notebook.cells)
    if worked or identity(notebook) != identity(with_gaps(source)):
        found.append(
            f"{short(gaps)} is not what {source.name} says: stale. Run {rebuild}."
        )
    wrong = faults(source, solutions_of(source), with_solutions(source))
    return found + [f"solutions: {fault}" for fault in wrong]


def broken_exercise_rules(source: Path) -> list[str]:
    """What in the exercises of a source breaks a rule of the house, a sentence each."""
    exercises = _exercises(source)
    if not exercises:
        return []
    text = prose(source.read_text(encoding="utf-8"), exercises=True)
    text = re.sub(r"^## \d+\.\d+ · ", "## ", text, flags=re.MULTILINE)
    found = [f"a number with no tie: {number}" for number in untied_numbers(text)]
    if len(exercises) < AT_LEAST:
        found.append(f"expected {AT_LEAST} exercises or more, found {len(exercises)}.")
    lesson = int(source.stem[:2])
    numbers = [one.number for one in exercises]
    wanted = [f"{lesson}.{place}" for place in range(1, len(exercises) + 1)]
    if numbers != wanted:
        found.append(f"exercises are numbered {numbers}, and should be {wanted}.")
    for one in exercises:
        order = "".join(_LETTERS.get(cell.tag, "?") for cell in one.cells)
        if not re.fullmatch(r"tu*g+h+s+", order):
            found.append(
                f"exercise {one.number}: expected a task, set-up (or none), a gap, "
                "hints and a solution, in this order; found "
                f"{', '.join(cell.tag for cell in one.cells)}."
            )
    return found


def _exercises(source: Path) -> list[Exercise]:
    return setup_and_exercises(source.read_text(encoding="utf-8"))[1]


def _cells(
    source: Path, heading: str, leave_out: str, asks: str
) -> list[nbformat.NotebookNode]:
    """A title, the first cell of every lesson, the exercises, each with its check.

    Args:
        source: The percent-format text.
        heading: What stands above all.
        leave_out: The tag of the cells that are for the other notebook.
        asks: What stands below a check; `{0}` is the number of the exercise.
    """
    code = nbformat.v4.new_code_cell
    language = language_of(source)
    start = _START_ELSEWHERE.format(language=language) if language else _START
    cells = [nbformat.v4.new_markdown_cell(heading), code(start)]
    numbers, number = iter([one.number for one in _exercises(source)]), None
    for cell in read_cells(source):
        tag = exercise_tag(cell)
        if tag == "exercise":  # a new one begins: the one before gets its check
            cells += [code(_check(number, asks))] if number else []
            number = next(numbers)
        if tag and tag not in ("exercise-hint", leave_out):
            cells.append(cell)
    return [*cells, code(_check(number, asks))]


def _check(number: str, asks: str) -> str:
    return f'check("{number}")' + asks.format(number)
