"""Pictures that are the same: resized, mirrored, bordered or compressed again.

A picture is described by two small ones of itself, without its border. Two pictures are
copies if one of these agrees in each part. A copy differs where it lies a little aside,
thus most at edges; a look-alike differs in color or shape as well. So what may differ
in a part depends on the slopes that are there. `benchmarks.copies` measures how often
that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

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

# Chosen on other drawings than `benchmarks.copies` counts.
NOISE, COLOR_NOISE = 5.0, 3.5  # levels, of 256: what compression changes everywhere
APART = 0.24  # squared, in places of 32: as if a part lay that far aside
FARTHEST = 1.5  # how far one is moved and stretched to lie on the other, of 32 places
# What leaves out most pairs at once: a share of what there is to see at 8 × 8 places,
# and, as above, how far aside the whole lies before it is moved.
COARSE, MAYBE = 0.05, 1.0
BLOCK = 1024  # descriptions that are compared at once
BARE, FRAMED = slice(0, VIEW), slice(VIEW, SIZE)  # the views of a description


class Taken:
    """The pictures drawn so far, to be compared with the next one."""

    def __init__(self) -> None:
        self.pictures: list[Path] = []
        self.descriptions = np.zeros((64, SIZE), np.uint8)  # grows

    def add(self, picture: Path) -> bool:
        """Take a picture unless it is a copy; say whether it was taken."""
        return self.taken_as(picture) is None

    def taken_as(self, picture: Path) -> Path | None:
        """Take a picture, or name the one taken before of which it is a copy."""
        new = describe(open_picture(picture))
        count = len(self.pictures)
        for _, found in copy_pairs(new[None], self.descriptions[:count]):
            return self.pictures[found[0]]
        if count == len(self.descriptions):
            self.descriptions = np.concatenate([self.descriptions] * 2)
        self.descriptions[count] = new
        self.pictures.append(picture)
        return None


def are_copies(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two pictures are the same one, by their descriptions.

    Copies are pictures that were resized, squeezed, mirrored, given a plain border, or
    compressed again. So are two pictures of a single color, if it is the same one, and
    mostly two frames that a camera took at once. A part cut out is not a copy. The same
    thing in the middle of a plain ground is one at any size: more ground is a border.

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
    first: dict[bytes, int] = {}
    same = [first.setdefault(each.tobytes(), len(first)) for each in descriptions]
    same = np.array(same, int)  # equal ones need no comparing
    kept = descriptions[np.unique(same, return_index=True)[1]]
    labels = np.arange(len(kept))
    # Of most pictures both views are one, and are compared once.
    bordered = (kept[:, BARE] != kept[:, FRAMED]).any(axis=1)
    order = np.argsort(~bordered, kind="stable")
    with threadpool_limits(1, user_api="blas"):  # the products are small
        for view, count in ((FRAMED, len(kept)), (BARE, bordered.sum())):
            prepared = _prepared(kept[order, view])
            for start in range(0, count, BLOCK):
                some = prepared.part(start, min(start + BLOCK, count))
                rest = prepared.part(start, len(kept))
                for rows, columns in _pairs(some, rest, later=True):
                    ends = order[rows + start], order[columns + start]
                    labels = _joined(labels, *ends)
    groups = labels[same]
    _, first_ones, numbers = np.unique(groups, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first_ones))[numbers]


def copy_pairs(a: np.ndarray, b: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of `a` and rows of `b` that are copies of each other, portion by portion.

    Args:
        a: From `describe`, shape (pictures, 2304).
        b: The same of others.

    Yields:
        Two int arrays of the same length, never empty; a pair may come more than once.

    Example:
        >>> from PIL import Image
        >>> a = describe(Image.radial_gradient("L"))[None]
        >>> [(rows.tolist(), columns.tolist()) for rows, columns in copy_pairs(a, a)][0]
        ([0], [0])
    """
    for view in (FRAMED, BARE):
        yield from _pairs(_prepared(a[:, view]), _prepared(b[:, view]))


# -- finding pairs -------------------------------------------------------------------
class _Prepared(NamedTuple):
    """Views, and what leaves out most pairs at once: see `_pairs`."""

    views: np.ndarray  # (n, 1152)
    halves: np.ndarray  # brightness at 8 × 8 places, left plus right, (n, 32)
    seen: np.ndarray  # how much there is to see in 8 × 8 places, (n,)

    def part(self, start: int, stop: int) -> _Prepared:
        return _Prepared(*(each[start:stop] for each in self))


