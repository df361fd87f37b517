"""What documents claim: read by the rules of lessons, compared with what is measured.

Each check takes a text and gives sentences about what is false in it, so that
falsehoods can be planted (`tests/lessons/planted/documents.py`).
"""

import functools
import os
import re
import sys
from importlib import metadata
from pathlib import Path

import nbformat
import yaml

from benchmarks.report import read_record
from helpers.plumbing import ROOT
from helpers.sources import make_training_set
from helpers.sources.downloads import SETS
from helpers.ties import untrue
from tools import machine
from tools.lessons.budgets import read_budgets
from tools.lessons.claims import untied_messages, untied_numbers, untied_words
from tools.lessons.sources import NOTEBOOKS

PATH = "whole_path_photographs"
# What else proves the numbers there, and no tie.
PROVEN = {
    "README.md": (
        r"<!-- lessons -->.*?<!-- /lessons -->",  # test_course_map
        r"<!-- compared -->.*?<!-- /compared -->",  # test_records
        r"!\[.*?\]",  # compared with the picture, test_documents
        r"(?:CC BY|CC BY-SA) 4\.0|Apache-2\.0|BSD-3",  # `licence_faults`
    ),
    "CONTRIBUTING.md": (
        # Examples, and advice:
        r"^## (?:Ties|Predictions|Translate|The sections of a lesson)\n.*?(?=^## )",
        r"CC BY 4\.0",
    ),
    "TROUBLESHOOTING.md": (),
    "helpers/page/README.md": (r'"[^"]+"',),  # what people say elsewhere
    "notebooks/glossary.md": (r"(?<=\[)\d+(?=\]\()",),  # test_glossary
    "notebooks/article.md": (
        r"(?<=\[)\d, [^]]*(?=\]\()",  # test_article
        r"^\| [^|]*\|",  # what the article said; nothing of ours
    ),
    # What they say in words: tests/tools/book/test_handouts.py.
    "tools/book/class/for_learners.md": (),
    "tools/book/class/survey.md": (),
    "LICENSE-text": (r"(?:CC BY|International) 4\.0|by/4\.0|4\.0 International",),
}
WORDS = ("README.md", "TROUBLESHOOTING.md")  # in which words need ties as well


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def untied(name, text):
    """Numbers, messages and words that nothing proves."""
    text = _without(name, text)
    found = untied_numbers(text)
    if name in WORDS:
        found += untied_words(text)
    if name != "TROUBLESHOOTING.md":  # there the messages of others stand
        found += untied_messages(text)
    return found


def _without(name, text):
    for pattern in PROVEN[name]:
        text = re.sub(pattern, "", text, flags=re.DOTALL | re.MULTILINE)
    return text


def false(name, text):
    """What ties say is no longer so."""
    known, text = names(), _without(name, text)
    if "disk_gb" not in known:  # for Linux, in the environment that make fills
        text = re.sub(r"[\d.]+<!--= \(?disk_gb.*?-->", "", text)
    return list(untrue(text, known))


@functools.cache
def names():
    """What a tie in a document may name."""
    known = {
        "stored": stored,
        "record": record,
        "in_code": in_code,
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
        "OLDEST": machine.OLDEST,
        "NEWEST": machine.NEWEST,
        "locked": locked(),
    }
    if sys.platform == "linux" and Path(sys.prefix).name == ".venv":
        known["disk_gb"] = disk_gb()
    return known


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
    """A number of a benchmark's first table; parts of its names are enough."""
    table = next(part for part in read_record(name)["parts"] if "rows" in part)
    (place,) = [i for i, title in enumerate(table["columns"]) if column in title][:1]
    same = [cells for cells in table["rows"] if cells[0] == row]
    (found,) = same or [cells for cells in table["rows"] if row in cells[0]]
    return float(found[place])


def in_code(name, pattern):
    """The number that a pattern finds, once, in a file of the project."""
    (found,) = re.findall(pattern, read(name))
    return float(found.replace("_", ""))


def locked():
    """Versions in the lock, by package; the last one where there are several."""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", read("requirements.txt"), re.M))


def disk_gb():
    """What this environment takes on the disk."""
    total = 0
    for folder, _, files in os.walk(sys.prefix):
        for file in files:
            told = os.lstat(os.path.join(folder, file))
            total += getattr(told, "st_blocks", -(-told.st_size // 4096) * 8) * 512
    return total / 1e9


def licence_of(package):
    """The licence that an installed package states, in its metadata or its file."""
    told = metadata.metadata(package)
    stated = told.get("License-Expression") or told.get("License")
    if stated and stated != "UNKNOWN":
        return stated
    files = [file for file in metadata.files(package) if file.name == "LICENSE"]
    text = " ".join(file.read_text() for file in files)
    return "Apache-2.0" if "Apache License, Version 2.0" in text else "not stated"


def licence_faults(text):
    """What the table of licences says that packages, sets and files do not."""
    table = text.partition("## Licences")[2]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if "|" in line][2:]
    found = []
    for what, told in rows:
        for package in re.findall(r"package[s]? (`[^|]*)", told):
            for name in re.findall(r"`([\w-]+)`", package):
                if not told.strip().startswith(f"{licence_of(name)},"):
                    found.append(f"{name} states {licence_of(name)}, not {told}")
        for name, words in re.findall(r"`(oxford|microsoft)`: ([^;,]*)", told):
            if words not in SETS[name].licence:
                found.append(f"the set {name} states {SETS[name].licence}, not {words}")
        for words, file in re.findall(r"\[(.*?)\]\((LICENSE[\w-]*)\)", told):
            if words not in read(file):
                found.append(f"{file} is not {words}, the licence of {what.strip()}")
    return found if len(rows) == 6 else [*found, f"six rows of licences, not {rows}"]


def citation_faults(text):
    """What the citation says that the project does not."""
    told, project = yaml.safe_load(text), read("pyproject.toml")
    version = re.search(r'^version = "(.+)"', project, re.MULTILINE)[1]
    found = []
    if str(told["version"]) != version:
        found.append(f"version {told['version']}, in pyproject.toml {version}")
    if told["license"] != ["MIT", "CC-BY-4.0"]:
        found.append(f"licences {told['license']}: LICENSE and LICENSE-text are others")
    if f"# {told['title']}\n" not in read("README.md"):
        found.append(f"title {told['title']!r} is not the README's")
    return found
