"""What many processes cost, and gain: one engine, and two workers on the same cores.

    python -m benchmarks.many

It needs Ray, an extra: see tools.many. Each number of pictures and each way has a
fresh process, whose memory is looked at, and that of its workers. The pictures are
those of `benchmarks.growth`. What is measured then says how long other numbers of
pictures take on other numbers of computers. Ten minutes and 2 GB of disk, given back
at the end.
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

from benchmarks.growth import multiply
from benchmarks.report import picture, report, table, tables
from benchmarks.setting import make_base, open_set
from helpers.features import compute_features
from helpers.plumbing import ROOT, run

SIZES = (1_000, 5_000, 50_000)
WARM = 4  # parts, until each worker has built its base
PLANS = ((1_000_000, 2), (25_000_000, 20), (100_000_000, 100), (100_000_000, 1_000))
WAYS = ("one", "many")


def _measure(way: str, folder: Path, count: int) -> dict[str, float]:
    """Run one way in a process of its own; look at all its processes' memory."""
    command = [sys.executable, "-m", "benchmarks.many", "--compute", way, folder]
    child = subprocess.Popen(
        [*map(str, command), "--sizes", str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    peaks = {"peak": 0, "worker": 0}
    while child.poll() is None:
        peaks["peak"] = max(peaks["peak"], _resident(psutil.Process(child.pid)))
        for process in _workers(child.pid):
            peaks["worker"] = max(peaks["worker"], _resident(process))
        time.sleep(0.2)
    told = child.stdout.read()
    child.stdout.close()
    if child.returncode:
        raise RuntimeError(f"the process for {count} pictures ended before its work.")
    told = told.splitlines()[-1]  # Ray may say something before
    return {**json.loads(told), **{name: n / 2**20 for name, n in peaks.items()}}


def _workers(pid: int) -> list[psutil.Process]:
    try:
        family = psutil.Process(pid).children(recursive=True)
        return [one for one in family if "MapWorker" in one.cmdline()[0]]
    except (psutil.Error, IndexError):  # one has ended just now
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _compute(way: str, folder: Path, count: int) -> None:
    base = make_base()
    paths = sorted((folder / "pictures").iterdir())[:count]
    target = folder / f"{way}{count}"
    start = time.perf_counter()
    if way == "one":
        features = compute_features(base, paths, target)
        told = {"seconds": time.perf_counter() - start}
    else:
        features, told = _by_many(base, paths, target)
    np.save(folder / f"{way}{count}.npy", features)
    print(json.dumps(told))


def _by_many(base, paths: list[Path], target: Path) -> tuple[np.ndarray, dict]:
    from helpers.many import (
        cluster,
        compute_parts,
        divide,
        list_pictures,
        read_features,
    )

    start = time.perf_counter()
    with cluster(cores=2):
        up = time.perf_counter() - start
        first = compute_parts(base, paths, target)
        seconds = time.perf_counter() - start
        again = compute_parts(base, paths, target)
    start = time.perf_counter()
    _, entries = list_pictures(paths)
    parts, rows = divide("", entries)
    size = sum(len(row["key"]) + len(row["entries"]) for row in rows)
    listing = time.perf_counter() - start
    start = time.perf_counter()
    features = read_features(target).features
    told = json.loads((target / "features.json").read_text(encoding="utf-8"))
    sizes = dict(told["parts"])
    files = sorted((f.stat().st_mtime, f.stem) for f in target.rglob("*.parquet"))
    steady = sum(sizes[key] for _, key in files[WARM:])
    return features, {
        "seconds": seconds,
        "up": up,
        "first": first.seconds,
        "again": again.seconds,
        "steady": steady / (files[-1][0] - files[WARM - 1][0]) if steady else np.nan,
        "listing": listing,
        "reading": time.perf_counter() - start,
        "bytes": size / len(paths),
        "parts": len(parts),
    }


def plan(pictures: int, workers: int, found: dict[str, float]) -> dict[str, float]:
    """How long it takes, by what was measured; each step waits for the one before.

    Args:
        pictures: How many there are.
        workers: How many cores of the same kind work on them.
        found: `rate` (pictures a second and worker), `start` (seconds until they work),
            `list` and `give` (seconds for each picture, on the one computer that gives
            the work away) and `bytes` (of memory there, for each picture).

    Returns:
        `list` and `compute`, hours; `limit`, the workers beyond which the giver is what
        takes longest; `gigabytes`, its memory.

    Example:
        >>> found = dict(rate=100, start=36, list=1e-5, give=1e-5, bytes=30)
        >>> hours = plan(36_000_000, 10, found)
        >>> round(hours["list"], 2), round(hours["compute"], 2), round(hours["limit"])
        (0.1, 10.01, 1000)
    """
    giving = pictures * found["give"]
    computing = pictures / found["rate"] / workers
    return {
        "list": pictures * found["list"] / 3600,
        "compute": (found["start"] + max(giving, computing)) / 3600,
        "limit": 1 / found["rate"] / found["give"],
        "gigabytes": pictures * found["bytes"] / 1e9,
    }


def draw_many(record: dict) -> plt.Figure:
    """Seconds and memory against pictures, both ways, from the record's first table."""
    rows = tables(record)[0]
    fig, axes = plt.subplots(1, 2, figsize=(7, 3))
    sizes = [float(row[0]) for row in rows]
    for ax, columns, title in (
        (axes[0], {"one engine": 1, "two workers": 2}, "Time"),
        (axes[1], {"one engine": 5, "a worker": 6, "who gives": 7}, "Memory"),
    ):
        for label, column in columns.items():
            ax.plot(sizes, [float(row[column]) for row in rows], "o-", label=label)
        ax.set(xlabel="pictures", xlim=0, ylim=0, title=title)
        ax.margins(0.1)
        ax.legend()
    axes[0].set(ylabel="seconds")
    axes[1].set(ylabel="peak memory (MB)")
    return fig


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--compute", nargs=2, help=argparse.SUPPRESS)  # the child
    asked = parser.parse_args()
    if asked.compute:
        _compute(asked.compute[0], Path(asked.compute[1]), asked.sizes[0])
        return
    rows, far, found = [], 0.0, {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        multiply(open_set(None).paths, max(asked.sizes), folder / "pictures")
        for count in asked.sizes:
            one, many = found[count] = [_measure(w, folder, count) for w in WAYS]
            ours, theirs = (np.load(folder / f"{way}{count}.npy") for way in WAYS)
            far = max(far, float(np.abs(ours - theirs).max()))
            rows.append(
                [
                    count,
                    f"{one['seconds']:.1f}",
                    f"{many['seconds']:.1f}",
                    f"{count / one['seconds']:.0f}",
                    f"{many['steady']:.0f}",
                    round(one["peak"]),
                    round(many["worker"]),
                    round(many["peak"]),
                ]
            )
            print(*rows[-1], flush=True)
    few, most = (found[count][1] for count in (asked.sizes[0], asked.sizes[-1]))
    more = asked.sizes[-1] - asked.sizes[0]
    single = asked.sizes[-1] / found[asked.sizes[-1]][0]["seconds"]
    measured = {
        "rate": most["steady"] / 2,
        "start": most["up"] + max(0, most["first"] - asked.sizes[-1] / most["steady"]),
        "list": most["listing"] / asked.sizes[-1],
        # What a second run takes, which computes nothing: giving, looking, telling.
        "give": (most["again"] - few["again"]) / more,
        "bytes": most["bytes"],
    }
    plans = []
    for pictures, workers in PLANS:
        hours = plan(pictures, workers, measured)
        plans.append(
            [
                f"{pictures:,}",
                f"{workers:,}",
                f"{hours['list']:.1f}",
                f"{hours['compute']:.1f}",
                f"{hours['gigabytes']:.1f}",
                "the giver" if workers > hours["limit"] else "the workers",
            ]
        )
    report(
        "many",
        "Many workers: what they cost and what they gain",
        "EfficientNet-Lite0 at 224 by 224 on drawn pets: `compute_features` with its "
        "threads on two cores, and Ray with two workers of one core each on the same "
        "two, a fresh process for each line. The seconds of Ray hold its own start "
        f"({most['up']:.0f} s) and the building of the base in each worker; pictures a "
        "second are those after that. Features of both ways differ by "
        f"{far:.0e} at most. The last rate is {most['steady'] / single:.2f} of the one "
        "engine's.",
        picture(
            "draw_many",
            "Seconds and peak memory against pictures, as in the first table",
        ),
        table(
            [
                "pictures",
                "one engine (s)",
                "Ray (s)",
                "one engine (pictures a second)",
                "Ray (pictures a second)",
                "one engine (MB)",
                "a worker (MB)",
                "who gives (MB)",
            ],
            rows,
        ),
        "What one picture takes, where each step can be told from the others:",
        table(
            ["step", "µs a picture"],
            [
                ["to list", f"{measured['list'] * 1e6:.0f}"],
                ["to give", f"{measured['give'] * 1e6:.0f}"],
                ["to compute", f"{1e6 / measured['rate']:.0f}"],
            ],
        ),
        "By these numbers, with no more than these assumptions: workers of this kind "
        "of core, each with its own; pictures that arrive as fast as they are "
        "computed; one computer that lists them, gives them away and is told, and "
        f"keeps {measured['bytes']:.0f} bytes of each. Workers start in "
        f"{measured['start']:.0f} s. So up to "
        f"{plan(1, 1, measured)['limit']:,.0f} workers it is they that take "
        "longest. Nobody has run this on so many.",
        table(
            [
                "pictures",
                "workers",
                "to list (h)",
                "to compute (h)",
                "memory of the list (GB)",
                "what takes longest",
            ],
            plans,
        ),
    )


if __name__ == "__main__":
    run(_main)
