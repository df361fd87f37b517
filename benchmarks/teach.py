"""From a folder to a classifier and its report: how much more than the features?

    python -m benchmarks.teach                    on drawn pets
    python -m benchmarks.teach --photos FOLDER    on photographs

`compute_features` with one backbone, EfficientNet-Lite0, is what nobody can do without;
`train_classifier` also looks for copies, chooses backbone, cropping and strength by
cross-validation, tests, draws a learning curve, saves and writes the report. Both begin
with empty caches, a process of their own for each turn, and take turns; the clock runs
from the files on, imports are not counted. Then ten pictures more, in a warm cache.
Three minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.report import report, table
from benchmarks.setting import Pictures, arguments, make_base, open_set
from helpers.features import compute_features
from helpers.pictures import find_pictures
from helpers.plumbing import ROOT, run
from helpers.start import quietly
from helpers.teaching import teach

PER_CLASS, MORE = 100, 5  # of each class: at first, and for the second run


def lay_out(pictures: Pictures, folder: Path) -> tuple[Path, Path]:
    """Copy pictures into a folder for each class; and into another a few more.

    Args:
        pictures: Cats and dogs.
        folder: Where both folders go.

    Returns:
        A folder of 200 pictures, and one of the same and ten others.
    """
    first, second = folder / "first", folder / "second"
    for label, name in enumerate(("cat", "dog")):
        mixed = np.random.default_rng(label).permutation(
            np.flatnonzero(pictures.labels == label)
        )
        for place, count in ((first, PER_CLASS), (second, PER_CLASS + MORE)):
            (place / name).mkdir(parents=True)
            for row in mixed[:count]:
                path = pictures.paths[row]
                copy = place / name / f"{row:05}{path.suffix}"
                shutil.copyfile(path, copy)
    return first, second


def seconds_of(task: str, folder: Path, home: Path) -> float:
    """Do it in a process of its own, whose caches and models are in `home`."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.teach", "--task", task, folder, home],
        cwd=ROOT,
        env={**os.environ, "TRANSFER_MODELS": str(home / "models")},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _do(task: str, folder: Path, home: Path) -> None:
    cache = home / "features"
    if task == "features":
        start = time.perf_counter()
        base = make_base()
        built = time.perf_counter() - start
        with quietly():
            compute_features(base, find_pictures(folder), cache, crop=True)
        print(json.dumps([time.perf_counter() - start, built]))
        return
    start = time.perf_counter()
    teach(str(folder), name="pets", cache=cache)
    print(json.dumps([time.perf_counter() - start, 0]))


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--turns", type=int, default=5, help="turns for each (5)")
    parser.add_argument("--task", nargs=3, help=argparse.SUPPRESS)  # the child
    asked = parser.parse_args()
    if asked.task:
        _do(asked.task[0], Path(asked.task[1]), Path(asked.task[2]))
        return
    pictures = open_set(asked.photos)
    found: dict[str, list] = {"features": [], "teach": [], "again": []}
    with tempfile.TemporaryDirectory() as folder:
        first, second = lay_out(pictures, Path(folder))
        for turn in range(asked.turns):
            for task in ("features", "teach"):
                home = Path(folder, f"{task}{turn}")
                found[task].append(seconds_of(task, first, home))
            found["again"].append(seconds_of("teach", second, home))
            print(*(each[-1] for each in found.values()), flush=True)
    whole, building = np.array(found["features"]).T
    rows, alone = [], whole - building
    for name, each in (
        ("features of one backbone, with its building", found["features"]),
        ("train_classifier: all, from an empty cache", found["teach"]),
        ("train_classifier: ten pictures more", found["again"]),
    ):
        seconds = np.array(each)[:, 0]
        rows.append(
            [
                name,
                f"{np.median(seconds):.1f}",
                f"{seconds.min():.1f}",
                f"{np.median(seconds / whole):.2f}",
                f"{np.median(seconds - 1.5 * alone):+.1f}",
            ]
        )
    report(
        f"teach_{pictures.kind}",
        f"From a folder to a classifier and its report: {pictures.kind}",
        f"{2 * PER_CLASS} pictures of two classes, {asked.turns} turns each, one after "
        "the other and again, each in a process of its own. The share is that of the "
        "same turn; `compute_features` alone is what is left of the first row without "
        f"the building of the backbone, {np.median(alone):.1f} s.",
        table(
            [
                "",
                "seconds, median",
                "best turn",
                "of the first row",
                "above 1.5 compute_features (s)",
            ],
            rows,
        ),
    )


if __name__ == "__main__":
    run(_main)
