"""What is learned from and what is tested with, and splits within the first part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.model_selection import StratifiedKFold

TEST_SHARE = 0.2
FOLDS = 5


def choose_test(digests: Sequence[str], labels: np.ndarray) -> np.ndarray:
    """Choose the pictures that nothing is learned from and nothing chosen by.

    A fifth of each class, one picture at least. The content of a picture decides, as a
    lot would: when some pictures are added, nearly all of the test part stays what it
    was, whatever the files are called.

    Args:
        digests: The SHA-256 of each picture's file, as hexadecimal digits.
        labels: Class numbers, shape (pictures,).

    Returns:
        A bool array, shape (pictures,): True in the test part.

    Example:
        >>> digests = [f"{n:064x}" for n in range(10)]
        >>> choose_test(digests, np.array([0] * 5 + [1] * 5)).tolist()[:5]
        [True, False, False, False, False]
    """
    chosen = np.zeros(len(labels), bool)
    order = np.argsort(np.asarray(digests), kind="stable")
    for label in np.unique(labels):
        rows = order[labels[order] == label]
        chosen[rows[: max(1, round(TEST_SHARE * len(rows)))]] = True
    return chosen


def folds(labels: np.ndarray, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Split a training part for cross-validation, each class evenly.

    Args:
        labels: Class numbers, shape (pictures,); two pictures of each class or more.
        seed: Another seed gives other splits.

    Returns:
        Pairs of row numbers: those to fit on, and those to judge by. Five pairs, or as
        many as the smallest class has pictures.

    Example:
        >>> [len(judge) for fit, judge in folds(np.array([0, 1] * 5))]
        [2, 2, 2, 2, 2]
    """
    fewest = int(np.bincount(labels)[np.unique(labels)].min())
    splitter = StratifiedKFold(min(FOLDS, fewest), shuffle=True, random_state=seed)
    return list(splitter.split(labels, labels))


def a_sample(labels: np.ndarray, size: float, seed: int = 0) -> np.ndarray:
    """Choose rows at random, each class by its share but five pictures at least.

    Args:
        labels: Class numbers, shape (pictures,).
        size: How many rows, about.
        seed: Another seed chooses others.

    Returns:
        Row numbers in rising order; all of them if there are no more than `size`.

    Example:
        >>> a_sample(np.array([0] * 90 + [1] * 10), 20).shape
        (23,)
    """
    if len(labels) <= size:
        return np.arange(len(labels))
    rng = np.random.default_rng(seed)
    rows = []
    for label in np.unique(labels):
        own = rng.permutation(np.flatnonzero(labels == label))
        rows.append(own[: max(5, round(size * len(own) / len(labels)))])
    return np.sort(np.concatenate(rows))
