"""The copies that `make lab` opens: made once, theirs to change, never overwritten."""

import json
import re

import nbformat
import pytest

from helpers.plumbing import ROOT
from tests.project.test_links import LINK, text_of
from tools.lab import arguments, fill, open_lab, originals, outdated, place_of_copies
from tools.lessons.sources import lessons


@pytest.fixture
def project(tmp_path):
    """A small project: two lessons, exercises, pages."""
    folder = tmp_path / "notebooks"
    (folder / "exercises").mkdir(parents=True)
    (folder / "source").mkdir()
    for name in ("00_a.ipynb", "01_b.ipynb", "exercises/00_a.ipynb"):
        write(folder / name, f"print({name!r})")
    for name in ("glossary.md", "article.md", "budgets.csv"):
        (folder / name).write_text(f"words of {name}", encoding="utf-8")
    readme = "# x\n<!-- lessons -->\n\n[0](notebooks/00_a.ipynb)\n\n<!-- /lessons -->\n"
    (tmp_path / "README.md").write_text(readme, encoding="utf-8")
    return tmp_path


def write(path, code):
    v4 = nbformat.v4
    output = v4.new_output("stream", text="as it was")
    cells = [
        v4.new_markdown_cell("[Contents](../README.md#lessons) [b](01_b.ipynb)"),
        v4.new_code_cell(code, outputs=[output], execution_count=1),
    ]
    nbformat.write(v4.new_notebook(cells=cells), path)


def test_copies_have_no_outputs_and_their_links_stay_among_copies(project):
    folder = place_of_copies(project)
    made = fill(folder, project / "notebooks")
    names = ["00_a.ipynb", "01_b.ipynb", "exercises/00_a.ipynb"]
    assert made == [*names, "glossary.md", "article.md", "contents.md"]
    found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.*"))
    assert found == sorted(made)
    for name in names:
        text, code = nbformat.read(folder / name, as_version=4).cells
        assert text.source == "[Contents](contents.md) [b](01_b.ipynb)"
        assert (code.outputs, code.execution_count) == ([], None)
    assert "[0](00_a.ipynb)" in (folder / "contents.md").read_text(encoding="utf-8")


def test_what_is_there_is_never_written_to(project):
    folder = place_of_copies(project)
    fill(folder, project / "notebooks")
    (folder / "00_a.ipynb").write_text("mine, and no notebook any more")
    (folder / "glossary.md").write_text("")
    (folder / "mine.ipynb").write_text("mine")
    (folder / "01_b.ipynb").unlink()
    write(project / "notebooks" / "02_c.ipynb", "x = 1")
    before = {p: p.read_bytes() for p in folder.rglob("*.*")}
    assert fill(folder, project / "notebooks") == ["01_b.ipynb", "02_c.ipynb"]
    assert {p: p.read_bytes() for p in before} == before


def test_fresh_copies_stand_beside_those_of_before(project):
    first = place_of_copies(project, clean=True)
    assert first == place_of_copies(project) == project / "my_notebooks"
    fill(first, project / "notebooks")
    second = place_of_copies(project, clean=True)
    assert second == project / "my_notebooks_2"
    assert place_of_copies(project) == first  # not made yet
    fill(second, project / "notebooks")
    assert place_of_copies(project) == second
    assert place_of_copies(project, clean=True) == project / "my_notebooks_3"


def test_a_lesson_that_has_changed_is_told(project):
    folder = place_of_copies(project)
    fill(folder, project / "notebooks")
    assert outdated(folder, project / "notebooks") == []
    write(folder / "01_b.ipynb", "nobody knows where this comes from")
    write(project / "notebooks" / "01_b.ipynb", "new")
    (folder / "exercises" / "00_a.ipynb").write_text("{")
    mine = nbformat.read(folder / "00_a.ipynb", as_version=4)
    mine.cells[1].source = "mine"
    nbformat.write(mine, folder / "00_a.ipynb")
    assert outdated(folder, project / "notebooks") == []
    write(project / "notebooks" / "00_a.ipynb", "another")
    assert outdated(folder, project / "notebooks") == ["00_a.ipynb"]


