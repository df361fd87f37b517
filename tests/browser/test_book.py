"""The web book in a real browser, opened as a file: nothing asked of anybody."""

import base64
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urljoin

import pytest

from tests.browser.looks import CONTRAST
from tests.parts import needs_book, needs_chromium
from tools.book.__main__ import BOOK

pytestmark = [needs_chromium, needs_book, pytest.mark.slow]
WORDS = (
    "neuron",
    "logistic",
    "freeze",
    "backbone",
    "augmentation",
    "overfitting",
    "occlusion",
    "checkpoint",
    "confusion",
    "Waterbirds",
)
ONE_PAGE = ("class/for_learners.html", "class/survey.html")
CHINESE = (
    *["迁移学习", "微调", "骨干网络", "学习率", "过拟合"],
    *["猫", "批量归一化", "遮挡", "校准", "Keras"],
)
LESSON = "notebooks/04_freeze_layers.html"


def address(name):
    return (BOOK / name).as_uri()


def show(page, name, width=1100, dark=False):
    """Open a page, and wait until all of it is there."""
    page.resize(width, dark=dark)
    page.do("window.before = true")
    page.show(address(name) if "://" not in name else name)
    page.wait("!window.before && document.readyState == 'complete'")


def pages():
    names = (p.relative_to(BOOK).as_posix() for p in BOOK.rglob("*.html"))
    return sorted(name for name in names if "slides" not in Path(name).parts)


def test_every_page_is_whole_and_asks_nobody(page):
    links, anchors = set(), {}
    for name in pages():
        page.events.clear()
        show(page, name, width=360)
        told = page.do(
            "({wide: document.documentElement.scrollWidth - innerWidth,"
            " levels: [...document.querySelectorAll('article :is(h1, h2, h3, h4)')]"
            ".map((it) => +it.tagName[1]),"
            " pictures: [...document.images].map((it) => [it.getAttribute('alt'),"
            " it.naturalWidth, it.getAttribute('src').slice(0, 40)]),"
            " links: [...document.links].map((it) => it.href),"
            " anchors: [...document.querySelectorAll('[id]')].map((it) => it.id),"
            " language: document.documentElement.lang})"
        )
        assert told["wide"] <= 0, name  # nothing is cut off on a phone
        assert told["language"] == ("zh-CN" if name.startswith("zh/") else "en")
        if Path(name).name != "search.html":
            levels = told["levels"]
            assert levels[0] == 1, name
            assert levels.count(1) == 1, name
            assert all(b - a <= 1 for a, b in pairwise(levels)), (name, levels)
        for text, width, source in told["pictures"]:
            assert (text or "").strip(), (name, source)
            assert width > 0, (name, source)
        links |= {(name, urljoin(address(name), link)) for link in told["links"]}
        anchors[address(name)] = set(told["anchors"])
        assert outside(page) == [], name
        assert complaints(page) == [], name
    missing = [
        (name, link)
        for name, link in links
        if link.startswith("file:") and not leads_somewhere(link, anchors)
    ]
    assert missing == []
    assert len(anchors) > 25


def leads_somewhere(link, anchors):
    place, _, anchor = link.partition("#")
    place = place.partition("?")[0]
    if place in anchors:
        return not anchor or anchor in anchors[place]
    return Path(place.removeprefix("file://")).is_file()


def outside(page):
    asked = page.requests()
    return [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]


def complaints(page):
    return [
        event["params"]
        for event in page.events
        if event["method"] == "Runtime.exceptionThrown"
        or (
            event["method"] == "Log.entryAdded"
            and event["params"]["entry"]["level"] == "error"
        )
    ]


