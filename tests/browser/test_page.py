"""The page in one file, opened in a real browser and used as people use it."""

import base64
import contextlib
import json
import re
import shutil
import time
import zipfile
from itertools import pairwise

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.classifier import fit_known, open_classifier, save_classifier
from helpers.classifier.naming import each_answer
from helpers.features import compute_features
from helpers.heads import head_from_regression, join
from helpers.page import make_page
from helpers.page_file import pack
from helpers.page_file.packing import SOURCE
from helpers.sources import read_label_table
from helpers.teaching import choose_test, read_collection
from helpers.teaching.choices import base_of
from helpers.teaching.regression import fit
from helpers.teaching.train import source_of
from tests.browser import firefox
from tests.browser.looks import CONTRAST
from tests.parts import needs_chromium, needs_firefox, needs_parts
from tests.things import NAMES, draw_things
from tools.chromium import browser

pytestmark = [pytest.mark.slow, needs_chromium, needs_parts]

TAB, ENTER, SPACE = ("Tab", 9), ("Enter", 13), ("Space", 32)
WIDE, PHONE = 1100, 360  # pixels
# What the page must never do, written down as it happens.
WATCH = """
    window.faults = [];
    addEventListener("error", (event) => faults.push(event.message));
    addEventListener("unhandledrejection", (event) => faults.push(`${event.reason}`));
    document.addEventListener("securitypolicyviolation", (event) =>
        faults.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A classifier of two drawn things and its page, and pictures that it never saw."""
    folder = tmp_path_factory.mktemp("page")
    draw_things(folder / "things", 2, 20, seed=1, wrong_labels=0)
    draw_things(folder / "new", 3, 10, seed=2, wrong_labels=0)
    collection = read_collection(folder / "things")
    labels = collection.labels
    train = ~choose_test(collection.digests, labels)
    base = base_of("EfficientNet-Lite0")
    features = compute_features(base, collection.paths, folder / "cache", crop=True)
    regression = fit(features[train], labels[train], 1.0)
    head = head_from_regression(regression)
    path = save_classifier(
        join(base, keras.Model(head.inputs, head.outputs, name="head")),
        collection.class_names,
        folder / "things.keras",
        crop=True,
        known=fit_known(features[train], labels[train]),
        accuracy=float(regression.score(features[~train], labels[~train])),
        n_pictures=int((~train).sum()),
        made_by="train_classifier",
        pictures=source_of(collection),
        strength=1.0,
    )
    new = {name: sorted((folder / "new" / name).iterdir()) for name in NAMES[:3]}
    page = make_page(path, thumbnails=True, cache=folder / "cache")
    return {"classifier": path, "page": page, "new": new}


@pytest.fixture(scope="module")
def tab(made):
    """Chromium, with a camera that shows a test picture."""
    camera = "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"
    with browser(*camera) as page:
        for domain in ("Page", "Network", "DOM"):
            page.call(f"{domain}.enable")
        page.at_start(WATCH)
        yield page


@pytest.fixture(scope="module")
def fox(made):
    """Firefox."""
    with firefox.browser() as page:
        page.at_start(WATCH)
        yield page


@pytest.fixture
def page(tab, made, tmp_path):
    """The page in Chromium."""
    with used(tab, made, tmp_path):
        yield tab


@pytest.fixture(params=["tab", pytest.param("fox", marks=needs_firefox)])
def each(request, made, tmp_path):
    """The page in Chromium, then in Firefox."""
    tab = request.getfixturevalue(request.param)
    with used(tab, made, tmp_path):
        yield tab


@contextlib.contextmanager
def used(tab, made, tmp_path):
    """Open the page anew as a file; whatever it did wrong is found at the end."""
    tab.save_into(tmp_path)
    tab.events.clear()
    opened(tab, made)
    yield
    assert tab.do("faults") == []
    asked = tab.requests()
    assert [url for url in asked if re.match(r"(?!file:|data:|blob:)", url)] == []
    assert {url for url in asked if url.startswith("file:")} <= {made["page"].as_uri()}


