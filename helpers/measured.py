"""What the benchmarks have measured, for lessons that speak of it."""

from __future__ import annotations

import io

import pandas as pd

from helpers.errors import InputError
from helpers.plumbing import ROOT

RESULTS = ROOT / "benchmarks" / "results"


def measured_table(name: str) -> pd.DataFrame:
    """Read the first table of a benchmark's result.

    A lesson that has two minutes cannot repeat what took an hour. It reads the record
    instead, and its sentences are compared with that.

    Args:
        name: Of the result, such as `"accuracy_drawn"` for
            `benchmarks/results/accuracy_drawn.md`.

    Returns:
        The table. Its first column is the index; columns of numbers are numbers, with
        NaN where a cell is empty.

    Raises:
        InputError: if there is no such result, or no table in it.

    Example:
        >>> measured_table("accuracy_drawn").columns.tolist()
        ['a class', 'unseen', 'mean', 'spread', 'least', 'most']
    """
    path = RESULTS / f"{name}.md"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in RESULTS.glob("*.md"))) or "none"
        raise InputError(f"expected the name of a result, found {name!r}: {there}.")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [n for n, line in enumerate(lines) if line.startswith("|")]
    if len(rows) < 3:
        raise InputError(f"expected a table in {path.name}, found none.")
    first = rows[0]
    table = [lines[n] for place, n in enumerate(rows) if n == first + place]
    del table[1]  # |:---|---:|
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table]
    text = "\n".join("|".join(row) for row in cells)
    return pd.read_csv(io.StringIO(text), sep="|", index_col=0)
