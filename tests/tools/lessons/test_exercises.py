"""Exercises and solutions come from the source; what is stale or amiss is found."""

import json

import pytest

from helpers.errors import InputError
from tools.lessons import exercises, words
from tools.lessons.exercises import (
    broken_exercise_rules,
    build_exercises,
    exercise_faults,
    exercises_of,
    has_exercises,
    solutions_of,
)
from tools.lessons.notebooks import unexecuted
from tools.lessons.sources import lessons

LESSON = """\
# %% [markdown]
# # 0 · Start here
#
# <!-- exercises -->

# %%
lesson = True

# %% tags=["exercise-setup"]
answers, truth = [1, 2, 3], [1, 0, 3]

"""
EXERCISE = """\
# %% [markdown] tags=["exercise"]
# ## 0.2 · Find it
#
# Which is wrong? Say why.

# %% tags=["exercise-gap"]
mistakes = ...

# %% [markdown] tags=["exercise-hint"]
# Count.

# %% tags=["exercise-solution"]
mistakes = [1]

# %% [markdown] tags=["exercise-solution"]
# It is number 1<!--= mistakes[0] -->, of 3<!--= len(truth) -->.

"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A lesson with one exercise; the judge is that of lesson 0."""
    monkeypatch.setattr(words, "ENGLISH", tmp_path / "notebooks")
    source = tmp_path / "00_start_here.py"
    source.write_text(LESSON + EXERCISE, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    return source


def text_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


@pytest.mark.parametrize("source", lessons(), ids=lambda source: source.stem)
def test_the_committed_notebooks_are_what_their_source_says(source):
    assert exercise_faults(source) == []


def test_nothing_is_derived_from_a_lesson_without_exercises(source):
    source.write_text(LESSON.partition("# %% tags")[0], encoding="utf-8")
    assert not has_exercises(source)
    assert exercise_faults(source) == broken_exercise_rules(source) == []


def test_the_lesson_lists_its_exercises_and_holds_none(source):
    cells = unexecuted(source).cells
    assert len(cells) == 2
    link = "[0.2 · Find it](exercises/00_start_here.ipynb#0.2-·-Find-it)"
    assert f"- {link}: Which is wrong?\n" in cells[0].source


def built(source, monkeypatch):
    """Build with a stand-in for the run, which would need a project around it."""

    def store_only(source, notebook, target, folder):
        assert folder == target.parent
        exercises.store(notebook, target)

    monkeypatch.setattr(exercises, "execute", store_only)
    build_exercises(source)


def test_gaps_and_solutions_are_kept_apart(source, monkeypatch):
    built(source, monkeypatch)
    gaps, solutions = text_of(exercises_of(source)), text_of(solutions_of(source))
    assert "mistakes = ..." in gaps
    assert "mistakes = [1]" not in gaps
    assert gaps[-1] == 'check("0.2")\n# hint("0.2")\n# solution("0.2")'
    assert "mistakes = [1]" in solutions
    assert "mistakes = ..." not in solutions
    assert solutions[-3:-1] == ["It is number 1, of 3.", 'check("0.2")']
    assert 'compare_text("00_start_here", globals(), exercises=True)' in solutions[-1]
    for cells in (gaps, solutions):
        assert "Count." not in cells
        assert "lesson = True" not in cells
        assert "start_lesson(seed=0)" in cells[1]


def test_stale_and_edited_notebooks_are_found(source, monkeypatch):
    missing = exercise_faults(source)
    assert "is missing. Run `tools.author exercises 00`" in missing[0]
    built(source, monkeypatch)
    (not_run,) = exercise_faults(source)
    assert "was not run from top to bottom" in not_run
    exercises_of(source).write_text(
        exercises_of(source).read_text("utf-8").replace("mistakes = ...", "mistakes"),
        encoding="utf-8",
    )
    assert "is not what 00_start_here.py says: stale" in exercise_faults(source)[0]
    built(source, monkeypatch)
    source.write_text((LESSON + EXERCISE).replace("= [1]", "= [2]"), encoding="utf-8")
    told = exercise_faults(source)
    assert any(fault.startswith("solutions: ") and "stale" in fault for fault in told)


def three(text=EXERCISE):
    return LESSON + "".join(text.replace("0.2", f"0.{n}") for n in (1, 2, 3))


def test_good_exercises_break_no_rule(source):
    source.write_text(three(), encoding="utf-8")
    assert broken_exercise_rules(source) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LESSON + EXERCISE, "expected 3 exercises or more, found 1"),
        (three().replace("0.3", "0.4"), "should be ['0.1', '0.2', '0.3']"),
        (three().replace("Say why.", "All 17 of them."), "no tie: '17'"),
        (
            three(EXERCISE.replace("exercise-hint", "exercise-setup")),
            "a gap, hints and a solution, in this order",
        ),
        (three(EXERCISE.replace("-gap", "-gaps")), "found exercise, exercise-gaps"),
    ],
)
def test_exercises_that_break_a_rule(source, text, message):
    source.write_text(text, encoding="utf-8")
    assert any(message in fault for fault in broken_exercise_rules(source))


def test_a_task_without_a_number_is_told_what_to_begin_with(source):
    source.write_text(three().replace("## 0.1 · ", "## "), encoding="utf-8")
    with pytest.raises(InputError, match=r"a heading such as '## 0\.1 · Do something'"):
        broken_exercise_rules(source)
