"""Train a classifier on anybody's classes, test it once, save it with its record."""

from __future__ import annotations

import datetime
import functools
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from helpers.classifier import fit_known, save_classifier
from helpers.engines import tensorflow_engine
from helpers.features import CACHE, compute_features
from helpers.heads import head_from_regression, join
from helpers.pictures import shown
from helpers.teaching.choices import base_of, choose
from helpers.teaching.collection import Collection
from helpers.teaching.evaluation import (
    doubtful_labels,
    learning_curve,
    test_results,
)
from helpers.teaching.parts import choose_test
from helpers.teaching.regression import best_strength, fit


@dataclass(frozen=True)
class Trained:
    """A trained classifier: where it was saved, and what is known of it.

    Attributes:
        model: The model: from raw pixels, 0 to 255, to a probability for each class.
        path: The file that holds it.
        facts: What the report says, as JSON takes it.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> trained = Trained(keras.Model(inputs, inputs), Path("mugs.keras"), {"n": 2})
        >>> trained.path.stem, trained.facts["n"]
        ('mugs', 2)
    """

    model: keras.Model
    path: Path
    facts: dict


def train_classifier(
    collection: Collection,
    path: Path | str,
    progress: bool = False,
    cache: Path | str = CACHE,
    by: Callable[..., np.ndarray] = compute_features,
) -> Trained:
    """Train, test and save a classifier; nothing is chosen by the test part.

    A frozen backbone gives the features, and a logistic regression on them becomes the
    head. Backbone, cropping and regularization are chosen by cross-validation within
    the training part. The test part is looked at once, at the end.

    Args:
        collection: What `read_collection` gave.
        path: Where to save the classifier; the name ends in `.keras`.
        progress: Show bars with the rate and the time left.
        cache: Where features are kept, as for `helpers.features.compute_features`.
        by: What computes the features of all pictures, once the way is chosen; or
            `helpers.many.on_cluster(address)`.

    Returns:
        The classifier, its place and its facts.

    Raises:
        InputError: if a picture has vanished, or the place cannot be written to.

    Example:
        >>> names = [f"{kind}/{number}.jpg" for kind in "ab" for number in range(5)]
        >>> labels = np.repeat([0, 1], 5)
        >>> gone = Collection(Path("gone"), names, names, labels, ["a", "b"])
        >>> train_classifier(gone, "gone.keras")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected 8 readable pictures, found 8 that are ...
    """
    clock = _Clock()
    names, paths, labels = collection.names, collection.paths, collection.labels
    in_test = choose_test(collection.digests, labels)
    train, test = np.flatnonzero(~in_test), np.flatnonzero(in_test)

    # Each backbone is built once, and its graph once, whatever is asked of it.
    bases, engine = functools.cache(base_of), functools.cache(tensorflow_engine)

    def compute(
        backbone: str,
        paths: Sequence[Path],
        crop: bool,
        by: Callable = compute_features,
    ) -> np.ndarray:
        return by(
            bases(backbone), paths, cache, progress=progress, engine=engine, crop=crop
        )

    chosen, candidates = choose([paths[row] for row in train], labels[train], compute)
    clock.lap("choosing a backbone")
    features = compute(chosen.backbone, paths, chosen.crop, by)
    clock.lap("features")
    train_features, test_features = features[train], features[test]
    del features  # 5 kB a picture, which are held once from here on
    strength, _, said = best_strength(train_features, labels[train])
    regression = fit(train_features, labels[train], strength)
    head = head_from_regression(regression)
    model = join(
        bases(chosen.backbone), keras.Model(head.inputs, head.outputs, name="head")
    )
    results = test_results(
        regression.predict_proba(test_features),
        labels[test],
        [names[row] for row in test],
        collection.class_names,
        labels[train],
    )
    curve = learning_curve(train_features, labels[train], strength)
    clock.lap("training and testing")
    facts = {
        "name": Path(path).stem,
        "folder": shown(collection.folder),
        "source": source_of(collection),
        "date": datetime.date.today().isoformat(),
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
        },
        "model": str(path),
        "counts": {
            "train": len(train),
            "test": len(test),
            "copies": len(collection.copies),
            "set_aside": len(collection.set_aside),
            "found": len(names) + len(collection.copies) + len(collection.set_aside),
        },
        **results,
        "chosen": {
            "backbone": chosen.backbone,
            "crop": chosen.crop,
            "strength": strength,
            "candidates": [
                {
                    "backbone": one.backbone,
                    "crop": one.crop,
                    "log_loss": float(one.losses.mean()),
                    "error": float(one.losses.std(ddof=1) / np.sqrt(len(one.losses))),
                    "accuracy": one.accuracy,
                }
                for one in candidates
            ],
        },
        "doubtful_labels": doubtful_labels(
            said,
            labels[train],
            [names[row] for row in train],
            collection.class_names,
        ),
        "learning_curve": curve,
        "copies": [list(pair) for pair in collection.copies],
        "set_aside": [{"picture": n, "reason": r} for n, r in collection.set_aside],
        "passed_over": [{"what": n, "reason": r} for n, r in collection.passed_over],
        "background_hint": None,
        "seconds": clock.laps,
    }
    path = save_classifier(
        model,
        collection.class_names,
        path,
        crop=chosen.crop,
        known=fit_known(train_features, labels[train]),
        accuracy=results["accuracy"]["value"],
        n_pictures=len(test),
        strength=strength,
        made_by="train_classifier",
        pictures=source_of(collection),
    )
    return Trained(model, path, facts)


def source_of(collection: Collection) -> str:
    """What a classifier was made from: the folder and, if there is one, the table.

    A classifier or a report of another source is kept when a new one takes its name.
    """
    table = collection.table
    places = [collection.folder, *([table] if table else [])]
    return " · ".join(shown(place.resolve()) for place in places)


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._start = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self._start = now - self._start, now
