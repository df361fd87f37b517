"""Faults of weights, of a saved classifier and of the feature cache."""

from __future__ import annotations

import errno
import functools
import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import keras
import numpy as np

from helpers import backbones
from helpers.backbones import (
    EfficientNetLite0,
    imagenet_weights,
    read_state_dict,
    weights,
)
from helpers.classifier import (
    load_classifier,
    name_picture,
    save_classifier,
    saving,
)
from helpers.classifier.known import Known
from helpers.classifier_file import add_members
from helpers.features import compute_features
from helpers.plumbing import ROOT

from . import Scene, fault, script
from .folders import draw, pets

GROUP = "weights"
KNOWN = Known(np.eye(3, dtype="float16"), threshold=0.5)


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
    scene.patch.setattr(weights, "DATA", scene.folder)
    network = backbones.LITE0._replace(name="efficientnet_lite9")
    return lambda: imagenet_weights(network)


@fault(
    GROUP, "a package whose file is damaged", "the file is missing, damaged or of an"
)
def _(scene: Scene):
    scene.patch.setattr(weights, "DATA", scene.folder)
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
    dense = keras.layers.Dense(2, "softmax", name="dense")  # whatever was built before
    return keras.Model(inputs, dense(x))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _page(path: Path) -> None:
    path.write_text("<!DOCTYPE html>")


def _lose(path: Path) -> None:
    path.unlink()


