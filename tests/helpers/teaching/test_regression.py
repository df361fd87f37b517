"""Fewer directions give the same solution; what is said across folds is honest."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from helpers.teaching.regression import (
    best_strength,
    fit,
    log_losses,
    probabilities_across,
)


def clouds(pictures, width, classes, apart, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.arange(pictures) % classes
    middles = rng.normal(size=(classes, width)) * apart
    return middles[labels] + rng.normal(size=(pictures, width)), labels


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("strength", [0.01, 1.0])
def test_fewer_directions_give_the_same_answers(classes, strength):
    features, labels = clouds(40, 300, classes, 0.3)
    new, _ = clouds(40, 300, classes, 0.3, seed=1)
    plain = LogisticRegression(C=strength, max_iter=5000, tol=1e-8)
    plain.fit(features, labels)
    ours = fit(features, labels, strength)
    for given in (features, new):
        np.testing.assert_allclose(
            ours.predict_proba(given), plain.predict_proba(given), atol=1e-2
        )
    assert ours.coef_.shape == plain.coef_.shape


def test_labels_by_lot_are_not_learned_across_folds():
    features = np.random.default_rng(0).normal(size=(200, 400))
    labels = np.random.default_rng(1).integers(0, 2, 200)
    (said,) = probabilities_across(features, labels, (1.0,))
    assert abs((said.argmax(axis=1) == labels).mean() - 0.5) < 0.12
    fitted = fit(features, labels, 1.0)
    assert (fitted.predict(features) == labels).all()  # while by heart it knows all


def test_the_strength_with_the_smallest_loss_wins():
    features, labels = clouds(80, 200, 2, 0.15)
    _, losses, said = best_strength(features, labels)
    assert losses.mean() == pytest.approx(log_losses(said, labels).mean())
    for rival in probabilities_across(features, labels, (0.01, 0.1, 1.0, 10.0)):
        assert losses.mean() <= log_losses(rival, labels).mean() + 1e-12


def test_a_loss_is_bounded():
    assert log_losses(np.array([[1.0, 0.0]]), np.array([1]))[0] < 17
