"""For whoever teaches: a sheet for each lesson, made from the lesson itself.

Goals, minutes, what stands on the screen, where people go wrong and why, exercises with
their answers: all of it is read from the lesson's source and its stored run, so it
changes when they do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import nbformat

from helpers.exercises import setup_and_exercises
from helpers.plumbing import ROOT
from helpers.ties import prose, without_ties
from tools.book.pages import slides_link, text_page
from tools.lessons.budgets import read_budgets
from tools.lessons.minutes import MINUTES_AN_EXERCISE, minutes_of_sections
from tools.lessons.notebooks import notebook_of
from tools.lessons.predictions import answers, asked, questions
from tools.lessons.sources import goals, lessons, title
from tools.lessons.words import english, in_language, language_of, speaker
from tools.translation.checks import BEGINNINGS

LONGEST = 100  # letters of an output on a sheet
AHEAD = ("", "What you will learn", "You need")  # read before, or while it starts


def sheet(source: Path) -> str:
    """The sheet of a lesson.

    Args:
        source: The percent-format text, English or translated.

    Returns:
        Markdown, for the folder `class` of the book.
    """
    say = speaker(language_of(source))
    text = source.read_text(encoding="utf-8")
    lesson = without_ties(prose(text))
    for begin in BEGINNINGS:  # read as English ones: nobody sees them
        lesson = lesson.replace(say(begin), begin)
    computing = math.ceil(read_budgets().loc[source.stem, "seconds"] / 60)
    page = f"notebooks/{source.stem}.ipynb"
    notebook = nbformat.read(notebook_of(source), as_version=4)
    parts = [
        say("# Sheet: {title}", title=title(source)),
        say("[The lesson](../{page})", page=page)
        + " · "
        + say("[exercises](../notebooks/exercises/{name}.ipynb)", name=source.stem)
        + " · "
        + slides_link(source),
        say("## At the end everybody can"),
        "\n".join(f"- {goal}" for goal in goals(source)),
        say(
            "## Minutes\n\nThe computer works for {minutes} min; the rest is "
            "reading, by a rule that [the routes](routes.md) state.",
            minutes=computing,
        ),
        _minutes(source, notebook, say),
        say("## Predictions, and why people choose wrong"),
        "\n\n".join(map(_prediction, questions(lesson))),
        say("## Usual mistakes"),
        _section(notebook, source, say("## What can go wrong")),
        say("## Exercises, {minutes} min each", minutes=MINUTES_AN_EXERCISE),
        _exercises(text, say),
        say(
            "## When a laptop fails\n\n"
            "- **No installation?** Two learners share a laptop: one reads and "
            "predicts, one types.\n"
            "- **An error?** [When something goes wrong](../TROUBLESHOOTING.md) lists "
            "the messages.\n"
            "- **Too slow, or the battery is empty?** Read on [here](../{page}): all "
            "outputs stand\n  there. In the notebook, Run All catches up.\n"
            "- **A check fails?** Go on: it says what it means, and the rest of the "
            "lesson runs.\n",
            page=page,
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _minutes(
    source: Path, notebook: nbformat.NotebookNode, say: Callable[..., str]
) -> str:
    """A table: section, minutes, and what is on the screen when it is over."""
    seen = _on_screen(notebook, say)
    rows = [say("| section | min | then the screen shows |\n|---|--:|---|")]
    told = minutes_of_sections(english(source))  # words are counted in English
    for heading, (known, minutes) in zip(
        minutes_of_sections(source), told.items(), strict=True
    ):
        if known not in AHEAD:
            rows.append(
                f"| {heading} | {max(1, round(minutes))} | {seen.get(heading, '')} |"
            )
    return "\n".join(rows)


def _on_screen(
    notebook: nbformat.NotebookNode, say: Callable[..., str]
) -> dict[str, str]:
    """The last output of each section, in few words."""
    heading, seen = "", {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^## (.+)$", cell.source, re.M)
            heading = headings[-1].strip() if headings else heading
        for output in cell.get("outputs", []):
            seen[heading] = _in_few_words(output, say)
    return seen


def _in_few_words(output: nbformat.NotebookNode, say: Callable[..., str]) -> str:
    data = output.get("data", {})
    words = output.get("text") or data.get("text/plain") or output.get("evalue", "")
    lines = words.strip().splitlines() or [""]
    if any(kind.startswith("image/") for kind in data):
        first = _cut(re.split(r"(?<=[.?!]) ", words)[0])
        return say("a figure: {first}", first=first)
    if "text/html" in data:
        heads = " ".join(lines[0].removesuffix("\\").split())  # a wide one goes on
        return say("a table: `{first}`, …", first=_cut(heads))
    return f"`{_cut(' '.join(lines[-1].split()))}`".replace("|", "¦")


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _prediction(question: str) -> str:
    """A question, its right answer, and why the others are chosen."""
    words = asked(question)
    lines = [f"**{words[0].upper()}{words[1:]}**", ""]
    for answer, reason in answers(question):
        mark = "✓" if reason.startswith("**Yes.**") else "✗"
        why = " ".join(reason.removeprefix("**Yes.**").removeprefix("**No.**").split())
        lines.append(f"- {mark} {answer} · {why}" if why else f"- {mark} {answer}")
    return "\n".join(lines)


def _section(notebook: nbformat.NotebookNode, source: Path, heading: str) -> str:
    """A section of a lesson with its code, and without its headings."""
    parts, inside = [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if re.search(r"^## ", cell.source, re.M):
                inside = cell.source.startswith(f"{heading}\n")
            text = cell.source.removeprefix(f"{heading}\n")
            text = re.sub(r"^###+ (.+)$", r"**\1**", text, flags=re.M).strip()
        else:
            text = f"```python\n{cell.source}\n```"
        parts += [text] if inside and text else []
    name = notebook_of(source).relative_to(ROOT).as_posix()
    return text_page(name, "\n\n".join(parts), language_of(source))


def _exercises(text: str, say: Callable[..., str]) -> str:
    _, exercises = setup_and_exercises(text)
    parts = []
    for one in exercises:
        task = " ".join(without_ties(one.cells[0].text).partition("\n")[2].split())
        code = "\n".join(
            cell.text
            for cell in one.cells
            if cell.tag == "exercise-solution" and cell.is_code
        )
        parts.append(
            f"**{one.number} · {one.title}** {task}\n\n"
            + say("<details><summary>One good answer</summary>\n\n")
            + f"```python\n{code}\n```\n\n</details>"
        )
    return "\n\n".join(parts)


def sheets(language: str | None = None) -> dict[str, str]:
    """Every sheet by its name, such as `class/04_freeze_layers.md`."""
    return {
        f"class/{source.stem}.md": sheet(in_language(source, language))
        for source in lessons()
    }
