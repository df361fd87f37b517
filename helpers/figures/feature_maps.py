"""What channels of a network respond to: where, in which pictures, and on average."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import keras
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.errors import InputError


def activation_figure(
    pixels: np.ndarray,
    activations: Mapping[str, np.ndarray],
    channels: Mapping[str, Sequence[int]],
) -> Figure:
    """Draw where in a picture some channels of some layers respond.

    Args:
        pixels: The picture, shape (height, width, 3), values 0 to 255.
        activations: For each layer's name its output for this picture, an array of
            shape (rows, columns, channels).
        channels: For each layer, in order, the channels to draw; as many for each.

    Returns:
        The figure, not shown yet: a row for each layer, a panel for each channel. The
        picture is gray and dark; the more a channel responds, the brighter its spot.

    Example:
        >>> pixels = np.zeros((8, 8, 3), "uint8")
        >>> output = {"edges": np.ones((4, 4, 6))}
        >>> fig = activation_figure(pixels, output, {"edges": [0, 5]})
        >>> [ax.get_title() for ax in fig.axes]
        ['channel 0', 'channel 5']

    Lesson: 2, Look inside InceptionV3.
    """
    gray = np.asarray(pixels, "float32").mean(axis=-1) / 2
    columns = max(map(len, channels.values()))
    fig, axes = plt.subplots(
        len(channels), columns, figsize=(7, 7 / columns * len(channels)), squeeze=False
    )
    for row, (layer, chosen) in zip(axes, channels.items(), strict=True):
        maps = np.moveaxis(np.asarray(activations[layer]), -1, 0)
        for ax, channel in zip(row, chosen, strict=True):
            strength = maps[channel] / max(maps[channel].max(), 1e-6)
            whole = (0, gray.shape[1], gray.shape[0], 0)  # small maps fill the picture
            ax.imshow(gray, cmap="gray", vmin=0, vmax=255)
            ax.imshow(strength, "inferno", alpha=strength.clip(0, 1), extent=whole)
            ax.set_title(f"channel {channel}", fontsize=9)
            _bare(ax)
        height, width = maps.shape[1:]
        row[0].set_ylabel(f"{_block(layer)}\n{height}×{width}")
    return fig


def strongest_spots(
    eyes: keras.Model,
    inputs: np.ndarray,
    channels: Mapping[str, Sequence[int]],
    n: int = 8,
) -> pd.DataFrame:
    """Find the pictures, and the spot in each, that channels respond to most.

    Args:
        eyes: A model whose output is a dict: for each layer's name its activations,
            shape (batch, rows, columns, channels).
        inputs: Preprocessed pictures, shape (pictures, height, width, 3).
        channels: For each layer the channels to ask about.
        n: How many pictures for each channel.

    Returns:
        A table with `n` rows for each channel, the strongest first: `layer`, `channel`,
        `picture` (its place in `inputs`), `response`, and the spot as shares of the
        picture's height and width, `down` and `across`, 0 to 1.

    Example:
        >>> inputs = keras.Input((4, 4, 1))
        >>> eyes = keras.Model(inputs, {"as it is": inputs})
        >>> dark, bright = np.zeros((1, 4, 4, 1)), np.ones((1, 4, 4, 1))
        >>> strongest_spots(eyes, np.concatenate([dark, bright]), {"as it is": [0]}, 1)
              layer  channel  picture  response   down  across
        0  as it is        0        1       1.0  0.125   0.125

    Lesson: 2, Look inside InceptionV3.
    """
    responses = {layer: [] for layer in channels}  # of all pictures, batch by batch
    places = {layer: [] for layer in channels}
    shapes = {}
    for start in range(0, len(inputs), 10):  # the maps of 200 pictures fill gigabytes
        outputs = eyes.predict_on_batch(inputs[start : start + 10])
        for layer, chosen in channels.items():
            maps = np.asarray(outputs[layer])[..., list(chosen)]
            shapes[layer] = maps.shape[1:3]
            flat = maps.reshape(len(maps), -1, len(chosen))  # (batch, places, channels)
            responses[layer].append(flat.max(axis=1))
            places[layer].append(flat.argmax(axis=1))
    rows = []
    for layer, chosen in channels.items():
        response = np.concatenate(responses[layer])
        place = np.concatenate(places[layer])
        height, width = shapes[layer]
        for index, channel in enumerate(chosen):
            for picture in np.argsort(-response[:, index], kind="stable")[:n]:
                y, x = divmod(int(place[picture, index]), width)
                spot = {"down": (y + 0.5) / height, "across": (x + 0.5) / width}
                found = {"picture": int(picture), "response": response[picture, index]}
                rows.append({"layer": layer, "channel": channel, **found, **spot})
    return pd.DataFrame(rows)


def spot_figure(
    pictures: Sequence[np.ndarray], spots: pd.DataFrame, sizes: Mapping[str, int]
) -> Figure:
    """Draw the cuttings that `strongest_spots` found, a row for each channel.

    Args:
        pictures: Arrays of shape (height, width, 3), values 0 to 255.
        spots: What `strongest_spots` gave.
        sizes: For each layer how much around a spot to show, in pixels.

    Returns:
        The figure, not shown yet.

    Raises:
        InputError: if a cutting would be larger than its picture.

    Example:
        >>> spots = {"layer": ["edges"], "channel": [3], "picture": [0]}
        >>> spots |= {"down": [0.5], "across": [1.0]}
        >>> pictures = [np.zeros((8, 8, 3), "uint8")]
        >>> len(spot_figure(pictures, pd.DataFrame(spots), {"edges": 4}).axes)
        1

    Lesson: 2, Look inside InceptionV3.
    """
    rows = list(spots.groupby(["layer", "channel"], sort=False))
    columns = max(len(row) for _, row in rows)
    fig, axes = plt.subplots(
        len(rows), columns, figsize=(7, 6 / columns * len(rows)), squeeze=False
    )
    for ax in axes.flat:
        _bare(ax)
    for line, ((layer, channel), row) in zip(axes, rows, strict=True):
        label = f"{_block(layer)}\n{channel}"
        line[0].set_ylabel(label, rotation=0, ha="right", va="center")
        for ax, spot in zip(line, row.itertuples(), strict=False):
            ax.imshow(
                _cut(pictures[spot.picture], spot.down, spot.across, sizes[layer])
            )
    return fig


def _cut(pixels: np.ndarray, down: float, across: float, size: int) -> np.ndarray:
    """A square around a spot, moved inwards where it would leave the picture."""
    height, width = pixels.shape[:2]
    if size > min(height, width):
        raise InputError(
            f"expected a cutting no larger than its picture, {height}×{width} pixels, "
            f"found a size of {size}. Give a smaller size for this layer."
        )
    top = int(np.clip(down * height - size / 2, 0, height - size))
    left = int(np.clip(across * width - size / 2, 0, width - size))
    return pixels[top : top + size, left : left + size]


def _bare(ax: Axes) -> None:
    """A panel with no frame and no ticks, that still has labels."""
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _block(layer: str) -> str:
    """`block2b` of `block2b_expand_activation`."""
    return layer.partition("_")[0]


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
