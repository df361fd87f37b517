"""Do time and memory grow in a straight line? 1,000, 5,000 and 25,000 pictures.

    python -m benchmarks.growth

Each number of pictures has a fresh process, whose memory is looked at twenty times a
second. The pictures are the drawn pets over and over, each with a comment of its own in
the file, so that no two files are alike and none is found in the cache. Three minutes
and 1 GB of disk, given back at the end.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from matplotlib import pyplot as plt

from benchmarks.report import picture, report, table, tables
from benchmarks.setting import make_base, open_set
from helpers.features import compute_features
from helpers.plumbing import ROOT, run

SIZES = (1_000, 5_000, 25_000)


def with_comment(jpeg: bytes, text: str) -> bytes:
    """The same JPEG picture as another file: with a comment after its first two bytes.

    Example:
        >>> with_comment(bytes.fromhex("ffd8ffd9"), "a").hex(" ")
        'ff d8 ff fe 00 03 61 ff d9'
    """
    comment = text.encode()
    return (
        jpeg[:2]
        + b"\xff\xfe"
        + (len(comment) + 2).to_bytes(2, "big")
        + comment
        + jpeg[2:]
    )


def multiply(paths: list[Path], count: int, folder: Path) -> None:
    """Fill a folder with `count` picture files, each different from all others.

    Args:
        paths: JPEG pictures to begin with.
        count: How many files to write, `00000.jpg` and so on.
        folder: Where they go; it is made.
    """
    folder.mkdir()
    sources = [path.read_bytes() for path in paths]
    for number in range(count):
        jpeg = with_comment(sources[number % len(sources)], str(number))
        (folder / f"{number:05}.jpg").write_bytes(jpeg)


def _measure(folder: Path, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.growth", "--compute", folder]
    child = subprocess.Popen(
        [*command, "--sizes", str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while child.poll() is None:
        peak = max(peak, _resident(child.pid))
        time.sleep(0.05)
    told = child.stdout.read()
    child.stdout.close()
    if child.returncode:
        raise RuntimeError(f"the process for {count} pictures ended before its work.")
    return {**json.loads(told), "peak": peak / 2**20}


def _resident(pid: int) -> int:
    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.Error:  # it has ended just now
        return 0


def _compute(folder: Path, count: int) -> None:
    paths = sorted((folder / "pictures").iterdir())[:count]
    base = make_base()
    base(np.zeros((1, *base.input_shape[1:]), np.float32))
    seconds = {}
    for name in ("first", "again"):
        start = time.perf_counter()
        features = compute_features(base, paths, folder / f"cache{count}")
        seconds[name] = time.perf_counter() - start
    assert np.isfinite(features).all()
    print(json.dumps(seconds))


def draw_growth(record: dict) -> plt.Figure:
    """Seconds and peak memory against pictures, from the table of the record."""
    (rows,) = tables(record)
    sizes, seconds, memory = (
        [float(row[column]) for row in rows] for column in (0, 1, 4)
    )
    fig, axes = plt.subplots(1, 2, figsize=(7, 3))
    axes[0].plot(sizes, seconds, "o-")
    axes[0].set(ylabel="seconds", title="Time")
    axes[1].plot(sizes, memory, "o-")
    axes[1].set(ylabel="peak memory (MB)", title="Memory")
    for ax in axes:
        ax.margins(0.1)
        ax.set(xlabel="pictures", xlim=0, ylim=0)
    return fig


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--compute", type=Path, help=argparse.SUPPRESS)  # the child
    asked = parser.parse_args()
    if asked.compute:
        _compute(asked.compute, asked.sizes[0])
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        multiply(open_set(None).paths, max(asked.sizes), folder / "pictures")
        for count in asked.sizes:
            found = _measure(folder, count)
            rate = count / found["first"]
            least = rows[0][4] if rows else round(found["peak"])
            rows.append(
                [
                    count,
                    f"{found['first']:.1f}",
                    f"{rate:.1f}",
                    f"{found['again']:.2f}",
                    round(found["peak"]),
                    round(found["peak"]) - least,
                ]
            )
            print(*rows[-1], flush=True)
    report(
        "growth",
        "Time and memory grow in a straight line",
        "EfficientNet-Lite0 at 224 by 224 on drawn pets, a fresh process for each "
        "number. The features themselves, which are returned in one array, take 5 MB "
        "for each thousand pictures.",
        picture(
            "draw_growth",
            "Seconds and peak memory against pictures, as in the table",
        ),
        table(
            [
                "pictures",
                "seconds",
                "pictures a second",
                "again, from the cache (s)",
                "peak memory (MB)",
                "above the first (MB)",
            ],
            rows,
        ),
    )


if __name__ == "__main__":
    run(_main)
