"""How long reading and doing take, by a rule: nobody was timed.

200 words a minute, folded answers included; 20 lines of code; 5 minutes an exercise.
"""

from __future__ import annotations

import re
from pathlib import Path

from helpers.exercises import setup_and_exercises
from tools.lessons.notebooks import unexecuted

WORDS_A_MINUTE = 200
LINES_A_MINUTE = 20
MINUTES_AN_EXERCISE = 5


def minutes_of_sections(source: Path) -> dict[str, float]:
    """Minutes to read each section of a lesson, and to follow its code.

    Args:
        source: The percent-format text.

    Returns:
        Minutes by heading, in the order of the lesson; `""` is what stands above the
        first heading. Exercises are not among them.
    """
    heading, minutes = "", {"": 0.0}
    for cell in unexecuted(source).cells:
        if cell.cell_type == "code":
            lines = len(cell.source.strip().splitlines())
            minutes[heading] += lines / LINES_A_MINUTE
            continue
        for part in re.split(r"^(?=## )", cell.source, flags=re.M):
            if part.startswith("## "):
                heading = part.partition("\n")[0].removeprefix("## ").strip()
                minutes.setdefault(heading, 0.0)
            minutes[heading] += len(part.split()) / WORDS_A_MINUTE
    return minutes


def reading_minutes(source: Path) -> int:
    """Minutes that a lesson takes with its exercises, rounded to fives.

    Args:
        source: The percent-format text.
    """
    _, exercises = setup_and_exercises(source.read_text(encoding="utf-8"))
    minutes = sum(minutes_of_sections(source).values())
    minutes += MINUTES_AN_EXERCISE * len(exercises)
    return 5 * round(minutes / 5)
