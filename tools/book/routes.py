"""Routes through the course for an hour, three hours and two days; they add up.

Minutes come from the lessons, so a lesson that grows too long for its route is found by
a test, not by a class.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from helpers.errors import InputError
from tools.lessons.budgets import read_budgets
from tools.lessons.minutes import (
    LINES_A_MINUTE,
    MINUTES_AN_EXERCISE,
    WORDS_A_MINUTE,
    minutes_of_sections,
)
from tools.lessons.sources import chosen, lessons, title


@dataclass(frozen=True)
class Step:
    """A lesson, or something else that takes time.

    Attributes:
        what: The number of a lesson, or a sentence.
        minutes: Of the sentence; of a lesson they are computed.
        exercises: How many of the lesson's exercises are done.
    """

    what: str
    minutes: int = 0
    exercises: int = 0


OWN = "Own pictures: `train_classifier` on a folder of each group, and its report"
SHOW = "`make page`: the classifier in one file, shown on a phone"
LATER = [source.stem[:2] for source in lessons() if int(source.stem[:2]) > 7]
ROUTES = {
    "One hour": (
        60,
        "Laptops are set up before, from the stick. Everybody ends with a classifier.",
        (Step("0"), Step("6", exercises=1), Step(SHOW, 5)),
    ),
    "Three hours": (
        180,
        "As above, and everybody can say why it works.",
        (
            Step("0", exercises=1),
            Step("1"),
            Step("Break", 15),
            Step("3", exercises=1),
            Step("6", exercises=2),
            Step(SHOW, 10),
        ),
    ),
    "Two days": (
        720,
        "Six hours a day: lessons 0 to 7 with all exercises, the later ones with the "
        "first; own pictures at the end.",
        (
            *(Step(str(number), exercises=3) for number in range(8)),
            *(Step(number, exercises=1) for number in LATER),
            Step("Six breaks", 90),
            Step(OWN, 60),
            Step(SHOW, 15),
            Step("Questions, and the survey", 30),
        ),
    ),
}


def minutes_of(step: Step) -> int:
    """What a step takes: reading, exercises, and what the computer needs.

    Raises:
        InputError: if there is no lesson of that number.
    """
    if not step.what.isdigit():
        return step.minutes
    (source,) = chosen([step.what], lessons())
    reading = sum(minutes_of_sections(source).values())
    computing = read_budgets().loc[source.stem, "seconds"] / 60
    return math.ceil(reading + computing) + MINUTES_AN_EXERCISE * step.exercises


def routes_page() -> str:
    """The page with all routes, as Markdown, for the folder `class` of the book.

    Raises:
        InputError: if a route takes longer than it has.
    """
    parts = [
        "# Routes",
        "Reading and doing were not timed; they follow a rule: "
        f"{WORDS_A_MINUTE} words a minute, {LINES_A_MINUTE} lines of code, "
        f"{MINUTES_AN_EXERCISE} minutes an exercise. What the computer takes is "
        "measured. A class talks, and the rest of each route is for that. "
        "When time is short, leave out exercises first, from the last on; then “What "
        "can go wrong”, which stands on the sheet.",
    ]
    for name, (limit, promise, steps) in ROUTES.items():
        minutes = [minutes_of(step) for step in steps]
        total = sum(minutes)
        if total > limit:
            raise InputError(
                f"the route “{name}” takes {total} minutes and has {limit}. Take a "
                "step out of it, in tools/book/routes.py."
            )
        rows = ["| | min |", "|---|--:|", *map(_row, steps, minutes)]
        rows += [
            f"| to talk | {limit - total} |",
            f"| **in all** | **{limit}** |",
        ]
        parts.append(f"## {name}\n\n{promise}\n\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _row(step: Step, minutes: int) -> str:
    what = step.what
    if what.isdigit():
        (source,) = chosen([what], lessons())
        what = f"[{title(source)}](../notebooks/{source.stem}.ipynb)"
        what += {0: "", 1: ", first exercise", 3: ", exercises"}.get(
            step.exercises, f", {step.exercises} exercises"
        )
    return f"| {what} | {minutes} |"
