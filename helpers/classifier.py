"""A trained classifier on disk, and the name that it gives to one picture."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from helpers.errors import InputError
from helpers.pictures import read_picture
from helpers.plumbing import DATA, sha256, whole_file

MODEL = DATA / "models" / "cats_vs_dogs.keras"  # where lesson 6 saves yours


def save_classifier(
    model: keras.Model,
    class_names: Sequence[str],
    path: Path | str = MODEL,
    **facts: object,
) -> Path:
    """Save a model together with the names of its classes.

    The names go into a small JSON file beside the model, `cats_vs_dogs.json` beside
    `cats_vs_dogs.keras`, because a model on its own only knows class 0 and class 1.

    Args:
        model: The model; it takes raw pixels, 0 to 255, and ends in a softmax.
        class_names: A name for each class number, in order.
        path: Where to save it; the name ends in `.keras`.
        facts: What else is worth keeping: `accuracy`, `n_pictures`, … (JSON values).

    Returns:
        The path of the model.

    Raises:
        InputError: if the name does not end in `.keras`, or the disk is full.

    Example:
        >>> import tempfile
        >>> inputs = keras.Input((8, 8, 3))
        >>> x = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(x))
        >>> path = Path(tempfile.mkdtemp()) / "pets.keras"
        >>> save_classifier(model, ["cat", "dog"], path).name
        'pets.keras'
        >>> load_classifier(path)[1]
        ['cat', 'dog']
    """
    path = Path(path)
    if path.suffix != ".keras":
        raise InputError(
            f"expected a name that ends in .keras, found {path.name!r}: "
            "Keras 3 saves whole models in no other format that it can read safely."
        )
    with whole_file(path) as unfinished:
        model.save(unfinished)
    facts = {"class_names": list(class_names), "sha256": sha256(path), **facts}
    with whole_file(path.with_suffix(".json")) as unfinished:
        unfinished.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    return path


def load_classifier(path: Path | str = MODEL) -> tuple[keras.Model, list[str]]:
    """Load what `save_classifier` saved. Nothing in the file can run code.

    Args:
        path: The model's path.

    Returns:
        The model and the names of its classes.

    Raises:
        InputError: if a file is missing, damaged, or not the other one's partner.

    Example:
        >>> load_classifier("pets.keras")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a saved classifier, found no pets.keras. ...
    """
    path = Path(path)
    remedy = "Run lesson 6 (notebooks/06_train_cats_vs_dogs.ipynb): it saves one."
    names = path.with_suffix(".json")
    for file in (path, names):
        if not file.is_file():
            raise InputError(f"expected a saved classifier, found no {file}. {remedy}")
    try:
        facts = json.loads(names.read_text(encoding="utf-8"))
        class_names, digest = list(facts["class_names"]), facts["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"expected class_names and sha256 in {names}, found something else. "
            f"{remedy}"
        ) from error
    if not zipfile.is_zipfile(path) or sha256(path) != digest:
        raise InputError(
            f"{path} is not the file that {names.name} was written for: "
            f"it is damaged, or only half of the two was copied. {remedy}"
        )
    try:
        model = keras.models.load_model(path, safe_mode=True)
    except Exception as error:  # Keras raises many kinds; what helps is the same
        raise InputError(
            f"Keras {keras.__version__} cannot load {path}: "
            f"{str(error).splitlines()[0]} {remedy}"
        ) from error
    if len(class_names) != model.output_shape[-1]:
        raise InputError(
            f"expected {model.output_shape[-1]} class_names in {names}, one for each "
            f"number that {path.name} gives, found {class_names}. Correct them."
        )
    return model, class_names


def name_picture(
    model: keras.Model, path: Path | str, class_names: Sequence[str]
) -> tuple[str, float]:
    """Say what one picture shows, by name.

    Args:
        model: A model that takes raw pixels, shape (1, height, width, 3), values 0 to
            255, and ends in a softmax over the classes.
        path: A picture in any common format; EXIF turns are respected.
        class_names: A name for each class number.

    Returns:
        The name of the most probable class and its probability, 0 to 1.

    Raises:
        InputError: if the picture cannot be read.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(inputs))
        >>> name_picture(model, "no_such_cat.jpg", ["cat", "dog"])
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: ...
    """
    pixels = read_picture(path, size=model.input_shape[1:3])
    probabilities = model.predict_on_batch(pixels[np.newaxis].astype("float32"))[0]
    best = int(probabilities.argmax())
    return class_names[best], float(probabilities[best])
