"""Write the map of lessons into README.md: titles, goals, minutes, memory.

    python -m tools.lesson_map

The goals come from the lessons, minutes and memory from `notebooks/budgets.csv`, which
`make bench-lessons` measures. A test says when the map is out of date.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import ROOT, run, whole_file
from helpers.ties import prose, without_ties
from tools.notebooks import lessons, title
from tools.run_lessons import read_budgets

README = ROOT / "README.md"
_MAP = re.compile(r"(?<=<!-- lessons -->\n\n).*?(?=\n\n<!-- /lessons -->)", re.DOTALL)


def goals(source: Path) -> list[str]:
    """What a lesson promises to teach: the items under "What you will learn".

    Args:
        source: The lesson's percent-format text.

    Returns:
        Each goal as one line of Markdown, without the full stop at its end.
    """
    text = without_ties(prose(source.read_text(encoding="utf-8")))
    section = text.partition("## What you will learn\n")[2].partition("\n## ")[0]
    items = re.split(r"^- ", section, flags=re.MULTILINE)[1:]
    return [" ".join(item.split()).rstrip(".") for item in items]


def lesson_map() -> str:
    """The table that stands in README.md.

    Raises:
        InputError: if a lesson was never measured.
    """
    budgets = read_budgets()
    lines = ["| lesson | you will | minutes | memory |", "|---|---|--:|--:|"]
    for source in lessons():
        if source.stem not in budgets.index:
            raise InputError(
                f"expected a row for {source.stem} in notebooks/budgets.csv, found "
                "none. Run `make bench-lessons` on a machine that does nothing else."
            )
        seconds, megabytes = budgets.loc[source.stem, ["seconds", "megabytes"]]
        lines.append(
            f"| [{title(source)}](notebooks/{source.stem}.ipynb) "
            f"| {'<br>'.join(goals(source))} "
            f"| {math.ceil(seconds / 60)} | {megabytes / 1000:.1f} GB |"
        )
    return "\n".join(lines)


def mapped(readme: str) -> str:
    """A README with its map brought up to date, between the two `lessons` comments."""
    if not _MAP.search(readme):
        raise InputError(
            "expected the comments <!-- lessons --> and <!-- /lessons --> in "
            "README.md, found no such pair. Put them back around the map."
        )
    return _MAP.sub(lambda _: lesson_map(), readme)


def _main() -> None:
    text = mapped(README.read_text(encoding="utf-8"))
    with whole_file(README) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(lessons())} lessons are in the map of {README.name}.")


if __name__ == "__main__":
    run(_main)
