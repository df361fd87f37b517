"""How a page of the project becomes a page of the book.

Ties are left out, links have the book's anchors, figures their text alternative where
Sphinx looks for it; an exercise stands with its hints and its solution folded.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat

from helpers.exercises import setup_and_exercises
from helpers.plumbing import ROOT
from helpers.ties import without_ties
from tools.lessons.exercises import exercises_of, solutions_of
from tools.lessons.notebooks import notebook_of, tags
from tools.lessons.sources import title
from tools.lessons.words import language_of, speaker
from tools.translation.links import twins

MEASURED = "benchmarks/results"
NOT_IN_THE_BOOK = (".py", ".csv", ".json")
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s#:]*)(#[^)\s]*)?\)")


def anchor(heading: str) -> str:
    """The anchor that Sphinx gives a heading, from the heading or Jupyter's anchor.

    Example:
        >>> anchor("What-is-training-accuracy-worth?")
        'what-is-training-accuracy-worth'
    """
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


def text_page(name: str, text: str, language: str | None = None) -> str:
    """A page that is written in Markdown.

    Args:
        name: Where it lies in the project, such as `notebooks/glossary.md`.
        text: What stands there.
        language: In which it is, if not in English. In the book of a language, its
            pages have the names that the English ones have in theirs.

    Returns:
        Its text in the book.

    Example:
        >>> text_page("notebooks/a.md", "See [b](b.ipynb#The-idea), [c](../README.md).")
        'See [b](b.ipynb#the-idea), [c](../index.md).'
    """
    page = ROOT / name
    english = {other: one for one, other in twins(language).items()} if language else {}

    def link(match: re.Match) -> str:
        words, place, fragment = match[1], match[2], match[3] or ""
        there = (page.parent / place).resolve()
        if english and place and not re.match(r"\w+:", place):
            there = english.get(there, there)
            slash = "/" if place.endswith("/") else ""
            beside = english.get(page, page).parent
            place = Path(os.path.relpath(there, beside)).as_posix() + slash
        if there == ROOT / "README.md":
            place = place.replace("README.md", "index.md")
        elif there == ROOT / MEASURED:
            place = f"{place.rstrip('/')}/index.md"
        elif place.endswith(NOT_IN_THE_BOOK):
            return words
        place = place.replace("solutions/", "exercises/")
        return f"[{words}]({place}{fragment and '#' + anchor(fragment)})"

    return _LINK.sub(link, without_ties(text))


def lesson_page(source: Path) -> nbformat.NotebookNode:
    """A lesson with its outputs; its line of links is the theme's, but for slides."""
    notebook = nbformat.read(notebook_of(source), as_version=4)
    first = notebook.cells[0]
    text = first.source.rpartition("\n\n")[0].rstrip()
    first.source = f"{text}\n\n{slides_link(source)}"
    return _prepared(notebook, notebook_of(source), language_of(source))


def slides_link(source: Path) -> str:
    """A link to a lesson's slides: HTML, for Sphinx does not make them, nor know them.

    Args:
        source: The percent-format text; its language is that of the link.

    Example:
        >>> slides_link(ROOT / "notebooks/source/04_freeze_layers.py")
        '<a href="../slides/04_freeze_layers.html">Slides</a>'
    """
    words = speaker(language_of(source))("Slides")
    return f'<a href="../slides/{source.stem}.html">{words}</a>'


def exercises_page(source: Path) -> nbformat.NotebookNode:
    """The exercises of a lesson, each with its hints and one solution, folded."""
    notebook = nbformat.read(solutions_of(source), as_version=4)
    _, exercises = setup_and_exercises(source.read_text(encoding="utf-8"))
    say = speaker(language_of(source))
    heading = say(
        "# Exercises to {title}\n\nTo work in them, open them with `make "
        "lab`: there they check themselves. Here each stands with its hints and one "
        "good answer, folded.\n\n[← the lesson](../{name}.ipynb)",
        title=title(source),
        name=source.stem,
    )
    cells, left = [nbformat.v4.new_markdown_cell(heading)], iter(exercises)
    waiting = None
    for cell in notebook.cells[1:]:
        if "exercise" in tags(cell):
            waiting = next(left)
        if "exercise-solution" in tags(cell):
            if waiting:
                gap = "\n".join(waiting.texts("exercise-gap"))
                cells.append(nbformat.v4.new_code_cell(gap))
                hints = waiting.texts("exercise-hint")
                cells += [
                    _folded(say("Hint {n}", n=n), text)
                    for n, text in enumerate(hints, 1)
                ]
                waiting = None
            if cell.cell_type == "code":
                cell.metadata["tags"] = ["hide-cell"]
            else:
                cell = _folded(say("What is to be learned from it"), cell.source)
        cells.append(cell)
    notebook.cells = cells
    return _prepared(notebook, exercises_of(source), language_of(source))


def _folded(summary: str, text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(
        f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
    )


def _prepared(
    notebook: nbformat.NotebookNode, place: Path, language: str | None
) -> nbformat.NotebookNode:
    name = place.relative_to(ROOT).as_posix()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = text_page(name, cell.source, language)
            continue
        texts = [
            about["alt"]
            for output in cell.outputs
            for about in output.get("metadata", {}).values()
            if "alt" in about
        ]
        if texts:
            cell.metadata["mystnb"] = {"image": {"alt": " ".join(texts)}}
    return notebook
