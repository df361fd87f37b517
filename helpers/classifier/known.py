"""Is this picture of a kind that the classifier has met?

A classifier of cats and dogs calls a coffee cup a cat or a dog: it has no other words.
Its probability does not tell; it can be 99%. But the features of the cup lie far from
those of all the pictures that the classifier learned from, and that can be measured.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.errors import InputError

NEIGHBORS = 5  # measured against 1 and 3, and against each class's average
KEPT = 1000  # pictures to compare with; more hardly better, and 2.5 MB already
SPREADS = 2  # below the average similarity: flags 1 to 4% of a learner's own kind
SISTERS = 0.85  # cosine; a burst has 0.98, drawings of one scene and pose 0.7
ROUNDING = 1e-3  # of features kept as float16
LARGEST = 100_000_000  # bytes; ours have 2,500 for a picture


@dataclass(frozen=True)
class Known:
    """What the pictures of the training looked like to the network.

    Attributes:
        pictures: Their features, each of length 1: float16, shape (pictures, features).
        threshold: How similar a picture has to be to its nearest ones, at most 1.

    Example:
        >>> Known(np.eye(2, dtype="float16"), threshold=0.6).pictures.shape
        (2, 2)
    """

    pictures: np.ndarray
    threshold: float

    def save(self, path: Path | str) -> None:
        """Write it as a NumPy archive: `pictures` and `threshold`."""
        np.savez(path, pictures=self.pictures, threshold=np.float32(self.threshold))


def fit_known(features: np.ndarray, labels: np.ndarray) -> Known:
    """Learn, from the training pictures, what is near enough to be known.

    A picture's similarity is the average cosine between its features and those of the
    5 nearest training pictures. The threshold is two standard deviations below what
    training pictures reach themselves, each compared with the others, near copies left
    out: so about one in forty of your own kind of pictures is doubted as well.

    Args:
        features: Of the training pictures, float, shape (pictures, features), from the
            same base that the classifier has.
        labels: Their class numbers, shape (pictures,). Of more than 1,000 pictures, an
            equal share of each class is kept.

    Returns:
        What `is_unknown` compares with, and `save_classifier` keeps in the file.

    Raises:
        InputError: if there are fewer than 5 pictures, or features that are no numbers.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> pets = rng.normal(5, 1, (40, 8))
        >>> known = fit_known(pets, np.repeat([0, 1], 20))
        >>> cup = np.array([[9, 9, 9, 9, 0, 0, 0, 0]])
        >>> is_unknown(known, cup).tolist(), is_unknown(known, pets[:2]).tolist()
        ([True], [False, False])
    """
    features, labels = np.asarray(features, np.float32), np.asarray(labels)
    if features.ndim != 2 or len(features) < NEIGHBORS or len(labels) != len(features):
        raise InputError(
            f"expected features and labels of {NEIGHBORS} pictures or more, found "
            f"shapes {features.shape} and {labels.shape}. Give more pictures."
        )
    units = _units(_few_of_each(features, labels))
    cosines = units @ units.T
    np.fill_diagonal(cosines, -np.inf)  # each compared with the others
    number = min(NEIGHBORS, len(units) - 1)
    # Of pictures taken in one burst each would vouch for the next, and a new picture,
    # which has no such sister, would seem strange: 100% were doubted, now 3%.
    apart = np.where(cosines > SISTERS, -np.inf, cosines)
    enough = np.isfinite(apart).sum(axis=1) >= number
    if enough.mean() < 0.5:  # not a burst: to this base all pictures are so alike
        apart, enough = cosines, np.full(len(units), True)
    reached = _nearest(apart[enough], number)
    threshold = reached.mean() - SPREADS * reached.std() - ROUNDING
    return Known(units.astype(np.float16), float(threshold))


def is_unknown(known: Known, features: np.ndarray) -> np.ndarray:
    """Which pictures are like none that the classifier learned from.

    Args:
        known: From `fit_known`.
        features: Of the pictures in question, float, shape (pictures, features).

    Returns:
        A bool array of shape (pictures,): True for "none of these, perhaps".

    Raises:
        InputError: if the features are not of the kind that `known` was made from.

    Example:
        >>> known = Known(np.eye(2, dtype="float16"), threshold=0.6)
        >>> is_unknown(known, np.array([[1.0, 1.0], [-1.0, 1.0]])).tolist()
        [False, True]
    """
    return likeness(known, features) < known.threshold


def likeness(known: Known, features: np.ndarray) -> np.ndarray:
    """How like the pictures in question are to those that the classifier learned from.

    Args:
        known: From `fit_known`.
        features: Of the pictures in question, float, shape (pictures, features).

    Returns:
        Each one's average cosine with its 5 nearest training pictures, at most 1:
        float32, shape (pictures,).

    Raises:
        InputError: if the features are not of the kind that `known` was made from.

    Example:
        >>> known = Known(np.eye(2, dtype="float16"), threshold=0.6)
        >>> likeness(known, np.array([[1.0, 0.0], [-1.0, 1.0]])).round(2).tolist()
        [0.5, 0.0]
    """
    features = np.asarray(features, np.float32)
    if features.ndim != 2 or features.shape[1] != known.pictures.shape[1]:
        raise InputError(
            f"expected {known.pictures.shape[1]} features of each picture, found shape "
            f"{features.shape}. Compute them with the base of this classifier."
        )
    cosines = _units(features) @ known.pictures.astype(np.float32).T
    return _nearest(cosines, min(NEIGHBORS, len(known.pictures)))


def read_known(data: bytes, name: str) -> Known:
    """Read what `Known.save` wrote.

    Args:
        data: The bytes of the archive.
        name: Where they came from, for the message.

    Raises:
        InputError: if it is damaged, or something else.

    Example:
        >>> file = io.BytesIO()
        >>> Known(np.eye(2, dtype="float16"), 0.5).save(file)
        >>> read_known(file.getvalue(), "pets.keras").threshold
        0.5
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:  # sizes before contents
            if sum(member.file_size for member in archive.infolist()) > LARGEST:
                raise ValueError("too large")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            known = Known(arrays["pictures"], float(arrays["threshold"]))
        sound = known.pictures.ndim == 2 and known.pictures.dtype == np.float16
        if not sound or not len(known.pictures) or not np.isfinite(known.threshold):
            raise ValueError("other arrays")
    except Exception as error:  # NumPy and zipfile raise many kinds
        raise InputError(
            f"expected arrays pictures and threshold in known.npz of {name}, found "
            f"something else ({error}). Copy or save the classifier again."
        ) from error
    return known


def _units(features: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise InputError(
            "expected numbers as features, found NaN or infinity. A picture could not "
            "be read, or the weights of the network are damaged."
        )
    return features / np.maximum(lengths, 1e-9)


def _few_of_each(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    if len(features) <= KEPT:
        return features
    rng, classes = np.random.default_rng(0), np.unique(labels)
    places = np.concatenate(
        [
            rng.permutation(np.flatnonzero(labels == number))[: KEPT // len(classes)]
            for number in classes
        ]
    )
    return features[np.sort(places)]


def _nearest(cosines: np.ndarray, number: int) -> np.ndarray:
    return np.sort(cosines, axis=1)[:, -number:].mean(axis=1)
