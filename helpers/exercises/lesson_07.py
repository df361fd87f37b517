"""Judges for the exercises of lesson 7, Compute features once."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import BaseShuffleSplit
from sklearn.neighbors import KNeighborsClassifier

from helpers.exercises.answers import (
    NotYet,
    accuracies,
    agrees,
    array,
    instance,
    number,
    refuse_unless,
)


def exercise_1(
    per_class: object,
    draws: object,
    scores: object,
    features: np.ndarray,
    train_labels: np.ndarray,
) -> str:
    """Did the head learn from one picture of each class, in twenty draws?"""
    stated = number("per_class", per_class)
    refuse_unless(
        stated != 5, "`per_class` is still 5: change it, and run the cell again"
    )
    refuse_unless(
        stated != 0, "`per_class` is 0: from no picture nobody learns anything"
    )
    refuse_unless(
        stated != 0.5, "`per_class` is one half: a single picture of two classes"
    )
    refuse_unless(
        stated == 1,
        f"`per_class` is {stated:g}: a single cat and a single dog are 1 of each class",
    )
    instance("draws", draws, BaseShuffleSplit, "StratifiedShuffleSplit")
    learn, _ = next(draws.split(features, train_labels))
    refuse_unless(
        sorted(train_labels[learn]) == [0, 1],
        f"`draws` gives the head {len(learn)} pictures: run its line again, too",
    )
    found = array("scores", scores, (None,))
    head = LogisticRegression(max_iter=1000)
    expected = accuracies(head, features, train_labels, draws)
    refuse_unless(
        found.shape == expected.shape and np.allclose(found, expected, atol=0.02),
        f"`scores` has the mean {found.mean():.2f}, and these draws give "
        f"{expected.mean():.2f}: compute the scores again",
    )
    return (
        f"from one picture of each class {found.mean():.2f} on average, and "
        f"{found.min():.2f} in the least lucky draw"
    )


def exercise_2(
    strongest: object,
    largest: object,
    features: np.ndarray,
    regression: LogisticRegression,
) -> str:
    """Is it the column with the largest weight, and are they its largest pictures?"""
    place = number("strongest", strongest)
    weights = regression.coef_[0]
    right = int(np.argmax(weights))
    if place != right:
        refuse_unless(
            place != np.argmin(weights),
            "`strongest` speaks for a cat: its weight is the most negative one",
        )
        refuse_unless(
            place != weights.max(),
            "`strongest` is the weight itself: its place is asked for",
        )
        refuse_unless(
            place != np.argmax(features.mean(axis=0)),
            "`strongest` is the column whose values are largest: look at the weights",
        )
        refuse_unless(
            place == int(place) and 0 <= place < len(weights),
            f"`strongest` is {place:g}: it should be a place from 0 to "
            f"{len(weights) - 1}",
        )
        raise NotYet(
            f"column {place:g} has the weight {weights[int(place)]:.3f}, and the "
            f"largest is {weights[right]:.3f}"
        )
    found = set(array("largest", largest, (None,)).tolist())
    refuse_unless(
        len(found) == 9, f"`largest` holds {len(found)} places, and nine are asked for"
    )
    order = np.argsort(features[:, right])
    refuse_unless(
        found != set(order[:9].tolist()),
        "`largest` holds the pictures in which the column is smallest: take the other "
        "end",
    )
    refuse_unless(
        found <= set(range(len(features))),
        f"`largest` holds places that no picture has: they go from 0 to "
        f"{len(features) - 1}",
    )
    least = np.sort(features[:, right])[-9]
    missed = sum(features[int(n), right] < least for n in found)
    refuse_unless(
        not missed,
        f"in {missed} of these pictures the column has no value among its nine largest",
    )
    return f"column {right} has the largest weight, and these are its pictures"


def exercise_3(
    means: object,
    neighbors: object,
    tested: object,
    features: np.ndarray,
    train_labels: np.ndarray,
    test_features: np.ndarray,
    test_labels: np.ndarray,
    divisions: BaseShuffleSplit,
    candidates: list[int],
) -> str:
    """Was k chosen within the training set, and the test set asked once?"""
    found = array("means", means, (len(candidates),))
    instance("neighbors", neighbors, KNeighborsClassifier, "KNeighborsClassifier")
    claimed = number("tested", tested)
    expected = np.array(
        [
            accuracies(
                KNeighborsClassifier(k), features, train_labels, divisions
            ).mean()
            for k in candidates
        ]
    )
    on_test = np.array(
        [
            KNeighborsClassifier(k)
            .fit(features, train_labels)
            .score(test_features, test_labels)
            for k in candidates
        ]
    )
    refuse_unless(
        not np.allclose(found, on_test),
        "`means` are accuracies on the test set: choose within the training set",
    )
    refuse_unless(
        all(map(agrees, found, expected)),
        f"`means` are {np.round(found, 3).tolist()}, and in these divisions the "
        f"candidates reach {np.round(expected, 3).tolist()}",
    )
    best = candidates[int(np.argmax(expected))]
    refuse_unless(
        neighbors.n_neighbors == best,
        f"`neighbors` asks {neighbors.n_neighbors} neighbors, and the best mean is "
        f"that of {best}",
    )
    learned = getattr(neighbors, "n_samples_fit_", 0)
    refuse_unless(learned, "`neighbors` has learned nothing yet: call its `fit`")
    refuse_unless(
        learned == len(features),
        f"`neighbors` keeps {learned} pictures: let it have the whole training set, "
        f"{len(features)}, and no other picture",
    )
    right = neighbors.score(test_features, test_labels)
    refuse_unless(
        agrees(claimed, right),
        f"`tested` is {claimed:.3f}, and on the test set it is right on {right:.3f}",
    )
    return (
        f"{best} neighbors, chosen without the test set, are right on {right:.1%} of it"
    )
