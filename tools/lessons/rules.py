"""The rules of the house for a lesson; CONTRIBUTING.md tells them to people.

Nothing is executed: the rules read a lesson's source and the notebook built from it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import nbformat

from helpers.ties import prose
from tools.lessons.exercises import broken_exercise_rules, has_exercises
from tools.lessons.notebooks import code_cells, tags
from tools.lessons.predictions import broken_prediction_rules
from tools.lessons.sources import NOTEBOOKS, title
from tools.lessons.unproven import unproven

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
        "a name that may go without notice, or hides what is wrong with a file"
    ),
    r"plt\.show\(": "plt.show(): helpers.figures.show gives a text alternative too",
    r";\s*$": "a trailing semicolon, which the comparison of outputs ignores",
}
THEN = (
    r"fit_generator|\.next\(\)|Model\(input=|for layer in base_model:|steps_per_epoch"
)


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
    found = [f"{name}: {fault}" for fault in unproven(source)]
    heading, number = title(source), int(name[:2])
    if not re.fullmatch(rf"{number} · \w.*", heading):
        found.append(f"{name}: expected a title '{number} · …', found '{heading}'.")
    found += [f"{name}: {fault}" for fault in _section_faults(markdown)]
    if has_exercises(source):
        found += [f"{name}: {fault}" for fault in broken_exercise_rules(source)]
        found += [f"{name}: {fault}" for fault in broken_prediction_rules(markdown)]
    code = code_cells(notebook)
    if not any("check" in tags(cell) for cell in code):
        found.append(
            f"{name}: no cell has the tag 'check'. Begin the cell of asserts with "
            '# %% tags=["check"]'
        )
    comparison = f'compare_text("{name}", globals())'
    if not code or comparison not in code[-1].source:
        found.append(
            f"{name}: the last code cell does not compare the text. End it with "
            f"{comparison}"
        )
    for cell in code:
        where = f"{name}, cell {cell.source.splitlines()[0]!r}"
        for pattern, why in FORBIDDEN.items():
            if re.search(pattern, cell.source, flags=re.MULTILINE):
                found.append(f"{where}: {why}.")
        if "then" not in tags(cell) and re.search(THEN, cell.source):
            found.append(f"{where}: a name of 2019 outside a cell tagged 'then'.")
        if len(cell.source.splitlines()) > 25:
            found.append(f"{where}: over 25 lines.")
        found += [f"{where}: {fault}" for fault in _figure_faults(cell)]
    size = len(nbformat.writes(notebook))
    if size > 1_000_000:
        found.append(f"{name}: the notebook has {size:,} bytes, over 1 MB.")
    return found + [f"{name}: {fault}" for fault in _link_faults(source, notebook)]


def _section_faults(markdown: str) -> list[str]:
    headings = re.findall(r"^## (.*)$", markdown, flags=re.MULTILINE)
    missing = [section for section in SECTIONS if section not in headings]
    if missing:
        return [f"no section {missing}. CONTRIBUTING.md says what belongs there."]
    if [heading for heading in headings if heading in SECTIONS] != list(SECTIONS):
        order = ", ".join(SECTIONS)
        return [f"the sections stand in another order than {order}."]
    return []


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
