"""Pictures that are the same: resized, mirrored, bordered or compressed again.

A picture is described by a small one of itself, without its border. Two are copies if
these agree everywhere, as a whole and in each part where there is something to see:
animals on a white ground agree in most places, but not where the animals are.
`benchmarks.copies` measures how often that is wrong: least for photographs, most for
small things on a wide white ground.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from helpers.pictures import open_picture
from helpers.sources.descriptions import (
    LUMA,
    PART,
    SIDE,
    SIZE,
    VIEW,
    channels,
    describe,
    mirrored,
)

NOISE = 3.0  # what compression changes, where nothing is to be seen
# What may differ, as a share of what there is to see (see `_differences`): in all, and
# in the worst part. Chosen on other drawings than `benchmarks.copies` counts.
WHOLE, PARTS = 0.08, 0.09
FRAMED, FRAMED_PARTS = 0.004, 0.2  # the same, if only a frame is taken off
# And without any border, so that a small thing on a wide ground is looked at closely.
LOOSE, LOOSE_PARTS = 0.4, 1.0
MAYBE = 0.5  # of the whole, before one picture is laid upon the other
FARTHEST = 1.0  # how far one may be moved and stretched for that, of 32 places
GRAIN = 2.0  # levels, of 256: what compression changes everywhere
BLOCK = 1024  # descriptions that are compared at once


class Taken:
    """The pictures drawn so far, to be compared with the next one."""

    def __init__(self) -> None:
        self.pictures: list[Path] = []
        self.described = _prepared(np.zeros((64, SIZE), np.uint8))  # grows

    def add(self, picture: Path) -> bool:
        """Take a picture unless it is a copy; say whether it was taken."""
        return self.taken_as(picture) is None

    def taken_as(self, picture: Path) -> Path | None:
        """Take a picture, or name the one taken before of which it is a copy."""
        new = _prepared(describe(open_picture(picture))[None])
        count = len(self.pictures)
        for _, found in _pairs(new, self.described.part(0, count)):
            return self.pictures[found[0]]
        if count == len(self.described.means):
            doubled = (np.concatenate([each, each]) for each in self.described)
            self.described = _Prepared(*doubled)
        for each, value in zip(self.described, new, strict=True):
            each[count] = value[0]
        self.pictures.append(picture)
        return None


def are_copies(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two pictures are the same one, by their descriptions.

    Copies are pictures that were resized, squeezed, mirrored, given a plain border, or
    compressed again. So are two pictures of a single color, if it is the same one, and
    mostly two frames that a camera took at once. A part cut out is not a copy.

    Args:
        a: From `describe`.
        b: From `describe`.

    Returns:
        True or False.

    Example:
        >>> from PIL import Image
        >>> image = Image.radial_gradient("L").crop((0, 0, 200, 150))
        >>> mirrored = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        >>> are_copies(describe(image), describe(mirrored.resize((90, 70))))
        True
        >>> are_copies(describe(image), describe(image.rotate(180)))
        False
    """
    return any(copy_pairs(a[None], b[None]))


def find_copies(descriptions: np.ndarray) -> np.ndarray:
    """Number the groups of pictures that are the same.

    A copy of a copy is in the group too, even if it is no copy of the first.

    Args:
        descriptions: From `describe`, shape (pictures, 2304). Memory grows with them
            alone: pairs are looked at block by block.

    Returns:
        An int array of shape (pictures,): 0 for the first picture and its copies, 1 for
        the next one that is no copy of it, and so on.

    Example:
        >>> from PIL import Image
        >>> image = Image.radial_gradient("L").crop((0, 0, 200, 150))
        >>> pictures = [image, image.rotate(180), image.resize((90, 70))]
        >>> find_copies(np.stack([describe(picture) for picture in pictures]))
        array([0, 1, 0])
    """
    if not len(descriptions):
        return np.zeros(0, int)
    kept, groups = np.unique(descriptions, axis=0, return_inverse=True)
    labels, prepared = np.arange(len(kept)), _prepared(kept)
    for start in range(0, len(kept), BLOCK):
        some = prepared.part(start, start + BLOCK)
        for rows, columns in _pairs(some, prepared.part(start, len(kept))):
            labels = _joined(labels, rows + start, columns + start)
    groups = labels[groups.ravel()]
    _, first, numbers = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[numbers]


# -- comparing -----------------------------------------------------------------------
class _Prepared(NamedTuple):
    """Descriptions, and what leaves out most pairs at once: see `_pairs`."""

    descriptions: np.ndarray  # (n, 2304)
    means: np.ndarray  # brightness at 8 × 8 places, (n, 64)
    seen: np.ndarray  # how much there is to see, (n,)

    def part(self, start: int, stop: int) -> _Prepared:
        return _Prepared(*(each[start:stop] for each in self))


