"""What a learner is told to do next, case by case."""

from __future__ import annotations

import re

import pytest

from helpers.teaching.advice import (
    accuracy_sentence,
    by_recall,
    most_confused,
    percent,
    quoted,
    short,
    three_sentences,
)

CURVE = [
    {"pictures": 20, "accuracy": 0.90, "low": 0.88, "high": 0.92},
    {"pictures": 80, "accuracy": 0.98, "low": 0.975, "high": 0.995},
    {"pictures": 160, "accuracy": 0.996, "low": 0.99, "high": 1.0},
]


def make_facts(rights=(100, 100), tests=(100, 100), interval=(0.97, 1.0), **others):
    """A good classifier of mugs and keys, unless told otherwise."""
    names = ("mug", "house key")
    classes = [
        {"name": name, "train": train, "test": test, "right": right,
         "recall": right / test}
        for name, train, right, test in zip(names, (80, 90), rights, tests, strict=True)
    ]  # fmt: skip
    (a, b), (m, n) = rights, tests
    return {
        "name": "kitchen", "model": "data/models/kitchen.keras", "guessing": 0.5,
        "classes": classes, "confusion": [[a, m - a], [n - b, b]],
        "accuracy": {"right": a + b, "of": m + n, "value": (a + b) / (m + n),
                     "interval": list(interval)},
        "doubtful_labels": [], "learning_curve": CURVE, **others,
    }  # fmt: skip


def test_good_classifier_is_used_handed_on_and_tried_elsewhere():
    name, hand_on, elsewhere = three_sentences(make_facts())
    assert "data_scripts.name_picture --model data/models/kitchen.keras" in name
    assert "of 200 in the test, it had 0 wrong" in name
    assert "Hand on data/models/kitchen.keras" in hand_on
    assert "“mug” and “house key”" in hand_on
    assert elsewhere.startswith("Try “kitchen” on pictures from another day")


def test_doubtful_labels_come_first():
    label = {"picture": "mug/a.jpg", "looks_like": "house key", "probability": 0.97}
    facts = make_facts(doubtful_labels=[label])
    assert three_sentences(facts)[0] == (
        "Look at “mug/a.jpg”, which looks like “house key” (97%): move what is in the "
        "wrong folder, and train again."
    )
    facts["doubtful_labels"] *= 7
    assert three_sentences(facts)[0].startswith(
        "Look at the 7 labels that may be wrong, first at “mug/a.jpg”, which looks like"
    )


def test_weakest_class_is_named_with_what_it_is_taken_for():
    assert three_sentences(make_facts(rights=(100, 94)))[0] == (
        "Help “house key”, which has the fewest right, 94 of 100, and was taken for "
        "“mug” 6 times: add pictures of both that show what sets them apart."
    )
    assert "for “mug” twice:" in three_sentences(make_facts(rights=(100, 98)))[0]
    assert "for “mug” once:" in three_sentences(make_facts(rights=(100, 99)))[0]


def test_rising_curve_asks_for_pictures_of_the_smallest_class():
    facts = make_facts(learning_curve=CURVE[:2])
    assert three_sentences(facts)[0] == (
        "Add pictures, first of “mug”, which has 80: the accuracy was still rising, "
        "from 90% to 98% when it learned from 80 pictures instead of 20."
    )


def test_level_curve_asks_for_other_pictures():
    level = [{**CURVE[1], "accuracy": 0.91}, {**CURVE[2], "accuracy": 0.912}]
    sentence = three_sentences(make_facts(learning_curve=level))[0]
    assert "Do not expect much from more pictures of the same kind" in sentence
    assert "from 91% to 91.2%" in sentence


def test_step_within_the_spread_is_not_called_a_rise():
    points = [
        {"pictures": 20, "accuracy": 0.90, "low": 0.80, "high": 1.0},
        {"pictures": 40, "accuracy": 0.93, "low": 0.86, "high": 1.0},
    ]
    assert "Do not expect much" in three_sentences(make_facts(learning_curve=points))[0]


