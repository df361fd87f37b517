"""The card on the package: what can be counted is counted, and names stay names."""

import datetime

import pytest

from helpers.errors import InputError
from helpers.teaching import model_card

DAY = datetime.date(2026, 11, 29)


def row(name, train=80, test=20, right=18):
    return {"name": name, "train": train, "test": test, "right": right, "recall": 0.9}


def card(*rows, **more):
    return model_card("things", rows, "My own.", "EfficientNet-Lite0", day=DAY, **more)


def test_it_counts_the_whole_and_each_class():
    text = card(row("key", right=20), row("mug", train=8))
    assert "38 of 40 pictures" in text
    assert "95%, and with other pictures of this kind between 83.1% and 99.4%" in text
    assert "| mug | 8 | 18 of 20 right, between 68.3% and 98.8% |" in text
    assert "88 pictures to learn from, 40 to test with. My own." in text
    assert "Weakest is “mug”: 18 of 20 right" in text
    assert "made on 2026-11-29" in text


def test_what_was_hardly_tested_is_named_and_what_was_not():
    text = card(row("key"), row("lamp", test=9, right=9), row("mug", test=0, right=0))
    assert "Tested with fewer than 10 pictures: “lamp”, “mug”." in text
    assert "| mug | 80 | not tested |" in text
    assert "Weakest is “key”" in text


def test_without_a_mistake_no_class_is_called_weak():
    assert "Weakest" not in card(row("key", right=20), row("mug", right=20))


def test_what_people_have_to_write_is_left_open_until_they_do():
    assert card(row("key"), row("mug")).count("To be written") == 2
    written = card(
        row("key"), row("mug"), purpose="To sort.", rights="Mine.", limits=["At night."]
    )
    assert "To be written" not in written
    assert "\n\nTo sort.\n\n" in written
    assert "\n- At night.\n" in written
    assert written.endswith("- Pictures: Mine.\n")


@pytest.mark.parametrize("name", ["a|b", "<script>", "*x*", "[a](b)", "猫", "#1"])
def test_a_name_is_shown_letter_by_letter(name):
    text = card(row(name), row("mug"))
    (line,) = [line for line in text.splitlines() if line.startswith("| ")][1:-1]
    assert line.replace("\\", "").startswith(f"| {name} |")
    assert "<script>" not in text
    assert line.count("|") - line.count("\\|") == 4


@pytest.mark.parametrize(
    "rows", [[row("key")], [row("key", test=0, right=0), row("mug", test=0, right=0)]]
)
def test_what_was_not_tested_gets_no_card(rows):
    with pytest.raises(InputError, match="Count the answers first"):
        card(*rows)
