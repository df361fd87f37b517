"""Judges for the exercises of lesson 11, Say "I don't know"."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import softmax
from scipy.stats import binomtest

from helpers.exercises.answers import array, called, number, refuse_unless


def exercise_1(
    threshold: object, cost: object, sureness: np.ndarray, right: np.ndarray
) -> str:
    """Does the threshold follow from the costs, and the cost from the threshold?"""
    stated = number("threshold", threshold)
    refuse_unless(
        stated != 0.5,
        "`threshold` is still 0.5: change it, and run the cell again",
    )
    refuse_unless(
        0.5 < stated < 1,
        f"`threshold` is {stated:g}: a probability between a half and 1 is asked for",
    )
    refuse_unless(
        not math.isclose(stated, 0.9),
        "0.9 is the lesson's, where a mistake costs ten times a question; here it is "
        "twenty-five times",
    )
    refuse_unless(
        abs(stated - 0.96) < 1e-6,
        f"at {stated:g} an answer costs {25 * (1 - stated):.2f} on average, and a "
        "question 1: they should cost the same",
    )
    answers = sureness >= stated
    expected = 100 * (25 * np.sum(answers & ~right) + np.sum(~answers)) / len(right)
    claimed = number("cost", cost)
    refuse_unless(
        abs(claimed - expected) < 1e-6,
        f"`cost` is {claimed:.1f}, and with this threshold a hundred pictures cost "
        f"{expected:.1f}: run the whole cell again",
    )
    share = np.mean(answers)
    return f"a hundred pictures cost {expected:.0f}, and {share:.0%} are answered"


def exercise_2(
    temperature: object,
    cooled: object,
    scores: np.ndarray,
    kinds: np.ndarray,
    new_scores: np.ndarray,
) -> str:
    """Does the temperature fit, and do the probabilities come from it?"""
    stated = number("temperature", temperature)
    refuse_unless(
        stated > 0, f"`temperature` is {stated:g}: it divides, so it is above zero"
    )
    best = _temperature(scores, kinds)
    refuse_unless(
        not math.isclose(stated, 1),
        "`temperature` is 1, which leaves every probability as it is",
    )
    refuse_unless(
        abs(math.log(stated * best)) > 0.05 or abs(math.log(best)) < 0.05,
        f"`temperature` is {stated:.2f}: it multiplies the scores, and should divide "
        "them",
    )
    refuse_unless(
        abs(stated - best) < max(0.1, 0.05 * best),  # as near as steps of 0.1 come
        f"`temperature` is {stated:.2f}: the mean negative log of the probability of "
        f"the true class is {_loss(scores, kinds, stated):.4f} there, and it can be "
        f"{_loss(scores, kinds, best):.4f}",
    )
    found = array("cooled", cooled, new_scores.shape)
    refuse_unless(
        np.allclose(found.sum(axis=1), 1, atol=1e-4),
        "the rows of `cooled` do not add up to 1: probabilities of all classes do",
    )
    refuse_unless(
        not np.allclose(found, softmax(new_scores, axis=1), atol=1e-4),
        "`cooled` are the probabilities at temperature 1",
    )
    refuse_unless(
        np.allclose(found, softmax(new_scores / stated, axis=1), atol=1e-3),
        "`cooled` are other probabilities than the softmax of `new_scores`, divided by "
        "`temperature`",
    )
    return f"temperature {stated:.2f} makes the true kinds most probable"


def exercise_3(p_value: object) -> str:
    """Is it the exact test of two classifiers on the same pictures?"""
    for seed, (n, only_first, only_second) in enumerate(
        ((400, 9, 1), (300, 4, 12), (50, 3, 3), (200, 6, 0), (80, 0, 0), (900, 40, 61))
    ):
        first, second = _answers(seed, n, only_first, only_second)
        told = called("p_value", p_value, first.copy(), second.copy())
        found = number("p_value(first, second)", told)
        expected = _mcnemar(only_first, only_second)
        what = (
            f"of {n} pictures {only_first} are right with the first classifier alone "
            f"and {only_second} with the second alone"
        )
        refuse_unless(
            0 <= found <= 1 + 1e-9, f"`p_value` gives {found:g}, which is no share"
        )
        refuse_unless(
            only_first == only_second
            or not math.isclose(found, expected / 2, rel_tol=1e-6),
            f"{what}: {found:.3g} looks at one side; a difference the other way would "
            f"have counted, too, so it is {expected:.3g}",
        )
        refuse_unless(
            math.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-12),
            f"{what}: it gives {found:.3g}, and a coin gives as uneven a division, or "
            f"a more uneven one, with probability {expected:.3g}",
        )
    return "it agrees with ours on six pairs of classifiers"


def _loss(scores: np.ndarray, kinds: np.ndarray, temperature: float) -> float:
    said = softmax(scores / temperature, axis=1)
    return float(-np.log(said[np.arange(len(kinds)), kinds] + 1e-300).mean())


def _temperature(scores: np.ndarray, kinds: np.ndarray) -> float:
    tried = np.geomspace(0.05, 100, 1500)
    return float(min(tried, key=lambda t: _loss(scores, kinds, t)))


def _answers(
    seed: int, n: int, only_first: int, only_second: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which of n pictures two classifiers are right on, in any order."""
    rng = np.random.default_rng(seed)
    first = rng.random(n) < 0.9  # both right, or both wrong
    second = first.copy()
    places = rng.permutation(n)[: only_first + only_second]
    first[places] = np.arange(len(places)) < only_first
    second[places] = ~first[places]
    return first, second


def _mcnemar(only_first: int, only_second: int) -> float:
    apart = only_first + only_second
    return float(binomtest(only_first, apart).pvalue) if apart else 1.0
