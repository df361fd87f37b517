"""Ties between the text of a lesson and its run."""

import pytest

from helpers import ties as text
from helpers.errors import InputError
from helpers.ties import compare_text, differs, find_ties, without_ties


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
        ("0.9", float("nan"), True),
    ],
)
def test_a_claim_agrees_to_its_last_digit(claim, value, wrong):
    assert differs(claim, value) is wrong


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
            "“The base has 311 layers.”: expected 311, this run gives 312",
        ),
        (
            {},
            "“The base has 311 layers.”: n_layers gives "
            "NameError(\"name 'n_layers' is not defined\")",
        ),
    ],
)
def test_a_false_text_is_shown_with_its_sentence(lesson, capsys, names, line):
    compare_text("09_lesson", names)
    assert capsys.readouterr().out == (
        f"1 of 1 results in the text differ from this run:\n{line}\n"
    )
