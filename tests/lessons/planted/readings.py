"""What only a reader can find false: it is named, since it has changed.

Sentences beside ties that still hold, titles, asserts and judges that let more pass,
messages, docstrings, limits, translations, records, what exempt cells print.
"""

import itertools

from tests.lessons.planted import Planted
from tools.reading import faults, groups, lines_of

GROUPS = groups()


def row(what, place, old, new):
    """A falsehood in the one piece of a file that holds some words."""
    name, piece = next(
        (name, piece)
        for name, pieces in GROUPS.items()
        for piece in pieces
        if piece.place == place and old in piece.text
    )

    def check(text):
        now = [each._replace(text=text) if each is piece else each for each in whole]
        return faults(name, now, lines_of(name))

    whole = GROUPS[name]
    return Planted(what, piece.text, old, new, check, "is new or has changed")


def lesson(number):
    """Where the source of a lesson is."""
    return next(
        piece.place
        for piece in itertools.chain(*GROUPS.values())
        if piece.place.startswith(f"notebooks/source/{number}_")
    )


NINE, TWELVE = lesson("09"), lesson("12")
ZH = "translations/zh_CN"
ROWS = [
    row("a share in words", NINE, "a good third more", "a good half more"),
    row(
        "how often", lesson("10"), "more than twice the weight", "five times the weight"
    ),
    row("a direction", lesson("05"), "The smaller the batch", "The larger the batch"),
    row("a heading", lesson("08"), "Five draws", "Six draws"),
    row("a unit", lesson("02"), "--> MB, VGG16", "--> GB, VGG16"),
    row("a tie that bears less", lesson("04"), "slower > 1", "slower > 0.1"),
    row("an assert that bears less", TWELVE, "< 0.6", "< 6"),
    row("a title", NINE, "It matters", "It hardly matters"),
    row("a wave that is no result", lesson("03"), "1 / (1 + np.exp(-z))", "0 * z"),
    row("a judge", "helpers/exercises/lesson_05.py", "> 0.5", "> -0.5"),
    row("a waived number", lesson("06"), "87%", "97%"),
    row(
        "what an exempt cell prints",
        NINE.replace("source/", "")[:-2] + "ipynb",
        "1",
        "2",
    ),
    row("a limit", "CONTRIBUTING.md", "three right", "two right"),
    row("a sentence in a document", "README.md", "never", "always"),
    row("a licence", "LICENSE-text", "commercially", "privately"),
    row("a reason", "requirements.in", "17 MB", "170 MB"),
    row("a message", "tools/set_up.py", "GB", "MB"),
    row("a range in a docstring", "helpers/pictures/reading.py", "uint8", "float32"),
    row("a target's help", "Makefile", "an hour", "a minute"),
    row("a translation", f"{ZH}/10_look_at_mistakes.po", "少", "多"),
    row("a record", "benchmarks/results/growth.json", "253", "53"),
    row("a budget", "notebooks/budgets.csv", "5945", "1945"),
    row("a word of the page", "helpers/page/README.md", "no pixels", "all pixels"),
    row("a reference", lesson("11"), "lesson 10", "lesson 5"),
]
