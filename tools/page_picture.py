"""Photograph the page in one file, with drawn pets in it, in a real browser.

    python -m tools.page_picture

It makes the page of lesson 6's classifier as `data_scripts.make_page` does, shows it
eight test pictures, among them the mistake that the page is surest of, and opens that
one. The picture holds its alternative text, and a digest of the page's sources: a test
says when these have changed since.
"""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.errors import InputError
from helpers.page_file import SOURCE
from helpers.picture_sets import open_pictures
from helpers.plumbing import ROOT, run
from helpers.start import quietly
from tools.chromium import PROGRAM, Page, browser
from tools.readme_picture import store

PICTURE = ROOT / "notebooks" / "pictures" / "page.png"
WIDTH, HEIGHT = 760, 700
PICTURES = 8
KINDS = (".html", ".css", ".js")
WORDS = ("words.js", "words.en.js")  # the picture is of the page in English


def digest_of_page() -> str:
    """Of all that decides what the page looks like: its frame, style and script."""
    files = sorted(
        path
        for path in SOURCE.rglob("*")
        if path.suffix in KINDS and (path.name in WORDS or not path.match("words.*.js"))
    )
    told = hashlib.sha256()
    for file in files:
        told.update(f"{file.relative_to(SOURCE).as_posix()}\n".encode())
        told.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return told.hexdigest()


def photograph(page: Page, file: Path, pictures: list[Path]) -> tuple[Image.Image, str]:
    """Show pictures to the page, open the last, and take a picture of what is seen.

    Args:
        page: A browser's.
        file: The page, as `make_page` made it.
        pictures: What it is shown.

    Returns:
        The picture, and what the page says of the one that is open.
    """
    page.call("DOM.enable")
    page.call("Emulation.setScrollbarsHidden", hidden=True)  # before all is laid out
    page.resize(WIDTH, HEIGHT)
    page.show(file.as_uri())
    page.wait("document.getElementById('status')?.textContent.startsWith('Ready')", 120)
    page.choose("#files", pictures)
    told = f"{len(pictures)} pictures answered."
    page.wait(f"document.getElementById('status').textContent.includes('{told}')", 120)
    page.do("document.querySelector('#list li:last-child button').click()")
    page.do("document.activeElement.blur(), scrollTo(0, 0)")
    said = page.do("document.querySelector('#answer .said').textContent")
    data = page.call("Page.captureScreenshot")["data"]
    return Image.open(io.BytesIO(base64.b64decode(data))), said


def _main() -> None:
    if PROGRAM is None:
        raise InputError("expected a browser, found no Chromium. Install it.")
    with quietly():
        from helpers.classifier import name_pictures, open_classifier
        from helpers.page import make_page

    file = make_page()
    paths, true = open_pictures("drawn").test_set()
    answers = name_pictures(open_classifier(), list(paths))
    names = np.array(["cat", "dog"])[true]
    wrong = answers.index[answers["name"] != names]
    surest = max(wrong, key=lambda row: answers["probability"][row])
    chance = np.random.default_rng(0).choice(len(paths), PICTURES - 1, replace=False)
    shown = [*(row for row in chance if row != surest), surest]
    with browser() as page:
        picture, said = photograph(page, file, [paths[row] for row in shown])
    text = (
        f"The page in a browser: a drawn {names[surest]}, for which it says “{said}”; "
        "bars for both classes; buttons “That’s wrong” and “Where does it look?”."
    )
    store(picture, {"Description": text, "Digest": digest_of_page()}, PICTURE)
    print(f"{PICTURE}: {PICTURE.stat().st_size:,} bytes\n{text}")


if __name__ == "__main__":
    run(_main)
