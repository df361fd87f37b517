"""What in a picture speaks for which of two classes, drawn over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from helpers.errors import InputError
from helpers.figures.palette import TWO_CLASSES

FIRST_OR_SECOND = LinearSegmentedColormap.from_list(
    "classes", [TWO_CLASSES[0], "white", TWO_CLASSES[1]]
)


def heat_figure(
    pictures: Sequence[np.ndarray],
    heats: Mapping[str, np.ndarray],
    titles: Sequence[str],
) -> Figure:
    """Draw heat maps over gray pictures: a row for each method.

    Orange speaks for the second class, blue for the first, the stronger the less is
    seen of the picture. Each map has its own scale: maps that are all faint look as
    strong as others.

    Args:
        pictures: Arrays of shape (height, width, 3), values 0 to 255.
        heats: For each method's name its maps, shape (pictures, rows, columns):
            positive for the second class, negative for the first.
        titles: One for each picture.

    Returns:
        The figure, not shown yet.

    Raises:
        InputError: if there are not as many maps or titles as pictures.

    Example:
        >>> heats = {"occlusion": np.ones((2, 7, 7))}
        >>> fig = heat_figure(np.zeros((2, 8, 8, 3)), heats, ["cat", "dog"])
        >>> [ax.get_title() for ax in fig.axes], fig.axes[0].get_ylabel()
        (['cat', 'dog'], 'occlusion')

    Lesson: 10, Look at mistakes.
    """
    for name, given in {**heats, "titles": titles}.items():
        if len(given) != len(pictures):
            raise InputError(
                f"expected one for each of the {len(pictures)} pictures in {name!r}, "
                f"found {len(given)}."
            )
    columns = len(pictures)
    fig, axes = plt.subplots(
        len(heats), columns, figsize=(8, 8 / columns * len(heats) + 0.3), squeeze=False
    )
    for row, (name, maps) in zip(axes, heats.items(), strict=True):
        for ax, picture, heat in zip(row, pictures, maps, strict=True):
            gray = np.asarray(picture, "float32").mean(axis=-1)
            whole = (0, gray.shape[1], gray.shape[0], 0)  # small maps fill the picture
            reach = max(float(np.abs(heat).max()), 1e-9)
            ax.imshow(gray, cmap="gray", vmin=0, vmax=255)
            ax.imshow(
                heat, FIRST_OR_SECOND, vmin=-reach, vmax=reach, extent=whole,
                alpha=0.8 * np.abs(heat) / reach,
            )  # fmt: skip
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
        row[0].set_ylabel(name)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set_title(title, fontsize=9)
    return fig
