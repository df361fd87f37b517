"""The sources of the lessons: which there are, what they are called and promise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from helpers.errors import InputError
from helpers.exercises import setup_and_exercises
from helpers.plumbing import ROOT
from helpers.ties import prose, without_ties
from tools.lessons.words import language_of, speaker

NOTEBOOKS = ROOT / "notebooks"
SOURCE = NOTEBOOKS / "source"
LIST = "<!-- lessons -->"  # stands in a lesson where the list of lessons goes
EXERCISES = "<!-- exercises -->"  # and this, where the list of its exercises goes


def lessons(folder: Path = SOURCE) -> list[Path]:
    """The sources of all lessons, in reading order."""
    return sorted(folder.glob("[0-9][0-9]_*.py"))


def chosen(numbers: Sequence[str], there: Sequence[Path]) -> list[Path]:
    """The lessons with these numbers, in reading order; all of them if none is given.

    Args:
        numbers: Such as `6` or `06`.
        there: Sources or notebooks of all lessons.

    Raises:
        InputError: if there is no such lesson.

    Example:
        >>> [path.stem for path in chosen(["1"], [Path("00_a.py"), Path("01_b.py")])]
        ['01_b']
    """
    by_number = {path.name[:2]: path for path in sorted(there)}
    unknown = [number for number in numbers if number.zfill(2) not in by_number]
    if unknown or not there:
        names = ", ".join(path.stem for path in by_number.values())
        raise InputError(
            f"expected the number of a lesson, found {', '.join(unknown) or 'none'}. "
            f"There are: {names or 'none'}."
        )
    return sorted({by_number[number.zfill(2)] for number in numbers}) or sorted(there)


def title(source: Path) -> str:
    """A lesson's title, as its first heading gives it: `6 · Train cats vs dogs`."""
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("# # "):
            return line.removeprefix("# # ").strip()
    raise InputError(
        f"expected a first heading '# # {int(source.name[:2])} · Do something' in "
        f"{short(source)}, found none. Begin the file with a line '# %% [markdown]' "
        "and that heading."
    )


def goals(source: Path) -> list[str]:
    """What a lesson promises to teach: the items under "What you will learn".

    Args:
        source: The lesson's percent-format text.

    Returns:
        Each goal as one line of Markdown, without the full stop at its end.
    """
    text = without_ties(prose(source.read_text(encoding="utf-8")))
    heading = speaker(language_of(source))("## What you will learn")
    section = text.partition(f"{heading}\n")[2].partition("\n## ")[0]
    items = re.split(r"^- ", section, flags=re.MULTILINE)[1:]
    return [" ".join(item.split()).rstrip(".。") for item in items]


def navigation(source: Path) -> str:
    """Links to the lesson before, the contents, the glossary and the lesson after."""
    order = lessons(source.parent)
    place = order.index(source)
    say = speaker(language_of(source))
    links = [say("[Contents](../README.md#lessons)"), say("[Glossary](glossary.md)")]
    if place > 0:
        before = order[place - 1]
        links.insert(0, f"[← {title(before)}]({before.stem}.ipynb)")
    if place + 1 < len(order):
        after = order[place + 1]
        links.append(f"[{title(after)} →]({after.stem}.ipynb)")
    return " | ".join(links)


def list_after(source: Path) -> str:
    """The lessons that follow this one, each a link, as Markdown."""
    order = lessons(source.parent)
    following = order[order.index(source) + 1 :]
    return "\n".join(f"- [{title(path)}]({path.stem}.ipynb)" for path in following)


def list_of_exercises(source: Path) -> str:
    """The exercises of a lesson, each a link and the first sentence of its task."""
    _, exercises = setup_and_exercises(source.read_text(encoding="utf-8"))
    lines = []
    for one in exercises:
        anchor = f"{one.number} · {one.title}".replace(" ", "-")
        link = f"[{one.number} · {one.title}](exercises/{source.stem}.ipynb#{anchor})"
        task = " ".join(one.cells[0].text.partition("\n")[2].split())
        lines.append(f"- {link}: {re.split(r'(?<=[.?!:]) |(?<=[。？！：])', task)[0]}")
    return "\n".join(lines)


def short(path: Path) -> str:
    """A path as people read it: from the project's folder on, if it lies there."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
