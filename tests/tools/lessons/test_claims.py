"""What looks like a result must be proven; what is none need not."""

import pytest

from tools.lessons.claims import untied_messages, untied_numbers


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


def test_a_message_with_no_tie_is_found():
    assert untied_messages("`KeyError: 'acc'`<!--= message -->") == []
    assert untied_messages("You see `KeyError: 'acc'`.") == ["KeyError: 'acc'"]
