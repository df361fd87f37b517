"""The notebooks: built from their sources, and told from copies that are not true.

The build leaves out the ties of the text (`<!--= … -->`, see helpers.ties), adds the
navigation and, where a source asks for it, the list of lessons or of exercises,
executes the cells and stores their outputs. Exercises go to notebooks of their own: see
tools.lessons.exercises.
"""

from __future__ import annotations

import ast
import copy
import functools
import hashlib
import re
import tempfile
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.errors import InputError
from helpers.plumbing import PYTHON, ROOT, write_whole
from helpers.ties import find_ties, prose, without_ties
from tools.lessons.exempt import exempt_faults, stale_versions
from tools.lessons.kernels import client, environment
from tools.lessons.sources import (
    EXERCISES,
    LIST,
    NOTEBOOKS,
    list_after,
    list_of_exercises,
    navigation,
    short,
)
from tools.lessons.unproven import asserted
from tools.lessons.words import folder_of_lessons

ADDRESS = r"\b0x[0-9a-f]{6,}"  # of something in memory: another one in every run
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook_of(source: Path) -> Path:
    """Where the notebook of a lesson's source is stored."""
    return folder_of_lessons(source) / f"{source.stem}.ipynb"


def unexecuted(source: Path) -> nbformat.NotebookNode:
    """The notebook that a source stands for, before any cell has run."""
    cells = [cell for cell in read_cells(source) if exercise_tag(cell) is None]
    notebook = assembled(cells)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            # The ids are there by now: other lessons may change what is filled in.
            for mark, listed in ((LIST, list_after), (EXERCISES, list_of_exercises)):
                if mark in cell.source:
                    cell.source = cell.source.replace(mark, listed(source))
    first, last = notebook.cells[0], notebook.cells[-1]
    links = navigation(source)
    first.source = f"{first.source}\n\n{links}"
    last.source = f"{last.source}\n\n{links}"
    return notebook


def read_cells(source: Path) -> list[nbformat.NotebookNode]:
    """All cells of a source, exercises too, as readers see them: without ties."""
    cells = copy.deepcopy(_parsed(source.read_text(encoding="utf-8")))
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = without_ties(cell.source)
    return cells


@functools.cache
def _parsed(text: str) -> list[nbformat.NotebookNode]:
    """A third of a second; a lesson, its exercises, sheets and slides ask in turn."""
    return jupytext.reads(text, fmt="py:percent").cells


def exercise_tag(cell: nbformat.NotebookNode) -> str | None:
    """The tag that makes a cell a part of an exercise, or None."""
    return next((tag for tag in tags(cell) if tag.startswith("exercise")), None)


def assembled(cells: list[nbformat.NotebookNode]) -> nbformat.NotebookNode:
    """A notebook of these cells, with our metadata and ids that repeat."""
    notebook = nbformat.v4.new_notebook(metadata=METADATA, cells=cells)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    for cell in cells:
        # An id belongs to what the cell says: other cells may come and go around it.
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:10]
        seen[digest] += 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return notebook


def build(source: Path, target: Path) -> None:
    """Execute a lesson and store it, whole or not at all.

    Args:
        source: The percent-format text.
        target: The notebook to write.

    Raises:
        InputError: if a cell fails or writes to standard error, or the text tells
            another result than the run; nothing is stored.
    """
    execute(source, unexecuted(source), target)


def execute(
    source: Path,
    notebook: nbformat.NotebookNode,
    target: Path,
    folder: Path = NOTEBOOKS,
) -> None:
    """Execute a notebook that was made from a source, and store it.

    Args:
        source: The percent-format text, for messages.
        notebook: What is executed.
        target: The notebook to write, whole or not at all.
        folder: Where its cells run.

    Raises:
        InputError: as for `build`.
    """
    with (
        tempfile.TemporaryDirectory() as models,  # a learner's own stays as it is
        environment("drawn", strict=True, TRANSFER_MODELS=models) as settings,
    ):
        runner = client(notebook, 300, str(folder))
        with runner.setup_kernel(env=settings):
            try:
                for place, cell in enumerate(notebook.cells):
                    runner.execute_cell(cell, place)
            except CellExecutionError as error:
                raise InputError(
                    f"{source.name} does not run to its end. It stops with "
                    f"{error.ename}: {error.evalue}\nin the cell\n"
                    f"{_failed_cell(notebook)}"
                ) from error
            proofless = _proofless(source, notebook, runner, folder != NOTEBOOKS)
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in code_cells(notebook):
        for output in cell.outputs:
            _refuse_unwanted(source, cell, output)
            if "execution_count" in output:
                output.execution_count = cell.execution_count
    if proofless:
        raise InputError("\n".join(proofless))
    store(notebook, target)


