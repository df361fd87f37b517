"""What the benchmarks have measured, for lessons that speak of it."""

from __future__ import annotations

import io
import json

import pandas as pd

from helpers.errors import InputError
from helpers.plumbing import ROOT

RESULTS = ROOT / "benchmarks" / "results"


def measured_table(name: str, number: int = 0) -> pd.DataFrame:
    """Read a table of a benchmark's result.

    A lesson that has two minutes cannot repeat what took an hour. It reads the record
    instead, and its sentences are compared with that.

    Args:
        name: Of the result, such as `"accuracy_drawn"` for
            `benchmarks/results/accuracy_drawn.json`.
        number: Which of its tables, from 0 on.

    Returns:
        The table. Its first column is the index; columns of numbers are numbers, with
        NaN where a cell is empty.

    Raises:
        InputError: if there is no such result, or no table in it.

    Example:
        >>> measured_table("accuracy_drawn").columns.tolist()
        ['a class', 'unseen', 'mean', 'spread', 'least', 'most']
    """
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in RESULTS.glob("*.json"))) or "none"
        raise InputError(f"expected the name of a result, found {name!r}: {there}.")
    parts = json.loads(path.read_text(encoding="utf-8"))["parts"]
    tables = [part for part in parts if isinstance(part, dict) and "rows" in part]
    if not 0 <= number < len(tables):
        raise InputError(
            f"expected table {number} in {path.name}, found {len(tables)} tables."
        )
    table = tables[number]  # cells as they are printed
    cells = pd.DataFrame(table["rows"], columns=table["columns"])
    return pd.read_csv(io.StringIO(cells.to_csv(index=False)), index_col=0)
