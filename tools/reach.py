"""What of the lessons is compared with a fresh run, and what is not, in two sentences.

They stand in README.md between two marks; `python -m tools.records` writes them there.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path

import nbformat

from helpers.plumbing import ROOT
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons
from tools.lessons.style import style_figures

README = ROOT / "README.md"
MARKED = re.compile(r"(<!-- compared -->\n\n?).*?(\n\n?<!-- /compared -->)", re.DOTALL)


@functools.cache
def counts() -> Counter:
    """What the lessons hold: `tied results`, `code` cells, `exempt` ones, `figures`."""
    total: Counter = Counter()
    for source in lessons():
        notebook = nbformat.read(notebook_of(source), as_version=4)
        found = style_figures(source, notebook)
        total += Counter({k: found[k] for k in found if isinstance(found[k], int)})
        total["lessons"] += 1
    return total


def sentences(total: Counter) -> str:
    """Say what is compared and what is not.

    Args:
        total: From `counts`.

    Example:
        >>> said = sentences(Counter(lessons=8, code=150, exempt=7, figures=36))
        >>> print(said.splitlines()[0])
        `make test` runs all 8 lessons anew and compares 150 code cells with what is
    """
    return (
        f"`make test` runs all {total['lessons']} lessons anew and compares "
        f"{total['code']} code cells with what is\n"
        f"stored, {total['exempt']} of them without their numbers, and "
        f"{total['tied results']} claims in the text with the expressions\n"
        f"behind them. Not compared are the fine pixels of {total['figures']} figures, "
        "what exempt cells\n"
        "print in numbers, and what no run can prove: a sentence that changes has to\n"
        "be read anew, and what definitions, remedies and history were read against\n"
        "is [listed](notebooks/read_by_hand.md)."
    )


def rendered() -> dict[Path, str]:
    """The README as it has to be (for `tools.records`)."""
    text = README.read_text(encoding="utf-8")
    said = sentences(counts())
    return {README: MARKED.sub(lambda marks: marks[1] + said + marks[2], text)}
