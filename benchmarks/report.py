"""What a benchmark found: a record, and a page that is written from it.

The record `results/NAME.json` holds every number, the machine, and a digest of the code
that measured (see `tools.records`). The page `results/NAME.md` and its picture are made
from the record alone, so a test can make them again and compare.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib
import io
import json
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from matplotlib import pyplot as plt

from helpers.figures import STYLE
from helpers.plumbing import whole_file, write_whole
from tools.records import code_of, mark, write_json

RESULTS = Path(__file__).with_name("results")
NO_POINTS = "The points of the picture were not kept, only the picture."
Part = dict | str


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Part:
    """Rows as a part of a report.

    Args:
        columns: Its headings; the first column is aligned left, the others right.
        rows: A value for each column; numbers are written as given.

    Example:
        >>> table(["who", "seconds"], [["ours", 2.5]])
        {'columns': ['who', 'seconds'], 'rows': [['ours', '2.5']]}
    """
    cells = [[str(cell) for cell in row] for row in rows]
    return {"columns": list(columns), "rows": cells}


def picture(draw: str, text: str, points: object = None) -> Part:
    """A picture as a part of a report; it is drawn from the record.

    Args:
        draw: A function of the benchmark's module, from a record to a figure.
        text: What it shows, for those who do not see it.
        points: What it needs beside the tables, if anything; fit for JSON.

    Example:
        >>> picture("draw_growth", "Seconds against pictures")
        {'draw': 'draw_growth', 'text': 'Seconds against pictures'}
    """
    return {"draw": draw, "text": text} | ({"points": points} if points else {})


def tables(record: dict) -> list[list[list[str]]]:
    """The rows of each table in a record, for a function that draws them.

    Example:
        >>> tables({"parts": ["Two rows:", table(["a"], [[1], [2]])]})
        [[['1'], ['2']]]
    """
    parts = [part for part in record["parts"] if isinstance(part, dict)]
    return [part["rows"] for part in parts if "rows" in part]


def as_markdown(part: Part, name: str = "") -> str:
    """A part of a report as Markdown, which reads well as plain text too.

    Args:
        part: A paragraph, a `table` or a `picture`.
        name: Of the record, which is the picture's too.

    Example:
        >>> print(as_markdown(table(["who", "s"], [["ours", 2.5], ["theirs", 100]])))
        | who    |   s |
        |:-------|----:|
        | ours   | 2.5 |
        | theirs | 100 |
    """
    if isinstance(part, str):
        return part.strip()
    if "text" in part:
        told = f"![{part['text']}]({name}.png)"
        return told if part["draw"] else f"{told}\n\n{NO_POINTS}"
    cells = [part["columns"], *part["rows"]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        first = row[0].ljust(widths[0])
        others = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        lines.append("| " + " | ".join([first, *others[1:]]) + " |")
    rules = ["-" * (width + 1) for width in widths]
    lines.insert(1, f"|:{rules[0]}|" + "".join(f"{rule}:|" for rule in rules[1:]))
    return "\n".join(lines)


def page(record: dict) -> str:
    """The Markdown page of a record, with a mark if its code is another one now.

    Example:
        >>> record = {"name": "a", "title": "A test", "parts": ["Done."]}
        >>> print(page({**record, "machine": "two cores", "code": None}))
        # A test
        <BLANKLINE>
        **Which code this was measured with is not on record.**
        <BLANKLINE>
        Done.
        <BLANKLINE>
        Measured on two cores.
        <BLANKLINE>
    """
    blocks = [f"# {record['title']}", mark(record["code"])]
    blocks += [as_markdown(part, record["name"]) for part in record["parts"]]
    blocks += [f"Measured on {record['machine']}."]
    return "\n\n".join(filter(None, blocks)) + "\n"


def module_of(name: str) -> str:
    """The benchmark whose record has this name.

    Example:
        >>> module_of("whole_path_drawn")
        'benchmarks.whole_path'
    """
    return "benchmarks." + re.sub(r"_(drawn|photographs)$", "", name)


def drawing(record: dict) -> bytes | None:
    """The picture of a record as a PNG file, drawn anew; None if it has none."""
    for part in record["parts"]:
        if isinstance(part, dict) and part.get("draw"):
            draw = getattr(
                importlib.import_module(module_of(record["name"])), part["draw"]
            )
            buffer = io.BytesIO()
            with plt.style.context(STYLE):
                fig = draw(record)
                for ax in fig.axes:
                    # A long title goes on in a second line: it is not cut off.
                    ax.set_title(ax.get_title("left"), loc="left", wrap=True)
                fig.savefig(buffer, format="png")
                plt.close(fig)
            return buffer.getvalue()
    return None


def machine() -> str:
    """Describe the computer and what computes on it, in one line.

    Example:
        >>> "cores" in machine()
        True
    """
    import keras
    import tensorflow as tf

    today = datetime.date.today().isoformat()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, TensorFlow {tf.__version__}, "
        f"Keras {keras.__version__}; {today}"
    )


def report(
    name: str,
    title: str,
    *parts: Part,
    folder: Path = RESULTS,
    also: Sequence[str] = (),
) -> Path:
    """Print a benchmark's result, and write it where it is kept.

    Args:
        name: Of the benchmark; `_drawn` or `_photographs` follows where there are both.
        title: A sentence that says what was measured.
        *parts: Paragraphs in Markdown, tables, at most one picture.
        folder: Where results are kept.
        also: Files that were measured and are not Python, as paths from the root.

    Returns:
        The page that was written.

    Example:
        >>> from contextlib import redirect_stdout
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        ...     path = report("growth", "A test", "Done.", folder=Path(folder))
        ...     names = sorted(file.name for file in Path(folder).iterdir())
        >>> names
        ['growth.json', 'growth.md']
    """
    file = f"{module_of(name).replace('.', '/')}.py"
    record = {
        "name": name,
        "title": title,
        "parts": list(parts),
        "machine": machine(),
        "code": code_of([file, *also]),
    }
    png = drawing(record)
    if png is not None:
        _keep_picture(record, png, folder)
    write_json(folder / f"{name}.json", record)
    text = page(record)
    print(text, end="")
    write_whole(folder / f"{name}.md", text)
    return folder / f"{name}.md"


def _keep_picture(record: dict, png: bytes, folder: Path) -> None:
    (part,) = (p for p in record["parts"] if isinstance(p, dict) and "text" in p)
    part["sha256"] = hashlib.sha256(png).hexdigest()
    with whole_file(folder / f"{record['name']}.png") as unfinished:
        unfinished.write_bytes(png)


def read_record(name: str) -> dict:
    """A record that is kept.

    Example:
        >>> read_record("growth")["title"]
        'Time and memory grow in a straight line'
    """
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def rendered() -> dict[Path, str]:
    """The page of each record, as it has to be (for `tools.records`)."""
    names = sorted(path.stem for path in RESULTS.glob("*.json"))
    return {RESULTS / f"{name}.md": page(read_record(name)) for name in names}


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
