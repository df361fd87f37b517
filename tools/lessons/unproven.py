"""Everything in a lesson that claims a result and that no run could refute.

Nothing is executed: what is read is the source. The build proves the rest (see
tools.lessons.spoiled).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat

from helpers.ties import prose
from tools.lessons.claims import untied_messages, untied_numbers, untied_words
from tools.lessons.drawn import figure_claims
from tools.lessons.predictions import without_answers
from tools.lessons.tie_rules import imported, tie_faults

WAIVED = 8  # `<!--! … -->` in a lesson


def unproven(source: Path) -> list[str]:
    """What a lesson claims without proof, a sentence each.

    Args:
        source: The percent-format text.

    Returns:
        Sentences that say what is missing; none if every claim can be refuted.
    """
    cells = jupytext.read(source).cells
    markdown = without_answers(prose(source.read_text(encoding="utf-8")))
    codes = [cell for cell in cells if cell.cell_type == "code"]
    code = "\n".join(map(_python, codes))
    found = [f"a number with no tie: {n}" for n in untied_numbers(markdown, code)]
    found += [f"a message with no tie: {m}" for m in untied_messages(markdown)]
    found += [f"a claim with no tie: {w}" for w in untied_words(markdown)]
    found += tie_faults(markdown, imported(code))
    if (waived := markdown.count("<!--!")) > WAIVED:
        found.append(f"{waived} claims with <!--! … -->: at most {WAIVED}. Tie some.")
    found += [f"“What you saw”, no tie in: {item}" for item in _unsupported(markdown)]
    for cell in codes:
        found += figure_claims(cell)
        found += _miscounted(cell)
    return found


def asserted(cell: nbformat.NotebookNode) -> list[str]:
    """What the asserts of a check cell claim, as Python; nothing for other cells."""
    if "check" not in cell.metadata.get("tags", []):
        return []
    nodes = ast.walk(ast.parse(_python(cell)))
    return [ast.unparse(node.test) for node in nodes if isinstance(node, ast.Assert)]


def _python(cell: nbformat.NotebookNode) -> str:
    """A cell's code; nothing for one that is no Python, because it fails on purpose."""
    try:
        ast.parse(cell.source)
    except SyntaxError:
        return ""
    return cell.source


def _miscounted(cell: nbformat.NotebookNode) -> Iterator[str]:
    if "check" in cell.metadata.get("tags", []):
        stated, there = cell.metadata.get("asserts"), len(asserted(cell))
        if stated != there:
            yield (
                f"the check cell has {there} asserts and states {stated}. If none has "
                f'gone by mistake, begin it with # %% tags=["check"] asserts={there}'
            )


def _unsupported(markdown: str) -> list[str]:
    """The items under "What you saw" that have no tie."""
    section = markdown.partition("## What you saw\n")[2].partition("\n## ")[0]
    items = re.split(r"^- ", section, flags=re.MULTILINE)[1:]
    items = [item.partition("\n\n")[0] for item in items]
    return [" ".join(item.split()) for item in items if "<!--" not in item]