def _proofless(
    source: Path,
    notebook: nbformat.NotebookNode,
    runner: NotebookClient,
    exercises: bool,
) -> list[str]:
    """The asserts and ties of a lesson, or its exercises, that cannot fail.

    They are tried in the kernel in which the lesson has just run, in a cell of their
    own that is not kept.
    """
    ties = find_ties(prose(source.read_text(encoding="utf-8"), exercises))
    claims = [(tie.claim, tie.expression) for tie in ties]
    claims += [(None, test) for c in code_cells(notebook) for test in asserted(c)]
    asked = nbformat.v4.new_code_cell(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from tools.lessons.spoiled import cannot_fail\n"
        f"print(*map(repr, cannot_fail({claims!r}, globals())), sep='\\n')"
    )
    notebook.cells.append(asked)
    runner.execute_cell(asked, len(notebook.cells) - 1)
    notebook.cells.pop()
    printed = "".join(o.text for o in asked.outputs if o.get("name") == "stdout")
    return [
        f"{source.name}: `{ast.literal_eval(line)}` holds whatever the run gives, so "
        "it proves nothing. Compare a result with what it has to be."
        for line in printed.splitlines()
        if line
    ]


def _failed_cell(notebook: nbformat.NotebookNode) -> str:
    """The text of the last cell that raised: earlier ones were meant to."""
    return [
        cell.source
        for cell in code_cells(notebook)
        if any(output.output_type == "error" for output in cell.outputs)
    ][-1]


def _refuse_unwanted(
    source: Path, cell: nbformat.NotebookNode, output: nbformat.NotebookNode
) -> None:
    if output.output_type == "stream" and output.name == "stderr":
        raise InputError(
            f"{source.name}: a cell writes to standard error, which a stored "
            f"notebook must not hold. Its first line is "
            f"{cell.source.splitlines()[0]!r}, the output:\n{output.text}"
        )
    if "results in the text differ from this run" in output.get("text", ""):
        raise InputError(
            f"{source.name}: {output.text}Correct the text in {short(source)}, or find "
            f"out why; then run `{PYTHON} -m tools.author build {source.stem[:2]}`."
        )


def store(notebook: nbformat.NotebookNode, target: Path) -> None:
    """Write a notebook, whole or not at all, with the same line ends everywhere."""
    write_whole(target, nbformat.writes(notebook) + "\n")


def refresh_links(source: Path, target: Path) -> bool:
    """Bring the links to other lessons up to date; outputs stay, and nothing is run.

    Args:
        source: The percent-format text.
        target: The notebook that was built from it.

    Returns:
        Whether the links were all that had changed, and are up to date now.
    """
    if not target.is_file():
        return False
    notebook, wanted = nbformat.read(target, as_version=4), unexecuted(source)
    before = identity(notebook)
    if len(notebook.cells) != len(wanted.cells) or before == identity(wanted):
        return False
    for cell, new in zip(notebook.cells, wanted.cells, strict=True):
        if cell.cell_type == "markdown" and cell.id == new.id:
            cell.source = new.source
    if identity(notebook) != identity(wanted):
        return False
    store(notebook, target)
    return True


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of a notebook that are code and not empty."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def faults(
    source: Path, target: Path, wanted: nbformat.NotebookNode | None = None
) -> list[str]:
    """What is wrong with a built notebook, a sentence each; nothing is executed.

    Args:
        source: The percent-format text.
        target: The notebook that was built from it.
        wanted: What it should be, before any cell has run; the lesson, if None.

    Returns:
        Sentences; none if the notebook is a true, executed copy of its source.
    """
    rebuild = f"Run `{PYTHON} -m tools.author build {source.stem[:2]}`."
    if not target.is_file():
        return [f"{target.name} is missing. {rebuild}"]
    notebook = nbformat.read(target, as_version=4)
    found = []
    if identity(notebook) != identity(wanted or unexecuted(source)):
        found.append(f"{target.name} is not what {source.name} says: stale. {rebuild}")
    code = code_cells(notebook)
    if [c.execution_count for c in code] != list(range(1, len(code) + 1)):
        found.append(f"{target.name} was not run from top to bottom. {rebuild}")
    for cell in code:
        where = f"{target.name}, cell {cell.source.splitlines()[0]!r}"
        found += [f"{where}: {fault}. {rebuild}" for fault in _output_faults(cell)]
    text = prose(source.read_text(encoding="utf-8"), exercises=wanted is not None)
    tied = len(find_ties(text))
    for told in re.findall(r"All (\d+) results in the text agree", str(notebook)):
        if int(told) != tied:
            found.append(
                f"{target.name} compared {told} results; {source.name} ties {tied}. "
                f"{rebuild}"
            )
    found += [f"{target.name}, {fault}" for fault in exempt_faults(code)]
    found += [f"{target.name}: {fault} {rebuild}" for fault in stale_versions(notebook)]
    return found


def tags(cell: nbformat.NotebookNode) -> set[str]:
    """The tags of a cell, such as `check` or `raises-exception`."""
    return set(cell.metadata.get("tags", []))


def _output_faults(cell: nbformat.NotebookNode) -> list[str]:
    found = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            found.append("stored standard error")
        if re.search(ADDRESS, str(output.get("text", output.get("data")))):
            found.append("an address in memory")
        if output.output_type == "error" and "raises-exception" not in tags(cell):
            found.append(f"stored error {output.ename}")
    return found


def identity(notebook: nbformat.NotebookNode) -> tuple:
    """What makes a notebook a true copy of its source: all but the outputs."""
    return notebook.metadata, [
        (cell.cell_type, cell.id, cell.source, cell.metadata) for cell in notebook.cells
    ]
