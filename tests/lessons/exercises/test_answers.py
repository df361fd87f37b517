"""Every right answer to an exercise is taken, every wrong one refused with a reason.

The answers of a lesson stand in `lesson_NN.py` beside this file:

    RIGHT = {"0.1": ["code in place of the gap", …]}
    WRONG = {"0.1": [("code in place of the gap", "words that the refusal has"), …]}

They run after the set-up cells of the lesson's exercises and of their own exercise, and
after nothing else: each exercise stands on its own.
"""

import functools
import importlib
import inspect
import re

import pytest

from helpers.exercises import (
    check,
    hint,
    setup_and_exercises,
    solution,
    templates,
    translated,
)
from helpers.exercises.asking import _asked, _checked, _judge
from tools.lessons.exercises import has_exercises
from tools.lessons.sources import lessons
from tools.translation.collecting import JUDGES
from tools.translation.segments import has_words

pytestmark = pytest.mark.slow

SOURCES = [source for source in lessons() if has_exercises(source)]
PARTS = {s: setup_and_exercises(s.read_text(encoding="utf-8")) for s in SOURCES}
EXERCISES = {one.number: (s, one) for s in SOURCES for one in PARTS[s][1]}
TABLES = {
    source: importlib.import_module(f"{__package__}.lesson_{source.stem[:2]}")
    for source in SOURCES
}
RIGHT = {n: code for table in TABLES.values() for n, code in table.RIGHT.items()}
# Every sentence of a judge, with a sign: what another language puts into its place.
SIGNED = {
    text: f"¤{text}"
    for path in JUDGES.glob("*.py")
    for text, _ in templates(path.read_text(encoding="utf-8"))
    if has_words(text)
}
WRONG = {n: pairs for table in TABLES.values() for n, pairs in table.WRONG.items()}


@functools.cache
def lesson_names(source):
    """What the first set-up cells of a lesson's exercises make."""
    from helpers.start import start_lesson

    start_lesson(seed=0)
    return ran(code_of(PARTS[source][0], "exercise-setup"), {"__name__": "__main__"})


@functools.cache
def names_before(number):
    """What a learner has when the gap of an exercise is reached."""
    source, one = EXERCISES[number]
    return ran(code_of(one.cells, "exercise-setup"), lesson_names(source))


def code_of(cells, tag):
    return "\n".join(cell.text for cell in cells if cell.tag == tag and cell.is_code)


def ran(code, names):
    """The names after some code has run; those of before stay as they are."""
    import keras

    keras.utils.set_random_seed(0)
    names = dict(names)
    exec(compile(code, "the answer", "exec"), names)
    return names


def said(capsys, number, names):
    """What `check` prints of these names."""
    capsys.readouterr()
    check(number, names)
    return capsys.readouterr().out


@pytest.mark.parametrize("number", EXERCISES)
def test_there_are_answers_enough_of_both_kinds(number):
    assert len(RIGHT.get(number, [])) >= 3
    assert len(WRONG.get(number, [])) >= 5


@pytest.mark.parametrize(
    ("number", "code"),
    [(number, code) for number, codes in RIGHT.items() for code in codes],
    ids=[f"{n} right {i}" for n, codes in RIGHT.items() for i in range(len(codes))],
)
def test_a_right_answer_is_taken(capsys, number, code):
    told = said(capsys, number, ran(code, names_before(number)))
    assert told.startswith(f"{number} is right: ")
    assert translated(told.strip(), SIGNED).startswith(f"¤{number} is right: ¤")


@pytest.mark.parametrize(
    ("number", "code", "why"),
    [(number, *pair) for number, pairs in WRONG.items() for pair in pairs],
    ids=[f"{n} wrong {i}" for n, pairs in WRONG.items() for i in range(len(pairs))],
)
def test_a_wrong_answer_is_refused_with_its_reason(capsys, number, code, why):
    told = said(capsys, number, ran(code, names_before(number)))
    assert told.startswith(f"{number}, not yet: ")
    assert why in told
    assert not re.search(r"[.?!][.]$", told.strip()), "it ends twice"
    whole = told.strip().rstrip(".") + "."  # a question is printed without it
    assert translated(whole, SIGNED).startswith(f"¤{number}, not yet: ¤")


