"""Everything that is made from the sources of the lessons, and the order to make it in.

First the notebooks, of lessons, exercises and solutions, then the links of their
neighbors, then what a new lesson costs, then the map that states all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
import pandas as pd

from helpers.errors import InputError
from tools.lessons import budgets, course, course_map
from tools.lessons.exercises import build_exercises, exercise_faults, has_exercises
from tools.lessons.notebooks import build, faults, notebook_of, refresh_links
from tools.lessons.prepared import prepare_once
from tools.lessons.rules import broken_rules
from tools.lessons.sources import chosen, lessons
from tools.lessons.style import style_figures


def build_lessons(numbers: Sequence[str]) -> None:
    """Build lessons; in all others, bring the links up to date without running them.

    Args:
        numbers: Of lessons; none for all.

    Raises:
        InputError: if a lesson does not run, or what was built has faults.
    """
    wanted = chosen(numbers, lessons())
    _build(wanted)
    _build_exercises(source for source in wanted if has_exercises(source))
    _refresh(source for source in lessons() if source not in wanted)
    _refuse([fault for source in wanted for fault in faults_of(source)])
    print(f"{len(wanted)} notebook(s): true copies of their sources.")


def build_exercises_alone(numbers: Sequence[str]) -> None:
    """Build exercises and solutions of lessons, and leave the lessons as they are.

    Args:
        numbers: Of lessons; none for all.

    Raises:
        InputError: if a solution does not run, or what was built has faults.
    """
    wanted = [source for source in chosen(numbers, lessons()) if has_exercises(source)]
    _build_exercises(wanted)
    _refuse([fault for source in wanted for fault in exercise_faults(source)])
    print(f"exercises and solutions of {len(wanted)} lesson(s) are true copies.")


def bring_up_to_date() -> None:
    """Make anew whatever is not what its source says, then check all of it.

    Raises:
        InputError: if a lesson does not run, breaks a rule, or cannot be measured.
    """
    _refresh(lessons())
    _build([source for source in lessons() if lesson_faults(source)])
    _build_exercises([source for source in lessons() if exercise_faults(source)])
    check([])  # before minutes go into measuring what is not yet right
    known = budgets.read_budgets().index
    new = [source.stem[:2] for source in lessons() if source.stem not in known]
    if new:
        print(f"measuring {' '.join(new)}: let this computer do nothing else …")
        if any(result.fault for result in course.measure(new)):
            raise InputError("a lesson that stops cannot be measured: see above.")
    draw_map()


def draw_map() -> None:
    """Bring the map of lessons in README.md up to date.

    Raises:
        InputError: if a lesson was never measured, or promises nothing.
    """
    changed = course_map.write()
    print(f"README.md: its map {'is new' if changed else 'was up to date'}.")


def check(numbers: Sequence[str]) -> None:
    """Check lessons without running them, and print their figures of style.

    Args:
        numbers: Of lessons; none for all.

    Raises:
        InputError: with a line for each fault.
    """
    rows, found = [], []
    for source in chosen(numbers, lessons()):
        found += faults_of(source)
        if notebook_of(source).is_file():
            notebook = nbformat.read(notebook_of(source), as_version=4)
            rows.append(style_figures(source, notebook))
            found += broken_rules(source, notebook)
    if rows:
        print(pd.DataFrame(rows).set_index("lesson").T.to_string())
    _refuse(found)
    tied = sum(row["tied results"] for row in rows)
    print(f"{len(rows)} notebook(s): true copies, rules kept; {tied} results are tied.")


def faults_of(source: Path) -> list[str]:
    """What is wrong with the notebooks made from a source, a sentence each."""
    return lesson_faults(source) + exercise_faults(source)


def lesson_faults(source: Path) -> list[str]:
    """What is wrong with the lesson's own notebook, a sentence each."""
    return faults(source, notebook_of(source))


def _build_exercises(sources: Iterable[Path]) -> None:
    for source in sources:
        prepare_once()
        print(f"building exercises and solutions of {source.stem} …", flush=True)
        build_exercises(source)


def _build(sources: Sequence[Path]) -> None:
    for source in sources:
        prepare_once()
        print(f"building {notebook_of(source).name} …", flush=True)
        build(source, notebook_of(source))


def _refresh(sources: Iterable[Path]) -> None:
    for source in sources:
        if refresh_links(source, notebook_of(source)):
            print(
                f"{notebook_of(source).name}: links to other lessons brought up to date"
            )


def _refuse(found: Sequence[str]) -> None:
    if found:
        raise InputError("\n".join(found))
