"""For whoever teaches: a sheet for each lesson, made from the lesson itself.

Goals, minutes, what stands on the screen, where people go wrong and why, exercises with
their answers: all of it is read from the lesson's source and its stored run, so it
changes when they do.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import nbformat

from helpers.exercises import setup_and_exercises
from helpers.ties import prose, without_ties
from tools.book.pages import slides_link, text_page
from tools.lessons.budgets import read_budgets
from tools.lessons.minutes import MINUTES_AN_EXERCISE, minutes_of_sections
from tools.lessons.notebooks import notebook_of
from tools.lessons.predictions import answers, asked, questions
from tools.lessons.sources import goals, lessons, title

LONGEST = 100  # letters of an output on a sheet
AHEAD = ("", "What you will learn", "You need")  # read before, or while it starts
FAILS = """\
- **No installation?** Two learners share a laptop: one reads and predicts, one types.
- **An error?** [When something goes wrong](../TROUBLESHOOTING.md) lists the messages.
- **Too slow, or the battery is empty?** Read on [here](../{page}): all outputs stand
  there. In the notebook, Run All catches up.
- **A check fails?** Go on: it says what it means. A changed number ends nothing.
"""


def sheet(source: Path) -> str:
    """The sheet of a lesson.

    Args:
        source: The percent-format text.

    Returns:
        Markdown, for the folder `class` of the book.
    """
    text = source.read_text(encoding="utf-8")
    lesson = without_ties(prose(text))
    computing = math.ceil(read_budgets().loc[source.stem, "seconds"] / 60)
    page = f"notebooks/{source.stem}.ipynb"
    notebook = nbformat.read(notebook_of(source), as_version=4)
    parts = [
        f"# Sheet: {title(source)}",
        f"[The lesson](../{page}) · "
        f"[exercises](../notebooks/exercises/{source.stem}.ipynb) · "
        + slides_link(source),
        "## At the end everybody can\n\n"
        + "\n".join(f"- {goal}" for goal in goals(source)),
        f"## Minutes\n\nThe computer works for {computing} min; the rest is reading, "
        "by a rule that [the routes](routes.md) state.\n\n"
        + _minutes(source, notebook),
        "## Predictions, and why people choose wrong\n\n"
        + "\n\n".join(map(_prediction, questions(lesson))),
        "## Usual mistakes\n\n" + _section(notebook, page, "What can go wrong"),
        f"## Exercises, {MINUTES_AN_EXERCISE} min each\n\n" + _exercises(text),
        "## When a laptop fails\n\n" + FAILS.format(page=page),
    ]
    return "\n\n".join(parts) + "\n"


def _minutes(source: Path, notebook: nbformat.NotebookNode) -> str:
    """A table: section, minutes, and what is on the screen when it is over."""
    seen = _on_screen(notebook)
    rows = ["| section | min | then the screen shows |", "|---|--:|---|"]
    for heading, minutes in minutes_of_sections(source).items():
        if heading not in AHEAD:
            rows.append(
                f"| {heading} | {max(1, round(minutes))} | {seen.get(heading, '')} |"
            )
    return "\n".join(rows)


def _on_screen(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The last output of each section, in few words."""
    heading, seen = "", {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            headings = re.findall(r"^## (.+)$", cell.source, re.M)
            heading = headings[-1].strip() if headings else heading
        for output in cell.get("outputs", []):
            seen[heading] = _in_few_words(output)
    return seen


def _in_few_words(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    words = output.get("text") or data.get("text/plain") or output.get("evalue", "")
    lines = words.strip().splitlines() or [""]
    if any(kind.startswith("image/") for kind in data):
        return f"a figure: {_cut(re.split(r'(?<=[.?!]) ', words)[0])}"
    if "text/html" in data:
        return f"a table: `{_cut(' '.join(lines[0].split()))}`, …"
    return f"`{_cut(' '.join(lines[-1].split()))}`".replace("|", "¦")


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _prediction(question: str) -> str:
    """A question, its right answer, and why the others are chosen."""
    lines = [f"**{asked(question)}**", ""]
    for answer, reason in answers(question):
        mark = "✓" if reason.startswith("**Yes.**") else "✗"
        why = reason.partition(".**")[2]
        lines.append(f"- {mark} {answer}: {' '.join(why.split())}")
    return "\n".join(lines)


def _section(notebook: nbformat.NotebookNode, page: str, heading: str) -> str:
    """A section of a lesson with its code, and without its headings."""
    parts, inside = [], False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if re.search(r"^## ", cell.source, re.M):
                inside = cell.source.startswith(f"## {heading}\n")
            text = cell.source.removeprefix(f"## {heading}\n")
            text = re.sub(r"^###+ (.+)$", r"**\1.**", text, flags=re.M).strip()
        else:
            text = f"```python\n{cell.source}\n```"
        parts += [text] if inside and text else []
    return text_page(page, "\n\n".join(parts))


def _exercises(text: str) -> str:
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
            f"**{one.number} · {one.title}.** {task}\n\n"
            f"<details><summary>One good answer</summary>\n\n```python\n{code}\n```\n\n"
            "</details>"
        )
    return "\n\n".join(parts)


def sheets() -> dict[str, str]:
    """Every sheet by its name, such as `class/04_freeze_layers.md`."""
    return {f"class/{source.stem}.md": sheet(source) for source in lessons()}
