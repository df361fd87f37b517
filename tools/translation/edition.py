"""An edition in another language: every page of it, made from the English one.

Prose is translated; code, outputs, ids of cells are those of the English notebooks, but
for the one line that finds the project's folder. A sentence without a translation stays
English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat

from helpers.exercises import translated as answer_translated
from helpers.plumbing import ROOT, known_in, lessons_in, write_whole
from tools.lessons.course_map import mapped
from tools.lessons.exercises import (
    exercises_of,
    solutions_of,
    with_gaps,
    with_solutions,
)
from tools.lessons.notebooks import notebook_of, unexecuted
from tools.lessons.sources import lessons
from tools.translation.collecting import LANGUAGES, MARKDOWN_CELL, SECTION_LINK
from tools.translation.links import jupyter_anchor, relinked, twins
from tools.translation.segments import translated

ANSWER = re.compile(r"\d+\.\d+(?: is right: |, not yet: )")


def source_of(english: str, say: Callable[[str], str]) -> str:
    """A lesson's source in another language, with its ties.

    Args:
        english: The percent-format text.
        say: Gives the translation of a piece.

    Example:
        >>> source = '# %% [markdown]\\n# # One\\n#\\n# Two.\\n\\n# %%\\nf("../a")\\n'
        >>> print(source_of(source, str.upper), end="")
        # %% [markdown]
        # # ONE
        #
        # TWO.
        <BLANKLINE>
        # %%
        f("../../a")
    """

    def cell(match: re.Match) -> str:
        marker, lines = match[0].split("\n", 1)
        text = re.sub(r"^# ?", "", lines.strip(), flags=re.MULTILINE)
        said = translated(text, say).splitlines()
        commented = "\n".join(f"# {line}".rstrip() for line in said)
        return f"{marker}\n{commented}\n\n"

    deeper = english.replace('"../', '"../../').replace('"..")', '"../..")')
    return MARKDOWN_CELL.sub(cell, deeper).rstrip("\n") + "\n"


def pages(language: str) -> Iterator[tuple[Path, str]]:
    """Every page of an edition: where it belongs, and what stands in it.

    The sources of the lessons come first: what follows is made from them, so write each
    before asking for the next.

    Args:
        language: Such as `zh_CN`.
    """
    known = known_in(language)

    def say(piece: str) -> str:
        if link := SECTION_LINK.fullmatch(piece):
            return _section_link(link, say)
        return known.get(piece) or _counted(piece, known)

    folder = lessons_in(language)
    for english in lessons():
        text = english.read_text(encoding="utf-8")
        yield folder / "source" / english.name, source_of(text, say)
    for english in lessons():
        source = folder / "source" / english.name
        for wanted, of in (
            (unexecuted, notebook_of),
            (with_gaps, exercises_of),
            (with_solutions, solutions_of),
        ):
            stored = nbformat.read(of(english), as_version=4)
            notebook = _with_outputs(wanted(source), stored, known)
            for one in notebook.cells:
                if one.cell_type == "markdown":
                    one.source = relinked(one.source, of(english), language, say)
            yield of(source), nbformat.writes(notebook) + "\n"
    for english, other in twins(language).items():
        if english.suffix == ".md":
            text = LANGUAGES.sub("", english.read_text(encoding="utf-8"))
            text, first = translated(text, say), ""
            if english.name == "README.md":
                text, first = mapped(text, language), "[English](README.md)\n\n"
            yield other, first + relinked(text, english, language, say)


def build(language: str) -> list[Path]:
    """Write an edition; what is as it should be is left alone.

    Args:
        language: Such as `zh_CN`.

    Returns:
        What was written.
    """
    changed = []
    for place, text in pages(language):
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, text)
            changed.append(place)
    return changed


def _with_outputs(
    notebook: nbformat.NotebookNode, english: nbformat.NotebookNode, known: dict
) -> nbformat.NotebookNode:
    """A notebook of translated cells, with what the English one's code gave."""
    for cell, ran in zip(notebook.cells, english.cells, strict=True):
        if cell.cell_type == "code":
            cell.update(outputs=ran.outputs, execution_count=ran.execution_count)
            cell.metadata = ran.metadata
            for output in cell.outputs:
                if ANSWER.match(output.get("text", "")):  # what a judge says
                    said = answer_translated(output.text.rstrip("\n"), known)
                    output.text = f"{said}\n"
    return notebook


def _counted(piece: str, known: dict) -> str:
    """What the memory has with marks for its numbers; the piece itself, if nothing."""
    numbers = re.findall(r"\d+", piece)
    places = iter(range(1, len(numbers) + 1))
    marked = re.sub(r"\d+", lambda _: f"{{{next(places)}}}", piece)
    text = known.get(marked, piece)
    for place, number in enumerate(numbers, start=1):
        text = text.replace(f"{{{place}}}", number)
    return text


def _section_link(link: re.Match, say: Callable[[str], str]) -> str:
    """`[1, The idea](01_x.ipynb#The-idea)`: the words are the heading's."""
    lesson, _, file, anchor = link.groups()
    text = (ROOT / "notebooks" / "source" / file).with_suffix(".py").read_text("utf-8")
    headings = re.findall(r"^# #+ (.+)$", text, re.MULTILINE)
    heading = next((h for h in headings if jupyter_anchor(h) == anchor), link[2])
    return f"[{lesson}, {say(heading)}]({file}#{anchor})"
