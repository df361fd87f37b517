"""What the project itself keeps: records, models, weights of Keras, features."""

from __future__ import annotations

import atexit
import contextlib
import functools
import hashlib
import io
import json
import random
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from helpers.backbones import EfficientNetLite0
from helpers.classifier import name_pictures, open_classifier, save_classifier
from helpers.classifier.known import fit_known
from helpers.classifier_file import read_record
from helpers.features import compute_features
from helpers.heads import join
from helpers.pets import draw_pets
from helpers.sources import get_photos, make_training_set

from .files import NAME
from .spoil import as_json, spoiled_bytes, spoiled_tree

PICTURES = 4  # of each class


# -- records ---------------------------------------------------------------------------
@functools.cache
def _made() -> Path:
    """A set of each kind, with its record; copied for each try."""
    home = Path(tempfile.mkdtemp(prefix="fuzz-sets-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for number in range(2 * PICTURES):
        kind = ("cat", "dog")[number % 2]
        noise = np.random.default_rng(number).integers(0, 256, (12, 14, 3), np.uint8)
        path = home / "pets" / kind / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise).resize((60, 50)).save(path)
    for make in _makers(home).values():
        make()
    return home


def _makers(home: Path) -> dict[str, Callable[[], object]]:
    return {
        "photos/provenance.json": lambda: get_photos(
            home / "pets", home / "photos", progress=False
        ),
        "set/training_set.json": lambda: make_training_set(
            home / "pets", home / "set", 1, 1
        ),
        "drawn/drawn_pets.json": lambda: draw_pets(home / "drawn", per_class=1),
    }


def of_record(rng: random.Random, folder: Path) -> Callable[[], None]:
    home = folder / NAME
    shutil.copytree(_made(), home)
    name, make = rng.choice(list(_makers(home).items()))
    data = (home / name).read_bytes()
    if rng.random() < 0.5:
        data = as_json(spoiled_tree(json.loads(data), rng))
    else:
        data = spoiled_bytes(data, rng)
    (home / name).write_bytes(data)
    before = _digests(home)

    def read() -> None:
        try:
            make()
        finally:  # whatever the record says, nothing that may be somebody's is lost
            after = _digests(home)
            lost = [n for n in before if n not in after and not n.endswith(".json")]
            changed = [n for n in before if n.endswith(".png") and n in after]
            assert not lost, lost
            assert all(before[n] == after[n] for n in changed)

    return read


def _digests(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*.*")
        if path.is_file() and not path.name.startswith(".")
    }


# -- classifiers -----------------------------------------------------------------------
@functools.cache
def _classifiers() -> list[dict[str, bytes]]:
    """The members of two classifiers: a plain one, and one of a base and a head."""
    inputs = keras.Input((16, 16, 3))
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.Conv2D(4, 3, activation="relu")(x)
    base = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x), name="base")
    head = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(2, "softmax")], name="head"
    )
    features = np.random.default_rng(0).normal(2, 1, (12, 4))
    known = fit_known(features, np.arange(12) % 2)
    plain = keras.Model(inputs, keras.layers.Dense(2, "softmax")(base.outputs[0]))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, model, given in (("a", plain, None), ("b", join(base, head), known)):
            path = Path(folder) / f"{name}.keras"
            save_classifier(model, ["cat", "dog"], path, known=given, accuracy=0.9)
            with zipfile.ZipFile(path) as archive:
                found.append({n: archive.read(n) for n in archive.namelist()})
    return found


def of_model(rng: random.Random, folder: Path) -> Callable[[], None]:
    members = dict(rng.choice(_classifiers()))
    for _ in range(rng.randint(1, 2)):
        name = rng.choice(list(members))
        good = members[name]
        members[name] = spoiled_bytes(good, rng)
        if name.endswith(".json") and rng.random() < 0.8:
            with contextlib.suppress(ValueError, RecursionError):  # spoiled before
                members[name] = as_json(spoiled_tree(json.loads(good), rng))
    if rng.random() < 0.7:  # whoever means harm writes a record that fits
        members["classifier.json"] = _signed(members)
    if rng.random() < 0.1:
        members.pop(rng.choice(list(members)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", rng.choice((0, zipfile.ZIP_DEFLATED))) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name), data)
    data = buffer.getvalue()
    path = folder / f"{NAME}.keras"
    path.write_bytes(spoiled_bytes(data, rng) if rng.random() < 0.2 else data)
    picture = folder / "cat.png"
    Image.new("RGB", (20, 20), "gray").save(picture)

    def read() -> None:
        keras.backend.clear_session()  # or what is kept of each would add up
        answer = name_pictures(open_classifier(path), picture).iloc[0]
        assert answer["name"] in ("cat", "dog", *read_record(path)["class_names"])
        assert 0 <= answer["probability"] <= 1

    return read


def _signed(members: dict[str, bytes]) -> bytes:
    try:
        record = json.loads(members["classifier.json"])
        for name in record["members"]:
            record["members"][name] = hashlib.sha256(members[name]).hexdigest()
        return json.dumps(record).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return members["classifier.json"]


# -- weights of Keras ------------------------------------------------------------------
@functools.cache
def _keras_weights() -> bytes:
    network = EfficientNetLite0(
        include_top=False, weights=None, input_shape=(32, 32, 3)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.weights.h5"
        network.save_weights(path)
        return path.read_bytes()


def of_keras_weights(rng: random.Random, folder: Path) -> Callable[[], None]:
    data = bytearray(_keras_weights())
    if rng.random() < 0.7:  # where the tables of HDF5 are, not in the numbers
        start = rng.randrange(len(data) // 4096) * 4096
        start = rng.choice((0, 0, start))
        part = spoiled_bytes(bytes(data[start : start + 4096]), rng)
        data[start : start + 4096] = part
    else:
        data = spoiled_bytes(bytes(data), rng)
    path = folder / f"{NAME}.weights.h5"
    path.write_bytes(data)

    def read() -> None:
        keras.backend.clear_session()
        shape = (32, 32, 3)
        EfficientNetLite0(include_top=False, weights=path, input_shape=shape)

    return read


# -- features --------------------------------------------------------------------------
@functools.cache
def _base() -> keras.Model:
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(inputs))


@functools.cache
def _shard() -> tuple[str, bytes]:
    """The place of a shard in its cache, and its bytes."""
    with tempfile.TemporaryDirectory() as cache:
        pictures = sorted((_made() / "pets").rglob("*.png"))
        compute_features(_base(), pictures, cache)
        (path,) = Path(cache).rglob("*.npy")
        return path.relative_to(cache).as_posix(), path.read_bytes()


def of_shard(rng: random.Random, folder: Path) -> Callable[[], None]:
    place, data = _shard()
    path = folder / NAME / place
    path.parent.mkdir(parents=True)
    start = rng.choice((128, len(data)))  # of its header more often
    data = spoiled_bytes(data[:start], rng) + data[start:]
    name = hashlib.sha256(data).hexdigest()[:32]  # as if it had been written so
    chance = rng.random()
    if chance < 0.1:
        path.mkdir()
    elif chance < 0.2:
        path.write_bytes(data)
    else:
        path.with_name(f"{name}.npy").write_bytes(data)
    pictures = sorted((_made() / "pets").rglob("*.png"))

    def read() -> None:
        features = compute_features(_base(), pictures, folder / NAME)
        assert features.shape == (len(pictures), 3)
        assert features.dtype == np.float32

    return read
