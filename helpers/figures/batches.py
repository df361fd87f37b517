"""How pictures are dealt out, and what the size of a batch does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure


def batch_map(orders: Sequence[np.ndarray], batch_size: int) -> Figure:
    """Draw which step of an epoch each picture takes part in.

    Args:
        orders: For each epoch the row numbers of the pictures in the order in which
            they are dealt out: an int array of shape (pictures,).
        batch_size: How many pictures make a batch; at most eight batches an epoch.

    Returns:
        The figure, not shown yet: a panel for each epoch, a square for each picture
        (the first row of the table at the top left), and its color the step.

    Example:
        >>> fig = batch_map([np.arange(200), np.arange(200)[::-1]], batch_size=50)
        >>> [ax.get_title() for ax in fig.axes[:2]]
        ['Epoch 1', 'Epoch 2']

    Lesson: 5, Feed pictures.
    """
    columns, n_steps = 40, math.ceil(len(orders[0]) / batch_size)
    colors = ListedColormap([f"C{step}" for step in range(n_steps)])
    fig, axes = plt.subplots(
        len(orders), 1, figsize=(7, 1.25 * len(orders)), squeeze=False
    )
    for epoch, (order, ax) in enumerate(zip(orders, axes.flat, strict=True), start=1):
        squares = np.full(math.ceil(len(order) / columns) * columns, np.nan)
        squares[order] = np.arange(len(order)) // batch_size + 1
        drawn = ax.pcolormesh(
            squares.reshape(-1, columns),
            cmap=colors,
            vmin=0.5,
            vmax=n_steps + 0.5,
            edgecolors="white",
            linewidth=1,
        )
        ax.set(title=f"Epoch {epoch}", aspect="equal")
        ax.invert_yaxis()
        ax.set_axis_off()
    fig.colorbar(drawn, ax=axes, label="step", ticks=range(1, n_steps + 1))
    return fig


def batch_size_curves(
    losses: Mapping[int, Sequence[float]], seconds: Mapping[int, float]
) -> Figure:
    """Draw what the batch size does to the loss: by epochs, and by seconds.

    Args:
        losses: For each batch size the loss after each epoch.
        seconds: For each batch size the seconds of an epoch.

    Returns:
        The figure, not shown yet: the same losses twice, on the left over the epochs,
        on the right over the seconds. Losses and seconds run on logarithmic axes. The
        first lines are the thickest, so that those which coincide can be seen.

    Example:
        >>> fig = batch_size_curves({1: [0.7, 0.1], 50: [0.7, 0.5]}, {1: 0.3, 50: 0.1})
        >>> [line.get_label() for line in fig.axes[0].lines]
        ['1', '50']

    Lesson: 5, Feed pictures.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3), sharey=True)
    widths = np.linspace(6, 2, len(losses))
    for width, (size, curve) in zip(widths, losses.items(), strict=True):
        epochs = np.arange(1, len(curve) + 1)
        left.plot(epochs, curve, label=str(size), linewidth=width)
        right.plot(epochs * seconds[size], curve, label=str(size), linewidth=width)
    left.set(xlabel="epoch", ylabel="loss", title="The same, by epochs …")
    left.set_yscale("log")  # so that a leap at the beginning does not hide the rest
    left.xaxis.get_major_locator().set_params(integer=True)
    right.set(xlabel="seconds", xscale="log", title="… and by seconds")
    left.legend(title="batch size")
    return fig
