"""Logistic regression on features: fitted fast, and judged by cross-validation."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator, Sequence

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from threadpoolctl import ThreadpoolController

from helpers.teaching.parts import a_sample, folds

STRENGTHS = (0.01, 0.1, 1.0, 10.0)  # scikit-learn's C: small values hold weights small


SMALL = 2000  # pictures; with fewer, threads cost more than they bring


def fit(
    features: np.ndarray, labels: np.ndarray, strength: float
) -> LogisticRegression:
    """Fit a logistic regression; where features outnumber pictures, in fewer steps.

    Ridge-regularized weights are sums of the pictures' own features. So n pictures
    leave n directions to look in, and what is found there is the solution for all.

    Args:
        features: Shape (pictures, features).
        labels: Class numbers from 0 on, shape (pictures,); each class at least once.
        strength: `C` of scikit-learn: how freely weights may grow.

    Returns:
        The fitted regression, for features as they were given.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> features, labels = rng.normal(size=(20, 50)), np.arange(20) % 2
        >>> plain = LogisticRegression(C=1.0, max_iter=2000).fit(features, labels)
        >>> np.allclose(fit(features, labels, 1.0).coef_, plain.coef_, atol=1e-3)
        True
    """
    return next(_fits(features, labels, (strength,)))


def _fits(
    features: np.ndarray, labels: np.ndarray, strengths: Sequence[float]
) -> Iterator[LogisticRegression]:
    # Threads that wait for each other made such small sums a hundred times slower on a
    # computer that had other work to do.
    few = len(features) <= SMALL
    with _blas().limit(limits=1 if few else None, user_api="blas"):
        yield from _fitted(features, labels, strengths)


@functools.cache
def _blas() -> ThreadpoolController:
    """The libraries that compute sums: to look for them takes as long as one fit."""
    return ThreadpoolController()


def _fitted(
    features: np.ndarray, labels: np.ndarray, strengths: Sequence[float]
) -> Iterator[LogisticRegression]:
    middle = features.mean(axis=0, dtype=np.float64)
    pictures, width = features.shape
    # Few pictures take little memory in any case; of many, half as much is enough.
    centered = features - (
        middle if pictures < width else middle.astype(features.dtype)
    )
    if pictures < width:
        # The eigenvectors of the small matrix of all products give the directions.
        values, vectors = np.linalg.eigh(centered @ centered.T)
        kept = values > values[-1] * 1e-10
        lengths = np.sqrt(values[kept])
        points = vectors[:, kept] * lengths
        directions = (vectors[:, kept] / lengths).T @ centered
    else:
        points, directions = centered, None
    for strength in strengths:
        regression = LogisticRegression(C=strength, max_iter=2000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            regression.fit(points, labels)
        if directions is not None:
            regression.coef_ = regression.coef_ @ directions
        regression.intercept_ = regression.intercept_ - regression.coef_ @ middle
        regression.n_features_in_ = width
        yield regression


def probabilities_across(
    features: np.ndarray,
    labels: np.ndarray,
    strengths: Sequence[float],
    seed: int = 0,
) -> np.ndarray:
    """What is said of each picture by a regression that was fitted without it.

    Args:
        features: Shape (pictures, features).
        labels: Class numbers from 0 on, shape (pictures,).
        strengths: As for `fit`; for each of them the same splits.
        seed: Another seed gives other splits.

    Returns:
        Probabilities, shape (strengths, pictures, classes).

    Example:
        >>> features, labels = np.array([[0.0], [1.0]] * 10), np.array([0, 1] * 10)
        >>> said = probabilities_across(features, labels, (1.0, 10.0))
        >>> said.shape, bool((said[1].argmax(axis=1) == labels).all())
        ((2, 20, 2), True)
    """
    said = np.zeros((len(strengths), len(labels), labels.max() + 1))
    for rows, judged in folds(labels, seed):
        fitted = _fits(features[rows], labels[rows], strengths)
        for place, regression in enumerate(fitted):
            said[place, judged] = regression.predict_proba(features[judged])
    return said


def log_losses(said: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How surprised each picture's true class leaves us: 0 if it was sure and right.

    Args:
        said: Probabilities, shape (pictures, classes).
        labels: True class numbers, shape (pictures,).

    Returns:
        Natural logarithms with the sign turned, shape (pictures,), 0 to 16.

    Example:
        >>> log_losses(np.array([[0.5, 0.5]]), np.array([1])).round(3).tolist()
        [0.693]
    """
    return -np.log(said[np.arange(len(labels)), labels].clip(1e-7))


def best_strength(
    features: np.ndarray, labels: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Choose the strength of regularization by cross-validation, on 2,000 pictures.

    Args:
        features: Shape (pictures, features).
        labels: Class numbers from 0 on, shape (pictures,).

    Returns:
        The strength with the smallest mean loss; with it each picture's loss, shape
        (pictures,), and what was said of it, shape (pictures, classes).

    Example:
        >>> features, labels = np.array([[0.0], [1.0]] * 10), np.array([0, 1] * 10)
        >>> best_strength(features, labels)[0]
        10.0
    """
    rows = a_sample(labels, SMALL)
    tried = probabilities_across(features[rows], labels[rows], STRENGTHS)
    losses = [log_losses(said, labels[rows]).mean() for said in tried]
    best = int(np.argmin(losses))
    said = tried[best]
    if len(rows) < len(labels):
        (said,) = probabilities_across(features, labels, (STRENGTHS[best],))
    return STRENGTHS[best], log_losses(said, labels), said
