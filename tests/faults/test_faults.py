"""Every fault of the table: one message that says what to do, and nothing half-made."""

import os
import re
import tempfile

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT
from tests.faults import FAULTS, meet
from tests.faults.__main__ import README, as_markdown, seen
from tests.faults.side_by_side import PAGE, PAIRS, what_keras_says

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault.group}: {fault.name}"
)
def test_a_fault_is_healed_or_explained(fault):
    outcome = meet(fault)
    if fault.works:
        assert outcome.error is None, outcome.message
        return
    assert type(outcome.error) is InputError, repr(outcome.error)
    assert re.search(fault.sees, outcome.message, re.DOTALL), outcome.message
    assert "Traceback" not in outcome.message
    assert outcome.changed == set()


def test_there_are_enough_of_them_and_no_two_alike():
    names = [(fault.group, fault.name) for fault in FAULTS]
    assert len(names) == len(set(names)) >= 90


def test_the_table_in_the_readme_is_what_they_say():
    page = as_markdown()
    assert README.read_text(encoding="utf-8") == page, "run: python -m tests.faults"
    assert str(ROOT) not in page
    assert tempfile.gettempdir() + os.sep not in page


def test_side_by_side_our_words_are_the_same():
    page = PAGE.read_text(encoding="utf-8")
    table = {(fault.group, fault.name): fault for fault in FAULTS}
    assert len(PAIRS) >= 20
    for place in PAIRS:
        (row,) = [
            row for row in page.splitlines() if row.startswith(f"| {place[1]} | `")
        ]
        assert row.endswith(f" | {seen(table[place])} |")


def test_side_by_side_keras_is_really_asked():
    table = {(fault.group, fault.name): fault for fault in FAULTS}
    empty = ("pictures", "empty")
    assert "UnidentifiedImageError" in what_keras_says(table[empty], PAIRS[empty])
