"""The page in one file: how soon it is ready, and how long a picture takes.

    python -m benchmarks.page                    on drawn pets
    python -m benchmarks.page --photos FOLDER    on photographs

The modules of the page that read a picture and compute its features are packed as a
page is, and opened as a file in Chromium, with no server. Ready is the moment when the
first features are there, counted from the opening. Then the page and Python take turns
with one picture after the other: each reads it from its file's bytes, crops, resizes,
and computes its features. The page has one thread, whatever the computer has.
"""

from __future__ import annotations

import base64
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.report import Part, report, table
from benchmarks.setting import arguments, make_base, open_set
from helpers.engines import computing, exported
from helpers.errors import InputError
from helpers.pictures import picture_bytes, pixels_of
from helpers.plumbing import run
from helpers.start import quietly
from tools.bare_page import bare_page
from tools.chromium import PROGRAM, Page, browser

PICTURES, SIZE = 60, (224, 224)
MAIN = """
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


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--pictures", type=int, default=PICTURES, help="how many (60)")
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
    report(
        f"page_{pictures.kind}",
        f"The page in one file: {pictures.kind}",
        f"A page with EfficientNet-Lite0 in it, {megabytes:.0f} MB without a head and "
        f"pictures, is ready {np.median(ready):.1f} s after it is opened as a file "
        f"(median of {len(ready)}; {min(ready):.1f} to {max(ready):.1f} s).",
        f"{len(files)} pictures, one at a time, in turns; features of all agree within "
        "0.001.",
        rows({name: np.array(each) for name, each in found.items()}),
    )


if __name__ == "__main__":
    run(_main)
