"""Which lessons there are, and what they say of themselves."""

import pytest

from helpers.errors import InputError
from tools.lessons.sources import chosen, goals, lessons, title

LESSON = """# %% [markdown]
# # 8 · Add numbers

# %% [markdown]
# ## What you will learn
#
# - **Add** 2<!--= n --> numbers,
#   in your head.
# - **Prove** it.

# %% [markdown]
# ## You need
#
# - nothing
"""


@pytest.fixture
def source(tmp_path):
    source = tmp_path / "08_add_numbers.py"
    source.write_text(LESSON, encoding="utf-8")
    return source


def test_a_lesson_has_a_title(source):
    assert title(source) == "8 · Add numbers"


def test_a_lesson_without_a_title_is_told_what_to_begin_with(source):
    source.write_text("# %%\n1 + 1\n")
    with pytest.raises(InputError, match="first heading '# # 8 · Do something'"):
        title(source)


def test_goals_are_lines_without_ties(source):
    assert goals(source) == ["**Add** 2 numbers, in your head", "**Prove** it"]


def test_every_lesson_promises_something():
    assert all(goals(source) for source in lessons())


def test_lessons_are_chosen_by_number_in_reading_order(tmp_path):
    one, two = tmp_path / "01_a.ipynb", tmp_path / "02_b.ipynb"
    assert chosen([], [two, one]) == [one, two]
    assert chosen(["02", "1", "2"], [two, one]) == [one, two]
    with pytest.raises(InputError, match=r"found 7\. There are: 01_a, 02_b"):
        chosen(["7"], [two, one])
    with pytest.raises(InputError, match="There are: none"):
        chosen([], [])