@pytest.mark.parametrize("number", EXERCISES)
def test_an_unfilled_gap_runs_and_is_not_right(capsys, monkeypatch, number):
    gap = code_of(EXERCISES[number][1].cells, "exercise-gap")
    names = ran(gap, names_before(number))
    told = said(capsys, number, names)
    assert told.startswith(f"{number}, not yet: ")
    assert "there is no `" not in told  # the gap makes each name that is asked for
    monkeypatch.setenv("STRICT_CHECKS", "1")
    with pytest.raises(AssertionError, match=f"{number}, not yet: "):
        check(number, names)


def hostile():
    """What may stand where an answer should: no judge may stumble over it."""
    import keras
    import numpy as np

    nothing = {"Ellipsis": ..., "None": None}
    numbers = {"nan": float("nan"), "infinity": float("inf"), "huge": 10**400}
    texts = {"text": "cat", "code": "accuracy = 1", "empty": "", "bytes": b"cat"}
    containers = {"list": [], "table": {}, "ragged": [[1, 2], [3]], "tuple": (1,)}
    arrays = {
        "array": np.zeros((3, 0)),
        "of nan": np.full(5, np.nan),
        "of objects": np.array([None, "cat"], dtype=object),
        "scalar": np.array("cat"),
    }
    others = {
        "object": object(),
        "class": dict,
        "function": lambda: 1 / 0,
        "broken": lambda *args, **kwargs: args[99],
        "generator": (n for n in ()),
        "error": ValueError("cat"),
        "neither fitted nor compiled": keras.Sequential([keras.layers.Dense(1)]),
        "complex": 1j,
        "true": True,
    }
    return {**nothing, **numbers, **texts, **containers, **arrays, **others}


@pytest.mark.parametrize("number", EXERCISES)
def test_whatever_comes_gets_one_sentence(capsys, number):
    names = ran(RIGHT[number][0], names_before(number))
    before = names_before(number)
    gap = ran(code_of(EXERCISES[number][1].cells, "exercise-gap"), before)
    answer = [name for name in gap if name not in before]
    assert answer
    for name in answer:
        for kind, value in hostile().items():
            told = said(capsys, number, {**names, name: value})
            assert told.startswith(number), kind
            assert told.count("\n") == 1, f"{kind}: {told}"
    for name in inspect.signature(_judge(number)).parameters:
        without = {k: v for k, v in names.items() if k != name}
        assert said(capsys, number, without).startswith(number)
    assert "there is no `" in said(capsys, number, {})


@pytest.mark.parametrize("number", EXERCISES)
def test_a_hint_does_not_give_the_solution_away(capsys, number):
    _, one = EXERCISES[number]
    solved = set(code_of(one.cells, "exercise-solution").splitlines())
    given = set(code_of(one.cells, "exercise-gap").splitlines())
    _asked.clear()
    for expected in one.texts("exercise-hint"):
        hint(number)
        told = capsys.readouterr().out
        assert told.startswith(expected)
        assert not any(line in told for line in solved - given if len(line) > 12)


@pytest.mark.parametrize("number", EXERCISES)
def test_the_solution_is_shown_after_a_try_or_when_asked_twice(capsys, number):
    _checked.discard(number)
    _asked.clear()
    first_line = EXERCISES[number][1].texts("exercise-solution")[0].splitlines()[0]
    solution(number)
    assert "Try first" in capsys.readouterr().out
    solution(number)
    assert first_line in capsys.readouterr().out
    _asked.clear()
    check(number, {})
    capsys.readouterr()
    solution(number)
    assert first_line in capsys.readouterr().out


@pytest.mark.parametrize("number", ["9.9", "", "cat", None, 0.1, ..., "0.x", "-1.1"])
def test_no_such_exercise(capsys, number):
    for ask in (check, hint, solution):
        ask(number)
        told = capsys.readouterr().out
        assert "expected the number of an exercise, such as check('0.1')" in told
