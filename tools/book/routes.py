"""Routes through the course for an hour, three hours and two days; they add up.

Minutes come from the lessons, so a lesson that grows too long for its route is found by
a test, not by a class.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from helpers.errors import InputError
from tools.lessons.budgets import read_budgets
from tools.lessons.minutes import (
    LINES_A_MINUTE,
    MINUTES_AN_EXERCISE,
    WORDS_A_MINUTE,
    minutes_of_sections,
)
from tools.lessons.sources import chosen, lessons, title
from tools.lessons.words import in_language, speaker, to_say


@dataclass(frozen=True)
class Step:
    """A lesson, or something else that takes time.

    Attributes:
        what: The number of a lesson, `LATER`, or a sentence.
        minutes: Of the sentence; of a lesson they are computed.
        exercises: How many of the lesson's exercises are done.
    """

    what: str
    minutes: int = 0
    exercises: int = 0


OWN = to_say(
    "Own pictures: `train_classifier` on a folder of each group, and its report"
)
SHOW = to_say("`make page`: the classifier in one file, shown on a phone")
LAST = 7  # of the lessons that build on each other
LATER = "later"  # stands for each lesson behind it
ROUTES = {
    to_say("One hour"): (
        60,
        to_say(
            "Laptops are set up before, from the stick. Everybody ends with a "
            "classifier."
        ),
        (Step("0"), Step("6", exercises=1), Step(SHOW, 5)),
    ),
    to_say("Three hours"): (
        180,
        to_say("As above, and everybody can say why it works."),
        (
            Step("0", exercises=1),
            Step("1"),
            Step(to_say("Break"), 15),
            Step("3", exercises=1),
            Step("6", exercises=2),
            Step(SHOW, 10),
        ),
    ),
    to_say("Two days"): (
        720,
        to_say(
            "Six hours a day: lessons 0 to 7 with all exercises, the later ones with "
            "the first; own pictures at the end."
        ),
        (
            *(Step(str(number), exercises=3) for number in range(LAST + 1)),
            Step(LATER, exercises=1),
            Step(to_say("Six breaks"), 90),
            Step(OWN, 60),
            Step(SHOW, 15),
            Step(to_say("Questions, and the survey"), 30),
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


def steps_of(name: str) -> list[Step]:
    """The steps of a route, with each of the later lessons by its number.

    Args:
        name: Of `ROUTES`.
    """
    later = [s.stem[:2] for s in lessons() if int(s.stem[:2]) > LAST]
    return [
        replace(step, what=what)
        for step in ROUTES[name][2]
        for what in (later if step.what == LATER else [step.what])
    ]


def routes_page(language: str | None = None) -> str:
    """The page with all routes, as Markdown, for the folder `class` of the book.

    Args:
        language: Such as `zh_CN`; None for English.

    Raises:
        InputError: if a route takes longer than it has.
    """
    say = speaker(language)
    parts = [
        say(
            "# Routes\n\nReading and doing were not timed; they follow a rule: "
            "{words} words a minute, {lines} lines of code, {minutes} minutes an "
            "exercise. What the computer takes is measured. A class talks, and the "
            "rest of each route is for that. When time is short, leave out exercises "
            "first, from the last on; then “What can go wrong”, which stands on the "
            "sheet.",
            words=WORDS_A_MINUTE,
            lines=LINES_A_MINUTE,
            minutes=MINUTES_AN_EXERCISE,
        ),
    ]
    for name, (limit, promise, _) in ROUTES.items():
        steps = steps_of(name)
        minutes = [minutes_of(step) for step in steps]
        total = sum(minutes)
        if total > limit:
            raise InputError(
                f"the route “{name}” takes {total} minutes and has {limit}. Take a "
                "step out of it, in tools/book/routes.py."
            )
        rows = [say("| | min |\n|---|--:|")]
        rows += [
            _row(step, took, language)
            for step, took in zip(steps, minutes, strict=True)
        ]
        rows += [
            f"| {say('to talk')} | {limit - total} |",
            f"| **{say('in all')}** | **{limit}** |",
        ]
        parts.append(f"## {say(name)}\n\n{say(promise)}\n\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def _row(step: Step, minutes: int, language: str | None) -> str:
    say = speaker(language)
    what = say(step.what)
    if step.what.isdigit():
        (source,) = chosen([step.what], lessons())
        name = title(in_language(source, language))
        what = f"[{name}](../notebooks/{source.stem}.ipynb)" + {
            0: "",
            1: say(", first exercise"),
            3: say(", exercises"),
        }.get(step.exercises, say(", {n} exercises", n=step.exercises))
    return f"| {what} | {minutes} |"
