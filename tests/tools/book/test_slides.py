"""A deck holds whole sentences of its lesson, and numbers that its run has given."""

import copy
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers.errors import InputError
from helpers.ties import prose, without_ties
from tools.book import decks
from tools.book.blocks import blocks, lead, sentences
from tools.book.decks import deck
from tools.book.slides import IDEA, MOST_COLUMNS, MOST_LINES, SKIPPED, slides
from tools.lessons.notebooks import notebook_of
from tools.lessons.predictions import answers, asked, questions
from tools.lessons.sources import goals, lessons, title

LESSONS = lessons()


def read(source):
    return nbformat.read(notebook_of(source), as_version=4)


@pytest.fixture(scope="module")
def shown():
    return {source.stem: slides(source, read(source)) for source in LESSONS}


@pytest.fixture(params=LESSONS, ids=lambda source: source.stem)
def lesson(request, shown):
    return request.param, shown[request.param.stem]


def plain(text):
    """A text without what only marks it, as words alone."""
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`]", r"\1", text).split())


def test_a_deck_has_what_a_class_needs(lesson):
    source, found = lesson
    kinds = [slide.kind for slide in found]
    assert kinds[:2] == ["title", "goals"]
    assert kinds[-2:] == ["seen", "exercises"]
    assert found[0].heading == title(source)
    assert [line.rstrip(".") for line in found[1].lines] == goals(source)
    text = source.read_text(encoding="utf-8")
    tasks = re.findall(r"^# ## (\d+\.\d+ · .*)", text, re.MULTILINE)
    assert len(tasks) >= 3
    for line, task in zip(found[-1].lines, tasks, strict=True):
        assert line.startswith(f"**{task}** ")


def test_each_section_has_a_slide_and_each_figure_too(lesson):
    source, found = lesson
    notebook = read(source)
    headings = [
        block.text
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for block in blocks(cell.source)
        if block.kind == "heading" and block.text not in SKIPPED
    ]
    in_order = dict.fromkeys(s.heading for s in found if not s.answers)
    assert list(in_order)[1:] == headings
    figures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if any(kind.startswith("image/") for kind in output.get("data", {}))
    ]
    assert [slide.picture for slide in found if slide.picture] == figures


def test_each_question_stands_alone_and_then_with_its_answer(lesson):
    source, found = lesson
    asked_there = questions(without_ties(prose(source.read_text(encoding="utf-8"))))
    assert len(asked_there) >= 3
    for kind in ("question", "answer"):
        ours = [slide for slide in found if slide.kind == kind]
        for slide, question in zip(ours, asked_there, strict=True):
            assert slide.heading.lower() == asked(question).lower()
            choices = answers(question)
            assert slide.answers == tuple(choice for choice, _ in choices)
            right = [body.startswith("**Yes.**") for _, body in choices].index(True)
            assert slide.right == (right if kind == "answer" else None)
            assert bool(slide.lines) <= (kind == "answer")
            wrong = [f"{c} · " for c, _ in choices[:right] + choices[right + 1 :]]
            notes = [n for n in slide.notes if not n.endswith(" min")]
            assert len(notes) == (len(wrong) if kind == "answer" else 0)
            assert all(map(str.startswith, notes, wrong))


def test_every_word_is_the_notebooks(lesson):
    source, found = lesson
    notebook = read(source)
    words = plain(
        " ".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    )
    printed = " ".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )
    for slide in found:
        for line in slide.lines:
            if slide.kind == "exercises":  # what it is called, and the task
                line = line.partition("** ")[2]
            assert plain(line).removesuffix(" …") in words, line
        for line in slide.printed.splitlines():
            assert line.rstrip() in printed


def test_no_slide_is_a_wall(lesson):
    _, found = lesson
    for slide in found:
        assert sum(map(len, slide.lines)) < 2 * IDEA, slide
        lines = slide.printed.splitlines()
        assert len(lines) <= MOST_LINES
        assert all(len(line) <= MOST_COLUMNS for line in lines)
        assert slide.lines or slide.picture or slide.answers or slide.printed


def test_minutes_are_noted_once_a_section(lesson):
    _, found = lesson
    noted = [n for slide in found for n in slide.notes if re.fullmatch(r"\d+ min", n)]
    sections = dict.fromkeys(s.above.partition(" · ")[2] or s.heading for s in found)
    assert len(noted) == len(sections) - 1  # the title has none


def test_what_a_number_on_a_slide_rests_on_is_the_run():
    """Change what stands in the notebook, and the slide says so."""
    source = next(s for s in LESSONS if s.stem.startswith("06"))
    notebook = read(source)
    for cell in notebook.cells:
        cell.source = cell.source.replace("1,313,794", "1,234,567")
    found = slides(source, notebook)
    assert any("1,234,567" in line for slide in found for line in slide.lines)


def test_a_paragraph_without_a_tie_is_no_reading(tmp_path):
    text = (
        "# %% [markdown]\n# # 1 · A lesson\n#\n# About it.\n\n"
        "# %% [markdown]\n# ## One\n#\n# Draw.\n\n# %%\nprint(2)\n\n"
        "# %% [markdown]\n# {}\n"
    )
    source = tmp_path / "01_a_lesson.py"
    found = {}
    for name, reading in (("tied", "It is 2<!--= n -->."), ("not", "What comes now?")):
        source.write_text(text.format(reading), encoding="utf-8")
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_markdown_cell("# 1 · A lesson\n\nAbout it."),
                nbformat.v4.new_markdown_cell("## One\n\nDraw."),
                nbformat.v4.new_code_cell(
                    "print(2)",
                    outputs=[nbformat.v4.new_output("stream", text="2\n")],
                ),
                nbformat.v4.new_markdown_cell(without_ties(reading)),
            ]
        )
        found[name] = [(s.kind, s.lines, s.printed) for s in slides(source, notebook)]
    assert found["tied"][-1] == ("output", ("It is 2.",), "2")
    assert [kind for kind, *_ in found["not"]] == ["title", "idea"]


def test_another_notebook_is_refused():
    source, other = LESSONS[:2]
    with pytest.raises(InputError, match=r"a notebook of \d+ cells, as .*Build it"):
        slides(source, read(other))


def test_a_notebook_in_another_language_makes_a_deck_by_the_same_rules():
    """Headings, questions and answers are found by the source, not by English words."""
    source = next(s for s in LESSONS if s.stem.startswith("04"))
    notebook = read(source)
    english = slides(source, notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = cell.source.replace("**Predict:** ", "**预测：**")
            text = text.replace("**Yes.**", "**对。**").replace("**No.**", "**不对。**")
            text = re.sub(r"^(##? ).*$", r"\1标题", text, flags=re.MULTILINE)
            cell.source = text
    theirs = slides(source, notebook)
    assert [s.kind for s in theirs] == [s.kind for s in english]
    assert [s.right for s in theirs] == [s.right for s in english]
    question = next(s for s in theirs if s.answers)
    assert question.above == "预测 · 标题"
    assert not any("对。" in line for s in theirs for line in s.lines)
    assert "<title>Slides: 标题</title>" in deck(source, notebook)


def test_a_deck_is_one_file_and_reads_as_a_document(lesson):
    source, found = lesson
    page = BeautifulSoup(deck(source, read(source)), "html.parser")
    sections = page.find_all("section")
    assert [s["id"] for s in sections] == [str(n + 1) for n in range(len(sections))]
    assert len(sections) >= len(found)
    assert [h.name for h in page.find_all(["h1", "h2", "h3"])] == ["h1"] + ["h2"] * (
        len(sections) - 1
    )
    for picture in page.find_all("img"):
        assert picture["src"].startswith("data:image/")
        assert len(picture["alt"]) > 20
    assert not page.find_all(["link", "iframe"])
    assert not page.find_all("script", src=True)
    assert [a["href"] for a in page.find_all("a")] == [
        f"../notebooks/{source.stem}.html",
        f"../notebooks/exercises/{source.stem}.html",
    ]


def test_what_a_notebook_says_is_shown_and_not_run():
    source = LESSONS[0]
    notebook = copy.deepcopy(read(source))
    notebook.cells[0].source = "# A <b>title\n\nOf <script>alert(1)</script> `a<b`."
    page = deck(source, notebook)
    assert "<h1>A &lt;b&gt;title</h1>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("<script>") == 1


def test_a_tall_figure_is_cut_between_its_rows(shown):
    sizes = [
        float(one["ratio"])
        for found in shown.values()
        for slide in found
        if slide.picture
        for one in decks._laid_out(slide)
    ]
    assert min(sizes) > 1.2  # no part is as tall as a slide's words would need


def test_words_are_taken_in_whole_sentences():
    text = "**A net.** It has 2.5 MB (as `a. b`). More? “Yes.” And on."
    assert sentences(text) == [
        *["**A net.**", "It has 2.5 MB (as `a. b`).", "More?", "“Yes.”", "And on."]
    ]
    assert lead(text, most=10) == "**A net.** It has 2.5 MB (as `a. b`)."
    assert lead("Here it is:", most=10) == "Here it is …"
    assert sentences("网络很大。学习率呢？“小。”好") == [
        "网络很大。",
        "学习率呢？",
        "“小。”",
        "好",
    ]
    assert lead("网络很大。学习率很小。还有。", most=24) == "网络很大。学习率很小。"


def test_a_number_that_begins_a_line_begins_no_list():
    (one,) = blocks("Among these are\n0. Nobody told it.")
    assert (one.kind, one.text) == ("paragraph", "Among these are 0. Nobody told it.")


def test_folds_asides_tables_and_code_are_told_apart():
    text = (
        "# T\n\n> aside\n\n| a |\n|---|\n| b |\n\n```\n## no\n```\n\n"
        "### Sub\n\n1. one\n2. two\n\n<details><summary>x</summary>\n\n- y\n\n"
        "</details>\nEnd."
    )
    kinds = [block.kind for block in blocks(text)]
    assert kinds == [
        *["title", "aside", "table", "code", "other", "item", "item", "fold"],
        "paragraph",
    ]
