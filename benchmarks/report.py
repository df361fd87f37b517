"""What a benchmark found, as a table with the machine beside it."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import tensorflow as tf
from matplotlib import pyplot as plt

from helpers.figures import STYLE
from helpers.plumbing import whole_file

RESULTS = Path(__file__).with_name("results")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Lay out rows as a Markdown table that reads well as plain text too.

    Args:
        columns: Its headings; the first column is aligned left, the others right.
        rows: A value for each column; numbers are written as given.

    Returns:
        Lines that end with a newline.

    Example:
        >>> print(table(["who", "seconds"], [["ours", 2.5], ["theirs", 100]]), end="")
        | who    | seconds |
        |:-------|--------:|
        | ours   |     2.5 |
        | theirs |     100 |
    """
    cells = [[str(cell) for cell in row] for row in [columns, *rows]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        first = row[0].ljust(widths[0])
        others = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("| " + " | ".join([first, *others[1:]]) + " |")
    rules = ["-" * (width + 1) for width in widths]
    lines.insert(1, f"|:{rules[0]}|" + "".join(f"{rule}:|" for rule in rules[1:]))
    return "\n".join(lines) + "\n"


def plot(
    name: str, draw: Callable[[], plt.Figure], text: str, folder: Path = RESULTS
) -> str:
    """Draw a figure in the style of the lessons, and keep it beside its result.

    Args:
        name: Of the benchmark.
        draw: Makes the figure.
        text: What it shows, for those who do not see it.
        folder: Where results are kept.

    Returns:
        The Markdown that shows it.

    Example:
        >>> import tempfile
        >>> plot("a", plt.figure, "Nothing.", folder=Path(tempfile.mkdtemp()))
        '![Nothing.](a.png)'
    """
    with plt.style.context(STYLE), whole_file(folder / f"{name}.png") as unfinished:
        fig = draw()
        fig.savefig(unfinished, format="png")
        plt.close(fig)
    return f"![{text}]({name}.png)"


def machine() -> str:
    """Describe the computer and what computes on it, in one line.

    Example:
        >>> "cores" in machine()
        True
    """
    today = datetime.date.today().isoformat()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}; {today}"
    )


def report(name: str, title: str, *parts: str, folder: Path = RESULTS) -> Path:
    """Print a benchmark's result, and write it where it is kept.

    Args:
        name: Of the benchmark; a letter, then letters, digits and underscores.
        title: A sentence that says what was measured.
        *parts: Paragraphs and tables, in Markdown.
        folder: Where results are kept.

    Returns:
        The file that was written.

    Example:
        >>> import tempfile
        >>> path = report("a", "A test", "Done.", folder=Path(tempfile.mkdtemp()))
        ... # doctest: +ELLIPSIS
        # A test
        ...
        >>> path.name
        'a.md'
    """
    blocks = [
        f"# {title}",
        *(part.strip() for part in parts),
        f"Measured on {machine()}.",
    ]
    text = "\n\n".join(blocks) + "\n"
    print(text)
    with whole_file(folder / f"{name}.md") as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
    return folder / f"{name}.md"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
