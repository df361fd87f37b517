"""A classifier taken apart: the frozen base, and a head of dense layers."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from helpers.classifier import Classifier
from helpers.errors import InputError

MOST_FEATURES = 8192  # 13 MB in the page for 300 pictures
_IDLE = (keras.layers.InputLayer, keras.layers.Dropout)  # when nothing is trained
_ACTIVATIONS = (keras.layers.Activation, keras.layers.Softmax, keras.layers.ReLU)
_OF_A_HEAD = (keras.layers.Dense, *_IDLE, *_ACTIVATIONS)
_ANSWER = (
    "Its last layers have to be a head as in lesson 6: Dense layers with relu between "
    "them, and a softmax, a single sigmoid or no activation at the end."
)


@dataclass(frozen=True)
class Dense:
    """A dense layer of a head.

    Attributes:
        weights: Float32, shape (units, inputs).
        bias: Float32, shape (units,).
        activation: `"relu"` or `"linear"`; of the last layer always `"linear"`, since
            the page makes probabilities of its numbers with a softmax.

    Example:
        >>> Dense(np.eye(2), np.zeros(2), "relu")(np.array([[-1.0, 2.0]])).tolist()
        [[0.0, 2.0]]
    """

    weights: np.ndarray
    bias: np.ndarray
    activation: str

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """From (batch, inputs) to (batch, units)."""
        numbers = inputs @ self.weights.T + self.bias
        return np.maximum(numbers, 0) if self.activation == "relu" else numbers


def split(classifier: Classifier) -> tuple[keras.Model, list[Dense]]:
    """Take a classifier apart, and see that the parts answer as the whole.

    Args:
        classifier: From `helpers.classifier.open_classifier`.

    Returns:
        The base, from (batch, height, width, 3), values 0 to 255, to (batch, features),
        and the head's layers; a softmax of what the last gives are the probabilities.

    Raises:
        InputError: if the model is not made of a base and such a head.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(pooled))
        >>> base, (last,) = split(Classifier(model, ["cat", "dog"]))
        >>> base.output_shape, last.weights.shape
        ((None, 3), (2, 3))
    """
    model = classifier.model
    if None in model.input_shape[1:] or model.input_shape[-1] != 3:
        raise InputError(
            "expected a classifier of color pictures of one size, found one that takes "
            f"{model.input_shape[1:]}. Build it with keras.Input((height, width, 3))."
        )
    if classifier.outputs == "sigmoid" and model.output_shape[-1] > 1:
        raise InputError(
            f"expected one answer for each picture, found {model.output_shape[-1]} "
            "sigmoids, each of which answers for itself. A page can be made of a "
            "classifier that ends in a softmax."
        )
    base, layers = _parts(model)
    if len(base.output_shape) != 2 or base.output_shape[1] > MOST_FEATURES:
        raise InputError(
            f"expected a base of {MOST_FEATURES} features or fewer, found "
            f"{base.output_shape[1:]}. Let it end in pooling, as in lesson 6."
        )
    head = _dense(layers)
    _compare(classifier, base, head)
    return base, head


def _parts(model: keras.Model) -> tuple[keras.Model, list[keras.Layer]]:
    layers = model.layers
    if [layer.name for layer in layers[1:]] == ["base", "head"]:
        return layers[1], layers[2].layers
    start = len(layers)
    while start and isinstance(layers[start - 1], _OF_A_HEAD):
        start -= 1
    head = layers[start:]
    if not 0 < start < len(layers) or isinstance(head[0], keras.layers.InputLayer):
        raise InputError(
            "expected a classifier made of a base and a head, found layers "
            f"{[type(layer).__name__ for layer in layers]!s:.120}. {_ANSWER}"
        )
    return keras.Model(model.inputs, head[0].input), head


def _dense(layers: list[keras.Layer]) -> list[Dense]:
    head: list[Dense] = []
    for layer in layers:
        if isinstance(layer, _IDLE):
            continue
        activation = getattr(layer, "activation", None)
        name = getattr(activation, "__name__", type(layer).__name__.lower())
        if isinstance(layer, keras.layers.Dense):
            kernel = np.asarray(layer.kernel, np.float32)
            bias = np.zeros(kernel.shape[1], np.float32)
            if layer.use_bias:
                bias = np.asarray(layer.bias, np.float32)
            head.append(Dense(kernel.T, bias, name))
        elif isinstance(layer, _ACTIVATIONS) and head[-1:]:
            before = head.pop()
            name = name if before.activation == "linear" else "two activations"
            head.append(Dense(before.weights, before.bias, name))
        else:
            raise InputError(
                f"expected a head of Dense layers, found {type(layer).__name__} in it. "
                f"{_ANSWER}"
            )
    hidden, last = head[:-1], head[-1:]
    found = [one.activation for one in head]
    if (
        not last
        or last[0].activation not in ("softmax", "sigmoid", "linear")
        or not {one.activation for one in hidden} <= {"relu", "linear"}
    ):
        raise InputError(f"cannot use a head with {found!s:.80}. {_ANSWER}")
    weights, bias = last[0].weights, last[0].bias
    if len(bias) == 1:  # the sigmoid of z is the softmax of (0, z)
        weights = np.vstack([np.zeros_like(weights), weights])
        bias = np.append(np.float32(0), bias)
    return [*hidden, Dense(weights, bias, "linear")]


def _compare(classifier: Classifier, base: keras.Model, head: list[Dense]) -> None:
    shape = (2, *classifier.model.input_shape[1:])
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)
    numbers = base.predict_on_batch(noise)
    for layer in head:
        numbers = layer(numbers)
    powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
    said = powers / powers.sum(axis=1, keepdims=True)
    expected, _ = classifier.ask(noise)
    if not np.allclose(said, expected, atol=1e-4):
        raise InputError(
            "expected a classifier whose head comes after its base, found one whose "
            f"last layers alone answer otherwise than the whole. {_ANSWER}"
        )
