"""What a model takes and what it gives, found out before it is asked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import keras
import numpy as np

from helpers.classifier_file import AGAIN
from helpers.errors import InputError

LARGEST = 2048 * 2048  # pixels; a batch of 32 takes 1.6 GB
LARGEST_MAP = 100_000_000  # numbers between two layers, of one picture: 400 MB
ASTRAY = 1e15  # a weight; a million products of two such and of a pixel are infinite


def check_form(model: keras.Model, class_names: Sequence[str]) -> None:
    """Check that a model names pictures: one picture in, one row of numbers out.

    Args:
        model: Any Keras model.
        class_names: The names of its classes.

    Raises:
        InputError: if it has two inputs, a table of outputs, a map for an answer, no
            shape yet, maps of gigabytes inside, or another number of classes than
            names.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> check_form(keras.Model(inputs, inputs), ["cat", "dog"])
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a model with a row of numbers ...
    """
    try:
        inputs, outputs = model.inputs, model.outputs
        answer = outputs if isinstance(model, keras.Sequential) else model.output
    except (AttributeError, ValueError):  # a model of one's own class; one not built
        inputs = None
    if not inputs:
        raise InputError(
            "expected a model that knows the shape of its pictures, found one that "
            "has not been built. Begin it with keras.Input((height, width, 3))."
        )
    if len(inputs) != 1 or isinstance(model.input_shape, dict):
        raise InputError(
            f"expected a model with one input, pictures, found {len(inputs)} inputs: "
            f"{[tensor.shape for tensor in inputs]!s:.80}. It cannot name a picture."
        )
    shape = inputs[0].shape
    if len(shape) != 4 or shape[-1] not in (1, 3):
        raise InputError(
            "expected a model that takes pictures, shape (None, height, width, 3), or "
            f"1 for gray ones, found {shape}. Save one that begins with pixels."
        )
    if math.prod(side or 1 for side in shape[1:3]) > LARGEST:
        raise InputError(
            "expected a model for pictures of at most 2048 by 2048 pixels, found "
            f"{shape}. Build it for smaller ones."
        )
    largest = max(math.prod(side or 1 for side in shape) for shape in _shapes(model))
    if largest > LARGEST_MAP:
        raise InputError(
            f"expected at most {LARGEST_MAP:,} numbers between two layers of a model, "
            f"found {largest:,} for a single picture. Use a model whose source you "
            "know, or build it for smaller pictures."
        )
    if len(outputs) != 1 or isinstance(answer, dict) or len(outputs[0].shape) != 2:
        shapes = [tensor.shape for tensor in outputs]
        raise InputError(
            "expected a model with a row of numbers as its one output, shape (None, "
            f"classes), found {shapes!s:.80}{' in a dict' * isinstance(answer, dict)}. "
            "Let it end in pooling and a Dense layer."
        )
    units = outputs[0].shape[-1]
    if len(class_names) != units and (len(class_names), units) != (2, 1):
        raise InputError(
            f"expected {max(units, 2)} class_names, one for each number that the model "
            f"gives, found {list(class_names)!s:.80}. Correct them."
        )


def _shapes(layer: keras.Layer) -> Iterator[tuple[int | None, ...]]:
    """The shapes of whatever a layer gives, and of what is inside of it."""
    for node in layer._inbound_nodes:
        yield from (tensor.shape for tensor in node.output_tensors)
    for inside in getattr(layer, "layers", ()):
        yield from _shapes(inside)


def check_reading(model: keras.Model, size: Sequence[int] | None) -> None:
    """Check that pictures read as a record tells are what the model takes.

    Args:
        model: A model that `check_form` lets pass.
        size: Height and width to which pictures are brought; None for the model's own.

    Raises:
        InputError: if the model takes another size, or one so large that a batch does
            not fit into memory.

    Example:
        >>> model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Flatten()])
        >>> check_reading(model, (8, 8))
        >>> check_reading(model, (9, 9))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected pictures of a size that the model takes, ...
    """
    if size is None:
        return
    takes = model.input_shape[1:3]
    fits = all(own in (None, side) for own, side in zip(takes, size, strict=True))
    if not fits or math.prod(size) > LARGEST:
        raise InputError(
            f"expected pictures of a size that the model takes, {takes}, and of at "
            f"most 2048 by 2048 pixels, found {tuple(size)} in its record. {AGAIN}"
        )


def check_weights(model: keras.Model) -> None:
    """Check that all weights can be computed with.

    NaN, infinity and weights so large that what is computed with them is infinite give
    answers that look certain: behind a sigmoid, infinity is 100%.

    Args:
        model: Any Keras model.

    Raises:
        InputError: if such a one is among them. The message names the weights.

    Example:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
        >>> check_weights(model)
        >>> model.set_weights([np.array([[1.0, 3e38]]), np.zeros(2)])
        >>> check_weights(model)
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected weights below 1e+15, found 3e+38 in ...
    """
    for weight in model.weights:
        numbers = keras.ops.convert_to_numpy(weight)
        # NaN, both of them, if one of the numbers is.
        largest = max(-float(numbers.min(initial=0)), float(numbers.max(initial=0)))
        if not largest < ASTRAY:
            raise InputError(
                f"expected weights below {ASTRAY:.0e}, found {largest:.3g} in "
                f"{weight.path}. They are damaged, or the training went astray: train "
                "the model again, more slowly."
            )


def picture_size(model: keras.Model) -> tuple[int, int] | None:
    """The height and width that a model takes, or None if it takes any.

    Example:
        >>> inputs = keras.Input((None, None, 3))
        >>> picture_size(keras.Model(inputs, inputs)) is None
        True
    """
    height, width = model.input_shape[1:3]
    if height is None and width is None:
        return None
    return height or width, width or height


def output_kind(model: keras.Model) -> str:
    """Tell how a model's numbers become probabilities.

    Its last layer says so, inside a head as well. If it does not, because it is of a
    kind that has no activation, the numbers for four pictures of noise tell.

    Args:
        model: A model that `check_form` lets pass.

    Returns:
        `"softmax"` for probabilities that add up to 1, `"sigmoid"` for probabilities
        that do not, `"logits"` for any numbers.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> output_kind(keras.Model(inputs, keras.layers.Dense(2)(pooled)))
        'logits'
    """
    last: object = model
    while outputs := getattr(last, "outputs", None):  # one of an own class has none
        last = outputs[0]._keras_history.operation
    activation = getattr(last, "activation", None)
    name = getattr(activation, "__name__", type(last).__name__).lower()
    if name in ("softmax", "sigmoid"):
        return name
    if name == "linear":
        return "logits"
    return _kind_of_numbers(model)


def to_probabilities(outputs: np.ndarray, kind: str) -> np.ndarray:
    """Turn what a model gives into a probability for each class.

    Args:
        outputs: Shape (batch, units), of any float type. One unit is the second of two
            classes.
        kind: `"softmax"`, `"sigmoid"` or `"logits"`; see `output_kind`.

    Returns:
        Float32, shape (batch, classes), 0 to 1. They add up to 1, except for two or
        more sigmoids, each of which answers for itself.

    Raises:
        InputError: if they are no numbers (NaN, infinity), or no probabilities.

    Example:
        >>> to_probabilities(np.array([[0.9]]), "sigmoid").round(2).tolist()
        [[0.10000000149011612, 0.8999999761581421]]
        >>> to_probabilities(np.array([[0.0, 0.0]]), "logits").tolist()
        [[0.5, 0.5]]
    """
    numbers = np.asarray(outputs, np.float32)
    if not np.isfinite(numbers).all():
        found = "NaN" if np.isnan(numbers).any() else "infinity"
        raise InputError(
            f"expected a number for each class, found {found}. The weights of the "
            "model are damaged, or its training went astray: train it again, more "
            "slowly."
        )
    if kind == "logits":
        numbers = np.clip(numbers, -1e30, 1e30)
        if numbers.shape[1] == 1:
            numbers = np.hstack([np.zeros_like(numbers), numbers])
        powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    if numbers.min(initial=0) < -0.01 or numbers.max(initial=0) > 1.01:
        raise InputError(
            f"expected probabilities, 0 to 1, from a {kind}, found "
            f"{numbers.min():.3g} to {numbers.max():.3g}. Save the classifier with "
            'outputs="logits" if it ends in no activation.'
        )
    return np.hstack([1 - numbers, numbers]) if numbers.shape[1] == 1 else numbers


def _kind_of_numbers(model: keras.Model) -> str:
    shape = [side or 64 for side in model.input_shape[1:3]] + [model.input_shape[-1]]
    noise = np.random.default_rng(0).uniform(0, 255, (4, *shape)).astype("float32")
    numbers = np.asarray(model(noise, training=False), np.float32)
    if numbers.min() < 0 or numbers.max() > 1:
        return "logits"
    one_each = numbers.shape[1] > 1 and np.allclose(numbers.sum(axis=1), 1, atol=1e-2)
    return "softmax" if one_each else "sigmoid"
