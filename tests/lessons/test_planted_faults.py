"""A fault of each kind, planted in a copy: each is caught, by name.

The rows of `tests/lessons/planted` are planted in small texts, one by one. Then a few
are planted in a copy of the project, all together, to see that the commands that CI
runs on the real lessons say so.
"""

import importlib
import json
import pkgutil
import re
import shutil
import subprocess
import sys

import pytest

from helpers.plumbing import ROOT
from tests.lessons import planted
from tests.lessons.planted.lessons import LESSON, exempt, read, run, spoil

ROWS = [
    row
    for module in pkgutil.iter_modules(planted.__path__)
    for row in importlib.import_module(f"{planted.__name__}.{module.name}").ROWS
]


def matching(row, text):
    return [said for said in row.check(text) if re.search(row.says, said)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_a_falsehood_is_caught(row):
    assert row.old in row.text
    assert matching(row, row.text) == []
    falsehood = row.text.replace(row.old, row.new, 1)
    assert matching(row, falsehood), list(row.check(falsehood))


@pytest.mark.parametrize("check", [read, run, spoil, exempt])
def test_the_lesson_without_a_falsehood_is_true(check):
    assert check(LESSON) == []


LEFT_OUT = [".git", ".venv", "wheels", "build", "__pycache__"]
LEFT_OUT += ["photos", "downloads", "models"]  # of data; lessons need the rest


def notebook(copy, number):
    return next((copy / "notebooks").glob(f"{number}_*.ipynb"))


def change(file, edit):
    """Let a function change a notebook's cells."""
    document = json.loads(file.read_text(encoding="utf-8"))
    edit(document["cells"])
    file.write_text(json.dumps(document), encoding="utf-8")


def replace_once(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def swap_pictures(cells):
    drawn = [
        output["data"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    one, other = drawn[:2]
    one["image/png"], other["image/png"] = other["image/png"], one["image/png"]


def exempt_a_cell(cells):
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    first["metadata"]["tags"] = ["nbval-ignore-output"]


def call_the_network(cells):
    (check,) = (c for c in cells if "check" in c["metadata"].get("tags", []))
    call = ["from urllib.request import urlopen\n", "urlopen('http://192.0.2.1')\n"]
    check["source"] = call + check["source"]


def forget_to_run(cells):
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = None, []


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the checks say of a copy in which each lesson has a fault of its own."""
    copy = tmp_path_factory.mktemp("planted") / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    source = copy / "notebooks" / "source"

    replace_once(source / "00_start_here.py", "about 98<!--=", "about 88<!--=")
    change(notebook(copy, "00"), call_the_network)
    exercises = copy / "notebooks" / "exercises" / "00_start_here.ipynb"
    replace_once(exercises, "mistakes = ...", "mistakes = 3")
    solutions = copy / "notebooks" / "solutions" / "00_start_here.ipynb"
    replace_once(solutions, '"n = 20\\n"', '"n = 19\\n"')
    replace_once(notebook(copy, "01"), "](../README.md#lessons)", "](nowhere.md)")
    change(notebook(copy, "02"), swap_pictures)
    replace_once(source / "03_add_a_head.py", "np.array(", "np.asarray(")
    change(notebook(copy, "04"), exempt_a_cell)
    change(notebook(copy, "05"), forget_to_run)
    replace_once(
        source / "06_train_cats_vs_dogs.py",
        "# ## Judge",
        "# ## 40 s later\n#\n# In 40 s it is done.\n#\n# ## Judge",
    )

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=copy, capture_output=True, text=True
        )
        assert done.returncode != 0
        return re.sub(r"\x1b\[[\d;]*m", "", done.stdout + done.stderr)

    proven = [str(p.relative_to(copy)) for p in (notebook(copy, "00"), solutions)]
    return {
        "check": run("tools.author", "check"),
        "outputs": run("tools.offline", sys.executable, "-m", "pytest", *proven),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "fault"),
    [
        ("check", "01_deep_learning_concepts: a link to nowhere.md"),
        ("check", "02_look_inside.*: a picture that this cell did not draw"),
        ("check", "06_train_cats_vs_dogs: a number with no tie: '40'"),
        ("check", "03_add_a_head.ipynb is not what 03_add_a_head.py says: stale"),
        ("check", "04_freeze_layers.ipynb, cell .*: exempt .* without a reason"),
        ("check", "05_feed_pictures.ipynb was not run from top to bottom"),
        ("outputs", "no network for 192.0.2.1"),
        ("check", "exercises.00_start_here.ipynb is not what 00_start_here.py says"),
        ("outputs", "0.1, not yet: `few` learned from 19 pictures"),
        ("outputs", "expected 8[89], found"),
    ],
)
def test_a_planted_fault_is_named(said, check, fault):
    assert re.search(fault, said[check]), said[check]