def _unpack(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _change(path: Path, member: str, change: Callable[[bytes], bytes]) -> None:
    """Write the zip anew, one member of it changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def _record(**fields: object) -> Callable[[Path], None]:
    """Change fields of the record."""

    def change(data: bytes) -> bytes:
        return json.dumps({**json.loads(data), **fields}).encode()

    return lambda path: _change(path, "classifier.json", change)


def _lose_names(path: Path) -> None:
    _model().save(path)


def _spoil_names(path: Path) -> None:
    _change(path, "classifier.json", lambda data: data[:40])


def _deep_record(path: Path) -> None:
    _change(path, "classifier.json", lambda _: b"[" * 900_000)


def _other_weights(path: Path) -> None:
    _change(path, "model.weights.h5", lambda data: data + b"0")


def _large_config(path: Path) -> None:
    _change(path, "config.json", lambda _: b" " * 500_000_000)


def _large_record(path: Path) -> None:
    _change(path, "classifier.json", lambda data: data + b" " * 1_000_000)


def _newer_keras(path: Path) -> None:
    _change(path, "metadata.json", lambda _: b'{"keras_version": "9.1.0"}')
    _record(members={})(path)
    _change(path, "config.json", lambda data: data.replace(b"Dense", b"Denser"))


def _unknown_layer(path: Path) -> None:
    _record(members={})(path)
    _change(path, "config.json", lambda data: data.replace(b'"Dense"', b'"Denser"'))


def _of_text(path: Path) -> None:
    _record(members={})(path)
    _change(
        path, "config.json", lambda data: data.replace(b'"float32"', b'"string"', 1)
    )


def _many_members(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2000):
            archive.writestr(f"assets/{number}", b"")


def _other_pair(path: Path) -> None:
    _model().save(path)
    path.with_suffix(".json").write_text('{"class_names": ["a", "b"], "sha256": "0"}')


NOT_WHOLE = r"pets\.keras is not a whole \.keras file: it is "
LIST = r"^expected class_names in classifier\.json of .*pets\.keras "

for name, damage, sees in (
    ("a classifier that is truncated", _truncate, NOT_WHOLE + "damaged, or half"),
    ("a classifier with a bit that flipped", _flip, NOT_WHOLE + "damaged, or half"),
    ("a web page named .keras", _page, NOT_WHOLE + "a web page"),
    ("a classifier that is missing", _lose, r"found no .*pets\.keras\. Check the sp"),
    ("a classifier that was unpacked", _unpack, r"found a folder: .*pets\.keras"),
    ("a classifier without its names", _lose_names, r"found no .*pets\.json either"),
    ("a classifier of thousands of members", _many_members, NOT_WHOLE + "damaged, or"),
    (
        "names of which one holds half a sign",
        _record(class_names=["a\ud800", "b"]),
        LIST,
    ),
    (
        "names that differ in nothing to be seen",
        _record(class_names=["a", "a\u200b"]),
        LIST,
    ),
    ("names that are damaged", _spoil_names, r"^expected a record in .*, found no JS"),
    ("a record that is endlessly deep", _deep_record, r"^expected a record in .*, fo"),
    ("a name too many", _record(class_names=["a", "b", "c"]), r"^.*expected 2 class_n"),
    ("a text for class names", _record(class_names="cat"), LIST + "to be a list"),
    ("a class name twice", _record(class_names=["a", "a"]), LIST + "to differ, found"),
    ("a record of tomorrow", _record(format=9), r"^cannot use format .* Update this"),
    ("a picture size of words", _record(reading={"size": "big"}), "cannot use reading"),
    (
        "a picture size that the model does not take",
        _record(reading={"size": [9, 9], "crop": False}),
        r"^.*pets\.keras: expected pictures of a size that the model takes, \(8, 8\)",
    ),
    ("another model under the record", _other_weights, r"was changed after it was"),
    ("a model's description of 500 MB", _large_config, r"^config\.json in .* is too l"),
    ("a record of a megabyte", _large_record, r"^classifier\.json in .* too large to"),
    ("a classifier of a newer Keras", _newer_keras, r'Run: .* "keras>=9\.1\.0"$'),
    ("a layer that Keras does not know", _unknown_layer, r"^Keras .* cannot load .*pe"),
    ("the names of another classifier", _other_pair, r"that pets\.json was written f"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, damage: Callable[[Path], object] = damage):
        path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
        damage(path)
        return lambda: load_classifier(path)


@fault(
    GROUP, "a model that takes text", r"^expected a model that can be asked, found one"
)
def _(scene: Scene):
    path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
    _of_text(path)
    draw(0).save(scene.folder / "cat.png")
    model, names = load_classifier(path)
    return lambda: name_picture(model, scene.folder / "cat.png", names)


@fault(
    GROUP, "a model with maps of gigabytes", r"^expected at most 100,000,000 numbers b"
)
def _(scene: Scene):
    inputs = keras.Input((8, 8, 3))
    large = keras.layers.ZeroPadding2D(9000)(inputs)
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(large))
    return lambda: name_picture(model, scene.folder / "cat.png", ["a", "b", "c"])


@fault(GROUP, "a picture size of gigabytes in a record", r"of at most 2048 by 2048 pix")
def _(scene: Scene):
    inputs = keras.Input((None, None, 3))
    pooled = keras.layers.GlobalAveragePooling2D()(inputs)
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(pooled))
    path = save_classifier(model, ["cat", "dog"], scene.folder / "pets.keras")
    _record(reading={"size": [10_000, 10_000], "crop": False})(path)
    return lambda: load_classifier(path)


@fault(
    GROUP, "a .keras file with code in it (Lambda)", r"holds a Lambda layer, whose Pyt"
)
def _(scene: Scene):
    path = scene.folder / "hostile.keras"
    _with(keras.layers.Lambda(lambda x: x + 1)).save(path)
    add_members(path, {"class_names": ["cat", "dog"]})
    return lambda: load_classifier(path)


class Own(keras.layers.Layer):
    """Somebody's own layer, of which Keras elsewhere knows nothing."""

    def call(self, x: object) -> object:
        return x


def own_loss(true: object, found: object) -> object:
    return true - found


@keras.saving.register_keras_serializable("faults")
class Registered(Own):
    """One that Keras knows, but in this process alone."""


ONLY_HERE = "^expected a model that anybody can open, found in it "

for name, make, sees in (
    (
        "a Lambda layer to be saved",
        lambda: _with(keras.layers.Lambda(lambda x: x + 1)),
        "a Lambda layer, who",
    ),
    ("a layer of one's own to be saved", lambda: _with(Own()), "the class 'Own' of yo"),
    (
        "a registered layer of one's own to be saved",
        lambda: _with(Registered()),
        "the class 'Registered' of your own",
    ),
    (
        "a loss of one's own to be saved",
        lambda: _compiled(own_loss),
        "the function 'own_loss' of your own",
    ),
    (
        "a loss without a name to be saved",
        lambda: _compiled(lambda true, found: true - found),
        "what Keras cannot read back",
    ),
):

    @fault(GROUP, name, ONLY_HERE + sees)
    def _(scene: Scene, make: Callable[[], keras.Model] = make):
        path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
        return lambda: save_classifier(make(), ["cat", "dog"], path)


def _with(layer: keras.Layer) -> keras.Model:
    inputs = keras.Input((8, 8, 3))
    x = layer(keras.layers.GlobalAveragePooling2D()(inputs))
    return keras.Model(inputs, keras.layers.Dense(2)(x))


def _compiled(loss: Callable) -> keras.Model:
    model = keras.models.clone_model(_model())
    model.compile(loss=loss)
    return model


for name, names, facts, sees in (
    ("an accuracy that is NaN", ["a", "b"], {"loss": np.nan}, "^expected loss to be a"),
    ("an accuracy of 97", ["a", "b"], {"accuracy": 97, "n_pictures": 9}, "found 97 an"),
    ("a function among the facts", ["a", "b"], {"by": print}, "^expected by to be a n"),
    ("a fact of our own name", ["a", "b"], {"members": 1}, "^expected facts of your o"),
    ("three names for two classes", ["a", "b", "c"], {}, "^expected 2 class_names, on"),
    ("known pictures of another model", ["a", "b"], {"known": KNOWN}, "Leave out know"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, names: list[str] = names, facts: dict = facts):
        path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
        return lambda: save_classifier(_model(), names, path, **facts)


@fault(GROUP, "a disk that is full while a classifier is saved", "^the disk is full")
def _(scene: Scene):
    path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    scene.patch.setattr(saving, "add_members", full)
    return lambda: save_classifier(_model(), ["a", "b"], path)


@fault(GROUP, "another classifier in the place", "works: kept under another name")
def _(scene: Scene):
    path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
    earlier = path.read_bytes()

    def save() -> None:
        save_classifier(_model(), ["tom", "rex"], path)
        (kept,) = scene.folder.glob("pets.*-1.keras")
        assert kept.read_bytes() == earlier
        kept.unlink()
        path.write_bytes(earlier)

    return save


for name, model, sees in (
    ("a model with two inputs", lambda: _two_inputs(), "one input, pictures, found 2"),
    ("a model that gives a dict", lambda: _gives(lambda x: {"a": x}), "found .* dict"),
    ("a model that gives a map", lambda: _gives(None), "^expected a model with a row"),
    (
        "a model that was never built",
        lambda: keras.Sequential([keras.layers.Dense(2)]),
        "has not been built",
    ),
    ("a model with weights that are NaN", lambda: _full_of(np.nan), "15, found nan in"),
    ("a model with weights of 3e38", lambda: _full_of(3e38), r"found 3e\+38 in "),
    (
        "a model that answers NaN",
        lambda: _gives(lambda x: x * 0 + np.nan),
        ", found NaN",
    ),
    (
        "a model that answers infinity",
        lambda: _gives(lambda x: x * 0 + np.inf),
        "infinity",
    ),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, model: Callable[[], keras.Model] = model):
        draw(0).save(scene.folder / "cat.png")
        return lambda: name_picture(model(), scene.folder / "cat.png", ["cat", "dog"])


def _two_inputs() -> keras.Model:
    left, right = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    x = keras.layers.GlobalAveragePooling2D()(left + right)
    return keras.Model([left, right], keras.layers.Dense(2)(x))


def _gives(shape_of: Callable | None) -> keras.Model:
    inputs = keras.Input((8, 8, 3))
    if shape_of is None:
        return keras.Model(inputs, keras.layers.Conv2D(2, 1)(inputs))
    pooled = keras.layers.GlobalAveragePooling2D()(inputs)
    return keras.Model(inputs, shape_of(keras.layers.Dense(2)(pooled)))


def _full_of(number: float) -> keras.Model:
    model = keras.models.clone_model(_model())
    model.set_weights([np.full_like(each, number) for each in model.get_weights()])
    return model


@fault(
    GROUP, "a picture too small for a model", "^expected a model for pictures of any"
)
def _(scene: Scene):
    draw(0).save(scene.folder / "cat.png")
    inputs = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(2, 99)(inputs)
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))
    return lambda: name_picture(model, scene.folder / "cat.png", ["cat", "dog"])


