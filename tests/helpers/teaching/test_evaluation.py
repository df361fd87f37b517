"""What a report says of a classifier follows from what was counted."""

import numpy as np
import pytest

from helpers.teaching.evaluation import (
    doubtful_labels,
    learning_curve,
    test_results,
)

NAMES = ["mug", "key", "plant"]
test_results.__test__ = False  # pytest would take it for a test


def clouds(per_class, apart=0.5, width=60, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(per_class)), per_class)
    middles = rng.normal(size=(len(per_class), width)) * apart
    return middles[labels] + rng.normal(size=(len(labels), width)), labels


def test_counts_add_up_and_an_interval_holds_its_share():
    labels = np.array([0, 0, 0, 1, 1, 2])
    said = np.eye(3)[[0, 0, 1, 1, 1, 0]] * 0.9 + 0.1 / 3
    results = test_results(said, labels, list("abcdef"), NAMES, labels)
    assert results["accuracy"]["right"] == 4
    assert np.trace(results["confusion"]) == 4
    assert [row["right"] for row in results["classes"]] == [2, 2, 0]
    assert [row["test"] for row in results["classes"]] == [3, 2, 1]
    assert results["guessing"] == 0.5
    low, high = results["accuracy"]["interval"]
    assert 0 < low < 4 / 6 < high < 1
    assert {row["picture"] for row in results["mistakes"]} == {"c", "f"}


def test_flipped_labels_are_doubted_and_few_others():
    rng = np.random.default_rng(0)
    true = np.arange(300) % 3
    labels = true.copy()
    flipped = rng.choice(300, 12, replace=False)
    labels[flipped] = (labels[flipped] + 1) % 3
    said = np.eye(3)[true] * 0.85 + 0.05
    names = [str(n) for n in range(300)]
    doubted = {
        int(row["picture"]) for row in doubtful_labels(said, labels, names, NAMES)
    }
    assert doubted == set(flipped.tolist())


@pytest.mark.parametrize("per_class", [[4, 4], [6, 70], [5] * 20, [400, 400]])
def test_a_learning_curve_rises_in_size_and_stays_a_share(per_class):
    features, labels = clouds(per_class)
    curve = learning_curve(features, labels, 1.0)
    sizes = [point["pictures"] for point in curve]
    assert sizes == sorted(set(sizes))
    assert sizes[-1] < len(labels)
    assert all(0 <= p["low"] <= p["accuracy"] <= p["high"] <= 1 for p in curve)


def test_what_can_be_learned_is_learned_better_from_more():
    features, labels = clouds([150, 150], apart=0.12, width=300)
    curve = learning_curve(features, labels, 0.1)
    assert curve[-1]["accuracy"] > curve[0]["accuracy"] + 0.05
