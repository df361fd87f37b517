"""What documents claim is what was measured; a number carries a tie, as in a lesson."""

import re

import pytest
from PIL import Image

from tools import page_picture, readme_picture
from tools.lessons.budgets import read_budgets
from tools.lessons.course import CORE
from tools.lessons.runs import Result, table

from .documents import (
    PROVEN,
    citation_faults,
    false,
    licence_faults,
    read,
    stored,
    untied,
)

ABOUT = r"right on about (\d+)% of"
RIGHT = (r"^cat +(\d+) +\d+$", r"^dog +\d+ +(\d+)$")  # in the confusion table


@pytest.mark.parametrize("name", PROVEN)
def test_every_tied_claim_is_so(name):
    assert false(name, read(name)) == []


@pytest.mark.parametrize("name", PROVEN)
def test_no_claim_is_without_proof(name):
    assert untied(name, read(name)) == []


def test_licences_are_what_packages_and_files_state():
    assert licence_faults(read("README.md")) == []


def test_the_citation_is_of_this_project():
    assert citation_faults(read("CITATION.cff")) == []


def test_what_make_run_is_said_to_print_is_what_it_printed():
    (block,) = re.findall(r"```\n(lesson  .*?)```", read("README.md"), flags=re.DOTALL)
    heading, _, row, _, sentence = block.splitlines()
    run = read_budgets().iloc[: CORE + 1]
    results = [Result(name, *costs, True) for name, costs in run.iterrows()]
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


def test_each_promise_of_the_page_has_the_test_that_it_names():
    told = read("helpers/page/README.md")
    rows = re.findall(r'^\| ".*" \| .* \| (.*) \|$', told, re.MULTILINE)
    assert len(rows) == 10
    for row in rows:
        links = re.findall(r"\[(.*?)\]\((?:\.\./)+(tests/\S+\.py)\)", row)
        assert links, row
        for words, file in links:
            name = re.sub(r"\W+", "_", words)
            assert re.search(rf"^def test_\w*{name}", read(file), re.MULTILINE), words


def test_the_picture_of_the_page_is_of_the_page_as_it_is():
    picture = Image.open(page_picture.PICTURE)
    assert picture.text["Digest"] == page_picture.digest_of_page(), (
        "the page has changed since: python -m tools.page_picture"
    )
    assert page_picture.PICTURE.stat().st_size <= readme_picture.MOST_BYTES
    (told,) = re.findall(
        r"!\[(.*?)\]\(notebooks/pictures/page.png\)", read("README.md")
    )
    assert picture.text["Description"] == told
