"""Every slide of every deck in a real browser: it fits, and the last row reads it."""

import base64
import re
from pathlib import Path

import pytest

from tests.browser.looks import CONTRAST
from tests.browser.test_book import complaints, outside
from tests.parts import needs_book, needs_chromium
from tools.book.__main__ import BOOK

pytestmark = [needs_chromium, needs_book, pytest.mark.slow]
DECKS = sorted(p.relative_to(BOOK).as_posix() for p in BOOK.rglob("slides/*.html"))
ENGLISH = [name for name in DECKS if name.startswith("slides/")]
# What the last row reads, as a part of the height: 28 px of 720.
SMALLEST = 28 / 720
OWN_TEXT = 100 / 72 * 11  # of a figure, in its pixels: 11 points, 100 dots an inch

# All slides, one after another: what leaves its slide, is small, or lies on another.
MEASURED = """(() => {
    const found = {small: [], cut: [], covered: [], scales: [], seen: 0};
    const corner = [...document.querySelectorAll("nav button, nav span")]
        .map((part) => part.getBoundingClientRect());
    for (let number = 1; number <= slides.length; number += 1) {
        go(number);
        show();
        const slide = slides[number - 1], frame = slide.getBoundingClientRect();
        found.seen += slide.checkVisibility();
        const boxes = [];
        const texts = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode, part = text.parentElement;
            if (!text.data.trim() || !part.checkVisibility()) continue;
            const size = parseFloat(getComputedStyle(part).fontSize);
            found.small.push(size);
            const range = document.createRange();
            range.selectNodeContents(text);
            boxes.push(...[...range.getClientRects()].map((box) => [box, text.data]));
        }
        for (const picture of slide.querySelectorAll("img")) {
            const box = picture.getBoundingClientRect();
            found.scales.push(Math.min(box.width / picture.naturalWidth,
                box.height / picture.naturalHeight));
            boxes.push([box, picture.alt]);
        }
        for (const part of slide.querySelectorAll("pre")) {
            if (part.scrollWidth > part.clientWidth) found.cut.push([number, "pre"]);
        }
        for (const [box, what] of boxes) {
            if (box.left < frame.left || box.right > frame.right + 0.5 ||
                box.top < frame.top || box.bottom > frame.bottom)
                found.cut.push([number, what]);
            if (corner.some((part) => box.right > part.left && box.left < part.right &&
                box.bottom > part.top + 1 && box.top < part.bottom))
                found.covered.push([number, what]);
        }
    }
    found.small = Math.min(...found.small);
    found.scales = Math.min(99, ...found.scales);
    return found;
})()"""


def show(page, name, width, height, dark=False, after=""):
    """Open a deck, and wait until all of it is there."""
    page.resize(width, height, dark=dark)
    page.show("about:blank")  # another address of the same deck would not load it
    page.wait("location.href == 'about:blank'")
    page.show((BOOK / name).as_uri() + after)
    page.wait("location.protocol == 'file:' && document.readyState == 'complete'")


def test_there_is_a_deck_for_each_lesson():
    lessons = BOOK.rglob("notebooks/[0-9]*.html")  # in every language
    names = sorted(p.relative_to(BOOK).as_posix() for p in lessons)
    assert [name.replace("notebooks/", "slides/") for name in names] == DECKS
    assert len(ENGLISH) > 12


@pytest.mark.parametrize(
    ("name", "width", "height"),
    [
        *((name, 1280, 720) for name in DECKS),
        *((name, 1920, 1080) for name in ENGLISH),
    ],
)
def test_each_slide_fits_and_is_read_from_the_last_row(page, name, width, height):
    page.events.clear()
    show(page, name, width, height)
    found = page.do(MEASURED)
    assert found["seen"] > 10
    assert found["seen"] == page.do("slides.length")
    assert found["cut"] == []
    assert found["covered"] == []
    assert found["small"] >= SMALLEST * height - 0.01
    assert found["scales"] * OWN_TEXT >= 0.022 * height  # larger than it was stored
    assert outside(page) == []
    assert complaints(page) == []


