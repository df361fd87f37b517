"""Kill `compute_features` at random moments: does the next run end with the same bytes?

    python -m benchmarks.kills --times 20

A child process computes the features of drawn pets, in shards of 16, and is killed with
no chance to tidy up (SIGKILL, as by `kill -9`, a full memory or a power cut). Then the
features are computed again over what it left. Five to ten minutes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.report import report, table
from benchmarks.setting import make_base, open_set
from helpers import features
from helpers.commands import run
from helpers.files import ROOT

PICTURES = 104


def _compute(cache: Path) -> bytes:
    pictures = open_set(None).paths[:PICTURES]
    base = make_base()
    print("computing", flush=True)
    return features.compute_features(base, pictures, cache).tobytes()


def kept(cache: Path) -> dict[str, bytes]:
    """The shards of a cache, by name: what must be the same bytes."""
    return {path.name: path.read_bytes() for path in sorted(cache.glob("*/*.npy"))}


def compute_in_child(cache: Path, seconds: float | None) -> tuple[bool, float]:
    """Compute in a child process, and kill it on the way.

    Args:
        cache: The folder that it fills.
        seconds: How long to let it compute, or None to let it end.

    Returns:
        Whether it was killed while it computed, and how long it did (seconds).
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.kills", "--compute", cache],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    child.stdout.readline()
    start = time.perf_counter()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
    child.wait()
    child.stdout.close()
    return child.returncode != 0, time.perf_counter() - start


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=20, help="how many kills (20)")
    parser.add_argument("--compute", type=Path, help=argparse.SUPPRESS)  # the child
    asked = parser.parse_args()
    features.SHARD = 16  # so that a short run writes several
    if asked.compute:
        _compute(asked.compute)
        return
    rng = np.random.default_rng(0)
    pictures, base = open_set(None).paths[:PICTURES], make_base()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        expected = features.compute_features(base, pictures, Path(folder, "whole"))
        whole = kept(Path(folder, "whole"))
        _, longest = compute_in_child(Path(folder, "child"), None)
        for number in range(asked.times):
            cache = Path(folder, str(number))
            moment = rng.uniform(0, longest)
            killed, _ = compute_in_child(cache, moment)
            left = len(kept(cache))
            again = features.compute_features(base, pictures, cache)
            same = again.tobytes() == expected.tobytes() and kept(cache) == whole
            rows.append((number + 1, f"{moment:.2f}", killed, left, same))
            print(*rows[-1], flush=True)
    killed = sum(row[2] for row in rows)
    recovered = sum(row[4] for row in rows)
    words = {True: "yes", False: "no"}
    told = [[n, s, words[k], left, words[same]] for n, s, k, left, same in rows]
    report(
        "kills",
        "Killed at random moments, a run ends with the same bytes",
        f"{asked.times} runs over {PICTURES} drawn pets, {len(whole)} shards each; "
        f"{killed} killed while they computed; {recovered} of {asked.times} reruns "
        "ended with identical bytes, both features and shards.",
        table(
            ["run", "killed after (s)", "computing", "shards left", "identical bytes"],
            told,
        ),
    )
    if recovered < asked.times:
        raise SystemExit(1)


if __name__ == "__main__":
    run(_main)
