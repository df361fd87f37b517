"""Steps downhill: the curve or the landscape of a loss, and the way through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from helpers.figures.palette import OUTLINE

STEEPEST = 12  # contour lines from the lowest loss to the highest


def descent_curves(
    loss: Callable[[np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    reach: tuple[float, float],
) -> Figure:
    """Draw the steps of several trainings on the curve of the loss of one weight.

    For what a learning rate does: creep, arrive, or leap across the valley.

    Args:
        loss: Takes weights, an array of shape (weights,), gives the loss of each.
        paths: For each title the weights on the way, shape (steps + 1,), the first
            one before any step.
        reach: The smallest and the largest weight that is drawn.

    Returns:
        The figure, not shown yet: a panel for each path, side by side.

    Example:
        >>> halving = np.array([2.0, 1.0, 0.5])
        >>> fig = descent_curves(lambda w: w**2, {"rate 0.25": halving}, (-1, 3))
        >>> fig.axes[0].lines[1].get_ydata().tolist()
        [4.0, 1.0, 0.25]

    Lesson: 1, Deep learning concepts.
    """
    fig, axes = plt.subplots(
        1, len(paths), figsize=(7, 2.9), sharey=True, squeeze=False
    )
    weights = np.linspace(*reach, 201)
    for ax, (title, path) in zip(axes.flat, paths.items(), strict=True):
        path = np.asarray(path)
        ax.plot(weights, loss(weights), color="0.7", zorder=1)
        ax.plot(path, loss(path), "C0o-", linewidth=1, markersize=4)
        ax.plot(path[-1:], loss(path[-1:]), "C1o", markersize=7)
        ax.set(title=title, xlabel="weight")
    axes[0, 0].set_ylabel("loss")
    return fig


def descent_map(
    loss: Callable[[np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    reach: tuple[tuple[float, float], tuple[float, float]],
    goal: np.ndarray,
) -> Figure:
    """Draw the ways of several optimizers through the landscape of two weights.

    Args:
        loss: Takes places, an array of shape (..., 2), gives the loss of each: (...).
        paths: For each title the places on the way, shape (steps + 1, 2).
        reach: The smallest and the largest first weight, and the same of the second.
        goal: The place of the lowest loss, shape (2,): marked with a cross.

    Returns:
        The figure, not shown yet: a panel for each path, two in a row. The lines of
        equal loss lie closer together towards the goal.

    Example:
        >>> path = np.array([[1.0, 1.0], [0.5, 0.2], [0.0, 0.0]])
        >>> bowl = lambda places: (places**2).sum(axis=-1)
        >>> fig = descent_map(bowl, {"SGD": path}, ((-2, 2), (-2, 2)), np.zeros(2))
        >>> fig.axes[0].get_title(), fig.axes[0].lines[0].get_xdata().tolist()
        ('SGD', [1.0, 0.5, 0.0])

    Lesson: 1, Deep learning concepts.
    """
    first, second = (np.linspace(*ends, 81) for ends in reach)
    heights = loss(np.stack(np.meshgrid(first, second), axis=-1))
    lowest = loss(np.asarray(goal))
    levels = lowest + (heights.max() - lowest) * np.linspace(0, 1, STEEPEST) ** 3
    rows = -(-len(paths) // 2)
    fig, axes = plt.subplots(
        rows, 2, figsize=(7, 2.3 * rows + 0.3), sharex=True, sharey=True, squeeze=False
    )
    for ax in axes.flat[len(paths) :]:
        ax.set_axis_off()
    for ax, (title, path) in zip(axes.flat, paths.items(), strict=False):
        ax.contour(first, second, heights, levels, colors="0.75", linewidths=0.8)
        ax.plot(*np.asarray(path).T, "C0o-", linewidth=1, markersize=3)
        ax.plot(*goal, "x", color=OUTLINE, markersize=9, markeredgewidth=2)
        ax.set(title=title, xlim=reach[0], ylim=reach[1])
        ax.grid(False)
    return fig