def opened(tab, made, width=WIDE):
    tab.resize(width)
    # What an earlier test has taught would be asked about, and nobody answers.
    tab.do(
        "{ const undo = document.getElementById('undo');"
        " while (undo && !undo.hidden) undo.click(); }"
    )
    tab.show("about:blank")
    tab.wait("location.href === 'about:blank'")
    tab.show(made["page"].as_uri())
    wait_for(tab, "Ready. Show it a picture.", 120)


def status(page):
    return page.do("document.getElementById('status')?.textContent")


def wait_for(page, words, seconds=60):
    """Wait until the page says so; what it says instead is told."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if words in (told := status(page) or ""):
            return told
        time.sleep(0.1)
    problems = page.do("document.getElementById('problems').innerText")
    raise AssertionError(f"expected {words!r}, found {told!r}, {problems!r}")


def show(page, pictures, selector="#files"):
    page.do("document.getElementById('status').textContent = ''")
    page.choose(selector, pictures)


def click(page, selector):
    page.do(f"document.querySelector({json.dumps(selector)}).click()")


def said(page):
    """The answer that is open: what stands above, and the probability of each class."""
    return page.do(
        """[document.querySelector("#answer .said").textContent,
        Object.fromEntries([...document.querySelectorAll(".bars li")].map((bar) => [
            bar.querySelector("bdi").textContent,
            parseFloat(bar.querySelector(".share").style.width) / 100]))]"""
    )


def tiles(page):
    """The pictures in the list, each with the name that it got."""
    return page.do(
        """[...document.querySelectorAll("#list li")].map((tile) =>
        [tile.querySelector(".file").textContent,
        tile.querySelector("strong").textContent])"""
    )


def downloaded(folder, ending):
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if found := list(folder.glob(f"*{ending}")):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"nothing was saved that ends in {ending}")


def named(made, tmp_path, number):
    """Pictures of each kind, under names of their own."""
    found = []
    for kind, pictures in made["new"].items():
        for place, picture in enumerate(pictures[:number]):
            copy = tmp_path / f"{kind} {place}.jpg"
            copy.write_bytes(picture.read_bytes())
            found.append(copy)
    return found


def test_twenty_pictures_get_the_answers_that_python_gives(each, made, tmp_path):
    page = each
    pictures = named(made, tmp_path, 7)[:20]
    show(page, pictures)
    wait_for(page, "20 pictures answered.", 120)
    expected = list(each_answer(open_classifier(made["classifier"]), pictures))
    unsure = 0
    for place, row in enumerate(expected):
        click(page, f"#list li:nth-child({place + 1}) button")
        told, shares = said(page)
        for name, share in shares.items():
            assert share == pytest.approx(row[f"P({name})"], abs=1e-3)
        assert max(shares, key=shares.get) == row["name"]
        assert (told == "None of these, perhaps") == row["unknown"]
        unsure += row["unknown"]
    assert 0 < unsure < 20  # the third kind is none of the two
    for width in (WIDE, PHONE):
        page.resize(width)
        assert said(page) == [told, shares]
        assert page.do("document.documentElement.scrollWidth") <= width


def test_on_a_phone_it_is_corrected_learns_a_class_is_saved_loaded_and_exported(
    each, made, tmp_path
):
    page = each
    page.resize(PHONE)
    third = NAMES[2]
    pictures = named(made, tmp_path, 8)
    of_third = [path for path in pictures if path.name.startswith(third)]
    show(page, [*pictures[:2], of_third[0]])
    wait_for(page, "3 pictures answered.")

    # That's wrong: it is something else.
    click(page, "#list li:nth-child(3) button")
    assert third not in said(page)[1]
    click(page, "[data-key=wrong]")
    page.do(f"document.getElementById('other').value = {json.dumps(third)}")
    click(page, "[data-key=teach]")
    told = wait_for(page, "Learned in")
    assert re.search(r"Of 8 pictures held back, \d were right before, \d are now", told)
    assert said(page)[0].startswith(third)

    # More of the new class, which becomes good at it.
    page.choose("#class-list li:nth-child(3) input", of_third[1:6])
    page.do("document.getElementById('status').textContent = ''")
    wait_for(page, "Of 9 pictures held back")  # every fifth of those taught
    show(page, of_third[6:])
    wait_for(page, "2 pictures answered.")
    answers = dict(tiles(page))
    assert all(answers[path.name] == third for path in of_third[6:])
    counts = page.do("document.querySelector('#class-list li:nth-child(3)').innerText")
    assert "learned from 5, 1 held back" in counts
    assert re.search(
        r"[89] of 9 right: .* between",
        page.do("document.getElementById('accuracy').innerText"),
    )

    # Saved, opened anew, loaded: the same answers.
    click(page, "#list li:last-child button")
    after = said(page)
    click(page, "#save")
    saved = downloaded(tmp_path, ".taught.json")
    wait_for(page, "Saved as things.taught.json")
    opened(page, made, PHONE)
    page.choose("#load", [saved])
    wait_for(page, "Loaded: 6 taught pictures.")
    show(page, of_third[7:])
    wait_for(page, f"{of_third[7].name}: ")
    assert said(page)[1] == pytest.approx(after[1], abs=1e-4)

    # Exported: the pictures are shown again first, since a saved file has none.
    click(page, "#pack")
    page.wait(
        "document.getElementById('problems').innerText.includes('6 pictures came')"
    )
    show(page, of_third[:6])
    wait_for(page, "6 were here already")
    click(page, "#pack")
    wait_for(page, "6 pictures and their table are packed.")
    with zipfile.ZipFile(downloaded(tmp_path, ".zip")) as archive:
        folder = tmp_path / "unpacked"
        folder.mkdir()
        for name in archive.namelist():
            (folder / name).write_bytes(archive.read(name))
    table = read_label_table(folder / "labels.csv", folder, classes=None)
    assert table["Label"].tolist() == [third] * 6
    for name in table["File Name"]:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes()
    click(page, "#table")
    alone = downloaded(tmp_path, ".labels.csv")
    assert alone.read_bytes() == (folder / "labels.csv").read_bytes()


DROP = """(async () => {
    const carried = new DataTransfer();
    %s
    const told = { bubbles: true, cancelable: true };
    dispatchEvent.call(document.body, %s);
})()"""
EVENTS = {
    "dropped": 'new DragEvent("drop", {...told, dataTransfer: carried})',
    "pasted": 'Object.defineProperty(new ClipboardEvent("paste", told), '
    '"clipboardData", {value: carried})',  # Firefox takes it in no other way
}


@pytest.mark.parametrize(("way", "name"), [("dropped", "a mug.jpg"), ("pasted", "")])
def test_a_picture_is_dropped_or_pasted(each, made, way, name):
    picture = base64.b64encode(made["new"][NAMES[0]][0].read_bytes()).decode()
    carry = (
        f'const bytes = Uint8Array.from(atob("{picture}"), (one) => one.charCodeAt(0));'
        'carried.items.add(new File([bytes], "a mug.jpg", { type: "image/jpeg" }));'
    )
    each.do(DROP % (carry, EVENTS[way]))
    each.wait("document.querySelectorAll('#list li').length === 1")
    ((file, said_of_it),) = tiles(each)
    assert file.startswith(name)
    assert said_of_it == NAMES[0]


@pytest.mark.parametrize("way", EVENTS)
def test_a_text_that_is_dropped_or_pasted_is_no_picture(page, way):
    page.do(DROP % ('carried.setData("text/plain", "a mug");', EVENTS[way]))
    page.wait(
        "document.getElementById('problems').innerText"
        ".includes('There are no pictures in it')"
    )


def test_what_was_exported_trains_a_classifier(page, made, tmp_path):
    pictures = named(made, tmp_path, 5)
    click(page, "#afresh summary")
    names = "\n".join(NAMES[1:3])
    page.do(f"document.getElementById('afresh-names').value = {json.dumps(names)}")
    click(page, "#afresh form button")
    wait_for(page, "Ready for your classes")
    for place, name in enumerate(NAMES[1:3], 1):
        own = [path for path in pictures if path.name.startswith(name)]
        page.choose(f"#class-list li:nth-child({place}) input", own)
        page.wait(
            f"document.querySelector('#class-list li:nth-child({place})').innerText"
            ".includes('learned from 4, 1 held back')"
        )
    assert "of 2 right" in page.do("document.getElementById('accuracy').innerText")
    click(page, "#pack")
    wait_for(page, "10 pictures and their table are packed.")
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with zipfile.ZipFile(downloaded(tmp_path, ".zip")) as archive:
        for name in archive.namelist():
            (folder / name).write_bytes(archive.read(name))
    collection = read_collection(folder, folder / "labels.csv")
    assert collection.class_names == sorted(NAMES[1:3])
    assert np.bincount(collection.labels).tolist() == [5, 5]


def test_whatever_is_wrong_gets_a_sentence_and_nothing_is_lost(page, made, tmp_path):
    (good,) = made["new"][NAMES[0]][:1]
    whole = good.read_bytes()
    evil = tmp_path / "<img src=x onerror=faults.push('run')>.jpg"
    evil.write_bytes(whole)
    (tmp_path / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.jpg").write_text("no picture")
    Image.new("1", (10_000, 10_000)).save(tmp_path / "huge.png")
    (tmp_path / "wrong.json").write_text('{"a": 1}')
    (tmp_path / "empty.jpg").touch()
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.write(good, "good.jpg")
    names = ("half.jpg", "text.jpg", "huge.png", "empty.jpg", "mine.zip")
    broken = [tmp_path / name for name in names]
    show(page, [evil, *broken])
    wait_for(page, evil.name)
    problems = page.do("document.getElementById('problems').innerText")
    for words in (
        "text.jpg is no picture",
        "huge.png is too large: more than 89 million",
        "empty.jpg is damaged",
        "mine.zip is an archive. Unpack it",
    ):
        assert words in problems
    assert page.do("document.querySelectorAll('#list img').length") == len(tiles(page))
    assert (evil.name, NAMES[0]) in [tuple(tile) for tile in tiles(page)]
    click(page, "[data-key=wrong]")
    click(page, f"[data-key='class {NAMES[1]}']")
    wait_for(page, "Learned in")
    for code, words in (
        ("'  '", "A class needs a name."),
        ("'x'.repeat(61)", "at most 60 letters, this one 61"),
        (f"{json.dumps(NAMES[0].upper())}", f"There is a class {NAMES[0]} already."),
    ):
        click(page, "#problems button")
        page.do(f"document.getElementById('add-name').value = {code}")
        click(page, "#add button")
        page.wait(
            f"document.getElementById('problems').innerText.includes({json.dumps(words)})"
        )
    page.choose("#load", [tmp_path / "wrong.json"])
    page.wait(
        "document.getElementById('problems').innerText.includes('wrong.json was not')"
    )
    assert "taught: " in page.do("document.getElementById('list').innerText")
    assert page.do("document.querySelectorAll('#class-list li').length") == 2


def test_a_picture_that_was_moved_since_is_asked_for_and_taken_again(
    page, made, tmp_path
):
    mine = tmp_path / "mine.jpg"
    mine.write_bytes(made["new"][NAMES[0]][0].read_bytes())
    show(page, [mine])
    wait_for(page, "mine.jpg: ")
    click(page, "[data-key=wrong]")
    click(page, f"[data-key='class {NAMES[1]}']")
    wait_for(page, "Learned in")
    moved = mine.rename(tmp_path / "moved.jpg")
    for deed, words in (
        ("#pack", "Show it again, then"),
        ("[data-key=looks]", "here: "),
    ):
        click(page, deed)
        page.wait(f"document.getElementById('problems').innerText.includes('{words}')")
        assert status(page) != "Packing …"
    page.wait("!document.querySelector('#answer progress')")
    saved = tmp_path / "saved.json"
    saved.write_text("{}")
    show(page, [saved, moved])  # the picture beside a file is not forgotten
    wait_for(page, "That picture was here already.")
    assert "saved.json was not" in page.do(
        "document.getElementById('problems').innerText"
    )
    click(page, "#pack")
    wait_for(page, "1 picture and their table are packed.")
    with zipfile.ZipFile(downloaded(tmp_path, ".zip")) as archive:
        assert archive.read("mine.jpg") == moved.read_bytes()


def test_unsaved_corrections_are_warned_of(page, made):
    def asks():
        return page.do("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")

    assert not asks()
    show(page, made["new"][NAMES[0]][:1])
    wait_for(page, NAMES[0])
    assert not asks()
    click(page, "[data-key=wrong]")
    assert page.do(
        f"document.querySelector(\"[data-key='class {NAMES[1]}']\").click();"
        "!dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    )  # while it learns
    wait_for(page, "Learned in")
    assert asks()
    assert "not saved yet" in page.do("document.getElementById('keep').innerText")
    click(page, "#undo")
    wait_for(page, "Undone.")
    assert not asks()


def test_it_is_used_by_the_keyboard_alone(page, made):
    def tab_to(test, most=60):
        for _ in range(most):
            page.press(*TAB)
            if page.do(f"((it) => Boolean({test}))(document.activeElement)"):
                shown = page.do(
                    "[getComputedStyle(document.activeElement).outlineStyle, "
                    "getComputedStyle(document.activeElement.parentElement).outlineStyle]"
                )
                assert "solid" in shown, test  # whoever tabs sees where he is
                return
        raise AssertionError(f"not reached by Tab: {test}")

    page.do("document.activeElement.blur()")
    tab_to("it.id === 'files'")
    show(page, made["new"][NAMES[2]][:3])  # the system's own window is not ours
    wait_for(page, "3 pictures answered.")
    tab_to("it.dataset.key === 'wrong'")
    page.press(*ENTER)
    tab_to("it.id === 'other'")
    page.call("Input.insertText", text="gadget")
    page.press(*ENTER)
    wait_for(page, "Learned in")
    page.wait("document.activeElement.dataset.key === 'wrong'")  # he stays where he was
    tab_to("it.closest('#list')")
    page.press("ArrowRight", 39)
    page.press(*SPACE)
    opened_one = page.do("document.querySelector('#list [aria-current]').dataset.key")
    second = page.do(
        "document.querySelector('#list li:nth-child(2) button').dataset.key"
    )
    assert opened_one == second
    page.do("document.getElementById('undo').focus()")
    page.press(*ENTER)
    wait_for(page, "Undone.")


def test_it_shows_where_it_looks_and_can_be_stopped(page, made):
    show(page, made["new"][NAMES[0]][:1])
    wait_for(page, NAMES[0])
    click(page, "[data-key=looks]")
    page.wait("document.querySelector('#answer progress')?.value > 0")
    click(page, "[data-key=looks]")
    page.wait("!document.querySelector('#answer progress')")
    assert page.do("document.querySelector('#answer canvas') === null")
    click(page, "[data-key=looks]")
    page.wait("document.querySelector('#answer canvas') !== null", 280)
    assert re.search("It looks most at|No single part decides", status(page))


def test_the_camera_gives_a_picture_and_its_absence_a_sentence(page):
    click(page, "#camera")
    page.wait("document.querySelector('video').videoWidth > 0")
    click(page, "#shoot")
    wait_for(page, "camera 1.jpg: ")
    assert page.do("document.querySelector('video').srcObject === null")  # it is off
    page.do("Object.defineProperty(navigator, 'mediaDevices', {value: undefined}), 0")
    click(page, "#camera")
    page.wait(
        "document.getElementById('problems').innerText.includes('lends no camera')"
    )


def test_every_text_has_the_contrast_that_eyes_need(page, made, tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    show(page, [*made["new"][NAMES[2]][:4], tmp_path / "text.jpg"])
    wait_for(page, "4 pictures answered.")
    click(page, "[data-key=wrong]")
    click(page, f"[data-key='class {NAMES[0]}']")
    wait_for(page, "Learned in")
    click(page, "[data-key=wrong]")
    for dark, color in ((False, "rgb(247, 246, 242)"), (True, "rgb(23, 25, 29)")):
        page.resize(WIDE, dark=dark)
        back = page.do("getComputedStyle(document.body).backgroundColor")
        assert back == color  # it was really drawn so
        found = page.do(CONTRAST)
        assert len(found) > 40
        assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}


def test_a_screen_reader_finds_its_way(page, made):
    show(page, made["new"][NAMES[0]][:2])
    wait_for(page, "2 pictures answered.")
    click(page, "[data-key=wrong]")
    levels = page.do(
        "[...document.querySelectorAll('h1,h2,h3')].filter((it) =>"
        " it.checkVisibility()).map((it) => +it.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.do("document.documentElement.lang") == "en"
    assert page.do("document.getElementById('status').role") == "status"
    assert page.do("document.getElementById('problems').role") == "alert"
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    nameless = [
        node["role"]["value"]
        for node in tree
        if not node.get("ignored")
        and node["role"]["value"]
        in ("button", "textbox", "combobox", "image", "listbox")
        and not node.get("name", {}).get("value", "").strip()
    ]
    assert nameless == []


CHEAP = """
/** A network that costs nothing: sums of some of the pixels. */
export async function startNetwork() {
  const features = async (pixels) => Float32Array.from({length: 1280}, (_, i) => {
    let sum = 0;
    for (let at = i; at < pixels.length; at += 1280) sum += pixels[at];
    return sum / 30000;
  });
  return { features };
}
"""


@pytest.fixture(scope="module")
def light(made, tmp_path_factory):
    """The same page, but for a network that costs nothing; and 2,000 pictures."""
    folder = tmp_path_factory.mktemp("light")
    shutil.copytree(SOURCE, folder / "source")
    (folder / "source" / "script" / "network.js").write_text(CHEAP, encoding="utf-8")
    text = made["page"].read_text(encoding="utf-8")
    given = re.search(r'id="classifier">(.*?)</script>', text, re.DOTALL)[1]
    page = folder / "light.html"
    small = {**json.loads(given), "image_size": [32, 32]}
    page.write_text(pack(small, b"", source=folder / "source"), encoding="utf-8")
    rng = np.random.default_rng(0)
    pictures = folder / "pictures"
    pictures.mkdir()
    for number in range(2000):
        colors = rng.integers(0, 256, (6, 6, 3), "uint8")
        Image.fromarray(colors).resize((32, 32)).save(pictures / f"{number}.jpg")
    (pictures / "notes.txt").write_text("no picture")
    return {"page": page, "pictures": pictures}


def test_two_thousand_pictures_stay_light(tab, light):
    opened(tab, light)
    tab.choose("#folder", [light["pictures"]])
    told = wait_for(tab, "2,000 pictures answered.", 240)
    assert "1 other file passed over" in told
    assert len(tiles(tab)) == 60  # the rest comes when it is asked for
    click(tab, "#more")
    tab.wait("document.querySelectorAll('#list li').length === 120")
    start = time.monotonic()
    click(tab, "[data-key=wrong]")
    click(tab, f"[data-key='class {NAMES[1]}']")
    wait_for(tab, "Learned in")
    tab.do("0")
    assert time.monotonic() - start < 10  # all of them are answered anew
    tab.call("HeapProfiler.collectGarbage")
    used = tab.call("Runtime.getHeapUsage")
    kept = sum(used.get(kind, 0) for kind in ("usedSize", "embedderHeapUsedSize"))
    assert kept + used.get("backingStorageSize", 0) < 300e6
    assert tab.do("faults") == []
