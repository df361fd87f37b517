"""Batches of pictures: do two sources agree, and what a model says of all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import keras
import numpy as np
import pandas as pd

from helpers.errors import InputError

NO_BATCH = (
    "expected at least one batch of (images, labels), found none. "
    "Does the folder hold pictures, one level below it a folder per class?"
)


def compare_batches(then: Iterable, today: Iterable) -> dict[str, object]:
    """Compare two sources of batches, picture by picture and label by label.

    Neither may shuffle: the order is compared too.

    Args:
        then: Batches of (images, labels): a generator made by `flow_from_directory` or
            `flow_from_dataframe`, a `keras.utils.PyDataset` or a `tf.data.Dataset`.
            Images have the shape (batch, height, width, 3), values 0 to 255.
        today: The same from another tool.

    Returns:
        `pictures`, how many were compared (an int); `same labels`, a bool; and how far
        pixels are apart, in gray levels of 0 to 255: `mean` and `largest` (floats).

    Raises:
        InputError: if one has more batches than the other, or larger ones, or if
            there is none.

    Example:
        >>> white = [(np.full((2, 8, 8, 3), 255.0), np.array([0, 1]))]
        >>> gray = [(np.full((2, 8, 8, 3), 254.5), np.array([0, 1]))]
        >>> compare_batches(white, gray)
        {'pictures': 2, 'same labels': True, 'mean': 0.5, 'largest': 0.5}

    Lesson: 5, Feed pictures.
    """
    n_pictures, same, total, largest = 0, True, 0.0, 0.0
    pairs = itertools.zip_longest(_one_pass(then), _one_pass(today))
    for place, (batch, other) in enumerate(pairs):
        if batch is None or other is None:
            shorter = "first" if batch is None else "second"
            raise InputError(
                f"expected as many batches from both, found {place} from the "
                f"{shorter} and more from the other. Give both the same pictures and "
                "batch size."
            )
        (images, labels), (other_images, other_labels) = batch, other
        images, other_images = np.asarray(images), np.asarray(other_images)
        if images.shape != other_images.shape:
            raise InputError(
                f"expected batches of one shape, found {images.shape} and "
                f"{other_images.shape}. Give both the same batch and picture size."
            )
        apart = np.abs(images.astype("float32") - other_images.astype("float32"))
        n_pictures += len(images)
        same = same and np.array_equal(labels, other_labels)
        total += float(apart.mean()) * len(images)
        largest = max(largest, float(apart.max()))
    if n_pictures == 0:
        raise InputError(NO_BATCH)
    return {
        "pictures": n_pictures,
        "same labels": same,
        "mean": total / n_pictures,
        "largest": largest,
    }


def _one_pass(data: Iterable) -> Iterator[tuple]:
    # What has a length and an index may never stop by itself, as Keras's generators.
    if hasattr(data, "__getitem__"):
        return (data[step] for step in range(len(data)))
    return iter(data)


def predict_all(model: keras.Model, data: Iterable) -> tuple[np.ndarray, np.ndarray]:
    """Collect the labels and the model's probabilities of a data set in one pass.

    `model.predict(data)` beside labels from a second pass, or from `.classes`, mixes up
    pictures as soon as the data shuffles: the confusion table then looks like guessing.

    Args:
        model: A model that ends in a softmax over the classes.
        data: Batches of (images, labels): a generator made by `flow_from_directory` or
            `flow_from_dataframe`, or a `tf.data.Dataset`. Labels are class numbers.

    Returns:
        `labels`, an int array of shape (pictures,), and `probabilities`, a float32
        array of shape (pictures, classes) with values 0 to 1.

    Raises:
        InputError: if there is no batch.

    Example:
        >>> inputs = keras.Input((4,))
        >>> outputs = keras.layers.Dense(2, "softmax")(inputs)
        >>> data = [(np.zeros((3, 4)), np.array([0, 1, 1]))] * 2
        >>> labels, probabilities = predict_all(keras.Model(inputs, outputs), data)
        >>> labels.tolist(), probabilities.shape
        ([0, 1, 1, 0, 1, 1], (6, 2))
    """
    labels, probabilities = [], []
    for images, true in _one_pass(data):
        labels.append(np.asarray(true).reshape(-1).astype(int))
        probabilities.append(model.predict_on_batch(np.asarray(images)))
    if not labels:
        raise InputError(NO_BATCH)
    return np.concatenate(labels), np.concatenate(probabilities)


def confusion_table(
    labels: np.ndarray, predicted: np.ndarray, class_names: Sequence[str]
) -> pd.DataFrame:
    """Count how often each class was taken for each.

    Args:
        labels: True class numbers, shape (pictures,).
        predicted: Predicted class numbers, shape (pictures,).
        class_names: A name for each class number.

    Returns:
        A table of counts: a row for each true class, a column for each predicted one.

    Example:
        >>> labels, predicted = np.array([0, 0, 1]), np.array([0, 1, 1])
        >>> confusion_table(labels, predicted, ["cat", "dog"]).loc["cat"].to_dict()
        {'cat': 1, 'dog': 1}
    """
    counts = np.zeros((len(class_names), len(class_names)), dtype=int)
    np.add.at(counts, (labels, predicted), 1)
    return pd.DataFrame(
        counts,
        index=pd.Index(class_names, name="true"),
        columns=pd.Index(class_names, name="predicted"),
    )
