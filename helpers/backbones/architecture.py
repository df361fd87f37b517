"""The EfficientNet-Lite family as layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import keras
from keras import layers


class Network(NamedTuple):
    """What tells one member of the EfficientNet-Lite family from another.

    Example:
        >>> LITE0.size, LITE1.size, LITE2.size
        (224, 240, 260)
    """

    title: str
    name: str
    width: float  # channels, times the smallest network's
    depth: float  # repeats of a block, times the smallest network's
    size: int  # pixels a side
    dropout: float
    file: str  # in its package, which is called after the network
    sha256: str


LITE0 = Network(
    title="EfficientNet-Lite0",
    name="efficientnet_lite0",
    width=1.0,
    depth=1.0,
    size=224,
    dropout=0.2,
    file="efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)

LITE1 = Network(
    title="EfficientNet-Lite1",
    name="efficientnet_lite1",
    width=1.0,
    depth=1.1,
    size=240,
    dropout=0.2,
    file="efficientnet-lite1-77cc7160.pth",
    sha256="77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
)

LITE2 = Network(
    title="EfficientNet-Lite2",
    name="efficientnet_lite2",
    width=1.1,
    depth=1.2,
    size=260,
    dropout=0.3,
    file="efficientnet-lite2-9656183e.pth",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
)

# repeats, kernel size, stride, expansion, output channels
BLOCKS = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
]


def outputs_of(
    network: Network,
    x: keras.KerasTensor,
    include_top: bool = True,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: str | Callable | None = "softmax",
) -> keras.KerasTensor:
    """The architecture: a stem, seven stages of blocks, a last convolution, the top.

    Example:
        >>> inputs = keras.Input((64, 64, 3))
        >>> outputs_of(LITE0, inputs, include_top=False, pooling="avg").shape
        (None, 1280)
    """
    x = _activated(_conv(x, 32, 3, 2, "stem_conv"), "stem_")
    for stage, (repeats, kernel_size, stride, expansion, filters) in enumerate(BLOCKS):
        filters = _rounded(filters * network.width)
        if stage not in (0, len(BLOCKS) - 1):  # Lite: the ends are never deepened
            repeats = math.ceil(repeats * network.depth)
        for place in range(repeats):
            block = f"block{stage + 1}{'abcdef'[place]}_"
            strides = stride if place == 0 else 1
            x = _inverted_residual(x, filters, kernel_size, strides, expansion, block)
    x = _activated(_conv(x, 1280, 1, 1, "top_conv"), "top_")

    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dropout(network.dropout, name="top_dropout")(x)
        return layers.Dense(classes, classifier_activation, name="predictions")(x)
    if pooling == "avg":
        return layers.GlobalAveragePooling2D(name="avg_pool")(x)
    if pooling == "max":
        return layers.GlobalMaxPooling2D(name="max_pool")(x)
    return x


def _inverted_residual(x, filters, kernel_size, strides, expansion, block):
    """Widen, filter each channel by itself, narrow; add the input where it fits."""
    inputs = x
    if expansion != 1:
        x = _conv(x, x.shape[-1] * expansion, 1, 1, f"{block}expand_conv")
        x = _activated(x, f"{block}expand_")
    x = layers.DepthwiseConv2D(
        kernel_size,
        strides,
        padding="same",
        use_bias=False,
        depthwise_initializer=_initializer(),
        name=f"{block}dwconv",
    )(x)
    x = _activated(x, block)
    x = _conv(x, filters, 1, 1, f"{block}project_conv")
    x = layers.BatchNormalization(name=f"{block}project_bn")(x)
    if strides == 1 and inputs.shape[-1] == filters:
        x = layers.Add(name=f"{block}add")([x, inputs])
    return x


def _conv(x, filters, kernel_size, strides, name):
    return layers.Conv2D(
        filters,
        kernel_size,
        strides,
        padding="same",
        use_bias=False,
        kernel_initializer=_initializer(),
        name=name,
    )(x)


def _activated(x, prefix):
    x = layers.BatchNormalization(name=f"{prefix}bn")(x)
    return layers.ReLU(6.0, name=f"{prefix}activation")(x)


def _initializer():
    return keras.initializers.VarianceScaling(2.0, "fan_out", "truncated_normal")


def _rounded(filters: float) -> int:
    """The nearest multiple of 8 that is no more than a tenth below."""
    rounded = max(8, int(filters + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * filters else rounded
