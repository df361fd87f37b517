"""The minutes that a lesson states are those that were measured."""

import math
import re

import pytest

from tests.lessons.sections import sections
from tools.lessons.budgets import read_budgets
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons

NUMBERS = {"a": 1, "two": 2, "three": 3, "four": 4, "five": 5}
SECONDS = read_budgets()["seconds"]


def stated(prose):
    """The minutes of computing that "You need" speaks of, or None."""
    found = re.search(r"\babout (\w+) minutes? of computing", prose, re.IGNORECASE)
    return NUMBERS.get(found[1]) if found else None


@pytest.mark.parametrize("source", lessons(), ids=lambda source: source.stem)
def test_a_lesson_states_the_minutes_that_it_computes(source):
    prose = " ".join(sections(notebook_of(source))["You need"]["prose"].split())
    assert stated(prose) == math.ceil(SECONDS[source.stem] / 60), prose


def test_other_minutes_and_none_are_noticed():
    assert stated("About two minutes of computing on two CPU cores.") == 2
    assert stated("Half an hour of reading, about a minute of computing.") == 1
    assert stated("Beyond that, some computing on two CPU cores.") is None
    assert stated("Half an hour of reading and doing.") is None
