"""The shapes that a picture takes on its way through a network, drawn as blocks."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon

from helpers.figures.palette import MAPS, OUTLINE, PICTURE, VECTOR

SLANT = np.array([0.25, 0.35])  # how the width, which goes into the page, is drawn


def volume_diagram(shapes: Mapping[str, tuple[int, ...]]) -> Figure:
    """Draw one block for each shape, from left to right.

    Height goes up, width goes into the page, channels go to the right. All three are
    drawn on a logarithmic scale, or 2,048 channels would leave no room for two classes.

    Args:
        shapes: What made the shape, in order, and the shape of one picture there,
            without the batch: (height, width, channels), or (numbers,) for a vector.

    Returns:
        The figure, not shown yet. The first block is gray, feature maps are blue,
        vectors yellow.

    Example:
        >>> fig = volume_diagram({"picture": (8, 8, 3), "pooling": (3,)})
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['picture', '8×8×3', 'pooling', '3']

    Lesson: 3, Add a head.
    """
    fig, ax = plt.subplots(figsize=(8, 2.3))
    left = 0.0
    for place, (name, shape) in enumerate(shapes.items()):
        height, width, length = (_length(n) for n in ((1, 1, *shape)[-3:]))
        color = PICTURE if place == 0 else MAPS if len(shape) == 3 else VECTOR
        right = _block(ax, left, height, width, length, color)
        middle = (left + right) / 2
        style = {"ha": "center", "fontsize": 10}
        ax.text(middle, height / 2 + SLANT[1] * width + 0.4, name, va="bottom", **style)
        ax.text(middle, -height / 2 - 0.4, "×".join(map(str, shape)), va="top", **style)
        left = right + 2.2
        if place + 1 < len(shapes):
            arrow = {"arrowstyle": "->", "mutation_scale": 12, "color": OUTLINE}
            ends = (right + 0.4, 0), (left - 0.4, 0)
            ax.add_patch(FancyArrowPatch(*ends, **arrow))
    ax.set_aspect("equal")
    ax.autoscale_view()
    ax.margins(y=0.2)
    ax.set_axis_off()
    return fig


def _length(n: int) -> float:
    return 0.5 + np.log2(n)


def _block(ax, left, height, width, length, color) -> float:
    """Draw front, top and side of a block; return where it ends on the right."""
    a = np.array([left, -height / 2])
    up, along, into = np.array([0, height]), np.array([length, 0]), SLANT * width
    for corner, one, other in ((a, along, up), (a + up, along, into)):
        corners = [corner, corner + one, corner + one + other, corner + other]
        ax.add_patch(Polygon(corners, facecolor=color, edgecolor=OUTLINE))
    corners = [a + along, a + along + into, a + along + into + up, a + along + up]
    ax.add_patch(Polygon(corners, facecolor=color, edgecolor=OUTLINE))
    return float((a + along + into)[0])
