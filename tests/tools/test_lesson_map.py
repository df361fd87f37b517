"""The README's map says what the lessons say."""

import pytest

from helpers.errors import InputError
from tools import lesson_map
from tools.lesson_map import README, goals, mapped
from tools.notebooks import lessons

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


def test_the_map_is_up_to_date():
    readme = README.read_text(encoding="utf-8")
    assert readme == mapped(readme), "run python -m tools.lesson_map"


def test_every_lesson_promises_something():
    assert all(goals(source) for source in lessons())


def test_goals_are_lines_without_ties(tmp_path):
    source = tmp_path / "08_add_numbers.py"
    source.write_text(LESSON, encoding="utf-8")
    assert goals(source) == ["**Add** 2 numbers, in your head", "**Prove** it"]


def test_a_lesson_that_was_never_measured_is_named(tmp_path, monkeypatch):
    source = tmp_path / "08_add_numbers.py"
    source.write_text(LESSON, encoding="utf-8")
    monkeypatch.setattr(lesson_map, "lessons", lambda: [source])
    with pytest.raises(InputError, match=r"08_add_numbers.*Run `make bench-lessons`"):
        lesson_map.lesson_map()


def test_a_readme_without_the_comments_is_refused():
    with pytest.raises(InputError, match="no such pair"):
        mapped("# Transfer learning")
