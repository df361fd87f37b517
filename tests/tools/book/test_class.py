"""What a teacher prints says what the lessons say, and its minutes add up."""

import re

import pytest

from helpers.errors import InputError
from helpers.ties import prose
from tools.book import routes
from tools.book.routes import ROUTES, Step, minutes_of, routes_page
from tools.book.sheets import sheet, sheets
from tools.lessons.minutes import minutes_of_sections
from tools.lessons.predictions import answers, questions
from tools.lessons.sources import goals, lessons


@pytest.fixture(scope="module")
def all_sheets():
    return sheets()


@pytest.mark.parametrize("source", lessons(), ids=lambda source: source.stem)
def test_a_sheet_has_all_that_a_teacher_needs(source, all_sheets):
    text = all_sheets[f"class/{source.stem}.md"]
    for goal in goals(source):
        assert f"- {goal}\n" in text
    asked = questions(prose(source.read_text(encoding="utf-8")))
    assert text.count("- ✓ ") == len(asked) >= 3
    assert text.count("- ✗ ") == sum(len(answers(q)) - 1 for q in asked)
    assert text.count("<summary>One good answer") >= 3
    for heading in minutes_of_sections(source):
        if heading not in ("", "What you will learn", "You need"):
            assert re.search(rf"^\| {re.escape(heading)} \| \d+ \|", text, re.M)
    assert "<!--" not in text
    assert len(text.partition("## Usual mistakes\n\n")[2].split("\n## ")[0]) > 200


def test_parts_of_a_chinese_sheet_are_not_joined_by_latin_signs():
    for name, text in sheets("zh_CN").items():
        prose_alone = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
        joined = re.findall(r".{6}[\u4e00-\u9fff？！）”][*]*[,;:.].{6}", prose_alone)
        assert not joined, name


def test_the_screen_is_the_stored_run(all_sheets):
    text = all_sheets["class/06_train_cats_vs_dogs.md"]
    assert "results in the text agree with this run" in text
    assert "| Check it | 1 | `" in text


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_fits_and_adds_up(name):
    page = routes_page()
    part = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
    minutes = [int(n) for n in re.findall(r"\| (\d+) \|$", part, re.M)]
    assert sum(minutes) == ROUTES[name][0]
    assert f"| **in all** | **{ROUTES[name][0]}** |" in part


def test_exercises_take_time():
    assert minutes_of(Step("4", exercises=2)) - minutes_of(Step("4")) == 10
    assert minutes_of(Step("Break", 15)) == 15


def test_the_longest_route_has_every_lesson_once():
    numbers = [step.what for step in routes.steps_of("Two days")]
    lessons_there = [int(what) for what in numbers if what.isdigit()]
    assert lessons_there == [int(source.stem[:2]) for source in lessons()]


def test_a_route_that_does_not_fit_is_not_printed(monkeypatch):
    monkeypatch.setitem(routes.ROUTES, "Too much", (30, "", (Step("1"),)))
    with pytest.raises(InputError, match=r"“Too much” takes \d+ minutes and has 30"):
        routes_page()


def test_a_sheet_is_about_one_lesson():
    four = sheet(next(s for s in lessons() if s.stem.startswith("04")))
    assert four.startswith("# Sheet: 4 · Freeze layers\n")
    assert "**4.1 · " in four
    assert "**5.1 · " not in four
