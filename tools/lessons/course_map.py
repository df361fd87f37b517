"""The map of lessons in README.md: titles, goals, minutes, memory.

The goals come from the lessons; so do, by a rule, the minutes of reading and doing. The
minutes of computing and the memory are measured: `notebooks/budgets.csv`. A test says
when the map is out of date.
"""

from __future__ import annotations

import math
import re

from helpers.errors import InputError
from helpers.plumbing import PYTHON, ROOT, write_whole
from tools.lessons.budgets import read_budgets
from tools.lessons.minutes import reading_minutes
from tools.lessons.sources import goals, lessons, title
from tools.lessons.words import in_language, speaker

README = ROOT / "README.md"
_MAP = re.compile(r"(?<=<!-- lessons -->\n\n).*?(?=\n\n<!-- /lessons -->)", re.DOTALL)


def course_map(language: str | None = None) -> str:
    """The table that stands in README.md.

    Args:
        language: Such as `zh_CN`; None for English.

    Raises:
        InputError: if a lesson was never measured.
    """
    budgets = read_budgets()
    never = [
        source.stem[:2] for source in lessons() if source.stem not in budgets.index
    ]
    if never:
        raise InputError(
            f"expected a row for each lesson in notebooks/budgets.csv, found none for "
            f"{' '.join(never)}. Run `{PYTHON} -m tools.run_lessons --offline --record "
            f"{' '.join(never)}` on a machine that does nothing else."
        )
    lines = [
        speaker(language)(
            "| lesson | you will | minutes to read and do | to compute | memory |\n"
            "|---|---|--:|--:|--:|"
        )
    ]
    for source in lessons():
        told = in_language(source, language)
        seconds, megabytes = budgets.loc[source.stem, ["seconds", "megabytes"]]
        lines.append(
            f"| [{title(told)}](notebooks/{source.stem}.ipynb) "
            f"| {'<br>'.join(goals(told))} "
            f"| {reading_minutes(source)} "
            f"| {math.ceil(seconds / 60)} | {megabytes / 1000:.1f} GB |"
        )
    return "\n".join(lines)


def mapped(readme: str, language: str | None = None) -> str:
    """A README with its map brought up to date, between the two `lessons` comments."""
    if not _MAP.search(readme):
        raise InputError(
            "expected the comments <!-- lessons --> and <!-- /lessons --> in "
            "README.md, found no such pair. Put them back around the map."
        )
    return _MAP.sub(lambda _: course_map(language), readme)


def write() -> bool:
    """Bring the map in README.md up to date; tell whether anything changed."""
    text = README.read_text(encoding="utf-8")
    new = mapped(text)
    if new == text:
        return False
    write_whole(README, new)
    return True
