"""Faults of weights, of a saved classifier and of the feature cache."""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import keras
import numpy as np

from helpers import backbones
from helpers.backbones import EfficientNetLite0, imagenet_weights, read_state_dict
from helpers.classifier import load_classifier, save_classifier
from helpers.features import compute_features

from . import Scene, fault, script
from .folders import draw, pets

GROUP = "weights"


class Hostile:
    """Pickles to a command for the shell."""

    def __reduce__(self) -> tuple:
        return os.system, ("echo hostile > hostile.txt",)


LEGACY = r"^expected a PyTorch weights file of the legacy format, found .*lite\.pth, wh"

for name, data, sees in (
    ("an empty weights file", b"", LEGACY),
    ("a web page for a weights file", b"<!DOCTYPE html>", LEGACY),
    ("a weights file of another format", b"PK\3\4", LEGACY),
    ("a weights file that is truncated", pickle.dumps([1] * 99, 2)[:40], LEGACY),
    ("a hostile pickle", pickle.dumps(Hostile(), 2), LEGACY + ".*no tensor needs"),
):

    @fault(GROUP, name, sees + r".*Reinstall the package|" + sees)
    def _(scene: Scene, data: bytes = data):
        (scene.folder / "lite.pth").write_bytes(data)
        scene.patch.chdir(scene.folder)
        return lambda: read_state_dict(scene.folder / "lite.pth")


@fault(
    GROUP, "a weights file that is missing", r"cannot read .*lite\.pth: .*Reinstall "
)
def _(scene: Scene):
    return lambda: read_state_dict(scene.folder / "lite.pth")


@fault(
    GROUP, "a package that is missing", "^expected the package efficientnet-lite9-py"
)
def _(scene: Scene):
    scene.patch.setattr(backbones, "DATA", scene.folder)
    network = backbones.LITE0._replace(name="efficientnet_lite9")
    return lambda: imagenet_weights(network)


@fault(
    GROUP, "a package whose file is damaged", "the file is missing, damaged or of an"
)
def _(scene: Scene):
    scene.patch.setattr(backbones, "DATA", scene.folder)
    (scene.folder / "models").mkdir()
    file = scene.folder / "models" / backbones.LITE0.file
    file.write_bytes(b"half")
    scene.patch.setattr(resources, "files", lambda _: scene.folder)
    return lambda: imagenet_weights(backbones.LITE0)


for name, make in (
    ("weights of another network", lambda p: _model().save_weights(p)),
    ("a Keras weights file that is truncated", lambda p: _half(p)),
    ("a web page named .weights.h5", lambda p: p.write_text("<!DOCTYPE html>")),
):

    @fault(
        GROUP, name, r"^.*my\.weights\.h5 does not hold the weights of this efficien"
    )
    def _(scene: Scene, make: Callable[[Path], object] = make):
        path = scene.folder / "my.weights.h5"
        make(path)
        return lambda: EfficientNetLite0(weights=path, input_shape=(32, 32, 3))


@fault(
    GROUP, "a Keras weights file that is missing", "There is no file .*my.weights.h5"
)
def _(scene: Scene):
    scene.patch.chdir(scene.folder)  # which the message names
    return lambda: EfficientNetLite0(weights=scene.folder / "my.weights.h5")


def _half(path: Path) -> None:
    _model().save_weights(path)
    path.write_bytes(path.read_bytes()[:1000])


@functools.cache
def _model() -> keras.Model:
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    return keras.Model(inputs, keras.layers.Dense(2, "softmax")(x))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _page(path: Path) -> None:
    path.write_text("<!DOCTYPE html>")


def _lose(path: Path) -> None:
    path.unlink()


def _lose_names(path: Path) -> None:
    path.with_suffix(".json").unlink()


def _spoil_names(path: Path) -> None:
    path.with_suffix(".json").write_text('{"class_names": ["cat", "dog"]}')


def _three_names(path: Path) -> None:
    facts = path.with_suffix(".json")
    facts.write_text(facts.read_text().replace('"dog"', '"dog", "cow"'))


def _other_names(path: Path) -> None:
    path.with_suffix(".json").write_text('{"class_names": ["a"], "sha256": "0"}')


NOT_ITS = (
    r"pets\.keras is not the file that pets\.json was written for: it is damaged, "
)

for name, damage, sees in (
    ("a classifier that is truncated", _truncate, NOT_ITS),
    ("a web page named .keras", _page, NOT_ITS),
    (
        "a classifier that is missing",
        _lose,
        r"saved classifier, found no .*pets\.keras",
    ),
    (
        "a classifier without its names",
        _lose_names,
        r"found no .*pets\.json\. Run less",
    ),
    (
        "names that are damaged",
        _spoil_names,
        r"^expected class_names and sha256 in .*js",
    ),
    ("a name too many", _three_names, r"^expected 2 class_names in .*pets\.json, one "),
    ("the names of another classifier", _other_names, NOT_ITS),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, damage: Callable[[Path], object] = damage):
        path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
        damage(path)
        return lambda: load_classifier(path)


@fault(
    GROUP, "a .keras file with code in it (Lambda)", r"^Keras .* cannot load .*hosti"
)
def _(scene: Scene):
    inputs = keras.Input((8, 8, 3))
    hostile = keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1)(inputs))
    path = save_classifier(hostile, ["cat", "dog"], scene.folder / "hostile.keras")
    return lambda: load_classifier(path)


@fault(
    GROUP, "a classifier to be saved as .h5", r"^expected a name that ends in \.keras"
)
def _(scene: Scene):
    path = scene.folder / "pets.h5"
    return lambda: save_classifier(_model(), ["cat", "dog"], path)


@fault(
    GROUP, "no classifier yet, on the command line", "^expected a saved classifier, f"
)
def _(scene: Scene):
    draw(0).save(scene.folder / "cat.png")
    there = ("--model", scene.folder / "none.keras")
    return lambda: script("name_picture", scene.folder / "cat.png", *there)


def _features(scene: Scene) -> Callable[[], np.ndarray]:
    inputs = keras.Input((8, 8, 3))
    base = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(inputs))
    pictures = sorted(pets(scene.folder / "pets").glob("*/*"))
    return lambda: compute_features(base, pictures, scene.folder / "features")


@fault(
    GROUP,
    "a broken picture among those to compute",
    r"^expected 12 readable pictures, found 1 that are not:\n"
    r".*0\.png is not a picture .*\nTake them out, or pass unreadable='nan'",
)
def _(scene: Scene):
    call = _features(scene)
    call()  # the others are kept
    (scene.folder / "pets" / "cat" / "0.png").write_text("<html>")
    return call


@fault(GROUP, "a damaged file in the feature cache", "works: computed again, the same")
def _(scene: Scene):
    call = _features(scene)
    first = call()
    (shard,) = (scene.folder / "features").rglob("*.npy")
    shard.write_bytes(shard.read_bytes()[:-3] + b"...")

    def again() -> None:
        assert call().tobytes() == first.tobytes()

    return again


@fault(GROUP, "converted weights that were damaged", "works: converted again, the same")
def _(scene: Scene):
    scene.patch.setattr(backbones, "DATA", scene.folder)
    path = imagenet_weights(backbones.LITE0)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    def again() -> None:
        imagenet_weights(backbones.LITE0)
        assert path.read_bytes() == whole

    return again
