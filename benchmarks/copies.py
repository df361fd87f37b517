"""Are copies recognized, and only copies? Counted by kind of picture and of change.

    python -m benchmarks.copies                    on drawings of hard kinds
    python -m benchmarks.copies --photos FOLDER    on photographs as well

Every two pictures of a kind are different, so each pair that is called a copy is wrong.
Each picture is then changed as copies are, and compared with itself. Nothing is counted
on the pictures on which the thresholds of `helpers.sources` were chosen. About ten
minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.stats import binomtest

from benchmarks.lookalikes import CHANGES, KINDS, changed
from benchmarks.report import report, table
from benchmarks.setting import arguments
from helpers.pictures import find_pictures, open_picture
from helpers.plumbing import run
from helpers.sources import are_copies, copy_pairs, describe

FIRST, NTH = 5000, 5  # drawings begin there; each fifth photograph is left out
CHOSEN = (
    "The thresholds were chosen on other pictures: on drawings with numbers below 300, "
    "and on each fifth photograph. What is counted here are drawings from number "
    f"{FIRST} on, and photographs among the rest."
)

Described = tuple[np.ndarray, np.ndarray]  # the picture, and its copies


def drawn(kind: str, number: int) -> Described:
    """Describe a drawing and its copies: shapes (bytes,) and (changes, bytes)."""
    seed = [list(KINDS).index(kind), number]
    return _described(KINDS[kind](np.random.default_rng(seed)), number)


def photographed(path: Path, number: int) -> Described:
    """Describe a photograph and its copies."""
    return _described(open_picture(path), number)


def _described(image: Image.Image, number: int) -> Described:
    copies = [
        describe(changed(image, change, np.random.default_rng([number, place])))
        for place, change in enumerate(CHANGES)
    ]
    return describe(image), np.stack(copies)


def wrong_pairs(pictures: np.ndarray) -> int:
    """How many pairs of different pictures are called copies.

    Args:
        pictures: Their descriptions, shape (pictures, bytes).

    Example:
        >>> wrong_pairs(np.stack([describe(Image.new("L", (9, 9), 80))] * 3))
        3
    """
    wrong = set()
    for rows, columns in copy_pairs(pictures, pictures):
        wrong |= {pair for pair in zip(rows, columns, strict=True) if pair[0] < pair[1]}
    return len(wrong)


def recognized(pictures: np.ndarray, copies: np.ndarray) -> np.ndarray:
    """Which copies are recognized: bool, shape (pictures, changes)."""
    return np.array(
        [
            [are_copies(picture, copy) for copy in changes]
            for picture, changes in zip(pictures, copies, strict=True)
        ]
    )


def interval(count: int, of: int) -> str:
    """Where the true share lies, 19 times in 20 (Clopper and Pearson).

    Example:
        >>> interval(0, 1000)
        '0.000% to 0.368%'
    """
    low, high = binomtest(count, of).proportion_ci(0.95)
    return f"{low:.3%} to {high:.3%}"


def _sets(photos: Path | None, each: int) -> Iterator[tuple[str, list[Described]]]:
    with ProcessPoolExecutor() as pool:
        numbers = range(FIRST, FIRST + each)
        for kind in KINDS:
            yield kind, list(pool.map(drawn, [kind] * each, numbers, chunksize=8))
        if photos is not None:
            paths = [p for n, p in enumerate(find_pictures(photos)) if n % NTH]
            rng = np.random.default_rng(0)
            paths = [paths[row] for row in rng.permutation(len(paths))[: 2 * each]]
            found = pool.map(photographed, paths, range(len(paths)), chunksize=8)
            yield "photographs", list(found)


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--each", type=int, default=300, help="drawings a kind (300)")
    asked = parser.parse_args()
    wrong, right = [], []
    for kind, found in _sets(asked.photos, asked.each):
        pictures, copies = (np.stack(each) for each in zip(*found, strict=True))
        count, pairs = wrong_pairs(pictures), len(found) * (len(found) - 1) // 2
        wrong.append([kind, len(found), pairs, count, interval(count, pairs)])
        hits = recognized(pictures, copies)
        shares = [f"{share:.1%}" for share in hits.mean(axis=0)]
        total = f"{hits.sum()} of {hits.size}"
        right.append([kind, total, interval(int(hits.sum()), hits.size), *shares])
    report(
        "copies",
        "Copies, and pictures that only look alike",
        CHOSEN,
        "## Different pictures that are called copies",
        table(["", "pictures", "pairs", "wrong", "share, 95% interval"], wrong),
        "## Copies that are recognized",
        table(["", "recognized", "share, 95% interval", *CHANGES], right),
    )


if __name__ == "__main__":
    run(_main)
