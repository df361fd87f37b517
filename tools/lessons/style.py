"""Figures of style: how long a lesson is, and how much of it is shown and proven."""

from __future__ import annotations

from pathlib import Path

import nbformat

from helpers.ties import find_ties, prose
from tools.lessons.exempt import EXEMPT
from tools.lessons.notebooks import code_cells, tags


def style_figures(source: Path, notebook: nbformat.NotebookNode) -> dict[str, object]:
    """Count what CONTRIBUTING.md gives ranges for: cells, words, lines, figures.

    Args:
        source: The percent-format text.
        notebook: The notebook built from it.

    Returns:
        A row of the table that `python -m tools.author check` prints.
    """
    code = code_cells(notebook)
    lines = [len(cell.source.splitlines()) for cell in code]
    markdown = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    figures = sum(
        any(kind.startswith("image/") for kind in output.get("data", {}))
        for cell in code
        for output in cell.outputs
    )
    text = prose(source.read_text(encoding="utf-8"))
    return {
        "lesson": source.stem,
        "cells": len(notebook.cells),
        "code": len(code),
        "words": sum(len(text.split()) for text in markdown),
        "longest text": max(len(text.split()) for text in markdown),
        "lines": sum(lines),
        "longest cell": max(lines),
        "cells to 12 lines": f"{sum(n <= 12 for n in lines) / len(code):.0%}",
        "figures": figures,
        "cells that show": f"{sum(bool(c.outputs) for c in code) / len(code):.0%}",
        "exempt": sum(bool(EXEMPT & tags(c)) for c in code),
        "tied results": len(find_ties(text)),
        "reasons instead": text.count("<!--!"),
        "kB": len(nbformat.writes(notebook)) // 1000,
    }