def test_opening_tells_what_is_new_and_what_is_old(project, monkeypatch, capsys):
    from jupyterlab.labapp import LabApp

    monkeypatch.setenv("JUPYTER_PATH", "another environment's")
    given = []
    monkeypatch.setattr(LabApp, "launch_instance", given.append)
    open_lab(False, ["--no-browser"], project)
    assert "New in it: 00_a.ipynb, 01_b.ipynb" in capsys.readouterr().out
    write(project / "notebooks" / "00_a.ipynb", "another")
    open_lab(False, [], project)
    told = capsys.readouterr().out
    assert "have changed since these copies were made: 00_a.ipynb. Yours stay" in told
    assert "New in it" not in told
    open_lab(True, [], project)
    assert "copies of the lessons are in my_notebooks_2" in capsys.readouterr().out
    assert given[0][-1] == "--no-browser"
    assert "--LabApp.default_url=/lab/tree/my_notebooks/00_a.ipynb" in given[0]
    assert "--LabApp.default_url=/lab/tree/my_notebooks_2/00_a.ipynb" in given[2]


def test_lessons_in_another_language_are_copied_beside_the_english_ones(project):
    folder = project / "notebooks" / "zh"
    (folder / "exercises").mkdir(parents=True)
    cell = nbformat.v4.new_markdown_cell(
        "[目录](../../README.zh_CN.md#课程) | [b](01_b.ipynb). "
        "[课堂](../../README.zh_CN.md#用于课堂)"
    )
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / "00_a.ipynb")
    for name in ("glossary.md", "article.md"):
        (folder / name).write_text("词", encoding="utf-8")
    readme = "<!-- lessons -->\n[0](notebooks/zh/00_a.ipynb)\n<!-- /lessons -->\n"
    (project / "README.zh_CN.md").write_text(readme, encoding="utf-8")
    copies = place_of_copies(project) / "zh"
    assert fill(copies, folder) == [
        *["00_a.ipynb", "glossary.md", "article.md", "contents.md"]
    ]
    (text,) = nbformat.read(copies / "00_a.ipynb", as_version=4).cells
    assert text.source == (
        "[目录](contents.md) | [b](01_b.ipynb). [课堂](../../README.zh_CN.md#用于课堂)"
    )
    contents = (copies / "contents.md").read_text(encoding="utf-8")
    assert contents == "# 课程\n[0](00_a.ipynb)\n"
    (url,) = (a for a in arguments(copies, project) if "default_url" in a)
    assert url.endswith("/lab/tree/my_notebooks/zh/00_a.ipynb")


def test_every_lesson_is_copied_and_every_link_out_of_a_copy_leads_somewhere(tmp_path):
    fill(tmp_path / "my_notebooks", ROOT / "notebooks")
    names = originals(ROOT / "notebooks")
    assert [f"{source.stem}.ipynb" for source in lessons()] == [
        name for name in names if "/" not in name
    ]
    for path in (tmp_path / "my_notebooks").rglob("*.*"):
        place = path.relative_to(tmp_path)
        for target in LINK.findall(text_of(path)):
            name = target.partition("#")[0]
            if name and not re.match(r"https?://", name):
                copied = (path.parent / name).resolve()
                stays = (ROOT / place.parent / name).resolve()
                assert copied.exists() or stays.exists(), f"{place}: {target}"


def test_the_settings_fetch_no_news_and_show_pages_as_pages(tmp_path):
    (tmp_path / "00_a.ipynb").touch()
    given = dict(option.split("=", 1) for option in arguments(tmp_path))
    assert given["--LabApp.news_url"] == "None"
    folder = given["--LabApp.app_settings_dir"]
    with open(f"{folder}/overrides.json", encoding="utf-8") as file:
        settings = json.load(file)
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert news == {"fetchNews": "false", "checkForUpdates": False}