@pytest.mark.parametrize("curve", [[], CURVE[:1]])
def test_without_a_curve_nothing_is_said_of_it(curve):
    text = " ".join(three_sentences(make_facts(learning_curve=curve)))
    assert "more pictures" not in text
    assert "Add pictures" not in text


def test_small_test_says_how_many_would_halve_the_range():
    facts = make_facts((5, 5), (5, 5), (0.72, 1.0))
    assert three_sentences(facts)[0] == (
        "Test on more: 10 pictures cannot say more than “between 72% and 100%”, while "
        "40 would make that range about half as wide."
    )


def test_class_with_few_test_pictures_is_named():
    sentence = three_sentences(make_facts((195, 4), (195, 4)))[0]
    assert sentence.startswith("Test “house key” on more than 4 pictures")


def test_classifier_no_better_than_guessing_is_not_to_be_used():
    facts = make_facts((100, 0), (100, 80), (0.49, 0.63), guessing=0.556)
    first, second, _ = three_sentences(facts)
    assert first.startswith("Do not rely on it yet: whoever always says “mug” is right")
    assert "55.6%" in first
    assert "0 of 80" in second


def test_all_rules_at_once_still_give_three():
    label = {"picture": "mug/a.jpg", "looks_like": "house key", "probability": 0.97}
    facts = make_facts((3, 0), (3, 3), (0.1, 0.8), doubtful_labels=[label])
    sentences = three_sentences(facts)
    assert [sentence.split()[0] for sentence in sentences] == ["Do", "Look", "Help"]


def test_each_sentence_has_a_number_and_a_name():
    for facts in (make_facts(), make_facts((90, 80)), make_facts((5, 5), (5, 5))):
        for sentence in three_sentences(facts):
            assert sentence.endswith(".")
            assert re.search(r"mug|key|kitchen", sentence)
    for facts in (make_facts(), make_facts((90, 80))):
        assert re.search(r"\d", three_sentences(facts)[0])


def test_untested_class_is_never_the_weakest():
    facts = make_facts((9, 1), (10, 1))
    facts["classes"][1].update(test=0, right=0, recall=None)
    facts["confusion"] = [[9, 1], [0, 0]]
    assert [each["name"] for each in by_recall(facts)] == ["mug", "house key"]
    assert "Help “mug”" in " ".join(three_sentences(facts))


def test_most_confused_counts_each_way_apart():
    classes = [{"name": name} for name in "abc"]
    confusion = [[5, 1, 0], [3, 2, 0], [0, 0, 5]]
    facts = {"classes": classes, "confusion": confusion}
    assert most_confused(facts) == [("b", "a", 3), ("a", "b", 1)]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"), (1, "100%"), (0.5, "50%"), (0.123, "12.3%"), (0.9996, "over 99.9%"),
        (0.0004, "under 0.1%"), (0.9994, "99.9%"), (0.0006, "0.1%"),
    ],
)  # fmt: skip
def test_percent_never_rounds_to_certainty(share, text):
    assert percent(share) == text


def test_accuracy_sentence_has_both_counts_and_both_ends():
    facts = make_facts((1234, 1000), (1300, 1000), (0.9623, 0.9765))
    assert accuracy_sentence(facts) == (
        "2,234 of 2,300 right: 97.1%, and with other pictures of this kind between "
        "96.2% and 97.7%."
    )


def test_names_are_on_one_line_and_isolated_where_they_must_be():
    assert quoted("two\nlines") == "“two\\nlines”"
    assert quoted("مفتاح") == "“\u2068مفتاح\u2069”"
    assert quoted("مفتاح/a.jpg") == "“\u2066مفتاح/a.jpg\u2069”"
    assert quoted("咖啡杯") == "“咖啡杯”"
    assert short("m" * 60) == "m" * 60
    assert short("a" * 100 + "b" * 100) == "a" * 30 + "…" + "b" * 29
