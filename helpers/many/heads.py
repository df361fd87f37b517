"""A head on features that do not fit into memory: a batch at a time, from parts."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from helpers.errors import InputError
from helpers.many.parts import features_of
from helpers.many.reading import read_index, sound_part
from helpers.many.stores import Store
from helpers.pictures import shown

BATCH = 256  # pictures at a time
MIXED = 16  # parts of which the batches are drawn: some 4,000 pictures, 20 MB
RATE = 1e-2  # of Adam, at the start; it falls to nothing
READERS = 4  # parts read at once
STEPS = 2000  # at least: with few pictures, more epochs


class Head(NamedTuple):
    """A head, and how it did on pictures that it was not trained on.

    Attributes:
        model: From features, shape (batch, features), to probabilities.
        class_names: The labels, in alphabetical order.
        trained: How many pictures it was trained on.
        tested: How many it was tested on.
        accuracy: The share of these that it named rightly.

    Example:
        >>> inputs = keras.Input((3,))
        >>> model = keras.Model(inputs, keras.layers.Dense(2)(inputs))
        >>> Head(model, ["cat", "dog"], 800, 200, 0.985).class_names[1]
        'dog'
    """

    model: keras.Model
    class_names: list[str]
    trained: int
    tested: int
    accuracy: float


def fit_head(
    target: Path | str,
    files: object = None,
    strength: float = 1.0,
    test_share: float = 0.2,
    epochs: int = 10,
    seed: int = 0,
) -> Head:
    """Fit a logistic regression to features that only their disk holds.

    A Keras head of one layer learns from mixed batches; the parts that they are drawn
    from are read meanwhile. What is regularized and how much is as in
    `sklearn.linear_model.LogisticRegression`. Which pictures are for the test their
    content decides, so that exact copies are on one side. It needs no cluster.

    Args:
        target: Where `compute_parts` kept the features.
        files: A file system of pyarrow or fsspec, if need be.
        strength: `C` of scikit-learn: how freely weights may grow.
        test_share: How many of the pictures are kept for the test, 0 to 1.
        epochs: How many times each picture is looked at; more if they are few.
        seed: Another seed mixes otherwise.

    Returns:
        The head, for features as they are, and how it did.

    Raises:
        InputError: if there are no features, or fewer than two labels.

    Example:
        >>> fit_head("no_such_folder")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected features in no_such_folder, found none. ...
    """
    parts = _Parts(*read_index(target, files), test_share)
    counts, total, squares = Counter(), np.zeros(parts.size), 0.0
    for features, labels in parts.read(parts.keys, test=False):
        counts.update(labels.tolist())
        features = features.astype(np.float64)
        total, squares = total + features.sum(axis=0), squares + (features**2).sum()
    class_names, number = sorted(counts), counts.total()
    if len(class_names) < 2:
        raise InputError(
            f"expected pictures of two labels or more in {shown(target)}, found "
            f"{len(class_names)}. Put them into a folder for each class, or list their "
            "labels."
        )
    middle = total / number
    spread = np.sqrt(max(squares / number / parts.size - (middle**2).mean(), 1e-12))

    # scikit-learn adds half the squared weights to C times the sum of the losses; for
    # two classes it has one column of weights, the difference of the two here.
    weight = (2 if len(class_names) == 2 else 1) / (2 * strength * number * spread**2)
    head = _dense(parts.size, len(class_names), keras.regularizers.L2(weight))
    epochs = max(epochs, -(-STEPS * BATCH // number))
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * number // BATCH)
    head.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")

    def ready(features: np.ndarray, labels: np.ndarray) -> tuple:
        return (features - middle) / spread, np.searchsorted(class_names, labels)

    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for features, labels in parts.mixed(rng):
            head.train_on_batch(*ready(features, labels))
    right, tested = 0, 0
    for features, labels in parts.read(parts.keys, test=True):
        features, labels = ready(features, labels)
        if len(labels):
            said = head.predict_on_batch(features).argmax(axis=1)
            right, tested = right + int((said == labels).sum()), tested + len(labels)
    kernel, bias = head.get_weights()
    plain = _dense(parts.size, len(class_names))
    plain.set_weights([kernel / spread, bias - middle @ kernel / spread])
    accuracy = right / tested if tested else float("nan")
    return Head(plain, class_names, number, tested, accuracy)


class _Parts:
    """The labelled rows of what was kept, some parts at a time."""

    def __init__(self, kept: Store, told: dict, test_share: float):
        self.kept, self.size = kept, told["features"]
        self.keys = [key for key, _ in told["parts"]]
        self.test_share = test_share

    def read(self, keys: Sequence[str], test: bool) -> Iterator[tuple]:
        """Features and labels of a part after the other, the next ones read ahead."""
        with ThreadPoolExecutor(READERS) as pool:
            waiting = deque()
            for key in keys:
                waiting.append(pool.submit(self._rows, key, test))
                if len(waiting) == MIXED:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def mixed(self, rng: np.random.Generator) -> Iterator[tuple]:
        """Batches of all rows that are not for the test, in another order each time."""
        rows = self.read(rng.permutation(self.keys), test=False)
        while some := list(islice(rows, MIXED)):
            features, labels = map(np.concatenate, zip(*some, strict=True))
            order = rng.permutation(len(labels))
            for first in range(0, len(order), BATCH):
                batch = order[first : first + BATCH]
                yield features[batch], labels[batch]

    def _rows(self, key: str, test: bool) -> tuple[np.ndarray, np.ndarray]:
        table = sound_part(self.kept, key, self.size)
        labels = np.array(table["label"].to_pylist())
        lots = [int.from_bytes(d or b"", "big") for d in table["digest"].to_pylist()]
        for_test = np.array(lots) < self.test_share * 2**256
        there = np.array(table["problem"].to_pylist()) == ""
        wanted = there & (labels != "") & (for_test == test)
        return features_of(table, self.size)[wanted], labels[wanted]


def _dense(
    size: int, classes: int, regularizer: keras.Regularizer | None = None
) -> keras.Model:
    inputs = keras.Input((size,))
    dense = keras.layers.Dense(
        classes,
        activation="softmax",
        kernel_initializer="zeros",
        kernel_regularizer=regularizer,
    )
    return keras.Model(inputs, dense(inputs))
