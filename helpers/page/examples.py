"""The pictures that a classifier learned from: found again, with their features."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.pool import ThreadPool
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from helpers.classifier import Classifier, Known
from helpers.errors import InputError
from helpers.features import CACHE, compute_features
from helpers.picture_sets import open_pictures
from helpers.pictures import open_picture
from helpers.plumbing import DATA, PYTHON
from helpers.teaching import choose_test, read_collection

MOST = 1000  # pictures of each part: 7 MB in the page
SAME = 1e-3  # of the largest feature: what float16 may change of any
THUMBNAIL = 96  # pixels of the longer side
DRAWN = DATA / "drawn"


@dataclass(frozen=True)
class Examples:
    """Pictures with their classes, features, and the part to which they belong.

    Attributes:
        names: For each picture its place below a folder, with `/` on every system.
        labels: Class numbers, int64, shape (pictures,).
        in_test: Bool, shape (pictures,): nothing was ever learned from it.
        features: Float32, shape (pictures, features).
        thumbnails: For each picture the `data:` address of a small JPEG, or None.
        drawn: Whether they are pets that this project has drawn.
        note: Why there are none, or no test part; empty if all is there.

    Example:
        >>> none = Examples.none(1280, "The pictures are gone.")
        >>> none.features.shape, none.note
        ((0, 1280), 'The pictures are gone.')
    """

    names: list[str]
    labels: np.ndarray
    in_test: np.ndarray
    features: np.ndarray
    thumbnails: list[str | None] = field(default_factory=list)
    drawn: bool = False
    note: str = ""

    @classmethod
    def none(cls, n_features: int, note: str) -> Examples:
        """No pictures, and why."""
        empty = np.zeros(0, np.int64), np.zeros(0, bool)
        return cls([], *empty, np.zeros((0, n_features), np.float32), note=note)


@dataclass(frozen=True)
class _Found:
    folder: Path
    names: list[str]
    labels: np.ndarray
    in_test: np.ndarray


def find_examples(
    classifier: Classifier,
    base: keras.Model,
    head: Sequence,
    folder: Path | None = None,
    thumbnails: bool = False,
    cache: Path | str = CACHE,
) -> Examples:
    """Find the pictures that a classifier was made from, and compute their features.

    Nothing that the classifier has learned from comes into the test part, even if the
    folder has changed since: what it learned from is known by its features.

    Args:
        classifier: From `helpers.classifier.open_classifier`.
        base: Its base.
        head: Its head's layers, from `split`.
        folder: Where the pictures are now; None to look where they were.
        thumbnails: Whether small copies of them may be shown. Drawn pets always are.
        cache: Where features are kept, as for `helpers.features.compute_features`.

    Returns:
        At most 1,000 pictures of each part; none, with a note, if they are gone.

    Raises:
        InputError: if a folder was named, and it is not of these classes.
    """
    n_features = base.output_shape[-1]
    try:
        found = _named(classifier, folder) if folder else _remembered(classifier)
    except InputError as error:
        if folder:
            raise
        return Examples.none(n_features, str(error))
    reading = classifier.record.get("reading", {})
    features = compute_features(
        base,
        [found.folder / name for name in found.names],
        cache,
        unreadable="nan",
        progress=True,
        crop=reading.get("crop", False),
    )
    readable = np.isfinite(features).all(axis=1)
    in_test, note = _untouched(classifier, head, features, found, readable)
    kept = np.flatnonzero(readable)
    kept = np.sort(
        np.concatenate(
            [
                _few(classifier, features, kept[~in_test[kept]]),
                _spread(found.labels, kept[in_test[kept]]),
            ]
        )
    )
    names = [found.names[row] for row in kept]
    drawn = found.folder.resolve().is_relative_to(DRAWN.resolve())
    small: list[str | None] = [None] * len(names)
    if drawn or thumbnails:
        with ThreadPool() as pool:
            small = pool.map(_thumbnail, [found.folder / name for name in names])
    return Examples(
        names,
        found.labels[kept],
        in_test[kept],
        features[kept],
        small,
        drawn,
        note,
    )


def _remembered(classifier: Classifier) -> _Found:
    """Look where the record says that the pictures were."""
    place = str(classifier.record.get("pictures") or "")
    made_by = classifier.record.get("made_by")
    if made_by == "lesson 6" and place in ("drawn", "photos"):
        pictures = open_pictures(place)
        if pictures.name == place:  # PICTURES in the environment may say otherwise
            train, train_labels = pictures.training_set()
            test, test_labels = pictures.test_set()
            folder = pictures.test_folder.parent
            return _Found(
                folder,
                [path.relative_to(folder).as_posix() for path in (*train, *test)],
                np.concatenate([train_labels, test_labels]),
                np.arange(len(train) + len(test)) >= len(train),
            )
    if made_by == "train_classifier" and place:
        for folder, _, table in ((place, "", ""), place.rpartition(" · ")):
            if folder and Path(folder).is_dir():
                return _collected(classifier, Path(folder), table or None)
    raise InputError(
        f"The pictures that it learned from are not there any more ({place or '?'})."
        if place
        else "It is not recorded which pictures it learned from."
    )


def _named(classifier: Classifier, folder: Path) -> _Found:
    """Look in a folder that somebody names."""
    return _collected(classifier, folder, None)


def _collected(classifier: Classifier, folder: Path, table: str | None) -> _Found:
    collection = read_collection(folder, table, progress=True)
    if collection.class_names != list(classifier.class_names):
        raise InputError(
            f"expected the classes {list(classifier.class_names)!s:.100} in {folder}, "
            f"found {collection.class_names!s:.100}. Name the folder of the pictures "
            "that this classifier learned from, or train it again: "
            f"{PYTHON} -m data_scripts.train_classifier {folder}"
        )
    return _Found(
        folder,
        collection.names,
        collection.labels,
        choose_test(collection.digests, collection.labels),
    )


def _untouched(
    classifier: Classifier,
    head: Sequence,
    features: np.ndarray,
    found: _Found,
    readable: np.ndarray,
) -> tuple[np.ndarray, str]:
    """The test part without anything that the classifier has learned from."""
    in_test = found.in_test & readable
    numbers = features[in_test]
    for layer in head:
        numbers = layer(numbers)
    right = int((numbers.argmax(axis=1) == found.labels[in_test]).sum())
    accuracy, of = (classifier.record.get(k) for k in ("accuracy", "n_pictures"))
    told = accuracy is not None and of is not None
    as_told = told and (round(float(accuracy) * of), of) == (right, in_test.sum())
    known, rows = classifier.known, np.flatnonzero(in_test)
    met = np.zeros(len(rows), bool) if known is None else _are_in(known, features[rows])
    # Above 1,000 training pictures only some are known: the others cannot be told.
    if (known is None or len(known.pictures) >= MOST) and (met.any() or not as_told):
        return np.zeros_like(in_test), (
            "The pictures have changed since it was trained, so none is known to be "
            "new to it: there is no test part."
        )
    in_test[rows[met]] = False
    changed = met.any() or (told and not as_told)
    return in_test, "The pictures have changed since it was trained." * bool(changed)


def _are_in(known: Known, features: np.ndarray) -> np.ndarray:
    """Which pictures are, to the last feature, among those that it learned from."""
    units = features / np.maximum(_lengths(features), 1e-9)
    nearest = known.pictures[_likeness(known.pictures, features).argmax(axis=1)]
    furthest = np.abs(units - nearest.astype(np.float32)).max(axis=1, initial=0)
    return furthest < SAME * np.abs(units).max(axis=1, initial=0)


def _few(classifier: Classifier, features: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Of many training pictures, those by which it knows what it has met."""
    if len(rows) <= MOST or classifier.known is None:
        return rows[:MOST]
    alike = _likeness(classifier.known.pictures, features[rows])
    return np.unique(rows[alike.argmax(axis=0)])


def _spread(labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """At most 1,000 rows, of each class its share."""
    order = rows[np.argsort(labels[rows], kind="stable")]
    places = np.linspace(0, len(order) - 1, min(MOST, len(order))).round().astype(int)
    return order[places]


def _likeness(known: np.ndarray, features: np.ndarray) -> np.ndarray:
    units = features / np.maximum(_lengths(features), 1e-9)
    return units @ known.astype(np.float32).T


def _lengths(features: np.ndarray) -> np.ndarray:
    return np.linalg.norm(features, axis=1, keepdims=True)


def _thumbnail(path: Path) -> str | None:
    try:
        image = open_picture(path)
    except InputError:  # it went away while we were at work
        return None
    image.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=75)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
