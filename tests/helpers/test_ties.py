"""Ties between the text of a lesson and its run."""

import numpy as np
import pytest

from helpers import ties as text
from helpers.errors import InputError
from helpers.ties import (
    compare_text,
    differs,
    find_ties,
    sentences,
    untrue,
    without_ties,
)


@pytest.mark.parametrize(
    ("claim", "value", "wrong"),
    [
        ("311", 311, False),
        ("311", 312, True),
        ("1,313,794", 1313794, False),
        ("98.2%", 0.9824, False),
        ("98.2%", 0.9826, True),
        ("98%", 0.9826, False),
        ("0.50", 0.504, False),
        ("0.50", 0.506, True),
        ("−0.3", -0.31, False),
        ("-0.3", 0.31, True),
        ("1e-5", 1e-5, False),
        ("1e-5", 2e-5, True),
        ("40", (52, 20), False),
        ("40", (61, 20), True),
        ("97%", (0.98, 0.02), False),
        ("not iterable", "TypeError: 'Functional' is\n not iterable", False),
        ("not iterable", "TypeError: subscriptable", True),
        ("no cat", "no cats here", True),  # at the bounds of words
        ("cat", "cat", False),
        ("cat", "a cat", True),  # a single word is all of it
        ("70%", (0.72, 0.03, 0.5), False),
        (None, True, False),
        (None, np.bool_(False), True),
        ("0.9", float("nan"), True),
    ],
)
def test_a_claim_agrees_to_its_last_digit(claim, value, wrong):
    assert differs(claim, value) is wrong


@pytest.mark.parametrize(
    ("claim", "value", "message"),
    [
        (None, 1, "expected True or False, found 1"),
        (None, np.array([True, True]), "expected True or False"),
        ("70%", (0.72, 0.05, 0.5), "a fifth of the distance from 70% to 0.5 at most"),
    ],
)
def test_a_value_that_proves_nothing_is_refused(claim, value, message):
    with pytest.raises(InputError, match=message):
        differs(claim, value)


def test_a_text_is_taken_apart_into_what_can_be_true_or_false():
    text = """# A title

One is
**2**<!--= a. b -->. Two<!--? x > 1
or y -->, `a. b`! Three?

| a. b | c<!--! no. reason --> |
|---|---|
1. First
2. Second
   line
- item
"""
    assert sentences(text) == [
        "A title",
        "One is\n**2**<!--= a. b -->.",
        "Two<!--? x > 1\nor y -->, `a. b`!",
        "Three?",
        "a.",
        "b",
        "c<!--! no. reason -->",
        "---",
        "---",
        "First",
        "Second\n   line",
        "item",
    ]
    assert [tie.claim for tie in find_ties(text)] == ["2", None]


def test_ties_are_found_behind_numbers_and_messages():
    source = (
        "The head has **1,313,794**<!--= n --> parameters.\n\nIt says "
        "`no such\nlayer`<!--= message -->. About 40 <!--= r, 20 -->times."
    )
    found = [(tie.claim, tie.expression) for tie in find_ties(source)]
    assert found == [
        ("1,313,794", "n"),
        ("no such\nlayer", "message"),
        ("40", "r, 20"),
    ]
    assert find_ties(source)[2].sentence == "About 40 times."
    assert "<!--" not in without_ties(source)


def test_a_tie_behind_neither_is_refused():
    with pytest.raises(InputError, match="expected a number or a message"):
        find_ties("The head has many<!--= n --> parameters.")


def test_what_is_found_is_told_in_short():
    text = "About 5<!--= n, 0.5 --> and `a b`<!--= said --> hold<!--? n > 9 -->."
    names = {"n": np.float64(7.5), "said": "x\n" * 200}
    band, message, order = untrue(text, names)
    assert "expected 5, found 7.5 (n, 0.5)" in band
    assert len(message) < 300
    assert "expected True, found False (n > 9)" in order


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "LESSON_SOURCES", tmp_path)
    (tmp_path / "09_lesson.py").write_text(
        "# %% [markdown]\n# The base has 311<!--= n_layers --> layers.\n\n"
        "# %%\nn_layers = 311  # 5<!--= nothing -->\n",
        encoding="utf-8",
    )


def test_a_true_text_is_counted(lesson, capsys):
    compare_text("09_lesson", {"n_layers": 311})
    assert capsys.readouterr().out == "All 1 results in the text agree with this run.\n"


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (
            {"n_layers": 312},
            "“The base has 311 layers.”: expected 311, found 312 (n_layers)",
        ),
        (
            {},
            "“The base has 311 layers.”: expected 311, found "
            "NameError(\"name 'n_layers' is not defined\") (n_layers)",
        ),
    ],
)
def test_a_false_text_is_shown_with_its_sentence(lesson, capsys, names, line):
    compare_text("09_lesson", names)
    assert capsys.readouterr().out == (
        f"1 of 1 results in the text differ from this run:\n{line}\n"
    )
