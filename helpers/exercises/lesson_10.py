"""Judges for the exercises of lesson 10, Look at mistakes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression

from helpers.exercises.answers import (
    agrees,
    array,
    called,
    instance,
    number,
    refuse_unless,
)


def exercise_1(
    at_home: object,
    worst: object,
    features: np.ndarray,
    draw_set: Callable,
    worst_group: Callable,
) -> str:
    """Does the place tell nothing, and do the results belong to it?"""
    stated = number("at_home", at_home)
    refuse_unless(
        stated != 57, "`at_home` is still 57: change it, and run the cell again"
    )
    refuse_unless(
        stated != 0.5, "`at_home` is a number of animals, of 60 of a kind, not a share"
    )
    refuse_unless(
        stated not in (0, 60),
        f"with `at_home` = {stated:g} the place tells the class without a mistake",
    )
    refuse_unless(
        stated == 30,
        f"with {stated:g} of 60 cats on sofas a place still speaks for one class: it "
        "tells nothing if both kinds are there equally often",
    )
    found = array("worst", worst, (None,))
    refuse_unless(len(found) >= 3, "`worst` should hold a result of several draws")
    expected = []
    for seed in range(5):
        chosen = draw_set(seed, 30)
        head = LogisticRegression(max_iter=2000).fit(features[chosen], chosen[1])
        expected.append(worst_group(head))
    refuse_unless(
        abs(found.mean() - np.mean(expected)) < 0.03,
        f"`worst` has the mean {found.mean():.2f}, and with 30 at home it is about "
        f"{np.mean(expected):.2f}: run the whole cell again",
    )
    return (
        f"the worst group is right on {found.mean():.2f}, since the place tells nothing"
    )


def exercise_2(
    weights: object,
    weighted: object,
    worst_weighted: object,
    features: np.ndarray,
    chosen: tuple[np.ndarray, ...],
    plain: LogisticRegression,
    worst_group: Callable,
) -> str:
    """Do the groups weigh the same, and did the head learn with these weights?"""
    scenes, kinds, _ = chosen
    given = array("weights", weights, (len(kinds),))
    refuse_unless(given > 0, "`weights` holds numbers that are not above zero")
    sums = np.bincount(2 * scenes + kinds, weights=given, minlength=4)
    by_class = np.bincount(kinds, weights=given)
    refuse_unless(
        not np.allclose(given, given[0]),
        "`weights` are all the same: a picture of a small group should weigh more",
    )
    small, large = given[scenes != kinds].mean(), given[scenes == kinds].mean()
    refuse_unless(
        small > large,
        "`weights` are small where there are few pictures: it should be the other way",
    )
    refuse_unless(
        np.allclose(sums, sums.mean(), rtol=0.02),
        f"the weights of the four groups add up to {np.round(sums, 1).tolist()}, and "
        "these should be equal",
    )
    refuse_unless(
        np.isclose(by_class[0], by_class[1], rtol=0.02), "the classes weigh differently"
    )
    instance("weighted", weighted, LogisticRegression, "LogisticRegression")
    refuse_unless(
        hasattr(weighted, "coef_"), "`weighted` has learned nothing yet: call its `fit`"
    )
    refuse_unless(
        np.shape(weighted.coef_) == plain.coef_.shape,
        f"`weighted` learned from {np.shape(weighted.coef_)[-1]} numbers a picture, "
        f"and the features are {plain.coef_.shape[1]}",
    )
    refuse_unless(
        not np.allclose(weighted.coef_, plain.coef_, atol=1e-3),
        "`weighted` is the head without weights: give `fit` the `sample_weight`",
    )
    claimed = number("worst_weighted", worst_weighted)
    right = worst_group(weighted)
    refuse_unless(
        agrees(claimed, right),
        f"`worst_weighted` is {claimed:.3f}, and the worst group of `weighted` is "
        f"{right:.3f}",
    )
    before = worst_group(plain)
    refuse_unless(
        right > before,
        f"the worst group of `weighted` is {right:.2f}, no more than {before:.2f} "
        "without weights: did it learn with these weights, from these pictures?",
    )
    return f"the worst group rises from {before:.2f} to {right:.2f}"


def exercise_3(doubted: object) -> str:
    """Does the function doubt what it should, in sets of two classes and of more?"""
    for seed, n_classes in ((0, 2), (1, 3), (2, 5)):
        said, labels = _asked(seed, n_classes)
        given = called("doubted", doubted, said.copy(), labels.copy())
        found = array("doubted(said, labels)", given, (None,))
        what = f"of {len(labels)} pictures in {n_classes} classes"
        kind = np.asarray(given).dtype.kind
        refuse_unless(
            kind != "b",
            "`doubted` says yes or no for each picture: `np.flatnonzero` gives places",
        )
        other, sure = _parts(said, labels)
        expected = set(np.flatnonzero(other & sure).tolist())
        places = set(found.tolist())
        refuse_unless(
            places != set(np.flatnonzero(other).tolist()),
            f"{what} it doubts all {len(places)} that are taken for another class: the "
            "unsure ones should stay out",
        )
        refuse_unless(
            places != set(np.flatnonzero(sure & ~other).tolist()),
            "it gives pictures whose label agrees: `==` should be `!=`",
        )
        missed, extra = len(expected - places), len(places - expected)
        refuse_unless(
            not missed and not extra,
            f"{what} it lacks {missed} of {len(expected)} and has {extra} too many",
        )
        refuse_unless(
            len(found) == len(places),
            f"{what} it gives some places twice",
        )
    return "it doubts the same labels as ours, in sets of two, three and five classes"


def _asked(seed: int, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and labels of 200 pictures, a tenth of them labeled by chance."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_classes, size=200)
    scores = rng.normal(size=(200, n_classes))
    # Classes differ in how surely they are told.
    scores[np.arange(200), truth] += 2 + truth
    said = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = np.where(rng.random(200) < 0.1, rng.integers(n_classes, size=200), truth)
    return said, labels


def _parts(said: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    own = np.array([said[labels == n, n].mean() for n in range(said.shape[1])])
    answers = said.argmax(axis=1)
    return answers != labels, said.max(axis=1) >= own[answers]
