"""What each lesson takes, as `notebooks/budgets.csv` and the README state it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.plumbing import whole_file
from tools.lessons.runs import Result
from tools.lessons.sources import NOTEBOOKS

BUDGETS = NOTEBOOKS / "budgets.csv"


def read_budgets() -> pd.DataFrame:
    """What each lesson takes: `seconds` and `megabytes`, by the lesson's name."""
    return pd.read_csv(BUDGETS, index_col="lesson")


def record(results: Sequence[Result]) -> None:
    """Write down what lessons took; the rows of all others stay as they are."""
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
