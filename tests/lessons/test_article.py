"""Everything in the article of 2019 has its place in a lesson, and stands there."""

import re

import pytest

from tests.lessons.sections import sections
from tools.lessons.sources import NOTEBOOKS

TABLE = (NOTEBOOKS / "article.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (.+?) \| \[(\d), (.+?)\]\((\w+\.ipynb)#(.+?)\) \| (``? ?)(.+?) ?``? \|$",
    TABLE,
    re.MULTILINE,
)


def test_every_line_of_the_table_is_read():
    lines = [line for line in TABLE.splitlines() if "ipynb#" in line]
    assert len(ROWS) == len(lines) > 90


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_the_words_stand_where_the_table_says(row):
    _, number, heading, file, anchor, _, words = row
    assert int(file[:2]) == int(number)
    assert anchor == heading.replace(" ", "-")
    found = " ".join(sections(NOTEBOOKS / file)[heading].values())
    assert " ".join(words.split()) in " ".join(found.split())
