"""What a model says of many pictures: labels and predictions in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import keras
import numpy as np
import pandas as pd


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
        ValueError: if there is no batch.

    Example:
        >>> inputs = keras.Input((4,))
        >>> outputs = keras.layers.Dense(2, "softmax")(inputs)
        >>> data = [(np.zeros((3, 4)), np.array([0, 1, 1]))] * 2
        >>> labels, probabilities = predict_all(keras.Model(inputs, outputs), data)
        >>> labels.tolist(), probabilities.shape
        ([0, 1, 1, 0, 1, 1], (6, 2))
    """
    # Keras's generators have a length but never stop by themselves.
    endless = hasattr(data, "__getitem__")
    batches = (data[i] for i in range(len(data))) if endless else data
    labels, probabilities = [], []
    for images, true in batches:
        labels.append(np.asarray(true).reshape(-1).astype(int))
        probabilities.append(model.predict_on_batch(np.asarray(images)))
    if not labels:
        raise ValueError(
            "expected at least one batch of (images, labels), found none. "
            "Does the folder hold pictures, one level below it a folder per class?"
        )
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
