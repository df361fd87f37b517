"""What lesson 1 plays with: pictures of letters, and maps of what a model decides."""

from __future__ import annotations

from pathlib import Path

import keras
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from PIL import Image, ImageDraw, ImageFont

SIDE = 20  # pixels of a letter's picture
FINE = 4  # letters are drawn so many times larger, and shrunk
FONTS = ("DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf")  # of Matplotlib
CLASSES = ListedColormap(["#0072B2", "#D55E00"])


def draw_letters(
    letters: str, per_letter: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw noisy little pictures of letters, each at another place, size and angle.

    They are the same on every computer: the typefaces come with Matplotlib. It takes
    a second for two thousand.

    Args:
        letters: The classes, a character each: `"ABC"`.
        per_letter: How many pictures of each letter.
        seed: Another seed gives other pictures.

    Returns:
        `images`, a float32 array of shape (pictures, 20, 20, 1) with values around
        0 (dark) to 1 (light), and `labels`, an int array of shape (pictures,): places
        in `letters`, which take turns.

    Example:
        >>> images, labels = draw_letters("ABC", per_letter=2, seed=0)
        >>> images.shape, labels.tolist()
        ((6, 20, 20, 1), [0, 1, 2, 0, 1, 2])
    """
    rng = np.random.default_rng(seed)
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    side, middle = SIDE * FINE, SIDE * FINE / 2
    labels = np.arange(per_letter * len(letters)) % len(letters)
    images = np.empty((len(labels), SIDE, SIDE, 1), "float32")
    for image, label in zip(images, labels, strict=True):
        font = ImageFont.truetype(
            folder / FONTS[rng.integers(len(FONTS))],
            size=int(rng.integers(10, 15)) * FINE,
            layout_engine=ImageFont.Layout.BASIC,
        )
        picture = Image.new("L", (side, side))
        place = middle + rng.uniform(-2, 2, 2) * FINE
        pen = ImageDraw.Draw(picture)
        pen.text(tuple(place), letters[label], fill=255, font=font, anchor="mm")
        picture = picture.rotate(rng.uniform(-15, 15), Image.Resampling.BILINEAR)
        light = np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX)) / 255
        image[..., 0] = light * rng.uniform(0.6, 1) + rng.normal(0, 0.1, light.shape)
    return images, labels


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
    ax.imshow(answers > 0.5, CLASSES, alpha=0.25, vmin=0, vmax=1, origin="lower",
              extent=(-reach, reach, -reach, reach))  # fmt: skip
    for label, marker in enumerate("ox"):
        color = CLASSES(label)
        ax.scatter(*points[labels == label].T, 18, color=color, marker=marker)
    if hidden is not None:
        kernel, bias = hidden.get_weights()
        for (x, y), offset in zip(kernel.T, bias, strict=True):
            nearest = -offset * np.array([x, y]) / (x * x + y * y)  # to the middle
            ax.axline(
                nearest, nearest + np.array([-y, x]), color="#444444", ls="--", lw=1
            )
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
    ax.grid(False)
