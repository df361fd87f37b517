"""From a classifier to a page, as a learner types it."""

import os
import subprocess
import sys

import pytest

from helpers.plumbing import ROOT
from tests.helpers.page.made import small_classifier
from tests.parts import needs_parts
from tests.things import draw_things

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with a small classifier of drawn things."""
    folder = tmp_path_factory.mktemp("page")
    draw_things(folder / "things", 2, 20, seed=3, wrong_labels=0)
    small_classifier(folder / "things", folder / "mugs.keras")
    return folder


def make_page(folder, *asked, given="mugs.keras"):
    return subprocess.run(
        [sys.executable, "-m", "data_scripts.make_page", str(folder / given), *asked],
        cwd=ROOT,
        env={**os.environ, "TRANSFER_MODELS": str(folder)},
        capture_output=True,
        text=True,
    )


@needs_parts
def test_a_page_is_made_told_of_and_replaced(project):
    first = make_page(project)
    assert first.returncode == 0, first.stderr
    assert "open it in a browser" in first.stdout
    assert "40 pictures, 8 of them held apart" in first.stdout
    assert "--thumbnails" in first.stdout
    page = project / "mugs.html"
    before = page.read_bytes()
    assert before.count(b'<script type="module">') == 1
    again = make_page(project)
    assert again.returncode == 0, again.stderr
    assert "kept as" not in again.stdout
    assert page.read_bytes() == before


@needs_parts
def test_a_page_of_somebodys_is_refused_and_stays(project):
    page = project / "mugs.html"
    page.write_text("<p>my mugs</p>", encoding="utf-8")
    done = make_page(project)
    assert done.returncode == 2
    assert done.stderr.startswith("error: expected no file, or a page as it was made")
    assert page.read_text(encoding="utf-8") == "<p>my mugs</p>"
    page.unlink()


@needs_parts
@pytest.mark.parametrize(
    ("asked", "given", "words"),
    [
        ((), "none.keras", "expected a saved classifier, found no"),
        ((), "things", "things"),
        (("--pictures=nowhere",), "mugs.keras", "no such folder"),
        (("--colour",), "mugs.keras", "unrecognized arguments: --colour"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(project, asked, given, words):
    done = make_page(project, *asked, given=given)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_answers_without_a_classifier():
    script = [sys.executable, "-m", "data_scripts.make_page", "--help"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "--thumbnails" in done.stdout
