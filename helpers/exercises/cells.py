"""The exercises of a lesson, as they stand in its source."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import InputError
from helpers.ties import LESSON_SOURCES, without_ties

_MARKER = re.compile(r"^# %%(.*)\n?", re.MULTILINE)
_TAGS = re.compile(r"tags=(\[[^\]]*\])")
_HEADING = re.compile(r"^## (\d+\.\d+) · (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell of an exercise.

    Attributes:
        tag: `exercise` for the task, `exercise-setup`, `exercise-gap`, `exercise-hint`
            or `exercise-solution`.
        is_code: Whether it is Python; otherwise it is Markdown.
        text: What stands in it, without the ties.

    Example:
        >>> Cell("exercise-gap", True, "answer = ...").text
        'answer = ...'
    """

    tag: str
    is_code: bool
    text: str


@dataclass(frozen=True)
class Exercise:
    """An exercise of a lesson.

    Attributes:
        number: Such as `0.1`: the lesson's number, and which one in the lesson.
        title: The rest of its heading.
        cells: Its cells in order, the task first.

    Example:
        >>> hint = Cell("exercise-hint", False, "Look at the shape.")
        >>> Exercise("0.1", "Learn from twenty", (hint,)).texts("exercise-hint")
        ['Look at the shape.']
    """

    number: str
    title: str
    cells: tuple[Cell, ...]

    def texts(self, tag: str) -> list[str]:
        """The texts of the cells with this tag, in order."""
        return [cell.text for cell in self.cells if cell.tag == tag]


def setup_and_exercises(source: str) -> tuple[list[Cell], list[Exercise]]:
    """Take the exercises out of a lesson's source.

    Args:
        source: The percent-format text.

    Returns:
        The set-up cells that stand before the first exercise, and the exercises.

    Raises:
        InputError: if a task has no heading such as `## 0.1 · Do something`.

    Example:
        >>> text = '''# %% tags=["exercise-setup"]
        ... n = 2
        ... # %% [markdown] tags=["exercise"]
        ... # ## 0.1 · Double it
        ... # %% tags=["exercise-gap"]
        ... m = ...
        ... '''
        >>> setup, (one,) = setup_and_exercises(text)
        >>> setup[0].text, one.title, one.texts("exercise-gap")
        ('n = 2', 'Double it', ['m = ...'])
    """
    setup: list[Cell] = []
    found: list[tuple[str, str, list[Cell]]] = []
    for cell in _tagged_cells(source):
        if cell.tag == "exercise":
            heading = _HEADING.search(cell.text)
            if not heading:
                raise InputError(
                    "expected a task to begin with a heading such as '## 0.1 · Do "
                    f"something', found {cell.text.splitlines()[:1]}."
                )
            found.append((heading[1], heading[2], [cell]))
        elif found:
            found[-1][2].append(cell)
        else:
            setup.append(cell)
    return setup, [Exercise(n, title, tuple(cells)) for n, title, cells in found]


def exercise(number: str, sources: Path = LESSON_SOURCES) -> Exercise | None:
    """The exercise with this number, such as `"0.1"`; None if there is none."""
    lesson = number.partition(".")[0]
    if not (lesson.isascii() and lesson.isdigit()):
        return None
    for path in sources.glob(f"{int(lesson):02}_*.py"):
        _, exercises = setup_and_exercises(path.read_text(encoding="utf-8"))
        for one in exercises:
            if one.number == number:
                return one
    return None


def _tagged_cells(source: str) -> list[Cell]:
    cells = []
    markers = list(_MARKER.finditer(source))
    ends = [marker.start() for marker in markers[1:]] + [len(source)]
    for marker, end in zip(markers, ends, strict=True):
        listed = _TAGS.search(marker[1])
        tags = json.loads(listed[1]) if listed else []
        tag = next((tag for tag in tags if tag.split("-")[0] == "exercise"), None)
        if tag is None:
            continue
        is_code = "[markdown]" not in marker[1]
        text = source[marker.end() : end].strip()
        if not is_code:
            text = without_ties(re.sub(r"^# ?", "", text, flags=re.MULTILINE))
        cells.append(Cell(tag, is_code, text))
    return cells