def _prepared(views: np.ndarray) -> _Prepared:
    halves, seen = [np.zeros((0, 32), np.float32)], [np.zeros(0, np.float32)]
    for start in range(0, len(views), BLOCK):
        luma = _luma(views[start : start + BLOCK])
        means = luma.reshape(-1, 8, SIDE // 8, 8, SIDE // 8).mean(axis=(2, 4))
        # The same for a picture and for the mirrored one; as far apart as both, or less
        half = (means[:, :, :4] + means[:, :, :3:-1]) / np.sqrt(2)
        halves.append(half.reshape(-1, 32))
        seen.append(64 * (means.var(axis=(1, 2)) + NOISE))
    return _Prepared(views, np.concatenate(halves), np.concatenate(seen))


def _pairs(
    a: _Prepared, b: _Prepared, later: bool = False
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Copies: by 8 × 8 places, then those left by all 32 × 32, then part by part.

    If `b` begins with `a`, only pairs with one `later` in `b` need looking at.
    """
    for start in range(0, len(b.views), BLOCK):
        part = b.part(start, start + BLOCK)
        limits = COARSE * a.seen, COARSE * part.seen
        rows, columns = _near(a.halves, part.halves, *limits)
        if later:
            after = columns + start > rows
            rows, columns = rows[after], columns[after]
        if not len(rows):
            continue
        rows, columns = np.unique(rows), np.unique(columns)
        views, others = a.views[rows], part.views[columns]
        limits = _slopes(views), _slopes(others)
        for first in (views, mirrored(views)):
            i, j = _near(_luma(first), _luma(others), *limits)
            if later:
                after = columns[j] + start > rows[i]
                i, j = i[after], j[after]
            for at in range(0, len(i), BLOCK):
                row, column = i[at : at + BLOCK], j[at : at + BLOCK]
                same = _apart(first[row], others[column]) <= APART
                if same.any():
                    yield rows[row[same]], columns[column[same]] + start


def _near(
    a: np.ndarray, b: np.ndarray, limit_a: np.ndarray, limit_b: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs with |a - b|² <= limit_a + limit_b, by one product of matrices."""
    a, b = a - 128, b - 128  # smaller numbers, smaller errors
    half_a, half_b = (
        (np.square(each).sum(axis=1, keepdims=True) - limit[:, None]) / 2
        for each, limit in ((a, limit_a), (b, limit_b))
    )
    a = np.hstack([a, -half_a, -np.ones_like(half_a)])
    b = np.hstack([b, np.ones_like(half_b), half_b])
    return np.divmod(np.flatnonzero(a @ b.T >= 0), max(len(b), 1))


def _luma(views: np.ndarray) -> np.ndarray:
    return views[:, :LUMA].astype(np.float32)


def _slopes(views: np.ndarray) -> np.ndarray:
    """How much brightness may differ in all before one is laid upon the other."""
    luma = channels(views)[0]
    down, across = luma[:, 2:] - luma[:, :-2], luma[:, :, 2:] - luma[:, :, :-2]
    slopes = sum(np.square(each).sum(axis=(1, 2)) / 4 for each in (down, across))
    return MAYBE * (slopes + NOISE**2 * LUMA) / 2


# -- comparing -----------------------------------------------------------------------
def _apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """How far aside the worst part lies, once one view was moved to lie on the other.

    A border is found to the pixel in one copy and to three in the other. For moves that
    small, brightness changes by its slope times the way, so the best one is found by
    least squares. What then still differs is counted in slopes again.

    Returns:
        Squared distances in places of 32, shape (pairs,), 0 or more: pictures that have
        nothing to do with each other reach 5 and more.
    """
    moves, parts = None, []
    for x, y in zip(channels(a), channels(b), strict=True):
        side = x.shape[1]
        down, across = np.gradient((x + y) * (side / SIDE / 2), axis=(1, 2))
        place = np.linspace(-1, 1, side, dtype=np.float32)
        slopes = [down, across, down * place[:, None], across * place]
        slopes = np.stack(slopes, axis=1).reshape(len(x), 4, -1)
        left = (y - x).reshape(len(x), -1, 1)
        if moves is None:  # by brightness; the colors follow
            square = slopes @ slopes.transpose(0, 2, 1)
            square += 2 * NOISE**2 * np.eye(4, dtype=np.float32)
            moves = np.linalg.solve(square, slopes @ left)
            moves = np.clip(moves, -FARTHEST, FARTHEST)
        left = (left - slopes.transpose(0, 2, 1) @ moves).reshape(x.shape)
        part = PART * side // SIDE
        parts.append((_sums(left**2, part), _sums(down**2 + across**2, part)))
    (luma, slope), *colors = parts
    color, color_slope = (sum(each) for each in zip(*colors, strict=True))
    worst = np.maximum(
        luma / (slope + NOISE**2 * PART**2),
        color / (color_slope + 2 * COLOR_NOISE**2 * part**2),
    )
    return worst.max(axis=(1, 2))


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
