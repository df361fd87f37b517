"""Coats: the colors and patterns of fur, the same choice for cats and for dogs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from helpers.pets.pen import Color, mixed, smooth

WHITE = (242, 238, 232)
BLACK = (22, 19, 20)
FUR_COLORS = (  # main, second
    ((48, 43, 44), (92, 80, 76)),
    ((206, 134, 74), (150, 82, 38)),
    ((236, 226, 212), (196, 160, 120)),
    ((140, 136, 136), (78, 74, 76)),
    ((112, 76, 52), (62, 42, 32)),
    ((226, 186, 130), (170, 116, 66)),
    ((164, 142, 116), (84, 68, 56)),
    ((108, 114, 126), (66, 70, 82)),
    ((238, 234, 228), (60, 54, 54)),
    ((216, 200, 178), (88, 66, 54)),
)
PATTERNS = ("solid", "stripes", "patches", "bib", "spots", "points")
POINTS = ("muzzle", "ear", "leg", "paw", "tail")  # dark on a Siamese cat, or a pug
Marks = list[tuple[np.ndarray, Color]]


@dataclass(frozen=True)
class Coat:
    """The fur of an animal.

    Attributes:
        main: The color of most of it.
        second: The color of stripes, spots, patches and points.
        pattern: One of `PATTERNS`.
        tuft: The length of the fur, in units (half the width of a head).

    Example:
        >>> coat = Coat((200, 150, 90), (90, 60, 30), PATTERNS[0], tuft=0.05)
        >>> coat.at("body")
        (200, 150, 90)
    """

    main: Color
    second: Color
    pattern: str
    tuft: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Coat:
        """A coat at random."""
        shift = rng.integers(-22, 23) + rng.integers(-6, 7, 3)
        colors = np.array(FUR_COLORS[rng.integers(len(FUR_COLORS))]) + shift  # (2, 3)
        main, second = np.clip(colors, 14, 250).tolist()
        pattern = PATTERNS[rng.integers(len(PATTERNS))]
        tuft = float(rng.choice([0.03, 0.05, 0.1, 0.16]))
        return cls(tuple(main), tuple(second), pattern, tuft)

    def at(self, place: str) -> Color:
        """The color of a place: body, head, chest, muzzle, ear, leg, paw or tail."""
        if self.pattern == "bib" and place in ("chest", "muzzle", "paw"):
            return WHITE
        if self.pattern == "points" and place in POINTS:
            return self.second
        if place in ("chest", "muzzle"):
            pale = 0.6 if self.pattern in ("stripes", "spots") else 0.35
            return mixed(self.main, WHITE, pale)
        return self.main

    def marks(
        self,
        outline: np.ndarray,
        along: tuple[float, float],
        rng: np.random.Generator,
    ) -> Marks:
        """What the pattern puts on a part of the body.

        Args:
            outline: The part.
            along: The way that its spine runs; stripes lie across it.
            rng: Places the marks.

        Returns:
            Outlines and colors, for `Pen.round`.
        """
        u = np.array(along) / math.hypot(*along)
        frame = np.array([u, [-u[1], u[0]]])  # rows: along the part, across it
        low, high = (outline @ frame.T).min(axis=0), (outline @ frame.T).max(axis=0)
        length, width = high - low

        def blobs(n: int, x, y, a, b, *colors: Color) -> Marks:
            # n wobbly ellipses, with middles (x, y) and half-axes a and b.
            corner = np.arange(8) * (math.pi / 4)
            ring = np.stack([np.cos(corner), np.sin(corner)])[:, None]  # (2, 1, 8)
            ring = ring * rng.uniform(0.75, 1.25, (2, n, 8))
            size, middle = (
                np.stack([np.broadcast_to(v, n) for v in pair])[..., None]
                for pair in ((a, b), (x, y))
            )  # (2, n, 1)
            shapes = (middle + size * ring).transpose(1, 2, 0)  # (n, 8, 2)
            return [
                (smooth(shape) @ frame, colors[k % len(colors)])
                for k, shape in enumerate(shapes)
            ]

        if self.pattern == "solid":  # a paler belly
            belly = mixed(self.main, WHITE, 0.2)
            middle = low[0] + length / 2
            return blobs(1, middle, high[1], 0.4 * length, 0.25 * width, belly)
        if self.pattern == "stripes":
            n = max(2, round(length / rng.uniform(0.24, 0.36)))
            x = low[0] + (np.arange(n) + 0.5) * length / n
            y = low[1] + width * rng.uniform(0, 0.4, n)
            thick, long = rng.uniform(0.15, 0.3, n), rng.uniform(0.25, 0.55, n)
            return blobs(n, x, y, thick * length / n, long * width, self.second)
        if self.pattern == "spots":
            n = min(24, int(5 + 5 * length * width))
            r = rng.uniform(0.05, 0.16, n)
            return blobs(n, *rng.uniform(low, high, (n, 2)).T, r, r, self.second)
        if self.pattern == "patches":
            n = int(rng.integers(1, 4))
            a, b = rng.uniform(0.15, 0.4, n) * length, rng.uniform(0.2, 0.5, n) * width
            pale = mixed(self.main, WHITE, 0.7)
            x, y = rng.uniform(low, high, (n, 2)).T
            return blobs(n, x, y, a, b, self.second, pale)
        return []
