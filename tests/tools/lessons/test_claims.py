"""What looks like a result must be proven; what is none need not."""

import pytest

from tools.lessons.claims import untied_messages, untied_numbers, untied_words


@pytest.mark.parametrize(
    "text",
    [
        "In 2019 the base had 311<!--= n --> layers, of InceptionV3.",
        "`224×224` pixels, values from −1 to 1 or 0 to 255; **98%**<!--= a --> right.",
        "See lesson 5, lessons 3 to 6, section 12. TensorFlow 2.21 with Keras 3.",
        "```\n40 lines\n```\n\n1. One.\n2. [Two](03_add_a_head.ipynb#40)",
    ],
)
def test_numbers_that_are_proven_or_no_results(text):
    assert untied_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It takes 40 minutes.", "'40'"),
        ("Right on 98.5%.", "'98.5%'"),
        ("At 1,313,794 parameters.", "'1,313,794'"),
        ("The loss is 0.31, then 12<!--= n -->.", "'0.31'"),
        ("| epoch | 0.5 |", "'0.5'"),
    ],
)
def test_a_number_with_no_tie_is_found(text, number):
    (found,) = untied_numbers(text)
    assert found.startswith(f"{number} in: ")


@pytest.mark.parametrize(
    "span",
    ["`paths[:20]`", "`mixed10`", "`224×224`", "`SGD(0.1)`", "`python -m tools.x 6`"],
)
def test_code_is_no_result(span):
    assert untied_numbers(f"Try {span} now.", code="size = (224, 224)") == []


@pytest.mark.parametrize("span", ["`0.35`", "`6×6`", "`224`", "`64 + 64`"])
def test_a_number_in_code_marks_is_a_result(span):
    assert untied_numbers(f"It is {span} now.", code="size = (224, 224)")
    assert untied_numbers(f"It is {span}<!--= x --> now.", code="") == []


@pytest.mark.parametrize(
    "text",
    [
        "Is it faster?",
        "It no longer runs. Rather than that, ask.",
        "Most often the memory was full; at least one is.",
        "It is `better`, see [it](faster.md).",
        "It is faster<!--? a < b -->.",
        "It never met one<!--! the set has photographs only -->.",
        "Take the same pictures and the upper layers.",
    ],
)
def test_words_that_claim_nothing_or_are_proven(text):
    assert untied_words(text) == []


def test_a_tie_proves_its_sentence_and_no_other():
    (found,) = untied_words("It is faster<!--? a < b -->. It is better.\n\nIt is.")
    assert found == "'better' in: It is better."


def test_a_message_with_no_tie_is_found():
    assert untied_messages("`KeyError: 'acc'`<!--= message -->") == []
    assert untied_messages("You see `KeyError: 'acc'`.") == ["KeyError: 'acc'"]
