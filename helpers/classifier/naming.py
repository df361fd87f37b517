"""A classifier, and the names that it gives to pictures."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from helpers.classifier.forms import (
    check_form,
    check_reading,
    check_weights,
    output_kind,
    picture_size,
    to_probabilities,
)
from helpers.classifier.known import Known, is_unknown
from helpers.classifier_file import AGAIN
from helpers.errors import InputError
from helpers.pictures import find_pictures, read_picture, shown

BATCH = 32
LONGEST = 512  # pixels, for a model that takes any size and tells of none


@dataclass(frozen=True)
class Classifier:
    """A model with all that is needed to ask it about pictures.

    `helpers.classifier.open_classifier` reads one from a file. For a model of your own
    write `Classifier(model, ["cat", "dog"])`.

    Attributes:
        model: From raw pixels, values 0 to 255, to a number for each class; or to one
            number, the sigmoid of the second of two classes.
        class_names: A name for each class number.
        record: How it was made, as `read_record` tells.
        known: What its training pictures looked like, or None.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(pooled))
        >>> classifier = Classifier(model, ["cat", "dog"])
        >>> probabilities, unknown = classifier.ask(np.zeros((3, 8, 8, 3), "float32"))
        >>> probabilities.shape, classifier.outputs, unknown.tolist()
        ((3, 2), 'softmax', [False, False, False])
    """

    model: keras.Model
    class_names: Sequence[str]
    record: dict = field(default_factory=dict)
    known: Known | None = None

    def __post_init__(self) -> None:
        check_form(self.model, self.class_names)
        check_reading(self.model, self.record.get("reading", {}).get("size"))
        check_weights(self.model)
        if self.known is not None and not has_parts(self.model):
            kinds = [type(layer).__name__ for layer in self.model.layers]
            raise InputError(
                "expected a model made of a base and a head, so that its features can "
                "be compared with the known ones; found layers "
                f"{kinds!s:.80}. Leave out known."
            )

    @functools.cached_property
    def outputs(self) -> str:
        """What the model ends in: `"softmax"`, `"sigmoid"` or `"logits"`."""
        return self.record.get("outputs") or output_kind(self.model)

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width of the pictures it reads, or None if it takes any."""
        size = self.record.get("reading", {}).get("size")
        return tuple(size) if size else picture_size(self.model)

    def read(self, path: Path | str) -> np.ndarray:
        """Read a picture as the classifier was trained on it.

        Args:
            path: A picture in any common format; EXIF turns are respected.

        Returns:
            A float32 array of shape (height, width, channels), values 0 to 255.

        Raises:
            InputError: if the picture cannot be read.
        """
        size, crop = self.size, self.record.get("reading", {}).get("crop", False)
        pixels = read_picture(path, size, crop)
        if size is None and max(pixels.shape) > LONGEST:
            scale = LONGEST / max(pixels.shape)
            smaller = [max(1, round(side * scale)) for side in pixels.shape[:2]]
            pixels = read_picture(path, tuple(smaller))
        if self.model.input_shape[-1] == 1:  # brightness, weighted as Pillow does
            pixels = pixels @ np.float32([[0.299], [0.587], [0.114]])
        return pixels.astype("float32")

    def ask(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities, and what is like nothing known, in one pass.

        Args:
            images: Shape (batch, height, width, channels), as `read` gives them.

        Returns:
            Float32 probabilities of shape (batch, classes), and a bool array of shape
            (batch,): True for "none of these, perhaps"; False without `known`.

        Raises:
            InputError: if the model gives no numbers, or takes pictures of any size,
                but none as small as these.
        """
        if self.known is None:
            outputs = _numbers_of(self.model, images)
            unknown = np.zeros(len(images), bool)
        else:
            features = _numbers_of(self.model.get_layer("base"), images)
            outputs = self.model.get_layer("head").predict_on_batch(features)
            unknown = is_unknown(self.known, features)
        return to_probabilities(outputs, self.outputs), unknown


def _numbers_of(model: keras.Model, images: np.ndarray) -> np.ndarray:
    try:
        return model.predict_on_batch(images)
    except Exception as error:  # each layer has errors of its own
        if None not in model.input_shape[1:3]:
            raise InputError(
                "expected a model that can be asked, found one that fails with "
                f"{type(error).__name__}: its layers do not fit together, or take more "
                f"memory than there is. {AGAIN}"
            ) from error
        raise InputError(
            "expected a model for pictures of any size, found one that fails at "
            f"{images.shape[1]} by {images.shape[2]} pixels. Build it for one size, "
            "such as keras.Input((224, 224, 3)), or name larger pictures."
        ) from error


def has_parts(model: keras.Model) -> bool:
    """Whether a model is a `base` and a `head`, one after the other, and no more."""
    names = [layer.name for layer in model.layers]
    return len(names) == 3 and names[1:] == ["base", "head"]


def name_picture(
    model: keras.Model, path: Path | str, class_names: Sequence[str]
) -> tuple[str, float]:
    """Say what one picture shows, by name.

    Args:
        model: A model that takes raw pixels, shape (1, height, width, 3), values 0 to
            255, and ends in a softmax over the classes, a sigmoid, or logits.
        path: A picture in any common format; EXIF turns are respected.
        class_names: A name for each class number.

    Returns:
        The name of the most probable class and its probability, 0 to 1.

    Raises:
        InputError: if the picture cannot be read, or the model is of another form.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(pooled))
        >>> name_picture(model, "no_such_cat.jpg", ["cat", "dog"])
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such file: no_such_cat.jpg. ...
    """
    classifier = Classifier(model, class_names)
    probabilities = classifier.ask(classifier.read(path)[np.newaxis])[0][0]
    best = int(probabilities.argmax())
    return class_names[best], float(probabilities[best])


def name_pictures(
    classifier: Classifier, paths: Path | str | Sequence[Path | str]
) -> pd.DataFrame:
    """Say what pictures show: one, many, or all in a folder.

    Args:
        classifier: From `open_classifier`, or `Classifier(model, class_names)`.
        paths: A picture, a folder with pictures in it at any depth, or a list of these.

    Returns:
        A row for each picture, in order: `picture`, its path; `name` and `probability`
        of the most probable class; `unknown`, True for "none of these, perhaps";
        `problem`, why it could not be read, or nothing; and for each class a column
        `P(cat)` with its probability, 0 to 1.

    Raises:
        InputError: if a folder is missing or empty, or the model gives no numbers. A
            picture that cannot be read does not stop the others.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(pooled))
        >>> table = name_pictures(Classifier(model, ["cat", "dog"]), "no_such_cat.jpg")
        >>> list(table.columns)
        ['picture', 'name', 'probability', 'unknown', 'problem', 'P(cat)', 'P(dog)']
        >>> print(table.problem[0])
        no such file: no_such_cat.jpg. Check the spelling, the ending and the folder.
    """
    return name_table(classifier, each_answer(classifier, all_pictures(paths)))


def name_table(classifier: Classifier, rows: Iterable[dict]) -> pd.DataFrame:
    """The rows of `each_answer` as the table that `name_pictures` returns.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(pooled))
        >>> rows = [{"picture": "tom.jpg", "name": "cat", "P(cat)": 0.9, "P(dog)": 0.1}]
        >>> table = name_table(Classifier(model, ["cat", "dog"]), rows)
        >>> table.shape, table["P(cat)"].tolist()
        ((1, 7), [0.9])
    """
    columns = ["picture", "name", "probability", "unknown", "problem"]
    columns += [f"P({name})" for name in classifier.class_names]
    return pd.DataFrame(rows, columns=columns)


def all_pictures(paths: Path | str | Sequence[Path | str]) -> list[Path]:
    """Name each picture of a list in which folders may stand for what is in them.

    Raises:
        InputError: if a folder has no pictures, or may not be read.

    Example:
        >>> [path.name for path in all_pictures(["tom.jpg", "rex.jpg"])]
        ['tom.jpg', 'rex.jpg']
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    found = []
    for path in map(Path, paths):
        inside = find_pictures(path) if os.path.isdir(path) else [path]
        if not inside:
            raise InputError(
                f"expected pictures in {shown(path)}, found none. Name a folder that "
                "has JPEG, PNG, GIF, BMP, WebP, TIFF, AVIF or HEIC files in it."
            )
        found += inside
    return found