@pytest.mark.parametrize(
    ("place", "word"),
    [("", word) for word in WORDS] + [("zh/", word) for word in CHINESE],
)
def test_search_finds_a_word(page, place, word):
    page.events.clear()
    show(page, f"{address(f'{place}search.html')}?q={quote(word)}")
    found = page.wait(
        "[...document.querySelectorAll('#search-results li a')].map((it) => it.href)"
        ".filter((it) => it.includes('highlight') || it.includes('.html'))"
        ".slice(0, 20).join(' ')"
    )
    assert outside(page) == []
    assert complaints(page) == []
    texts = [
        Path(link.removeprefix("file://").partition("?")[0].partition("#")[0])
        for link in found.split()
    ]
    assert all(text.is_relative_to(BOOK / place) for text in texts)
    assert any(word in text.read_text(encoding="utf-8") for text in texts)


def test_a_page_leads_to_the_same_page_in_the_other_language(page):
    for name, words in ((LESSON, "简体中文"), (f"zh/{LESSON}", "English")):
        show(page, name)
        there = page.do(
            "(({href, textContent}) => [href, textContent])"
            "(document.querySelector('.other-language'))"
        )
        other = f"zh/{name}" if name == LESSON else LESSON
        assert there == [address(other), words]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "name", ["index.html", LESSON, f"notebooks/exercises/{LESSON[10:]}"]
)
def test_every_text_has_the_contrast_that_eyes_need(page, name, dark):
    show(page, name, dark=dark)
    page.do("document.querySelectorAll('details').forEach((it) => it.open = true)")
    page.do("document.getAnimations().forEach((it) => it.finish())")
    found = page.do(CONTRAST)
    assert len(found) > 40
    assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}
    theme = page.do("document.documentElement.dataset.theme")
    assert theme == ("dark" if dark else "light")  # it was really drawn so


def test_day_and_night_are_chosen_and_kept(page):
    show(page, LESSON)
    for mode in ("light", "dark"):
        page.do(
            f"document.querySelector('.theme-change-button[data-mode={mode}]').click()"
        )
        assert page.do("document.documentElement.dataset.theme") == mode
    show(page, "index.html")
    assert page.do("document.documentElement.dataset.theme") == "dark"
    page.do("localStorage.clear()")


def test_a_keyboard_is_enough(page):
    show(page, "index.html")
    page.press("Tab", 9)
    assert "main content" in page.do("document.activeElement.textContent")
    show(page, "index.html")
    page.press("k", 75, modifiers=2)  # Ctrl
    page.wait("document.activeElement.type == 'search'")
    for letter in "frozen":
        page.press(letter)
    page.press("Enter", 13)
    page.wait("location.pathname.endsWith('search.html')")
    page.wait("!!document.querySelector('#search-results li a')")
    show(page, f"notebooks/exercises/{LESSON[10:]}")
    page.do("document.querySelector('summary').focus()")
    page.press("Enter", 13)
    assert page.do("document.querySelector('details').open")


def test_lessons_follow_each_other(page):
    show(page, "notebooks/00_start_here.html")
    seen = []
    while "exercises" not in (name := page.do("location.pathname")):
        seen.append(Path(name).stem)
        show(page, page.do("document.querySelector('.right-next').href"))
    assert seen == sorted(p.stem for p in (BOOK / "notebooks").glob("[0-9]*.html"))


def test_code_is_copied_with_one_click(page):
    show(page, LESSON)
    page.call("Browser.grantPermissions", permissions=["clipboardReadWrite"])
    page.wait("!!document.querySelector('.copybtn')")
    page.do("document.querySelector('.copybtn').click()")
    copied = page.wait("navigator.clipboard.readText()")
    assert copied.startswith("import sys")
    assert copied.rstrip().endswith("start_lesson(seed=0)")


def test_a_sheet_is_printed_on_two_pages_at_most(page):
    sheets = sorted(path for path in pages() if path.startswith("class/"))
    assert len(sheets) > 10
    for name in sheets:
        show(page, name)
        printed = page.call("Page.printToPDF", preferCSSPageSize=True)["data"]
        count = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))
        assert 1 <= count <= (1 if name in ONE_PAGE else 2), name
