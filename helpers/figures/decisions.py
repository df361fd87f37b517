"""What a model decides, drawn on the plane."""

from __future__ import annotations

import keras
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from helpers.figures.palette import INK, TWO_CLASSES

COLORMAP = ListedColormap(TWO_CLASSES)


def decision_map(
    model: keras.Model,
    points: np.ndarray,
    labels: np.ndarray,
    ax: Axes,
    hidden: keras.layers.Dense | None = None,
) -> None:
    """Color the plane by a model's answer, with the points that it learned from.

    Args:
        model: Takes two numbers, gives one from 0 to 1.
        points: Shape (points, 2).
        labels: 0 or 1 for each point: its color and its shape.
        ax: Where to draw.
        hidden: A first layer whose neurons are drawn as well: the line at which each
            of them changes its mind. None draws none.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> fig, ax = plt.subplots()
        >>> decision_map(model, np.zeros((2, 2)), np.array([0, 1]), ax)
        >>> len(ax.images), len(ax.collections)
        (1, 2)
    """
    reach = 1.1 * max(np.abs(points).max(), 1)
    line = np.linspace(-reach, reach, 101)
    plane = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    answers = np.asarray(model(plane.astype("float32"))).reshape(101, 101)
    ax.imshow(answers > 0.5, COLORMAP, alpha=0.25, vmin=0, vmax=1, origin="lower",
              extent=(-reach, reach, -reach, reach))  # fmt: skip
    for label, marker in enumerate("ox"):
        color = TWO_CLASSES[label]
        ax.scatter(*points[labels == label].T, 18, color=color, marker=marker)
    if hidden is not None:
        kernel, bias = hidden.get_weights()
        for (x, y), offset in zip(kernel.T, bias, strict=True):
            nearest = -offset * np.array([x, y]) / (x * x + y * y)  # to the middle
            ax.axline(nearest, nearest + np.array([-y, x]), color=INK, ls="--", lw=1)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    ax.grid(False)
