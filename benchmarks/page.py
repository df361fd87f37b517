"""The page in one file: how soon it is ready, how quick, how much memory it takes.

    python -m benchmarks.page                    on drawn pets
    python -m benchmarks.page --photos FOLDER    on photographs

The modules of the page that read a picture and compute its features are packed as a
page is, and opened as a file in Chromium, with no server. Ready is the moment when the
first features are there, counted from the opening. Then the page and Python take turns
with one picture after the other: each reads it from its file's bytes, crops, resizes,
and computes its features. The page has one thread, whatever the computer has.

Then 200 pictures are learned anew, by the page's modules and by scikit-learn, in turns.
At last the whole page is shown a folder of 2,000 pictures, or of all and all mirrored
if there are fewer; the memory of all of the browser's processes is looked at twice a
second, and what several share counts once. Four minutes in all.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import psutil
from PIL import Image

from benchmarks.report import Part, report, table
from benchmarks.setting import arguments, make_base, open_set
from helpers.classifier import Classifier
from helpers.engines import computing, exported
from helpers.errors import InputError
from helpers.page.examples import Examples
from helpers.page.making import describe, floats
from helpers.page.splitting import Dense
from helpers.page_file import LOCK, SOURCE, pack
from helpers.pictures import open_picture, picture_bytes, pixels_of, read_picture
from helpers.plumbing import ROOT, run
from helpers.start import quietly
from helpers.teaching.regression import fit
from tools.bare_page import bare_page
from tools.chromium import PROGRAM, Page, browser

PICTURES, SIZE = 60, (224, 224)
LEARNED, TURNS = 200, 9
MADE_OF = {LOCK, *(SOURCE / "script").glob("*.js")}  # what is measured, beside Python
SHOWN = 2000
MAIN = """
import { floats } from "SCRIPT/bytes.js";
import { trainHead } from "SCRIPT/head.js";
import { Products } from "SCRIPT/products.js";
import { startNetwork } from "SCRIPT/network.js";
import { readPicture } from "SCRIPT/pictures.js";
const network = await startNetwork();
await network.features(new Float32Array(224 * 224 * 3));
window.ready = performance.now();
window.timed = async (data) => {
    const file = new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]);
    const start = performance.now();
    const { pixels } = await readPicture(file);
    const read = performance.now();
    const features = await network.features(pixels);
    return [read - start, performance.now() - read, [...features.subarray(0, 8)]];
};
window.learned = async (packed, labels) => {
    const all = floats(packed), width = all.length / labels.length;
    const features = labels.map((_, i) => all.slice(i * width, (i + 1) * width));
    const start = performance.now();
    const table = await new Products().table(features);
    trainHead(table, features, labels, 2, 1);
    return performance.now() - start;
};
"""


def opened(page: Page, file: Path) -> float:
    """Open the file anew; the milliseconds until it has computed something."""
    page.show("about:blank")
    page.wait("location.href === 'about:blank'")
    page.show(file.as_uri())
    return page.wait("window.ready", 300)


def in_the_page(page: Page, data: bytes) -> np.ndarray:
    """Milliseconds to read a picture and to compute it; and some features."""
    given = json.dumps(base64.b64encode(data).decode("ascii"))
    read, computed, features = page.do(f"timed({given})")
    return np.array([read, computed, *features])


def in_python(forward: Callable, data: bytes, path: Path) -> np.ndarray:
    """The same by an engine of Python, from the same bytes."""
    start = time.perf_counter()
    pixels = pixels_of(data, path, SIZE, True)[np.newaxis]
    read = time.perf_counter()
    features = forward(pixels)[0]
    end = time.perf_counter()
    return np.array([1000 * (read - start), 1000 * (end - read), *features[:8]])


def rows(measured: dict[str, np.ndarray]) -> Part:
    """A table: the medians of reading, of computing, and of both.

    Args:
        measured: Milliseconds by name, shape (pictures, 2).

    Example:
        >>> rows({"ours": np.array([[1.0, 10.0], [3.0, 20.0], [2.0, 90.0]])})["rows"]
        [['ours', '2.0', '20.0', '23.0']]
    """
    cells = []
    for name, each in measured.items():
        parts = [*np.median(each, axis=0), np.median(each.sum(axis=1))]
        cells.append([name, *(f"{part:.1f}" for part in parts)])
    return table(["one picture, ms (median)", "read", "compute", "both"], cells)


def memory() -> float:
    """Megabytes of all processes that this one has started; what is shared, once."""
    total = 0
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has ended just now
            found = each.memory_full_info()
            total += getattr(found, "pss", found.uss)
    return total / 1e6


def learning(page: Page, features: np.ndarray, labels: np.ndarray) -> Part:
    """A table: how long the page and scikit-learn take to learn, in turns."""
    given = f"{json.dumps(floats(features))}, {json.dumps(labels.tolist())}"
    found: dict[str, list] = {"the page": [], "scikit-learn": []}
    for turn in range(TURNS + 1):
        here = page.do(f"learned({given})")
        start = time.perf_counter()
        fit(features, labels, 1.0)
        there = 1000 * (time.perf_counter() - start)
        if turn:  # the first one warms up
            found["the page"].append(here)
            found["scikit-learn"].append(there)
    cells = [
        [name, *(f"{part:.0f}" for part in (np.median(each), max(each)))]
        for name, each in found.items()
    ]
    return table([f"learning {len(labels)} pictures, ms", "median", "longest"], cells)


def whole_page(base: keras.Model, features: np.ndarray, labels: np.ndarray) -> str:
    """The page of a classifier with the pictures that it has learned from in it."""
    found = fit(features, labels, 1.0)
    weights, bias = (
        np.concatenate([-one, one]) / 2 for one in (found.coef_, found.intercept_)
    )
    head = keras.layers.Dense(2, activation="softmax")
    model = keras.Model(base.input, head(base.output))
    head.set_weights([weights.T, bias])
    names = [f"{number}.jpg" for number in range(len(labels))]
    in_test = np.arange(len(labels)) % 5 == 4
    nothing = [None] * len(names)
    examples = Examples(names, labels, in_test, features, nothing)
    told = describe(
        Classifier(model, ["cat", "dog"]),
        "pets",
        [Dense(weights, bias, "linear")],
        examples,
    )
    return pack(told, exported(base))


def many(paths: list[Path], count: int, folder: Path) -> None:
    """Fill a folder with different pictures: each, then each mirrored, as JPEG."""
    folder.mkdir()
    for number in range(min(count, 2 * len(paths))):
        image = open_picture(paths[number % len(paths)])
        if number >= len(paths):
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        image.save(folder / f"{number:05}.jpg", quality=90)


def remembering(page: Page, file: Path, folder: Path) -> Part:
    """A table: the browser's memory, the more pictures the page has been shown."""
    page.call("DOM.enable")
    page.show("about:blank")
    page.wait("location.href === 'about:blank'")
    told = [["an empty tab", f"{memory():.0f}", ""]]
    page.show(file.as_uri())
    page.wait("document.getElementById('status')?.textContent.startsWith('Ready')", 300)
    told.append(["the page, ready", f"{memory():.0f}", ""])
    count = len(list(folder.iterdir()))
    page.choose("#folder", [folder])
    seen, highest, marks = 0, 0.0, [n for n in (500, 1000, 1500) if n < count]
    while seen < count:
        time.sleep(0.5)
        now = memory()
        highest = max(highest, now)
        status = page.do("document.getElementById('status').textContent")
        text = page.do("document.querySelector('.progress-text').textContent")
        if "answered" in status:
            seen = count
        elif found := re.match(r"[\d,]+", text):
            seen = int(found[0].replace(",", ""))
        if seen == count or (marks and seen >= marks[0]):
            told.append([f"{seen:,} pictures", f"{now:.0f}", f"{highest:.0f}"])
            marks = marks[1:]
    return table(["memory, MB", "then", "highest before"], told)


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--pictures", type=int, default=PICTURES, help="how many (60)")
    parser.add_argument("--shown", type=int, default=SHOWN, help="at last (2000)")
    parser.add_argument("--openings", type=int, default=5, help="of the page (5)")
    asked = parser.parse_args()
    if PROGRAM is None:
        raise InputError("expected a browser, found no Chromium. Install it.")
    pictures = open_set(asked.photos)
    mixed = np.random.default_rng(0).permutation(len(pictures.paths))[: asked.pictures]
    files = [
        (picture_bytes(path), path) for path in map(pictures.paths.__getitem__, mixed)
    ]
    base = make_base()
    onnx = exported(base)
    with quietly(), tempfile.TemporaryDirectory() as folder, browser() as page:
        told = {"image_size": SIZE, "cropped": True}
        file = bare_page(MAIN, told, onnx, Path(folder))
        ready = [opened(page, file) / 1000 for _ in range(asked.openings)]
        megabytes = file.stat().st_size / 1e6
        engines = {
            "Keras, `predict`": lambda pixels: base.predict(pixels, verbose=0),
            "ONNX Runtime, all cores": computing(onnx),
            "ONNX Runtime, one thread": computing(onnx, threads=1),
        }
        found: dict[str, list] = {
            "the page, one thread": [],
            **{n: [] for n in engines},
        }
        for number, (data, path) in enumerate([files[0], *files]):
            answers = {"the page, one thread": in_the_page(page, data)}
            for name, forward in engines.items():
                answers[name] = in_python(forward, data, path)
            for name, answer in answers.items():
                expected = answers["ONNX Runtime, one thread"][2:]
                if not np.allclose(answer[2:], expected, atol=1e-3):
                    raise ValueError(f"{name} differs from the others on {path}")
                found[name] += [answer[:2]] * (number > 0)  # the first one warms up
        rng = np.random.default_rng(1)
        some = rng.permutation(len(pictures.paths))[:LEARNED]
        labels = pictures.labels[some]
        features = np.concatenate(
            [
                engines["ONNX Runtime, all cores"](
                    read_picture(pictures.paths[row], SIZE, crop=True)[np.newaxis]
                )
                for row in some
            ]
        )
        learned = learning(page, features, labels)
        whole = Path(folder) / "whole.html"
        whole.write_text(whole_page(base, features, labels), encoding="utf-8")
        many(pictures.paths, asked.shown, Path(folder) / "many")
        remembered = remembering(page, whole, Path(folder) / "many")
    report(
        f"page_{pictures.kind}",
        f"The page in one file: {pictures.kind}",
        f"A page with EfficientNet-Lite0 in it, {megabytes:.0f} MB without a head and "
        f"pictures, is ready {np.median(ready):.1f} s after it is opened as a file "
        f"(median of {len(ready)}; {min(ready):.1f} to {max(ready):.1f} s).",
        f"{len(files)} pictures, one at a time, in turns; features of all agree within "
        "0.001.",
        rows({name: np.array(each) for name, each in found.items()}),
        "A head for two classes, from the features of pictures, in turns.",
        learned,
        "All processes of Chromium together, while the whole page, with the pictures "
        "in it that it learned from, is shown a folder.",
        remembered,
        also=[path.relative_to(ROOT).as_posix() for path in sorted(MADE_OF)],
    )


if __name__ == "__main__":
    run(_main)