def each_answer(classifier: Classifier, pictures: Sequence[Path]) -> Iterator[dict]:
    """The rows of `name_pictures`, each as soon as it is known.

    Args:
        classifier: From `open_classifier`, or `Classifier(model, class_names)`.
        pictures: Paths of pictures.

    Yields:
        A dict for each picture, in order.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(pooled))
        >>> answers = each_answer(Classifier(model, ["cat", "dog"]), [Path("none.jpg")])
        >>> next(answers)["problem"]
        'no such file: none.jpg. Check the spelling, the ending and the folder.'
    """
    step = BATCH if classifier.size else 1

    def read(path: Path) -> np.ndarray | str:
        try:
            return classifier.read(path)
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor() as pool:
        for first in range(0, len(pictures), step):
            chunk = pictures[first : first + step]
            read_ones = list(pool.map(read, chunk))
            images = [pixels for pixels in read_ones if not isinstance(pixels, str)]
            if images:
                answers = zip(*classifier.ask(np.stack(images)), strict=True)
            for path, pixels in zip(chunk, read_ones, strict=True):
                row = {"picture": shown(path), "unknown": False, "problem": ""}
                if isinstance(pixels, str):
                    yield {**row, "name": "", "probability": np.nan, "problem": pixels}
                    continue
                probabilities, row["unknown"] = next(answers)
                best = int(probabilities.argmax())
                row["name"] = classifier.class_names[best]
                row["probability"] = float(probabilities[best])
                for name, value in zip(
                    classifier.class_names, probabilities, strict=True
                ):
                    row[f"P({name})"] = float(value)
                yield row
