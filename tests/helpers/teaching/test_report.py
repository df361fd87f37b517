"""The report that a learner opens: whole, true to the facts, and asking nobody."""

from __future__ import annotations

import copy
import io
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from helpers.errors import InputError
from helpers.teaching import report
from helpers.teaching.advice import (
    accuracy_sentence,
    more_pictures,
    percent,
    three_sentences,
)
from helpers.teaching.report import MOST_PICTURES, MOST_ROWS, draw_curve, write_report

RTL, CHINESE, EMOJI = "كوب القهوة", "咖啡杯", "🔑 keys"
HOSTILE = "<script>alert('x')</script>\"&amp;"


def jpeg(picture: str, side: int = 120) -> bytes:
    color = tuple(np.random.default_rng(list(picture.encode())).integers(40, 220, 3))
    file = io.BytesIO()
    Image.new("RGB", (side, side * 3 // 4), tuple(map(int, color))).save(file, "JPEG")
    return file.getvalue()


def make_facts(names: list[str], test: int = 20, wrong: int = 1) -> dict:
    """Facts that fit together: `wrong` of each class are taken for the next one."""
    n, total = len(names), test * len(names)
    right = total - wrong * n
    confusion = (np.eye(n, dtype=int) * (test - wrong)).tolist()
    for row in range(n):
        confusion[row][(row + 1) % n] += wrong
    mistakes = [
        {"picture": f"{name}/{k}.jpg", "label": name, "said": names[(row + 1) % n],
         "probability": 0.97 - 0.001 * row}
        for k in range(wrong)
        for row, name in enumerate(names)
    ]  # fmt: skip
    facts = {
        "name": "mugs", "folder": "/home/ada/things", "date": "2026-11-28",
        "versions": {"keras": "3.15.1", "tensorflow": "2.21.0"},
        "model": "data/models/mugs.keras",
        "counts": {"found": 6 * total + 5, "train": 5 * total, "test": total,
                   "copies": 2, "set_aside": 3},
        "classes": [
            {"name": name, "train": 5 * test + row, "test": test,
             "right": test - wrong, "recall": (test - wrong) / test,
             "interval": [0.76, 0.991]}
            for row, name in enumerate(names)
        ],
        "accuracy": {"right": right, "of": total, "value": right / total,
                     "interval": [0.862, 0.996]},
        "guessing": 0.42,
        "confusion": confusion,
        "chosen": {
            "backbone": "EfficientNet-Lite2", "crop": True, "strength": 1.0,
            "candidates": [
                {"backbone": "EfficientNet-Lite0", "crop": False, "log_loss": 0.213,
                 "error": 0.031, "accuracy": 0.941},
                {"backbone": "EfficientNet-Lite2", "crop": True, "log_loss": 0.187,
                 "error": 0.029, "accuracy": 0.953},
            ],
        },
        "mistakes": mistakes,
        "doubtful_labels": [
            {"picture": f"{names[0]}/wrong.jpg", "label": names[0],
             "looks_like": names[1], "probability": 0.993},
        ],
        "learning_curve": [
            {"pictures": 20, "accuracy": 0.811, "low": 0.752, "high": 0.863},
            {"pictures": 80, "accuracy": 0.907, "low": 0.884, "high": 0.928},
            {"pictures": 190, "accuracy": 0.948, "low": 0.939, "high": 0.957},
        ],
        "copies": [["a.jpg", "copy of a.jpg"]],
        "set_aside": [{"picture": "mug/cut.jpg", "reason": "part of it is missing"}],
        "passed_over": [{"what": "notes.txt", "reason": "not a picture"}],
        "seconds": {"reading": 3.21, "features": 12.34, "choosing": 1.5},
        "background_hint": None,
    }  # fmt: skip
    return {**facts, "next": three_sentences(facts)}


def written(facts: dict, folder, thumbnails=jpeg) -> BeautifulSoup:
    path = write_report(facts, thumbnails, folder / "mugs_report.html")
    content = path.read_bytes()
    assert len(content) < 2_000_000
    assert json.loads(path.with_suffix(".json").read_text("utf-8")) == facts
    assert {file.name for file in folder.iterdir()} == {path.name, "mugs_report.json"}
    return BeautifulSoup(content.decode("utf-8"), "html.parser")


def text_of(soup: BeautifulSoup) -> str:
    for style in soup("style"):
        style.decompose()
    return re.sub(r"\s+", " ", soup.get_text(" "))


@pytest.fixture
def facts() -> dict:
    return make_facts(["mug", "house key", "plant"])


# -- what stands in it ---------------------------------------------------------------
def test_page_has_one_title_headings_in_order_and_a_language(facts, tmp_path):
    soup = written(facts, tmp_path)
    assert soup.html["lang"] == "en"
    assert soup.find("meta", charset=True)["charset"] == "utf-8"
    assert soup.title.text == "mugs: 95% right"
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {tag["aria-labelledby"] for tag in soup("svg") if tag.get("role")} == set(
        ids
    )


def test_answer_comes_first_then_what_to_do(facts, tmp_path):
    soup = written(facts, tmp_path)
    first = soup.main.find("p", class_="headline").text
    assert first == accuracy_sentence(facts)
    assert "between 86.2% and 99.6%" in first
    sentences = [sentence.replace("`", "") for sentence in facts["next"]]
    assert [item.text for item in soup.main.ol("li")] == sentences
    assert soup.main.find("h2").text == "What to do next"


def test_every_number_and_text_of_the_facts_is_shown(facts, tmp_path):
    facts["background_hint"] = "The backgrounds alone tell 71% of the classes."
    text = text_of(written(facts, tmp_path))

    def leaves(value):
        if isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                yield from leaves(part)
        else:
            yield value

    for leaf in leaves(facts):
        if isinstance(leaf, bool) or leaf is None:
            continue
        ways = [str(leaf)]
        if isinstance(leaf, int | float):
            ways += [f"{leaf:,}", f"{leaf:.3f}", f"{leaf:.1f}"]
            ways += [percent(leaf)] if leaf <= 1 else []
        assert any(way in text for way in ways), leaf
    assert "cut" in text
    assert "squeezed" in text


def test_confusion_table_holds_every_cell_under_its_names(facts, tmp_path):
    table = written(facts, tmp_path).find("table", class_="matrix")
    assert [th["title"] for th in table.thead("th")[1:]] == [
        "mug",
        "house key",
        "plant",
    ]
    rows = [
        (row.th["title"], [int(cell.text) for cell in row("td")])
        for row in table.tbody("tr")
    ]
    names = [each["name"] for each in facts["classes"]]
    assert rows == list(zip(names, facts["confusion"], strict=True))


def test_weakest_class_comes_first(facts, tmp_path):
    facts["classes"][2].update(right=10, recall=0.5, interval=[0.299, 0.701])
    first = written(facts, tmp_path).find("ul", class_="classes").li
    assert first.bdi.text == "plant"
    assert "10 of 20 right: 50%, between 29.9% and 70.1%" in first.text
    assert "learned from 102 pictures" in first.text


def test_pictures_are_within_and_have_a_text_in_their_place(facts, tmp_path):
    asked = []
    soup = written(facts, tmp_path, lambda name: asked.append(name) or jpeg(name))
    images = soup("img")
    assert len(images) == 4  # three mistakes, one doubtful label
    assert all(tag["src"].startswith("data:image/jpeg;base64,") for tag in images)
    assert images[0]["alt"] == "Test picture labeled mug, taken for house key"
    assert asked == ["mug/0.jpg", "house key/0.jpg", "plant/0.jpg", "mug/wrong.jpg"]


def test_unreadable_picture_leaves_its_text(facts, tmp_path):
    soup = written(facts, tmp_path, lambda _: None)
    assert not soup("img")
    missing = soup("div", class_="missing")
    assert len(missing) == 4
    assert missing[0]["aria-label"].startswith("Test picture labeled mug")


# -- safe to open --------------------------------------------------------------------
def assert_closed(soup: BeautifulSoup) -> None:
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert not soup(
        ["script", "iframe", "link", "object", "embed", "base", "form", "a"]
    )
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            assert not name.startswith("on"), tag
            if name in ("src", "href", "xlink:href", "srcset", "action", "background"):
                assert value.startswith("data:image/jpeg;base64,"), tag
    style = soup.style.text + " ".join(t.get("style", "") for t in soup.find_all(True))
    assert "url(" not in style
    assert "@import" not in style


def test_nothing_is_fetched_and_nothing_runs(facts, tmp_path):
    assert_closed(written(facts, tmp_path))


def test_markup_in_any_name_stays_text(facts, tmp_path):
    def hostile(value):
        if isinstance(value, dict):
            return {key: hostile(part) for key, part in value.items()}
        if isinstance(value, list):
            return [hostile(part) for part in value]
        return HOSTILE + value if isinstance(value, str) else value

    spoiled = {key: hostile(value) for key, value in facts.items() if key != "versions"}
    soup = written({**spoiled, "versions": {HOSTILE: HOSTILE}}, tmp_path)
    assert_closed(soup)
    assert soup.find("table", class_="matrix").th.find_next("th")["title"] == (
        HOSTILE + "mug"
    )
    assert HOSTILE in soup.title.text


def test_colors_can_be_read_in_light_and_in_dark():
    css = (Path(report.__file__).parent / "report.html.j2").read_text("utf-8")
    for scheme in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]:
        color = {}
        for name, value in re.findall(r"--(\w+): #(\w+);", scheme):
            digits = value if len(value) == 6 else "".join(d + d for d in value)
            color[name] = np.array(list(bytes.fromhex(digits)), float)
        for name, numbers in re.findall(r"--(right|wrong): ([\d ]+);", scheme):
            strongest = 0.12 + 0.3  # of a cell that holds the whole row
            tint = np.array(numbers.split(), float)
            color[name] = strongest * tint + (1 - strongest) * color["card"]
        for front, back in [
            ("text", "page"), ("text", "card"), ("quiet", "page"), ("quiet", "card"),
            ("accent", "page"), ("quiet", "track"), ("text", "right"),
            ("text", "wrong"),
        ]:  # fmt: skip
            assert contrast(color[front], color[back]) >= 4.5, (front, back)
        assert contrast(color["value"], color["range"]) >= 3
        assert contrast(color["guess"], color["track"]) >= 3


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    """The contrast of two colors as WCAG counts it, 1 to 21."""

    def luminance(color: np.ndarray) -> float:
        share = color / 255
        linear = np.where(
            share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4
        )
        return float(linear @ [0.2126, 0.7152, 0.0722])

    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


# -- all kinds of sets ---------------------------------------------------------------
def test_names_in_every_script_are_isolated(tmp_path):
    names = [RTL, CHINESE, EMOJI, "m" * 200]
    soup = written(make_facts(names), tmp_path)
    for where in ("classes", "matrix", "pictures"):
        found = soup.find(class_=where)("bdi")  # dir="auto" is what bdi means
        assert {tag.get("title", tag.text) for tag in found} >= set(names), where
    paths = {tag.text for tag in soup("bdi", dir="ltr")}
    assert paths >= {f"{name}/0.jpg" for name in names}


def test_name_of_200_letters_is_shown_short_and_told_in_full(tmp_path):
    soup = written(make_facts(["m" * 200, "key"]), tmp_path)
    [shown] = soup.find("ul", class_="classes")("bdi", title=True)
    assert shown["title"] == "m" * 200
    assert len(shown.text) == 60


@pytest.mark.parametrize("n_classes", [2, 12, 20, 50])
def test_many_classes_have_a_short_list_and_the_whole_table(n_classes, tmp_path):
    names = [f"class {k}" for k in range(n_classes)]
    facts = make_facts(names)
    facts["confusion"][3 % n_classes][0] += 7
    soup = written(facts, tmp_path)
    pairs = soup.find("div", {"aria-label": "Classes most often mixed up"})
    assert (pairs is not None) == (n_classes > 12)
    if pairs:
        assert [cell.text for cell in pairs.tbody.tr("td")] == [
            "class 3",
            "class 0",
            "7",
        ]
    table = soup.find("table", class_="matrix")
    assert len(table.tbody("td")) == n_classes**2
    assert len(soup.find("ul", class_="classes")("li")) == n_classes


def test_no_mistake_and_no_doubtful_label_are_said(tmp_path):
    facts = make_facts(["mug", "key"], wrong=0)
    facts.update(doubtful_labels=[], copies=[], set_aside=[], passed_over=[])
    soup = written({**facts, "next": three_sentences(facts)}, tmp_path)
    text = text_of(soup)
    assert not soup("img")
    assert "There was no mistake among the 40 test pictures." in text
    assert "No label stood out among the 200 pictures" in text
    assert "None was taken for another." in text
    assert "Every file in the class folders is a picture" in text
    assert "40 of 40 right: 100%, and with other pictures" in text


def test_a_test_of_two_pictures_and_no_curve(tmp_path):
    facts = make_facts(["mug", "key"], test=1, wrong=1)
    facts.update(learning_curve=[], mistakes=facts["mistakes"][:1])
    facts["accuracy"] = {"right": 0, "of": 2, "value": 0.0, "interval": [0.0, 0.658]}
    soup = written({**facts, "next": three_sentences(facts)}, tmp_path)
    assert soup.find("svg", class_="curve") is None
    assert "There were too few to tell." in soup.text
    assert "0 of 2 right: 0%, and with other pictures of this kind between 0%" in (
        text_of(soup)
    )


def test_a_class_without_test_pictures_is_called_untested(facts, tmp_path):
    facts["classes"][1].update(test=0, right=0, recall=None, interval=None)
    facts["confusion"][1] = [0, 0, 0]
    last = written(facts, tmp_path).find("ul", class_="classes")("li")[-1]
    assert "not tested" in last.text


def test_long_lists_say_how_many_more_there_are(facts, tmp_path):
    names = ["mug", "key"]
    many = make_facts(names, test=600, wrong=500)
    many["set_aside"] = [
        {"picture": f"{k}.jpg", "reason": "empty"} for k in range(MOST_ROWS + 17)
    ]
    soup = written(many, tmp_path)
    assert len(soup("img")) == MOST_PICTURES + 1
    text = text_of(soup)
    assert f"{1000 - MOST_PICTURES} more mistakes, all in mugs_report.json" in text
    assert "17 more of them" in text


def test_large_thumbnails_do_not_make_a_large_report(facts, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=95)
    many = make_facts(["mug", "key"], test=600, wrong=500)
    many["doubtful_labels"] *= 300
    assert len(file.getvalue()) > 150_000
    soup = written(many, tmp_path, lambda _: file.getvalue())
    assert 2 <= len(soup("img")) < 10
    assert "more labels" in text_of(soup)


def test_name_that_is_no_text_is_shown_by_its_bytes(facts, tmp_path):
    facts["set_aside"] = [{"picture": "mug/\udcff.jpg", "reason": "empty"}]
    assert "mug/\\udcff.jpg" in text_of(written(facts, tmp_path))


# -- files ---------------------------------------------------------------------------
def test_report_replaces_an_earlier_one(facts, tmp_path):
    written(facts, tmp_path)
    facts["name"] = "cups"
    assert "cups" in written(facts, tmp_path).title.text


@pytest.mark.parametrize("name", ["report.html", "report.json"])
def test_what_is_no_report_is_left_alone(facts, tmp_path, name):
    mine = tmp_path / name
    mine.write_text('{"class_names": ["cat"]}', encoding="utf-8")
    with pytest.raises(InputError, match=r"Nothing was touched.*name another place"):
        write_report(facts, jpeg, tmp_path / "report.html")
    assert mine.read_text(encoding="utf-8") == '{"class_names": ["cat"]}'
    assert list(tmp_path.iterdir()) == [mine]


def test_facts_that_json_does_not_know_write_nothing(facts, tmp_path):
    for strange in (np.float32(0.5), float("nan")):
        facts["guessing"] = strange
        with pytest.raises((TypeError, ValueError)):
            write_report(facts, jpeg, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_another_ending_is_refused(facts, tmp_path):
    with pytest.raises(InputError, match=r"ends in \.html, found 'report\.pdf'"):
        write_report(facts, jpeg, tmp_path / "report.pdf")


# -- the curve -----------------------------------------------------------------------
def test_curve_stays_in_its_frame_and_rises_with_the_accuracy(facts):
    points = copy.deepcopy(facts["learning_curve"])
    points[0]["low"] = 0.0
    for some in (points, points[1:], points[:1]):
        curve = draw_curve(some)
        corners = [tuple(map(float, c.split(","))) for c in curve["band"].split()]
        assert len(corners) == 2 * len(some)
        assert all(52 <= x <= 344 and 10 <= y <= 195 for x, y in corners)
        line = [tuple(map(float, c.split(","))) for c in curve["line"].split()]
        assert line == sorted(line)
        heights = [y for _, y in line]
        assert heights == sorted(heights, reverse=True)
        assert all(10 <= y <= 195 for y, _ in curve["y_ticks"])
        assert curve["y_ticks"][0] == (10, "100%")
    assert draw_curve([]) is None


def test_close_numbers_of_pictures_do_not_overlap_on_the_axis():
    both = {"accuracy": 0.9, "low": 0.8, "high": 1.0}
    points = [{"pictures": n, **both} for n in (10, 11, 12, 100, 101, 1000)]
    places = [x for x, _ in draw_curve(points)["x_ticks"]]
    assert all(before - after > 30 for before, after in itertools.pairwise(places))
    assert draw_curve(points)["x_ticks"][0][1] == "1,000"


def test_page_says_once_whether_more_pictures_would_help(facts, tmp_path):
    sentence = more_pictures(facts)
    assert sentence in text_of(written(facts, tmp_path))
    facts["learning_curve"][-1]["accuracy"] = 0.997
    assert "Hardly, if they are of the same kind" in text_of(written(facts, tmp_path))
    facts["learning_curve"] = facts["learning_curve"][:1]
    assert "There were too few to tell." in text_of(written(facts, tmp_path))