@fault(
    GROUP,
    "an infinite weight to be saved",
    r"^expected weights below 1e\+15, found inf in .*/kernel\. They",
)
def _(scene: Scene):
    inputs, last = keras.Input((8, 8, 3)), keras.layers.Dense(2, name="last")
    model = keras.Model(inputs, last(keras.layers.GlobalAveragePooling2D()(inputs)))
    last.set_weights([np.full((3, 2), np.inf), np.zeros(2)])
    return lambda: save_classifier(model, ["cat", "dog"], scene.folder / "pets.keras")


@fault(
    GROUP,
    "two names that look the same",
    "^expected class_names .* differ, found 'cat'",
)
def _(scene: Scene):
    return lambda: save_classifier(
        _model(), ["cat", "cat "], scene.folder / "pets.keras"
    )


@fault(
    GROUP,
    "a folder where a classifier belongs",
    "^expected a file or nothing at .*pets",
)
def _(scene: Scene):
    (scene.folder / "pets.keras").mkdir()
    return lambda: save_classifier(
        _model(), ["cat", "dog"], scene.folder / "pets.keras"
    )


@fault(GROUP, "no classifier yet", r"found no .*cats_vs_dogs\.keras\. Run lesson 6")
def _(scene: Scene):
    scene.patch.setenv("TRANSFER_MODELS", str(scene.folder / "models"))
    return load_classifier


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


