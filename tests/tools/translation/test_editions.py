"""The editions that there are: whole, true, and running."""

import nbformat
import pytest

from helpers.plumbing import ROOT, lessons_in
from tools.lessons.exercises import exercises_of, solutions_of
from tools.lessons.kernels import client, environment
from tools.lessons.notebooks import code_cells, notebook_of
from tools.lessons.prepared import prepare_once
from tools.lessons.sources import lessons
from tools.lessons.words import in_language
from tools.translation import EDITIONS
from tools.translation.work import unfinished


def test_nothing_is_untranslated_stale_wrong_or_built_from_something_else():
    for language in EDITIONS:
        assert unfinished(language) == []


def test_every_edition_has_every_notebook_and_names_the_others():
    for language in EDITIONS:
        for source in lessons():
            told = in_language(source, language)
            for of in (notebook_of, exercises_of, solutions_of):
                assert of(told).is_file()
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        assert f"(README.{language}.md)" in readme.partition("\n")[0]
        other = (ROOT / f"README.{language}.md").read_text(encoding="utf-8")
        assert "(README.md)" in other.partition("\n")[0]


def text_of(cell):
    """What a cell printed, and what it showed in words."""
    return [
        output.get("text", output.get("data", {}).get("text/plain", ""))
        for output in cell.outputs
    ]


@pytest.mark.slow
def test_a_notebook_of_another_language_runs_and_gives_what_it_says():
    """Its first cell finds the project, and the judge answers in its language."""
    for language in EDITIONS:
        prepare_once()
        source = in_language(lessons()[0], language)
        place = solutions_of(source)
        stored = nbformat.read(place, as_version=4)
        notebook = nbformat.read(place, as_version=4)
        with environment("drawn", strict=True) as settings:
            client(notebook, 300, str(place.parent)).execute(env=settings)
        ran, told = code_cells(notebook), code_cells(stored)
        assert [text_of(cell) for cell in ran] == [text_of(cell) for cell in told]
        assert lessons_in(language) in place.parents
