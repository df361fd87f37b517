"""Feature maps as small grids, each with its mean: what average pooling keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure


def pooling_figure(
    pictures: Mapping[str, np.ndarray],
    maps: Sequence[np.ndarray],
    channels: Sequence[int],
) -> Figure:
    """Draw pictures, and beside each some of its feature maps with their means.

    Args:
        pictures: A name for each picture and its pixels, shape (height, width, 3),
            values 0 to 255.
        maps: For each picture what the base makes of it, shape (rows, columns,
            channels).
        channels: Which channels to draw. Each has one color scale in all rows, so that
            two grids of one channel can be compared.

    Returns:
        The figure, not shown yet: a row for each picture.

    Example:
        >>> pictures = {"gray": np.zeros((8, 8, 3))}
        >>> fig = pooling_figure(pictures, [np.ones((7, 7, 4))], [0, 2])
        >>> [ax.get_title() for ax in fig.axes]
        ['', 'channel 0\\nmean 1.00', 'channel 2\\nmean 1.00']

    Lesson: 3, Add a head.
    """
    columns, size = 1 + len(channels), 7 / (1 + len(channels))
    fig, axes = plt.subplots(
        len(pictures), columns, figsize=(7, len(pictures) * (size + 0.4)), squeeze=False
    )
    highest = np.max([one.max(axis=(0, 1)) for one in maps], axis=0)
    for row, (name, pixels), one in zip(axes, pictures.items(), maps, strict=True):
        row[0].imshow(np.asarray(pixels).astype("uint8"))
        row[0].set_ylabel(name)
        for ax, channel in zip(row[1:], channels, strict=True):
            ax.imshow(one[..., channel], "inferno", vmin=0, vmax=highest[channel])
            mean = one[..., channel].mean()
            ax.set_title(f"channel {channel}\nmean {mean:.2f}", fontsize=10)
        for ax in row:
            ax.set(xticks=[], yticks=[])
            ax.grid(visible=False)
    return fig