for name, arguments, sees in (
    ("an empty picture to be named", ["empty.jpg"], "^.*empty.jpg is not a picture"),
    (
        "an empty picture between two to be named",
        ["cat.png", "empty.jpg", "dog.png"],
        "(?s)empty.jpg is not .*error: 1 of 3 pictures could not be read, as said abo",
    ),
    ("an empty folder to be named", ["folder"], "^expected pictures in .*folder, foun"),
    (
        "a table of names that is there already",
        ["cat.png", "--csv", "mine.csv"],
        "^expected a new name for the table, found .*mine.csv there already",
    ),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, arguments: list[str] = arguments):
        path = save_classifier(_model(), ["cat", "dog"], scene.folder / "pets.keras")
        for place, picture in enumerate(("cat.png", "dog.png")):
            draw(place).save(scene.folder / picture)
        (scene.folder / "empty.jpg").touch()
        (scene.folder / "folder").mkdir()
        (scene.folder / "mine.csv").write_text("mine")
        files = [a if a[0] == "-" else scene.folder / a for a in arguments]
        return lambda: script("name_picture", *files, "--model", path)


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


@fault(GROUP, "an array of yours in the feature cache", "works: it stays")
def _(scene: Scene):
    call = _features(scene)
    call()
    (shard,) = (scene.folder / "features").rglob("*.npy")
    np.save(shard.with_name("mine.npy"), np.ones(3))
    return call


@fault(GROUP, "a keras.json that Keras stops at", "works: passed by, and left as it is")
def _(scene: Scene):
    settings = scene.folder / ".keras" / "keras.json"
    settings.parent.mkdir()
    settings.write_text("[]")
    home = {"HOME": str(scene.folder), "USERPROFILE": str(scene.folder)}
    code = "import helpers, keras; print(keras.config.backend())"
    command = [sys.executable, "-c", code]

    def call() -> None:
        own = {name: os.environ[name] for name in os.environ if name != "KERAS_HOME"}
        env = {**own, **home, "KERAS_BACKEND": "jax"}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True)
        assert done.stdout.split() == [b"tensorflow"], done.stderr
        assert settings.read_text() == "[]"

    return call


@fault(
    GROUP,
    "Keras set to channels_first and half precision",
    "works: networks are built as their weights want them",
)
def _(scene: Scene):
    for name, ours, usual in (
        ("image_data_format", "channels_first", "channels_last"),
        ("floatx", "float16", "float32"),
        ("dtype_policy", "float16", "float32"),
    ):
        put = getattr(keras.config, f"set_{name}")
        put(ours)
        scene.later.callback(put, usual)

    def call() -> None:
        base = EfficientNetLite0(include_top=False, pooling="avg")
        assert base.input_shape == (None, None, None, 3)
        assert {weight.dtype for weight in base.weights} == {"float32"}

    return call


@fault(GROUP, "converted weights that were damaged", "works: converted again, the same")
def _(scene: Scene):
    scene.patch.setattr(weights, "DATA", scene.folder)
    path = imagenet_weights(backbones.LITE0)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    def again() -> None:
        imagenet_weights(backbones.LITE0)
        assert path.read_bytes() == whole

    return again
