"""Everything in the article of 2019 has its place in a lesson, and stands there."""

import json
import re

import nbformat
import pytest

from tools.notebooks import NOTEBOOKS

TABLE = (NOTEBOOKS / "article.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (.+?) \| \[(\d), (.+?)\]\((\w+\.ipynb)#(.+?)\) \| (``? ?)(.+?) ?``? \|$",
    TABLE,
    re.MULTILINE,
)


def section(file, heading):
    """Prose, code and outputs below a heading of a lesson, up to the next one."""
    parts = {"": ""}
    name = ""
    for cell in nbformat.read(NOTEBOOKS / file, as_version=4).cells:
        if cell.cell_type == "code":
            parts[name] += f"\n{cell.source}\n{json.dumps(cell.outputs)}"
            continue
        for piece in re.split(r"^(?=##? )", cell.source, flags=re.MULTILINE):
            if piece.startswith("#"):
                name = piece.partition("\n")[0].lstrip("# ")
                parts.setdefault(name, "")
            parts[name] += f"\n{piece}"
    return " ".join(parts[heading].split())


def test_every_line_of_the_table_is_read():
    lines = [line for line in TABLE.splitlines() if "ipynb#" in line]
    assert len(ROWS) == len(lines) > 90


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_the_words_stand_where_the_table_says(row):
    _, number, heading, file, anchor, _, words = row
    assert int(file[:2]) == int(number)
    assert anchor == heading.replace(" ", "-")
    assert " ".join(words.split()) in section(file, heading)
