"""Which backbone, and squeezed or cropped: chosen on a sample of the training part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from helpers.backbones import EfficientNetLite0, EfficientNetLite2
from helpers.teaching.parts import a_sample
from helpers.teaching.regression import best_strength

SAMPLE = 80  # pictures by which is chosen; more would cost more than they decide

Compute = Callable[[str, Sequence[Path], bool], np.ndarray]


@dataclass(frozen=True)
class Candidate:
    """A way from a picture to features, and how it did on the sample.

    Attributes:
        backbone: `"EfficientNet-Lite0"` or `"EfficientNet-Lite2"`.
        crop: Pictures are cropped to the backbone's square, or squeezed into it.
        losses: The loss of each picture of the sample, shape (pictures,), when it was
            judged by a regression that had not seen it.
        accuracy: The share of the sample that was right then, 0 to 1.
    """

    backbone: str
    crop: bool
    losses: np.ndarray
    accuracy: float


def base_of(backbone: str) -> keras.Model:
    """The frozen backbone of that name, from raw pixels to features.

    Args:
        backbone: `"EfficientNet-Lite0"` or `"EfficientNet-Lite2"`.

    Returns:
        A model named `base`: from (batch, side, side, 3), values 0 to 255, to
        (batch, 1280). Preprocessing is a layer in it.

    Example:
        >>> from contextlib import redirect_stdout
        >>> from io import StringIO
        >>> with redirect_stdout(StringIO()):  # once, the weights are converted
        ...     base = base_of("EfficientNet-Lite0")
        >>> base.output_shape
        (None, 1280)
    """
    build, side = {
        "EfficientNet-Lite0": (EfficientNetLite0, 224),
        "EfficientNet-Lite2": (EfficientNetLite2, 260),
    }[backbone]
    network = build(include_top=False, input_shape=(side, side, 3), pooling="avg")
    inputs = keras.Input((side, side, 3))
    scaled = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    base = keras.Model(inputs, network(scaled), name="base")
    base.trainable = False
    return base


def choose(
    paths: Sequence[Path], labels: np.ndarray, compute: Compute
) -> tuple[Candidate, list[Candidate]]:
    """Choose the way from a picture to features by cross-validation on a sample.

    Cropped pictures are expected to do better than squeezed ones, and the larger
    backbone, which takes twice as long, better than the smaller. Another way is taken
    only if its losses, picture by picture, are lower by more than the standard error
    of their difference.

    Args:
        paths: The pictures of the training part.
        labels: Their class numbers from 0 on, shape (pictures,).
        compute: Gives the features of pictures: a backbone's name, paths, and whether
            to crop.

    Returns:
        The chosen candidate, and all that were tried.
    """
    rows = a_sample(labels, SAMPLE)
    sample, sample_labels = [paths[row] for row in rows], labels[rows]

    def tried(backbone: str, crop: bool) -> Candidate:
        features = compute(backbone, sample, crop)
        _, losses, said = best_strength(features, sample_labels)
        right = said.argmax(axis=1) == sample_labels
        return Candidate(backbone, crop, losses, float(right.mean()))

    cropped, squeezed = (tried("EfficientNet-Lite0", crop) for crop in (True, False))
    smaller = squeezed if _clearly_better(squeezed, cropped) else cropped
    larger = tried("EfficientNet-Lite2", smaller.crop)
    chosen = smaller if _clearly_better(smaller, larger) else larger
    return chosen, [larger, cropped, squeezed]


def _clearly_better(one: Candidate, other: Candidate) -> bool:
    gain = other.losses - one.losses
    return gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain))
