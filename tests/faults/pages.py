"""Faults of the page in one file: its parts, its classifier, its place."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from helpers.classifier import save_classifier
from helpers.page import make_page, making
from helpers.page_file import LOCK, STAMP
from helpers.plumbing import sha256
from tools import page_parts as installing

from . import Scene, fault

GROUP = "pages"
NONE = r"^the page needs ONNX Runtime for the web and three small packages, which are "


def _parts(scene: Scene, digest: str = "") -> Path:
    """A folder that looks installed; what is packed is as short as can be."""
    parts = scene.folder / "parts"
    parts.mkdir()
    (parts / STAMP).write_text(digest or sha256(LOCK), encoding="utf-8")
    scene.patch.setenv("TRANSFER_MODELS", str(scene.folder))
    scene.patch.setattr(making, "pack", lambda told, *_, **__: json.dumps(told))
    scene.patch.setattr(making, "network", lambda base: b"")
    return parts


def _classifier(scene: Scene, *head: keras.Layer) -> Path:
    layers = [keras.Input((8, 8, 3)), keras.layers.GlobalAveragePooling2D(), *head]
    keras.utils.set_random_seed(0)
    model = keras.Sequential(layers)
    names = ["mug", "key", "lamp"][: model.output_shape[-1]]
    return save_classifier(model, names, scene.folder / "mugs.keras")


def _softmax() -> keras.Layer:
    return keras.layers.Dense(2, activation="softmax")


@fault(GROUP, "the packages of the page are not installed", NONE)
def _(scene: Scene):
    path = _classifier(scene, _softmax())
    return lambda: make_page(path, parts=scene.folder / "nothing")


@fault(GROUP, "they are those of an older version", NONE)
def _(scene: Scene):
    path, parts = _classifier(scene, _softmax()), _parts(scene, "0" * 64)
    return lambda: make_page(path, parts=parts)


@fault(GROUP, "a classifier that is not there", "^expected a saved classifier, found")
def _(scene: Scene):
    parts = _parts(scene)
    return lambda: make_page(scene.folder / "mugs.keras", parts=parts)


@fault(GROUP, "a picture in its place", r"tom\.jpg is not a whole \.keras file")
def _(scene: Scene):
    parts = _parts(scene)
    picture = scene.folder / "tom.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0 and so on")
    return lambda: make_page(picture, parts=parts)


for name, head, sees in (
    (
        "several sigmoids",
        lambda: (keras.layers.Dense(3, activation="sigmoid"),),
        r"^expected one answer for each picture, found 3 sigmoids",
    ),
    (
        "an activation that the page does not know",
        lambda: (keras.layers.Dense(4, activation="gelu"), _softmax()),
        r"^cannot use a head with \['gelu', 'softmax'\]",
    ),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, head: Callable = head):
        path, parts = _classifier(scene, *head()), _parts(scene)
        return lambda: make_page(path, parts=parts)


@fault(GROUP, "a page of somebody's in the place", "^expected no file, or a page as it")
def _(scene: Scene):
    path, parts = _classifier(scene, _softmax()), _parts(scene)
    (scene.folder / "mugs.html").write_text("<p>My mugs</p>", encoding="utf-8")
    return lambda: make_page(path, parts=parts)


@fault(GROUP, "a page that somebody has changed", "^expected no file, or a page as it")
def _(scene: Scene):
    path, parts = _classifier(scene, _softmax()), _parts(scene)
    page = make_page(path, parts=parts)
    page.write_bytes(page.read_bytes().replace(b"mugs", b"cups"))
    return lambda: make_page(path, parts=parts)


@fault(GROUP, "a folder of the page's name", "^expected a folder where a file is, or")
def _(scene: Scene):
    path, parts = _classifier(scene, _softmax()), _parts(scene)
    (scene.folder / "mugs.html").mkdir()
    return lambda: make_page(path, parts=parts)


@fault(GROUP, "a disk that is full while a page is written", r"^the disk is full: ")
def _(scene: Scene):
    path, parts = _classifier(scene, _softmax()), _parts(scene)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    scene.patch.setattr(making, "marked", full)
    return lambda: make_page(path, parts=parts)


@fault(GROUP, "ONNX Runtime answers otherwise than Keras", "^expected the same feature")
def _(scene: Scene):
    from helpers.page import network

    inputs = keras.Input((8, 8, 3))
    outputs = keras.layers.GlobalAveragePooling2D()(inputs)
    wrong = lambda data, threads: lambda pixels: np.zeros((2, 3))  # noqa: E731
    scene.patch.setattr(network, "exported", lambda base: b"")
    scene.patch.setattr(network, "computing", wrong)
    return lambda: network.network(keras.Model(inputs, outputs), scene.folder / "kept")


@fault(GROUP, "a kept network that is damaged", "works: it is made anew")
def _(scene: Scene):
    from helpers.page import network

    inputs = keras.Input((8, 8, 3))
    base = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(inputs))
    good = network.network(base, scene.folder / "kept")
    (file,) = (scene.folder / "kept").iterdir()
    file.write_bytes(good[:100])

    def again() -> None:
        assert network.network(base, scene.folder / "kept") == file.read_bytes()
        assert len(file.read_bytes()) > 100
        file.write_bytes(good[:100])

    return again


for name, said, sees in (
    (
        "a package that was changed on its way",
        "EINTEGRITY",
        "not the one that the loc",
    ),
    ("no way to JavaScript's index", "ENOTFOUND", "package index cannot be reached"),
    (
        "a folder packages that lacks one",
        "ENOTCACHED",
        "does not hold all that th",
    ),
):

    @fault(GROUP, name, rf"^npm did not finish: .*{sees}")
    def _(scene: Scene, said: str = said):
        code = f"import sys; sys.exit('npm error code {said}')"
        command = [sys.executable, "-c", code]
        scene.patch.setattr(installing, "npm", lambda folder: command)
        parts, packages = scene.folder / "page", scene.folder / "packages"
        return lambda: installing.install_parts(parts, packages)
