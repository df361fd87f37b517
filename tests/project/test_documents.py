"""The numbers in README and TROUBLESHOOTING are those that were measured.

A number carries a tie, as in a lesson, with names from here: stored outputs, measured
costs, the benchmarks' tables, the set-up's constants, this environment.
"""

import itertools
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from helpers.plumbing import ROOT
from helpers.sources import make_training_set
from helpers.sources.downloads import SETS
from helpers.ties import differs, find_ties
from tools import machine, readme_picture
from tools.lessons.budgets import read_budgets
from tools.lessons.claims import untied_numbers
from tools.lessons.runs import Result, table
from tools.lessons.sources import NOTEBOOKS

DOCUMENTS = ("README.md", "TROUBLESHOOTING.md")
PATH = "whole_path_photographs"
ABOUT = r"right on about (\d+)% of"
RIGHT = (r"^cat +(\d+) +\d+$", r"^dog +\d+ +(\d+)$")  # in the confusion table


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def stored(lesson, pattern):
    """The number that a pattern finds in the stored outputs of a lesson."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    outputs = [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    found = re.findall(pattern, "\n".join(outputs), flags=re.MULTILINE)
    assert len(set(found)) == 1, f"{pattern} in {path.name}: {found}"
    return float(found[0])


def record(name, row, column):
    """A cell of the first table of a benchmark; parts of its names are enough."""
    text = read(f"benchmarks/results/{name}.md")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    table = itertools.takewhile(
        lambda line: line.count("|") == lines[0].count("|"), lines
    )
    heading, _, *rows = [[c.strip() for c in line.split("|")[1:-1]] for line in table]
    (place,) = [i for i, title in enumerate(heading) if column in title][:1]
    same = [cells for cells in rows if cells[0] == row]
    (found,) = same or [cells for cells in rows if row in cells[0]]
    return float(found[place])


def names():
    return {
        "stored": stored,
        "record": record,
        "PATH": PATH,
        "ours": record(PATH, "Dense 2, 20 epochs", "features (s)")
        + record(PATH, "Dense 2, 20 epochs", "training (s)"),
        "theirs": record(PATH, "the article's recipe", "training (s)"),
        "budgets": read_budgets(),
        "SETS": SETS,
        "n_train": stored("07", r"^\((\d+), 1280\) \(\d+, 1280\)$"),
        "per_class": sum(make_training_set.__defaults__[:2]),
        "DOWNLOAD_GB": machine.DOWNLOAD_GB,
        "NEEDED_GB": machine.NEEDED_GB,
    }


def disk_gb():
    """What this environment takes on the disk."""
    total = 0
    for folder, _, files in os.walk(sys.prefix):
        for file in files:
            told = os.lstat(os.path.join(folder, file))
            total += getattr(told, "st_blocks", -(-told.st_size // 4096) * 8) * 512
    return total / 1e9


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_tied_number_is_the_measured_one(name):
    known = names()
    if sys.platform == "linux" and Path(sys.prefix).name == ".venv":
        known["disk_gb"] = disk_gb()
    ties = find_ties(read(name))
    assert ties
    for tie in ties:
        if "disk_gb" in tie.expression and "disk_gb" not in known:
            continue  # the claim is for Linux, and for the environment that make fills
        value = eval(tie.expression, dict(known))
        assert not differs(tie.claim, value), f"{tie.sentence}: {tie} gives {value}"


def test_no_number_in_the_readme_is_without_proof():
    text = re.sub("<!-- lessons -->.*<!-- /", "", read("README.md"), flags=re.DOTALL)
    text = re.sub(r"(CC BY|CC BY-SA|Apache)[ -]\d\.0", "the licence", text)
    text = re.sub(r"!\[.*?\]", "", text)  # compared with the picture below
    assert untied_numbers(text) == []


def test_what_make_run_is_said_to_print_is_what_it_printed():
    (block,) = re.findall(r"```\n(lesson  .*?)```", read("README.md"), flags=re.DOTALL)
    heading, _, row, _, sentence = block.splitlines()
    results = [Result(name, *costs, True) for name, costs in read_budgets().iterrows()]
    lines = table(results).splitlines()
    assert heading == lines[0]
    assert row in lines
    right = sum(stored("06", pattern) for pattern in RIGHT)
    n = stored("06", r"% of (\d+) pictures it never saw")
    assert f"{right / n:.1%} on {n:.0f} pictures it never saw" in sentence


def test_the_picture_is_small_and_shows_what_is_said():
    picture = Image.open(readme_picture.PICTURE)
    (told,) = re.findall(
        r"!\[(.*?)\]\(notebooks/pictures/answers.png\)", read("README.md")
    )
    assert picture.text["Description"] == told
    assert readme_picture.PICTURE.stat().st_size <= readme_picture.MOST_BYTES
    wrong, n = re.search(r"(\d+) of (\d+) answers are wrong", told).groups()
    assert abs(int(wrong) / int(n) - (1 - stored("06", ABOUT) / 100)) <= 0.01
