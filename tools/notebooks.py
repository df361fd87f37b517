"""Build the notebooks from their sources, and tell whether they are still true copies.

    python -m tools.notebooks build            every lesson
    python -m tools.notebooks build 04 06      these lessons
    python -m tools.notebooks check            no execution: two seconds

A lesson is written in `notebooks/source/NN_name.py` (jupytext's percent format). The
build leaves out the ties of the text (`<!--= … -->`, see helpers.ties), adds the
navigation, executes the cells and stores their outputs. Two builds on one machine give
the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.errors import InputError
from helpers.plumbing import ROOT, run, whole_file
from helpers.ties import without_ties

NOTEBOOKS = ROOT / "notebooks"
SOURCE = NOTEBOOKS / "source"
EXEMPT = {"nbval-ignore-output", "nbval-skip"}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def lessons(folder: Path = SOURCE) -> list[Path]:
    """The sources of all lessons, in reading order."""
    return sorted(folder.glob("[0-9][0-9]_*.py"))


def title(source: Path) -> str:
    """A lesson's title, as its first heading gives it: `6 · Train cats vs dogs`."""
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.startswith("# # "):
            return line.removeprefix("# # ").strip()
    raise InputError(
        f"expected a first heading '# # 6 · Do something' in {source}, found none."
    )


def navigation(source: Path) -> str:
    """Links to the lesson before, the contents, the glossary and the lesson after."""
    order = lessons(source.parent)
    place = order.index(source)
    links = ["[Contents](../README.md#lessons)", "[Glossary](glossary.md)"]
    if place > 0:
        before = order[place - 1]
        links.insert(0, f"[← {title(before)}]({before.stem}.ipynb)")
    if place + 1 < len(order):
        after = order[place + 1]
        links.append(f"[{title(after)} →]({after.stem}.ipynb)")
    return " | ".join(links)


def unexecuted(source: Path) -> nbformat.NotebookNode:
    """The notebook that a source stands for, before any cell has run."""
    notebook = jupytext.read(source)
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = without_ties(cell.source)
        # An id belongs to what the cell says: other cells may come and go around it.
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:10]
        seen[digest] += 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    first, last = notebook.cells[0], notebook.cells[-1]
    links = navigation(source)
    first.source = f"{first.source}\n\n{links}"
    last.source = f"{last.source}\n\n{links}"
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
    notebook = unexecuted(source)
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        # Newer kernels warn that this computer talks to itself without encryption.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    environment = {k: v for k, v in os.environ.items() if k != "PICTURES"}
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        failed = next(
            cell
            for cell in code_cells(notebook)
            for output in cell.outputs
            if output.output_type == "error"
        )
        raise InputError(
            f"{source.name} does not run to its end. It stops with {error.ename}: "
            f"{error.evalue}\nin the cell\n{failed.source}"
        ) from error
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise InputError(
                    f"{source.name}: a cell writes to standard error, which a stored "
                    f"notebook must not hold. Its first line is "
                    f"{cell.source.splitlines()[0]!r}, the output:\n{output.text}"
                )
            if "results in the text differ from this run" in output.get("text", ""):
                raise InputError(f"{source.name}: {output.text}Correct the text.")
            if "execution_count" in output:
                output.execution_count = cell.execution_count
    with whole_file(target) as unfinished:
        text = nbformat.writes(notebook) + "\n"
        unfinished.write_text(text, encoding="utf-8", newline="\n")


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of a notebook that are code and not empty."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def faults(source: Path, target: Path) -> list[str]:
    """What is wrong with a built notebook, a sentence each; nothing is executed.

    Args:
        source: The percent-format text.
        target: The notebook that was built from it.

    Returns:
        Sentences; none if the notebook is a true, executed copy of its source.
    """
    number = source.stem[:2]
    rebuild = f"Run `make notebooks` (or `python -m tools.notebooks build {number}`)."
    if not target.is_file():
        return [f"{target.name} is missing. {rebuild}"]
    notebook = nbformat.read(target, as_version=4)
    found = []
    wanted = unexecuted(source)
    if _identity(notebook) != _identity(wanted):
        found.append(f"{target.name} is not what {source.name} says: stale. {rebuild}")
    code = code_cells(notebook)
    if [c.execution_count for c in code] != list(range(1, len(code) + 1)):
        found.append(f"{target.name} was not run from top to bottom. {rebuild}")
    for cell in code:
        where = f"{target.name}, cell {cell.source.splitlines()[0]!r}"
        tags = set(cell.metadata.get("tags", []))
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                found.append(f"{where}: stored standard error. {rebuild}")
            if re.search(
                r"\b0x[0-9a-f]{6,}", str(output.get("text", output.get("data")))
            ):
                found.append(f"{where}: an address in memory. {rebuild}")
            if output.output_type == "error" and "raises-exception" not in tags:
                found.append(f"{where}: stored error {output.ename}. {rebuild}")
        if tags & EXEMPT and not cell.metadata.get("reason"):
            found.append(
                f'{where}: exempt from comparison without a reason. Add reason="…" '
                "beside the tag in the source."
            )
    exempt = sum(bool(EXEMPT & set(c.metadata.get("tags", []))) for c in code)
    if exempt * 10 > len(code):
        found.append(
            f"{target.name}: {exempt} of {len(code)} code cells are exempt from "
            "comparison; at most one in ten may be."
        )
    return found


def _identity(notebook: nbformat.NotebookNode) -> tuple:
    return notebook.metadata, [
        (cell.cell_type, cell.id, cell.source, cell.metadata) for cell in notebook.cells
    ]


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("build", "check"))
    parser.add_argument("lesson", nargs="*", help="first digits of a name, such as 06")
    arguments = parser.parse_args()
    chosen = [
        source
        for source in lessons()
        if not arguments.lesson or source.name.startswith(tuple(arguments.lesson))
    ]
    if not chosen:
        raise InputError(
            f"expected the number of a lesson, found {' '.join(arguments.lesson)!r}. "
            f"There are {', '.join(source.stem for source in lessons())}."
        )
    found = []
    for source in chosen:
        target = NOTEBOOKS / f"{source.stem}.ipynb"
        if arguments.action == "build":
            print(f"building {target.name} …", flush=True)
            build(source, target)
        found += faults(source, target)
    if found:
        raise InputError("\n".join(found))
    print(f"{len(chosen)} notebook(s): true copies of their sources.")


if __name__ == "__main__":
    run(_main)
