"""The glossary has every word that lessons explain, where they explain it."""

import re

import pytest

from tests.lessons.sections import sections
from tools.lessons.sources import NOTEBOOKS, lessons

GLOSSARY = (NOTEBOOKS / "glossary.md").read_text(encoding="utf-8")
ENTRIES = re.findall(
    r"^\| \*\*(.+?)\*\* \| (.+) \| \[(\d+)\]\((\w+\.ipynb)#(.+)\) \|$",
    GLOSSARY,
    re.MULTILINE,
)


def bold(text):
    """The words in bold: neither goals nor run-in headings, which end a sentence."""
    found = re.findall(r"\*\*([^*]+?)\*\*(?!\*)", text)
    return {word.lower() for word in found if not word.endswith((".", ":"))}


def test_every_line_of_the_table_is_an_entry_in_order():
    lines = [line for line in GLOSSARY.splitlines() if line.startswith("| **")]
    assert len(ENTRIES) == len(lines) > 40
    words = [entry[0].lower() for entry in ENTRIES]
    assert words == sorted(words)


@pytest.mark.parametrize(("word", "_", "number", "file", "anchor"), ENTRIES)
def test_the_lesson_explains_the_word_where_the_glossary_says(
    word, _, number, file, anchor
):
    assert int(file[:2]) == int(number)
    prose = sections(NOTEBOOKS / file)[anchor.replace("-", " ")]["prose"]
    plural = f"{word.lower()}s"
    assert {word.lower(), plural} & bold(prose), f"{word} is not bold there"


# In bold to be seen, not explained; or an alternative of an explained word.
EMPHASIS = {
    *(
        "with",
        "without",
        "no message",
        "function",
        "key",
        "query",
        "value",
        "plan",
        "network",
    ),
    "if you come from 2019",
    *("weights", "transfer", "freeze", "unfreeze", "from scratch", "fine-tuned"),
    *("keras applications", "pydataset", "tf.data", "start of the model"),
    *("training pipeline", "one sigmoid with binary", "fingerprint"),
    *(
        "pooling forgotten",
        "logistic regression",
    ),
    *("flatten without a size", "forgotten `compile`", "drifting batch normalization"),
    *("a learning rate that is\ntoo high", "98%", "neurons", "columns, "),
}


@pytest.mark.parametrize("lesson", lessons(), ids=lambda source: source.stem)
def test_no_explained_word_is_missing(lesson):
    told = sections(NOTEBOOKS / f"{lesson.stem}.ipynb")
    words = set()
    for heading, part in told.items():
        if heading not in ("What you will learn", "Try it"):
            words |= bold(part["prose"])
    known = {entry[0].lower() for entry in ENTRIES}
    assert words - known - EMPHASIS == set()
