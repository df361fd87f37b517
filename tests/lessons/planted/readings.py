"""What only a reader can find false: it is named, since it has changed.

Sentences beside ties that still hold, titles, asserts and judges that let more pass,
messages, docstrings, limits, translations, records, what exempt cells print. A file in
which words no longer stand gets other words here.
"""

from tests.lessons.planted import Planted
from tools.lessons.sources import lessons
from tools.reading.lines import faults, find, in_a_row, lines_of


def row(what, place, old, new):
    """A falsehood in the first piece of a file that holds some words."""
    name, pieces = find(place)
    texts = [piece.text for piece in pieces[:-1]]
    number = next((n for n, text in enumerate(texts) if old in text), 0)

    def check(text):
        now = list(in_a_row(place, [*texts[:number], text, *texts[number + 1 :]]))
        return faults(name, [now[number]], lines_of(name))

    return Planted(what, texts[number], old, new, check, "is new, has changed")


def lesson(number):
    """Where the source of a lesson is."""
    (source,) = (s for s in lessons() if s.stem.startswith(number))
    return f"notebooks/source/{source.name}"


NINE, TWELVE = lesson("09"), lesson("12")
ZH = "translations/zh_CN"
ROWS = [
    row("a share in words", NINE, "a good third more", "a good half more"),
    row("how often", lesson("10"), "more than twice the weight", "five times as much"),
    row("a direction", lesson("05"), "The smaller the batch", "The larger the batch"),
    row("a heading", lesson("08"), "Five draws", "Six draws"),
    row("a unit", lesson("02"), "--> MB, VGG16", "--> GB, VGG16"),
    row("a tie that bears less", lesson("04"), "slower > 1", "slower > 0.1"),
    row("an assert that bears less", TWELVE, "< 0.6", "< 6"),
    row("a title", NINE, "It matters", "It hardly matters"),
    row("a curve of no result", lesson("03"), "1 / (1 + np.exp(-z))", "0 * z"),
    row("a judge", "helpers/exercises/lesson_05.py", "> 0.5", "> -0.5"),
    row("a waived number", lesson("06"), "87%", "97%"),
    row("an exempt output", "notebooks/12_put_it_into_a_hand.ipynb", "1", "2"),
    row("a limit", "CONTRIBUTING.md", "three right", "two right"),
    row("a word", "README.md", "never", "always"),
    row("a licence", "LICENSE-text", "commercially", "privately"),
    row("a reason", "requirements.in", "17 MB", "170 MB"),
    row("a message", "tools/set_up.py", "GB", "MB"),
    row("a range", "helpers/pictures/reading.py", "uint8", "float32"),
    row("a target's help", "Makefile", "an hour", "a minute"),
    row("a translation", f"{ZH}/10_look_at_mistakes.po", "少", "多"),
    row("a record", "benchmarks/results/growth.json", "253", "53"),
    row("a budget", "notebooks/budgets.csv", "5945", "1945"),
    row("what the page says", "helpers/page/README.md", "no pixels", "all pixels"),
    row("a reference", lesson("11"), "lesson 10", "lesson 5"),
]
