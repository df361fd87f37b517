"""The checks of `tools.prove`, on notebooks that were written elsewhere."""

from __future__ import annotations

import itertools
import re
import stat
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat

from helpers.errors import InputError
from helpers.plumbing import explained, shown
from helpers.ties import sentences, without_ties
from tools.lessons.claims import untied_numbers
from tools.lessons.notebooks import code_cells

LARGEST = 100_000_000  # bytes of a file
LONGEST = 90  # characters of a finding's words
_FENCE = re.compile(r"^ *(```|~~~).*?^ *\1", re.DOTALL | re.MULTILINE)
_MARKED = re.compile(r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
# Numbers that are no results. In the order in which they are looked for:
_REFERENCE = re.compile(
    "|".join(
        (
            r"(?-i:\b[A-Z]{2,}[A-Za-z]*)\(\d+(?:, ?\d+)*\)",  # a model, ARMA(1, 1)
            r"\b(?:vol(?:ume)?s?|no|pp?|pages?|chap(?:ter)?|sec(?:tion)?|eq)\b\.? ?"
            r"\d[\d.]*(?: ?[-–] ?\d+)?",  # a place in a work
            r"\b\d+ ?(?:\(\d+\)[:,]|:) ?\d+ ?[-–] ?\d+\b",  # volume, issue: pages
            r"\b\d+, ?\d{3,} ?[-–] ?\d{2,}\b",  # volume, pages
            # The list at the end that says which works they are; and another work.
            r"^ {0,3}(?:[-*] +)?\\?\[\d+\\?\](?!\().*(?:\n(?! *\n).+)*",
            r"\\?\[\d+(?:[,–-] ?\d+)*\\?\](?!\()",
            r"\barxiv:\S+",
            r"\\?#\d+",  # an issue
            r"\bv?\d+\.\d+\.\d+\b",  # a version
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)
_IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_INSTALL = re.compile(r"^\s*[!%].*?\b(?:pip3?|conda|mamba)\s+install\s+(.*)$")
_SCRIPT = re.compile(r"^\s*[!%]\s*(?:\S*python[\d.]*|%?run|bash|sh)\s+([\w./-]+\.\w+)")
_RUN = re.compile(r"^\s*%run\s+([\w./-]+\.\w+)")


def read_notebook(path: Path) -> nbformat.NotebookNode:
    """Read a notebook of any version, as version 4.

    Raises:
        InputError: if it is not there, too large, or no notebook.

    Example:
        >>> read_notebook(Path("none.ipynb"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a notebook, found no none.ipynb. ...
    """
    with explained(path):
        if not path.exists():
            raise InputError(
                f"expected a notebook, found no {shown(path)}. Check the spelling."
            )
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            raise InputError(
                f"expected a notebook, found {shown(path)}, which is no plain file or "
                f"has more than {LARGEST:,} bytes. Name an .ipynb file."
            )
        data = path.read_bytes()
    try:
        notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
        nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # nbformat raises many kinds; RecursionError, too
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise InputError(
            f"expected a notebook, found {shown(path)}, which is none ({reason}). Open "
            "it in Jupyter and save it again."
        ) from error
    return notebook


def findings(notebook: nbformat.NotebookNode, folder: Path) -> list[str]:
    """What in a notebook is untrue, unproven or leads nowhere, a sentence each.

    Args:
        notebook: From `read_notebook`.
        folder: Where it lies; its links begin there.

    Returns:
        Sentences that begin with the cell, in the order of the cells.

    Example:
        >>> cell = nbformat.v4.new_markdown_cell("It is right on 93% of them.")
        >>> findings(nbformat.v4.new_notebook(cells=[cell]), Path())
        ['cell 1: no output gives the number 93%: It is right on 93% of them.']
    """
    evidence = _evidence(notebook)
    anchors = _anchors(notebook)
    found = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            told = [*_numbers(cell.source, evidence), *_links(cell, folder, anchors)]
        elif cell.cell_type == "code":
            told = [*_outputs(cell), *_commands(cell.source, folder)]
        else:
            continue
        found += [f"cell {number}: {what}" for what in told]
    return found + list(_order(notebook))


def _order(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Were all cells run, from top to bottom, in one go?"""
    places = {id(cell): n for n, cell in enumerate(notebook.cells, start=1)}
    cells = code_cells(notebook)
    missing = [places[id(cell)] for cell in cells if not cell.execution_count]
    if missing and len(missing) == len(cells):
        if any(cell.outputs for cell in cells):
            yield (
                "no cell has a number: whether its outputs are of one run, nobody can "
                "tell"
            )
        else:
            yield "no cell was run: no output proves anything"
        return
    for place in missing:
        yield f"cell {place}: was not run"
    counts = [(c.execution_count, places[id(c)]) for c in cells if c.execution_count]
    for (before, _), (count, place) in itertools.pairwise(counts):
        if count <= before:
            yield f"cell {place}: was run out of order, [{count}] after [{before}]"


def _outputs(cell: nbformat.NotebookNode) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "error":
            if "raises-exception" not in cell.metadata.get("tags", []):
                yield f"ends in {output.ename}: {_short(output.evalue)}"
        elif output.get("name") == "stderr" and output.text.strip():
            yield f"stored messages: {_short(output.text)}"


def _evidence(notebook: nbformat.NotebookNode) -> set[str]:
    """Every number that code or an output holds, as digits; rounded ones, too."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts.append(cell.source)
            for output in cell.outputs:
                texts += [output.get("text", ""), output.get("evalue", "")]
                data = output.get("data", {})
                texts += [str(v) for k, v in data.items() if k.startswith("text/")]
    numbers = re.findall(r"\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?", "\n".join(texts))
    values = {_value(number) for number in numbers}
    return {f"{value:.10g}" for value in values if value is not None} | {
        f"{round(value * scale, digits):.10g}"
        for value in values
        if value is not None and abs(value) < 1e12
        for scale in (1, 100)
        for digits in range(4)
    }


def _value(number: str) -> float | None:
    try:
        return float(re.sub(r"[,_%−-]", "", number))
    except ValueError:
        return None


def _numbers(markdown: str, evidence: set[str]) -> Iterator[str]:
    text = _FENCE.sub("", markdown)
    text = re.sub(r"https?://\S+|<[^>]*>|\bdoi:\S+", "", text)
    text = re.sub(r"!?\[[^\]]*\]\([^)]*\)", "link", text)  # the name of another page
    text = re.sub(r"^#+ .*$", "", text, flags=re.MULTILINE)
    text = _REFERENCE.sub("", text)
    text = _MARKED.sub("`c`", text)
    for sentence in sentences(text):
        for told in untied_numbers(sentence):
            number = told[1 : told.index("' in: ")]
            value = _value(number)
            if value is not None and f"{value:.10g}" not in evidence:
                words = _short(without_ties(sentence))
                yield f"no output gives the number {number.rstrip(',')}: {words}"


def _links(
    cell: nbformat.NotebookNode, folder: Path, anchors: set[str]
) -> Iterator[str]:
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", cell.source))
    targets = []
    for picture, alternative, target in _LINK.findall(text):
        targets.append(target)
        if picture and not alternative.strip():
            yield f"a picture without alternative text: {_short(target)}"
    for tag in _IMG.findall(text):
        if not re.search(r"\balt\s*=\s*(\"[^\"]+\"|'[^']+'|[^\s\"'>]+)", tag, re.I):
            yield f"a picture without alternative text: {_short(tag)}"
        targets += re.findall(r"\bsrc\s*=\s*[\"']?([^\"'\s>]+)", tag, re.IGNORECASE)
    for target in targets:
        if re.match(r"[a-z][a-z+.-]*:|//|/", target, re.IGNORECASE):
            continue  # an address, or a place on a site
        name, _, anchor = unescape(target).partition("#")
        if name and not name.startswith("attachment:"):
            if not _there(folder, unquote(name)):
                yield f"a link that leads nowhere: {_short(target)}"
        elif anchor and _plain(unquote(anchor)) not in anchors:
            yield f"a link to no heading of this notebook: {_short(target)}"


def _there(folder: Path, name: str) -> bool:
    try:
        return (folder / name).exists()
    except (OSError, ValueError):  # too long, or with a zero byte
        return False


def _anchors(notebook: nbformat.NotebookNode) -> set[str]:
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    named = re.findall(r"\b(?:id|name)\s*=\s*[\"']?([^\"'\s>]+)", text)
    headings = re.findall(r"^#+\s+(.*?)\s*$", text, re.MULTILINE)
    return {_plain(heading) for heading in [*headings, *named]}


def _plain(heading: str) -> str:
    """Jupyter and GitHub make different anchors of one heading; letters they share."""
    return re.sub(r"[^\w]", "", heading.lower())


def _commands(source: str, folder: Path) -> Iterator[str]:
    for line in source.splitlines():
        installed = _INSTALL.match(line)
        if installed and "-r " not in installed[1]:
            for word in installed[1].split("#")[0].split():
                bare = word.strip("'\"")
                if re.fullmatch(r"[A-Za-z][\w.\[\],-]*", bare):
                    yield f"installs {bare} without a version: {_short(line)}"
        script = _SCRIPT.match(line) or _RUN.match(line)
        if script and not _there(folder, script[1]):
            yield f"runs a file that is not there: {_short(line)}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
