"""How far training moved the weights of a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


def change_figure(changes: Mapping[str, Sequence[float]]) -> Figure:
    """Draw how far each convolution moved, for several ways to train.

    Args:
        changes: For each way the changes in percent, a number for each convolution from
            the picture to the top. A convolution that did not move has 0, and no mark.

    Returns:
        The figure, not shown yet: a logarithmic axis, so that 0.1% and 100% are seen
        side by side.

    Example:
        >>> fig = change_figure({"last block": [0, 0, 0.2], "all": [0.1, 0.3, 0.2]})
        >>> [line.get_xdata().tolist() for line in fig.axes[0].lines]
        [[3], [1, 2, 3]]

    Lesson: 4, Freeze layers.
    """
    fig, ax = plt.subplots(figsize=(7, 3))
    for (way, change), marker in zip(changes.items(), "o^sDv", strict=False):
        places = [n for n, moved in enumerate(change, start=1) if moved]
        ax.plot(places, [change[n - 1] for n in places], marker, ms=4, label=way)
    ax.set(yscale="log", ylabel="change (%)")
    ax.set_xlabel("convolution, from the picture to the top")
    ax.set_title("How far does each convolution move?")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return fig