def _prepared(descriptions: np.ndarray) -> _Prepared:
    means, seen = [np.zeros((0, 64), np.float32)], [np.zeros(0, np.float32)]
    for start in range(0, len(descriptions), BLOCK):
        some = descriptions[start : start + BLOCK]
        luma = channels(some)[0].reshape(-1, 8, SIDE // 8, 8, SIDE // 8)
        means.append(luma.mean(axis=(2, 4)).reshape(-1, 64))
        seen.append(_seen(some).sum(axis=(1, 2)) / 4 + NOISE**2 * LUMA / 2)
    return _Prepared(descriptions, np.concatenate(means), np.concatenate(seen))


def copy_pairs(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of `a` and rows of `b` that are copies of each other, portion by portion.

    Args:
        a: From `describe`, shape (pictures, 2304).
        b: The same of others.

    Yields:
        Two int arrays of the same length, never empty.

    Example:
        >>> from PIL import Image
        >>> a = describe(Image.radial_gradient("L"))[None]
        >>> [(rows.tolist(), columns.tolist()) for rows, columns in copy_pairs(a, a)][0]
        ([0], [0])
    """
    return _pairs(_prepared(a), _prepared(b))


def _pairs(a: _Prepared, b: _Prepared) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    turned = a._replace(
        descriptions=mirrored(a.descriptions),
        means=a.means.reshape(-1, 8, 8)[:, :, ::-1].reshape(-1, 64),
    )
    for start in range(0, len(b.means), BLOCK):
        part = b.part(start, start + BLOCK)
        for first in (a, turned):
            rows, columns = _candidates(first, part)
            for at in range(0, len(rows), BLOCK):
                row, column = rows[at : at + BLOCK], columns[at : at + BLOCK]
                same = _agree(first.descriptions[row], part.descriptions[column])
                if same.any():
                    yield row[same], column[same] + start


def _candidates(a: _Prepared, b: _Prepared) -> tuple[np.ndarray, np.ndarray]:
    """Pairs that may be copies: by 8 × 8 places, then those left by all 32 × 32."""
    rows, columns = _near(a.means, b.means, a.seen, b.seen, SIDE**2 / 64)
    rows, columns = np.unique(rows), np.unique(columns)
    finer = [
        each.descriptions[some, :LUMA].astype(np.float32)
        for each, some in ((a, rows), (b, columns))
    ]
    row, column = _near(*finer, a.seen[rows], b.seen[columns], 1)
    return rows[row], columns[column]


def _near(
    a: np.ndarray, b: np.ndarray, seen_a: np.ndarray, seen_b: np.ndarray, area: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs with area · |a - b|² <= MAYBE · seen, by one product of matrices."""
    a, b = a - 128, b - 128  # smaller numbers, smaller errors
    limit_a, limit_b = (
        (np.square(each).sum(axis=1) - MAYBE * seen / area) / 2
        for each, seen in ((a, seen_a), (b, seen_b))
    )
    return np.nonzero(a @ b.T >= limit_a[:, None] + limit_b)


def _agree(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether each picture of `a` is, as it stands, the one of `b` in the same row."""
    whole, worst = _differences(a, b)
    framed_whole, framed_worst = _differences(a[:, VIEW:], b[:, VIEW:])
    bare = (whole <= WHOLE) & (worst <= PARTS)
    framed = (framed_whole <= FRAMED) & (framed_worst <= FRAMED_PARTS)
    return bare | framed & (whole <= LOOSE) & (worst <= LOOSE_PARTS)


def _differences(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much differs, as a share of what there is to see: in all, in the worst part.

    Two pictures that have nothing to do with each other differ by about 1. Parts at the
    edge do not count as the worst: a border's last trace spoils them.

    Returns:
        Two arrays of shape (pairs,), values 0 or more.
    """
    seen = _seen(a) + _seen(b)  # (pairs, 7, 7)
    left = [
        np.square(np.maximum(np.abs(channel) - GRAIN, 0))
        for channel in _after_moving(a, b)
    ]
    parts = sum(_sums(channel, PART * channel.shape[1] // SIDE) for channel in left)
    parts = parts / (seen + NOISE**2 * PART**2)
    whole = seen.sum(axis=(1, 2)) / 4 + NOISE**2 * LUMA
    return left[0].sum(axis=(1, 2)) / whole, parts[:, 1:-1, 1:-1].max(axis=(1, 2))


def _after_moving(a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    """What differs once one is moved and stretched a little, to lie on the other.

    A border is found to the pixel in one copy and to three in the other. For moves that
    small, brightness changes by its slope times the way, so the best one is found by
    least squares.
    """
    moves = None
    left = []
    for x, y in zip(channels(a), channels(b), strict=True):
        side = x.shape[1]
        down, across = np.gradient((x + y) / 2, axis=(1, 2))
        place = np.linspace(-1, 1, side, dtype=np.float32)
        slopes = [down, across, down * place[:, None], across * place]
        slopes = np.stack(slopes, axis=1).reshape(len(x), 4, -1) * side / SIDE
        difference = (y - x).reshape(len(x), -1, 1)
        if moves is None:  # by brightness; the colors follow
            square = slopes @ slopes.transpose(0, 2, 1) + np.eye(4, dtype=np.float32)
            moves = np.linalg.solve(square, slopes @ difference)
            moves = np.clip(moves, -FARTHEST, FARTHEST)
        moved = slopes.transpose(0, 2, 1) @ moves
        left.append((difference - moved).reshape(x.shape))
    return left


def _seen(a: np.ndarray) -> np.ndarray:
    """How much there is to see in each part: squared departures from its mean."""
    seen = 0
    for channel in channels(a):
        part = PART * channel.shape[1] // SIDE
        seen = seen + _sums(channel**2, part) - _sums(channel, part) ** 2 / part**2
    return np.maximum(seen, 0)


def _sums(values: np.ndarray, part: int) -> np.ndarray:
    """Sums over parts that overlap by half: (n, side, side) -> (n, 7, 7)."""
    side = values.shape[1]
    places = np.arange(side) - np.arange(0, side - part + 1, part // 2)[:, None]
    within = ((places >= 0) & (places < part)).astype(np.float32)  # (7, side)
    return within @ values @ within.T


def _joined(labels: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Labels after the groups of rows and columns became one."""
    n = len(labels)
    ends = (labels[rows], labels[columns])
    edges = coo_array((np.ones(len(rows), bool), ends), shape=(n, n))
    return connected_components(edges, directed=False)[1][labels]
