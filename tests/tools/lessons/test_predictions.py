"""A question before an output: its rule, and a fault of each kind."""

import pytest

from tools.lessons.predictions import broken_prediction_rules, without_answers

QUESTION = """\
**Predict:** how many will be right?

<details><summary>About 50</summary>

**No.** That is what a coin gets, and it seems fair to expect no more.

</details>
<details><summary>More than 95</summary>

**Yes.** 98<!--= right --> of them.

</details>

## Next
"""


def test_good_questions_break_no_rule():
    assert broken_prediction_rules(QUESTION * 3) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("right?", "right.", "no question mark"),
        ("**No.**", "**Yes.**", "expected one answer with"),
        ("**No.**", "Well.", "expected one answer with"),
        ("**Yes.**", "**No.** Not because of what people so often say of it:", "one"),
        ("<!--= right -->", "", "has no tie"),
        (", and it seems fair to expect no more", "", "say why people choose it"),
        ("</summary>\n\n", "</summary>\n", "an empty line"),
        ("**Predict:**", "Say first:", "found 2"),
    ],
)
def test_a_question_that_breaks_a_rule(old, new, message):
    spoiled = QUESTION.replace(old, new, 1) + QUESTION * 2
    assert any(message in fault for fault in broken_prediction_rules(spoiled))


def test_a_fold_needs_a_question_and_a_question_answers():
    fold = "## Before\n\n<details><summary>More</summary>\n\nText.\n\n</details>\n\n"
    (alone,) = broken_prediction_rules(fold + QUESTION * 3)
    assert "a fold that belongs to no question" in alone
    told = broken_prediction_rules("**Predict:** what?\n\n" + QUESTION * 3)
    assert any("two to four answers, found 0" in fault for fault in told)


def test_a_number_in_an_answer_needs_no_tie():
    assert "50" not in without_answers(QUESTION)
    assert "98" in without_answers(QUESTION)
