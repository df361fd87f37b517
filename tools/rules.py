"""The rules of the house for a lesson, and its figures of style.

    python -m tools.rules            the table of figures, then what breaks a rule

Nothing is executed: the rules read a lesson's source and the notebook built from it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import nbformat
import pandas as pd

from helpers.errors import InputError
from helpers.plumbing import run
from helpers.ties import find_ties, prose
from tools.notebooks import EXEMPT, NOTEBOOKS, code_cells, lessons, title

SECTIONS = (
    "What you will learn",
    "You need",
    "Set up",
    "The idea",
    "Check it",
    "What can go wrong",
    "What you saw",
    "Try it",
    "Go on",
)
FORBIDDEN = {  # in a code cell: pattern -> why
    r"^\s*[!%]|\bpip\b.*\binstall\b": "installs or calls the shell; set-up does that",
    r"import \*": "import *: name what you use",
    r"""["'](?:/|~|[A-Z]:\\)""": "an absolute path; it exists on one computer only",
    r"keras\.src|by_name=|skip_mismatch|use_multiprocessing|LOAD_TRUNCATED": (
        "a name that lessons do not teach (see the pitfalls)"
    ),
    r"plt\.show\(": "plt.show(): helpers.figures.show gives a text alternative too",
    r";\s*$": "a trailing semicolon, which the comparison of outputs ignores",
}
THEN = (
    r"fit_generator|\.next\(\)|Model\(input=|for layer in base_model:|steps_per_epoch"
)

# Numbers that are no results: years, names with a version, places in the course, the
# range of a pixel, and none, one and two.
_NO_RESULT = re.compile(
    r"\b(?:19|20)\d\d\b"
    r"|(?:Python|TensorFlow|Keras|NumPy|pandas|Adam|version|[Ll]essons?|[Ss]ections?)"
    r" \d[\d.]*(?:(?:,| to| and|, and) \d+)*"
    r"|(?<![\d.,])[−-]?[012](?![\d%]|[.,]\d)"
    r"|\b255\b"
)
_ANY_NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?%?(?![\w])")


def untied_numbers(markdown: str) -> list[str]:
    """Find numbers that a reader could take for a result and that nothing proves.

    Args:
        markdown: The prose of a lesson's source, with its ties.

    Returns:
        For each such number, the number and the words around it.

    Example:
        >>> untied_numbers("In 2019 it took 40 minutes; now 3<!--= m --> will do.")
        ["'40' in: In 2019 it took 40 minutes; now 3 will do."]
    """
    text = re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    # Headings, numbers of a list, and where links go:
    text = re.sub(r"^#+ .*$|^\s*\d+\. ", "", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"<!--=.*?-->", "\0", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "`code`", text)
    claims = _NO_RESULT.sub(lambda match: re.sub(r"\d", "n", match[0]), text)
    found = []
    for match in _ANY_NUMBER.finditer(claims):
        if text[match.end() :].lstrip("*_ ").startswith("\0"):
            continue
        around = text[max(0, match.start() - 40) : match.end() + 30]
        found.append(f"{match[0]!r} in: {' '.join(around.replace(chr(0), '').split())}")
    return found


def untied_messages(markdown: str) -> list[str]:
    """Find quoted error messages that nothing proves.

    Example:
        >>> untied_messages("It says `ValueError: no such layer`.")
        ['ValueError: no such layer']
    """
    quoted = re.finditer(r"`([^`\n]*(?:Error|Warning): [^`]*)`(\s*<!--=)?", markdown)
    return [match[1] for match in quoted if not match[2]]


