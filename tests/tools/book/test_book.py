"""The book holds every lesson and every exercise; what differs is what has to."""

import re
import subprocess
from types import SimpleNamespace

import nbformat
import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT, sha256
from tools.book import __main__ as book
from tools.book.gathering import gather
from tools.book.pages import exercises_page, lesson_page
from tools.extras import STAMP
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    target = tmp_path_factory.mktemp("book") / "source"
    return target, gather(target)


@pytest.mark.slow
def test_every_lesson_and_its_exercises_are_pages(gathered):
    target, pages = gathered
    stems = [source.stem for source in lessons()]
    assert pages[1 : len(stems) + 1] == [f"notebooks/{stem}" for stem in stems]
    assert set(pages) >= {f"notebooks/exercises/{stem}" for stem in stems}
    for page in pages:
        assert list(target.glob(f"{page}.*")), page
    front = (target / "index.md").read_text(encoding="utf-8")
    for page in pages[1:]:
        assert re.search(rf"^(.* <)?{page}>?$", front, re.MULTILINE), page


def test_readers_see_no_tie(gathered):
    target, _ = gathered
    for page in [*target.rglob("*.md"), *target.rglob("*.ipynb")]:
        assert not re.search(r"<!--[=?!]", page.read_text(encoding="utf-8")), page


def test_code_and_outputs_of_a_lesson_are_the_stored_ones():
    for source in lessons():
        stored = nbformat.read(notebook_of(source), as_version=4)
        page = lesson_page(source)
        code = [
            [
                (cell.source, cell.outputs)
                for cell in n.cells
                if cell.cell_type == "code"
            ]
            for n in (stored, page)
        ]
        assert code[0] == code[1]
        assert "Contents](" not in page.cells[0].source


def test_every_figure_keeps_its_text_alternative():
    figures = 0
    for source in lessons():
        for cell in lesson_page(source).cells:
            for output in cell.get("outputs", []):
                for about in output.get("metadata", {}).values():
                    figures += 1
                    assert about["alt"] in cell.metadata["mystnb"]["image"]["alt"]
    assert figures > 40


def test_hints_and_answers_are_folded():
    for source in lessons():
        cells = exercises_page(source).cells
        texts = [c.source for c in cells if c.cell_type == "markdown"]
        folds = [text for text in texts if text.startswith("<details><summary>")]
        assert sum("<summary>Hint 1<" in fold for fold in folds) >= 3
        assert all(fold.endswith("\n\n</details>") for fold in folds)
        hidden = [c for c in cells if c.metadata.get("tags") == ["hide-cell"]]
        assert len(hidden) >= 3
        checks = [c for c in cells if c.source.startswith("check(")]
        assert all("is right" in check.outputs[0].text for check in checks)


@pytest.fixture
def sphinx(monkeypatch, tmp_path):
    """A stand-in for the environment and for Sphinx: it writes one page, or fails."""
    told = SimpleNamespace(code=0, commands=[])

    def stand_in(command, **_):
        told.commands.append(command)
        book.Path(command[-1]).mkdir(exist_ok=True)
        (book.Path(command[-1]) / "index.html").write_text("new")
        return SimpleNamespace(returncode=told.code)

    monkeypatch.setattr(book, "_environment", lambda: "python")
    monkeypatch.setattr(subprocess, "run", stand_in)
    return told


@pytest.mark.slow
def test_a_warning_leaves_the_book_of_before(sphinx, tmp_path):
    target = tmp_path / "html"
    assert book.make_book(target) > 25
    before = (target / "index.html").read_text()
    sphinx.code = 1
    with pytest.raises(InputError, match="Sphinx's own words stand above"):
        book.make_book(target)
    assert (target / "index.html").read_text() == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["html"]
    assert "--fail-on-warning" in sphinx.commands[0]


def test_what_makes_the_book_is_installed_once(monkeypatch, tmp_path):
    installed = []
    done = SimpleNamespace(returncode=0, stdout="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    monkeypatch.setattr(
        "tools.installing.install", lambda *given: installed.append(given)
    )
    for _ in range(2):
        python = book._environment(tmp_path / "e")
    assert installed == [(python, ROOT, "requirements-book.txt")]
    stamp = (tmp_path / "e" / STAMP).read_text()
    assert stamp == sha256(ROOT / "requirements-book.txt")
