"""How good it is, where it errs, which labels to look at, what more would bring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.accuracy import accuracy_interval
from helpers.batches import confusion_table
from helpers.teaching.parts import a_sample, folds
from helpers.teaching.regression import fit

LISTED = 60  # mistakes and doubtful labels that a report lists
CURVE_SAMPLE = 600  # a learning curve of more pictures takes minutes
CURVE_SHARES = (0.15, 0.3, 0.5, 0.75, 1.0)


def test_results(
    said: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    class_names: Sequence[str],
    train_labels: np.ndarray,
) -> dict:
    """Count what was right in the test part, for all and class by class.

    Args:
        said: Probabilities, shape (pictures, classes).
        labels: True class numbers, shape (pictures,).
        names: The pictures' names.
        class_names: A name for each class number.
        train_labels: Class numbers of the training part.

    Returns:
        `accuracy`, `classes`, `confusion`, `guessing` and `mistakes` as JSON takes
        them. Intervals hold the true accuracy in 95 of 100 cases or more.

    Example:
        >>> said = np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]])
        >>> names = ["a.jpg", "b.jpg", "c.jpg"]
        >>> few = np.array([0, 1, 1])
        >>> results = test_results(said, few, names, ["mug", "key"], few)
        >>> results["accuracy"]["right"], results["mistakes"][0]["picture"]
        (2, 'c.jpg')
    """
    answers = said.argmax(axis=1)
    right = answers == labels
    classes = []
    for number, name in enumerate(class_names):
        own = labels == number
        classes.append(
            {
                "name": name,
                "train": int((train_labels == number).sum()),
                "test": int(own.sum()),
                **_rate(int(right[own].sum()), int(own.sum()), "recall"),
            }
        )
    wrong = np.flatnonzero(~right)
    wrong = wrong[np.argsort(-said[wrong, answers[wrong]], kind="stable")]
    return {
        "accuracy": {"of": len(labels), **_rate(int(right.sum()), len(labels))},
        "guessing": float(np.bincount(labels).max() / len(labels)),
        "classes": classes,
        "confusion": confusion_table(labels, answers, class_names).values.tolist(),
        "mistakes": [
            {
                "picture": names[row],
                "label": class_names[labels[row]],
                "said": class_names[answers[row]],
                "probability": float(said[row, answers[row]]),
            }
            for row in wrong[:LISTED]
        ],
    }


def _rate(right: int, of: int, name: str = "value") -> dict:
    return {
        "right": right,
        name: right / of,
        "interval": [float(end) for end in accuracy_interval(right, of)],
    }


def doubtful_labels(
    said: np.ndarray,
    labels: np.ndarray,
    names: Sequence[str],
    class_names: Sequence[str],
) -> list[dict]:
    """List labels that are likely wrong, the likeliest first.

    A label is doubted if a regression that was fitted without the picture takes it for
    another class, and is as sure of it as it is, on average, of that class's own
    pictures ("confident learning").

    Args:
        said: Probabilities of the training part by cross-validation, shape
            (pictures, classes).
        labels: The labels, as class numbers, shape (pictures,).
        names: The pictures' names.
        class_names: A name for each class number.

    Returns:
        For each doubted label `picture`, `label`, `looks_like` and its `probability`.

    Example:
        >>> said = np.array([[0.9, 0.1]] * 5 + [[0.1, 0.9]] * 5)
        >>> labels = np.array([0] * 4 + [1] * 6)
        >>> names = [f"{n}.jpg" for n in range(10)]
        >>> [d["picture"] for d in doubtful_labels(said, labels, names, ["mug", "key"])]
        ['4.jpg']

    Source: Northcutt, Jiang and Chuang, "Confident Learning" (2021).
    """
    sure = np.array([said[labels == n, n].mean() for n in range(said.shape[1])])
    answers = said.argmax(axis=1)
    chance = said[np.arange(len(labels)), answers]
    doubted = np.flatnonzero((answers != labels) & (chance >= sure[answers]))
    doubted = doubted[np.argsort(-chance[doubted], kind="stable")]
    return [
        {
            "picture": names[row],
            "label": class_names[labels[row]],
            "looks_like": class_names[answers[row]],
            "probability": float(chance[row]),
        }
        for row in doubted[:LISTED]
    ]


def learning_curve(
    features: np.ndarray, labels: np.ndarray, strength: float, seeds: int = 2
) -> list[dict]:
    """Measure accuracy against the number of pictures, within the training part.

    Args:
        features: Shape (pictures, features).
        labels: Class numbers from 0 on, shape (pictures,).
        strength: Of regularization, as for `fit`.
        seeds: How many times each part is drawn anew, in each of the folds.

    Returns:
        For each size `pictures`, the mean `accuracy` on pictures that were not fitted,
        and `low` and `high`: twice the standard error below and above it.

    Example:
        >>> features, labels = np.array([[0.0], [1.0]] * 20), np.array([0, 1] * 20)
        >>> [point["pictures"] for point in learning_curve(features, labels, 1.0)]
        [10, 16, 24, 32]
    """
    rows = a_sample(labels, CURVE_SAMPLE)
    features, labels = features[rows], labels[rows]
    splits = folds(labels)
    found: dict[int, list[float]] = {}
    for share in CURVE_SHARES:
        sizes, accuracies = [], []
        for fitted, judged in splits:
            for seed in range(seeds):
                part = fitted[a_sample(labels[fitted], share * len(fitted), seed)]
                regression = fit(features[part], labels[part], strength)
                right = regression.predict(features[judged]) == labels[judged]
                sizes.append(len(part))
                accuracies.append(float(right.mean()))
        # Folds differ by a picture or two; where classes are small, shares coincide.
        found.setdefault(round(np.mean(sizes)), accuracies)
    return [_point(size, found[size], len(labels)) for size in sorted(found)]


def _point(size: int, accuracies: list[float], pictures: int) -> dict:
    mean = float(np.mean(accuracies))
    # Folds share nothing, so together they are one test on all pictures.
    error = 2 * np.sqrt(max(mean * (1 - mean), 0.25 / pictures) / pictures)
    return {
        "pictures": size,
        "accuracy": mean,
        "low": float(max(0.0, mean - error)),
        "high": float(min(1.0, mean + error)),
    }