def broken_rules(source: Path, notebook: nbformat.NotebookNode) -> list[str]:
    """What in a lesson breaks a rule of the house, a sentence each.

    Args:
        source: The percent-format text.
        notebook: The notebook built from it.

    Returns:
        Sentences that name the lesson, the place and the rule; none if all hold.
    """
    name, text = source.stem, source.read_text(encoding="utf-8")
    markdown = prose(text)
    found = [f"{name}: a number with no tie: {n}" for n in untied_numbers(markdown)]
    found += [f"{name}: a message with no tie: {m}" for m in untied_messages(markdown)]
    heading, number = title(source), int(name[:2])
    if not re.fullmatch(rf"{number} · \w.*", heading):
        found.append(f"{name}: expected a title '{number} · …', found '{heading}'.")
    headings = re.findall(r"^## (.*)$", markdown, flags=re.MULTILINE)
    missing = [section for section in SECTIONS if section not in headings]
    if missing:
        found.append(f"{name}: no section {missing}.")
    elif [h for h in headings if h in SECTIONS] != list(SECTIONS):
        found.append(f"{name}: the sections stand in another order than STYLE's.")
    code = code_cells(notebook)
    if not any("check" in cell.metadata.get("tags", []) for cell in code):
        found.append(f"{name}: no cell has the tag 'check'.")
    if f'compare_text("{name}", globals())' not in code[-1].source:
        found.append(f"{name}: the last code cell does not compare the text.")
    for cell in code:
        where = f"{name}, cell {cell.source.splitlines()[0]!r}"
        tags = cell.metadata.get("tags", [])
        for pattern, why in FORBIDDEN.items():
            if re.search(pattern, cell.source, flags=re.MULTILINE):
                found.append(f"{where}: {why}.")
        if "then" not in tags and re.search(THEN, cell.source):
            found.append(f"{where}: a name of 2019 outside a cell tagged 'then'.")
        if len(cell.source.splitlines()) > 25:
            found.append(f"{where}: over 25 lines.")
        found += [f"{where}: {fault}" for fault in _figure_faults(cell)]
    size = len(nbformat.writes(notebook))
    if size > 1_000_000:
        found.append(f"{name}: the notebook has {size:,} bytes, over 1 MB.")
    return found + [f"{name}: {fault}" for fault in _link_faults(source, notebook)]


def _figure_faults(cell: nbformat.NotebookNode) -> list[str]:
    found = []
    for output in cell.outputs:
        for kind, data in output.get("data", {}).items():
            if kind.startswith("image/"):
                alternative = output.metadata.get(kind, {}).get("alt", "")
                if not alternative or output.data.get("text/plain") != alternative:
                    found.append("a picture without a text alternative")
                elif len(data) * 3 // 4 > 101_000:
                    found.append("a picture of more than 100 kB")
                elif _digest(data) != output.metadata[kind].get("sha256"):
                    found.append("a picture that this cell did not draw")
    return found


def _digest(picture: str) -> str:
    return hashlib.sha256(base64.b64decode(picture)).hexdigest()[:16]


def _link_faults(source: Path, notebook: nbformat.NotebookNode) -> list[str]:
    """Links inside the project that lead nowhere."""
    found = []
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        file = (NOTEBOOKS / (path or f"{source.stem}.ipynb")).resolve()
        if not file.exists():
            found.append(f"a link to {target}, which does not exist")
        elif anchor and anchor not in anchors(file):
            found.append(f"a link to {target}: no such heading")
    return found


def anchors(file: Path) -> set[str]:
    """The anchors of the headings in a Markdown file or a notebook.

    Jupyter keeps a heading's letters as they are; GitHub, where Markdown files are
    read, lowers them and drops the punctuation.
    """
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ipynb":
        cells = nbformat.reads(text, as_version=4).cells
        text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    if file.suffix != ".ipynb":
        headings = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in headings}


def style_figures(source: Path, notebook: nbformat.NotebookNode) -> dict[str, object]:
    """Count what STYLE gives ranges for: cells, words, lines, figures, outputs.

    Args:
        source: The percent-format text.
        notebook: The notebook built from it.

    Returns:
        A row of the table that `python -m tools.rules` prints.
    """
    code = code_cells(notebook)
    lines = [len(cell.source.splitlines()) for cell in code]
    markdown = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    figures = sum(
        any(kind.startswith("image/") for kind in output.get("data", {}))
        for cell in code
        for output in cell.outputs
    )
    ties = find_ties(prose(source.read_text(encoding="utf-8")))
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
        "exempt": sum(bool(EXEMPT & set(c.metadata.get("tags", []))) for c in code),
        "proven results": len(ties),
        "kB": len(nbformat.writes(notebook)) // 1000,
    }


def _main() -> None:
    rows, found = [], []
    for source in lessons():
        target = NOTEBOOKS / f"{source.stem}.ipynb"
        if not target.is_file():
            raise InputError(f"{target.name} is missing. Run `make notebooks`.")
        notebook = nbformat.read(target, as_version=4)
        rows.append(style_figures(source, notebook))
        found += broken_rules(source, notebook)
    print(pd.DataFrame(rows).set_index("lesson").T.to_string())
    print(f"{sum(row['proven results'] for row in rows)} results in prose are proven.")
    if found:
        raise InputError("\n".join(found))


if __name__ == "__main__":
    run(_main)
