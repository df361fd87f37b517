"""How a figure is shown; grids of pictures, learning curves, training curves."""

from __future__ import annotations

import base64
import hashlib
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from helpers.errors import InputError
from helpers.figures.words import words

STYLE = Path(__file__).with_name("lesson.mplstyle")
MAX_BYTES = 100_000  # of one figure in a notebook


def show(figure: Figure, text: str) -> None:
    """Show a figure together with one sentence that says what it shows.

    The sentence, and behind it what is written on the figure (titles, labels, legends),
    is the picture's text alternative: a screen reader reads it, and it stands where the
    picture cannot. Compute it from the data of the plot, and the comparison of stored
    outputs holds the picture to account as well.

    Args:
        figure: A Matplotlib figure. It is closed afterwards, so it appears once.
        text: What the figure shows, one sentence.

    Example:
        >>> fig, ax = plt.subplots()
        >>> _ = ax.plot([1, 2], [0.5, 0.9])
        >>> _ = ax.set(title="It learns", xlabel="epoch", ylabel="accuracy")
        >>> show(fig, "Accuracy rises from 0.5 to 0.9.")
        Accuracy rises from 0.5 to 0.9. (“It learns”; across: epoch; up: accuracy)
    """
    kind, picture = encode(figure)
    written = [part for part in words(figure) if part.strip("“”") not in text]
    text = f"{text} ({'; '.join(written)})" if written else text
    plt.close(figure)
    display(_Shown(f"image/{kind}", picture, text))


@dataclass(frozen=True)
class _Shown:  # what `display` asks: the picture for eyes, the sentence for the rest
    kind: str
    picture: bytes
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, **_: object) -> tuple[dict, dict]:
        picture = base64.b64encode(self.picture).decode()
        data = {self.kind: picture, "text/plain": self.text}
        # The comparison of outputs skips pictures: the digest tells a swapped one.
        digest = hashlib.sha256(self.picture).hexdigest()[:16]
        return data, {self.kind: {"alt": self.text, "sha256": digest}}


def encode(figure: Figure) -> tuple[str, bytes]:
    """Render a figure as PNG, or as JPEG where the PNG is larger than 100 kB.

    Args:
        figure: A Matplotlib figure.

    Returns:
        `("png", bytes)` or `("jpeg", bytes)`: plots come out as PNG, grids of
        photographs as JPEG. The same figure gives the same bytes.

    Example:
        >>> fig, ax = plt.subplots()
        >>> encode(fig)[0]
        'png'
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    if buffer.tell() <= MAX_BYTES:
        return "png", buffer.getvalue()
    drawn = Image.open(buffer).convert("RGB")
    for quality in (90, 75, 60, 45):
        smaller = io.BytesIO()
        drawn.save(smaller, format="jpeg", quality=quality, optimize=True)
        if smaller.tell() <= MAX_BYTES:
            break
    return "jpeg", smaller.getvalue()


def picture_grid(
    pictures: Sequence[np.ndarray],
    titles: Sequence[str] | None = None,
    columns: int = 3,
    title: str | None = None,
) -> Figure:
    """Draw pictures side by side, each with its title.

    Args:
        pictures: Arrays of shape (height, width, 3), or (height, width) for gray:
            uint8 with values 0 to 255, or float with values 0 to 255 as generators
            and datasets give them.
        titles: One for each picture (class names, say), or None.
        columns: How many pictures stand in a row.
        title: What the grid shows, above all of them.

    Returns:
        The figure, not shown yet.

    Raises:
        InputError: if the number of titles differs from the number of pictures.

    Example:
        >>> fig = picture_grid([np.zeros((8, 8, 3))] * 4, ["cat", "dog", "cat", "dog"])
        >>> len(fig.axes)
        6
    """
    if titles is not None and len(titles) != len(pictures):
        raise InputError(
            f"expected a title for each of the {len(pictures)} pictures, "
            f"got {len(titles)} titles. Pass as many titles as pictures, or None."
        )
    rows = math.ceil(len(pictures) / columns)
    size = 7 / columns
    fig, axes = plt.subplots(
        rows, columns, figsize=(7, rows * (size + 0.25)), squeeze=False
    )
    for ax in axes.flat:
        ax.set_axis_off()
    for place, (ax, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        ax.imshow(np.asarray(picture).astype("uint8"), vmin=0, vmax=255)
        if titles is not None:
            ax.set_title(titles[place], fontsize=10)
    if title:
        fig.suptitle(title, x=0.01, ha="left")
    return fig


def learning_curve_axes(sizes: Sequence[int]) -> tuple[Figure, Axes]:
    """Prepare a figure of something against the number of training pictures.

    Args:
        sizes: How many pictures of each class, rising. The axis is logarithmic, with a
            tick at each of them and at no other place.

    Returns:
        The figure and its axes, empty yet.

    Example:
        >>> fig, ax = learning_curve_axes([5, 10, 80])
        >>> [label.get_text() for label in ax.get_xticklabels()]
        ['5', '10', '80']
    """
    fig, ax = plt.subplots()
    ax.set_xscale("log")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.set_xlabel("training pictures of each class")
    return fig, ax


def training_curves(
    history: Mapping[str, Sequence[float]],
    metrics: Sequence[str] = ("loss", "accuracy"),
    title: str | None = None,
) -> Figure:
    """Draw loss and accuracy over the epochs: training solid, validation dashed.

    Args:
        history: `model.fit(...).history`: lists with a value for each epoch.
        metrics: Which of its keys to draw, a panel for each. A `"val_…"` key is drawn
            in the same panel where it exists.
        title: What the curves show, above them.

    Returns:
        The figure, not shown yet. Epochs count from 1; accuracies are drawn from
        0.4 to 1, so that the figures of different trainings can be compared.

    Raises:
        InputError: if the history has no such key (`compile` without
            `metrics=["accuracy"]` records the loss alone).

    Example:
        >>> history = {"loss": [0.7, 0.4], "val_loss": [0.7, 0.5]}
        >>> fig = training_curves(history, ["loss"])
        >>> [line.get_label() for line in fig.axes[0].lines]
        ['training', 'validation']
    """
    missing = [key for key in metrics if key not in history]
    if missing:
        raise InputError(
            f"expected the keys {list(metrics)} in the history, found "
            f"{sorted(history)}. Pass metrics=['accuracy'] to model.compile, "
            "or name other metrics here."
        )
    fig, axes = plt.subplots(1, len(metrics), figsize=(7, 3), squeeze=False)
    for ax, key in zip(axes.flat, metrics, strict=True):
        for name, dashes in ((key, "-"), (f"val_{key}", "--")):
            if name in history:
                epochs = range(1, len(history[name]) + 1)
                label = "validation" if dashes == "--" else "training"
                ax.plot(epochs, history[name], dashes, color="C0", label=label)
        ax.set_xlabel("epoch")
        ax.set_ylabel(key)
        ax.xaxis.get_major_locator().set_params(integer=True)
        if "accuracy" in key:
            ax.set_ylim(0.4, 1.02)
        ax.legend()
    if title:
        fig.suptitle(title, x=0.01, ha="left")
    return fig