@pytest.mark.parametrize(
    ("name", "dark"),
    [*((name, False) for name in DECKS), *((name, True) for name in ENGLISH)],
)
def test_on_a_phone_all_slides_stand_below_each_other(page, name, dark):
    page.events.clear()
    show(page, name, 360, 800, dark)
    told = page.do(
        "({wide: document.documentElement.scrollWidth - innerWidth,"
        " shown: slides.filter((it) => it.checkVisibility()).length,"
        " letters: Math.min(...[...document.querySelectorAll('h1, h2, p, li, pre')]"
        ".filter((it) => it.checkVisibility())"
        ".map((it) => parseFloat(getComputedStyle(it).fontSize))),"
        " pictures: [...document.images].map((it) => [it.alt, it.naturalWidth]),"
        " links: [...document.links].map((it) => it.href)})"
    )
    assert told["wide"] <= 0
    assert told["shown"] == page.do("slides.length")
    assert told["letters"] >= 15
    assert all(alt.strip() and width > 0 for alt, width in told["pictures"])
    assert len(told["links"]) == 2
    for link in told["links"]:
        assert Path(link.removeprefix("file://")).is_file(), link
    found = page.do(CONTRAST)
    assert len(found) > 40
    assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}
    assert outside(page) == []
    assert complaints(page) == []


def number(page):
    assert page.do("slides.filter((it) => it.checkVisibility()).length") == 1
    return page.do("Number(slides.find((it) => it.checkVisibility()).id)")


def test_keys_a_clicker_buttons_and_the_address_turn_the_slides(page):
    show(page, ENGLISH[4], 1280, 720, dark=True)
    last = page.do("slides.length")
    assert number(page) == 1
    for key, code, expected in (
        *[("ArrowRight", 39, 2), ("PageDown", 34, 3), ("Space", 32, 4)],
        *[("ArrowLeft", 37, 3), ("PageUp", 33, 2), ("End", 35, last)],
        *[("ArrowDown", 40, last), ("Home", 36, 1), ("ArrowUp", 38, 1)],
    ):
        page.press(key, code)
        page.wait(f"location.hash == '#{expected}' || {expected} == 1")
        page.wait(f"slides[{expected - 1}].checkVisibility()")
        assert number(page) == expected, key
    page.do("document.querySelectorAll('nav button')[1].click()")
    page.wait("slides[1].checkVisibility()")
    assert page.do("document.querySelector('nav').innerText").split() == [
        *["←", "2", "/", str(last), "→"]
    ]
    assert page.do("document.activeElement.id") == "2"  # what a screen reader reads
    found = page.do(CONTRAST)  # of the corner, too
    assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}
    show(page, ENGLISH[4], 1280, 720, after="#5")
    assert number(page) == 5


def test_notes_open_beside_and_go_along(page):
    show(page, ENGLISH[4], 1280, 720, after="#4")
    page.do("window.heard = []; addEventListener('message', (e) => heard.push(e.data))")
    page.press("s", 83)
    page.wait("heard.includes(4)")  # the second window has opened, and says where it is
    page.press("ArrowRight", 39)
    page.wait("heard.includes(5)")
    page.do("twin.close()")


def test_notes_are_for_whoever_speaks(page):
    show(page, ENGLISH[4], 700, 700, after="?notes#2")
    seen = page.do("document.querySelector('main').innerText")
    assert " min" in seen
    assert page.do("!slides[1].querySelector('ul').checkVisibility()")
    assert page.do("slides[2].querySelector('h2').checkVisibility()")  # what comes next
    show(page, ENGLISH[4], 1280, 720, after="#2")
    assert " min" not in page.do("document.querySelector('main').innerText")


def test_on_paper_each_slide_is_a_page(page):
    show(page, ENGLISH[0], 1280, 720)
    printed = page.call("Page.printToPDF", preferCSSPageSize=True)["data"]
    count = len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))
    assert count == page.do("slides.length")
