"""Boxes and arrows: what is connected with what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from helpers.errors import InputError
from helpers.figures.palette import BOX, INK, MARKED_BOX

COLUMN, ROW = 1.55, 0.75  # inches


def diagram(
    boxes: Mapping[str, tuple[float, float]],
    arrows: Sequence[tuple],
    marked: Collection[str] = (),
    title: str | None = None,
) -> Figure:
    """Draw boxes and the arrows between them.

    For whatever a plot cannot show: a neuron, the layers of a network, branches that
    part and join, what is frozen and what learns.

    Args:
        boxes: The text of each box and its place, (column, row), counted from the
            upper left; halves are places too. A text may have several lines.
        arrows: A tuple for each: (from, to), or (from, to, label) with a label that is
            a text, or a weight from 0 to 1: it is written beside the arrow and sets the
            arrow's strength. An arrow that leads back where another came from bends.
        marked: Texts of the boxes that stand out in a second color.
        title: What the diagram shows, above it.

    Returns:
        The figure, not shown yet.

    Raises:
        InputError: if an arrow, or `marked`, names a box that there is not.

    Example:
        >>> boxes = {"base": (0, 0), "head": (1, 0), "cat or dog": (2, 0)}
        >>> arrows = [("base", "head", "features"), ("head", "cat or dog")]
        >>> fig = diagram(boxes, arrows, marked=["head"])
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['base', 'head', 'cat or dog', '', 'features', '']
    """
    named = [name for arrow in arrows for name in arrow[:2]]
    for name in (*named, *marked):
        if name not in boxes:
            raise InputError(
                f"expected the text of a box, found {name!r}. "
                f"The boxes are {', '.join(map(repr, boxes))}."
            )
    columns, rows = zip(*boxes.values(), strict=True)
    width, height = (max(places) - min(places) + 1 for places in (columns, rows))
    size = (width * COLUMN, height * ROW + (0.35 if title else 0))
    fig, ax = plt.subplots(figsize=size)
    ax.set_axis_off()
    ax.set_xlim(min(columns) - 0.5, max(columns) + 0.5)
    ax.set_ylim(max(rows) + 0.5, min(rows) - 0.5)  # rows count downwards
    frames = {}
    for name, place in boxes.items():
        look = {"boxstyle": "round,pad=0.45", "edgecolor": "none"}
        look["facecolor"] = MARKED_BOX if name in marked else BOX
        text = ax.text(*place, name, ha="center", va="center", zorder=3, bbox=look)
        frames[name] = text.get_bbox_patch()
    drawn = set()
    for start, end, *label in arrows:
        _arrow(
            ax, boxes, frames, start, end, *label, bend=0.45 * ((end, start) in drawn)
        )
        drawn.add((start, end))
    if title:
        fig.suptitle(title, x=0.01, ha="left")
    return fig


def _arrow(ax, boxes, frames, start, end, label="", bend=0.0) -> None:
    weight = label if isinstance(label, float | int) else 0.35
    look = {"arrowstyle": "-|>", "color": INK, "linewidth": 0.6 + 4 * weight}
    look |= {"patchA": frames[start], "patchB": frames[end], "shrinkA": 2, "shrinkB": 2}
    look |= {"mutation_scale": 10 + 8 * weight, "connectionstyle": f"arc3,rad={-bend}"}
    ax.annotate("", boxes[end], boxes[start], arrowprops=look, zorder=2)
    if label == "":
        return
    (x0, y0), (x1, y1) = boxes[start], boxes[end]
    text = label if isinstance(label, str) else f"{label:.2f}"
    back = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    # The middle of a bent arrow lies beside the line, by half of the bend.
    across = bend / 2 * (y1 - y0) * ROW / COLUMN
    down = bend / 2 * (x0 - x1) * COLUMN / ROW
    middle = ((x0 + x1) / 2 + across, (y0 + y1) / 2 + down)
    ax.text(*middle, text, ha="center", va="center", fontsize=9, bbox=back, zorder=4)
