"""Judges for the exercises of lesson 1, Deep learning concepts."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression

from helpers.exercises.answers import (
    NotYet,
    answered,
    array,
    called,
    described,
    number,
    refuse_unless,
)

EDGES = np.array([[0.5, 0.2], [0.8, 0.4], [1.0, 0.0]])  # light, then dark
WALLS = np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]])


def exercise_1(sister_weights: object, sister_bias: object) -> str:
    """Does the sister fire where light ends, and nowhere else?"""
    weights = array("sister_weights", sister_weights, (2,))
    bias = number("sister_bias", sister_bias)

    def fires(pairs: np.ndarray) -> np.ndarray:
        return pairs @ weights + bias > 0

    refuse_unless(
        not fires(WALLS).all(),
        "the sister fires everywhere, on walls too: a bias below zero keeps her silent "
        "where there is no edge",
    )
    refuse_unless(
        not fires(EDGES[:, ::-1]).any(),
        "the sister fires where dark is on the left, as the first neuron does: which "
        "of the two weights should be the positive one?",
    )
    refuse_unless(
        not fires(WALLS).any(),
        "the sister fires on a wall: on equal light the weights have to cancel, and "
        "the bias to keep her silent",
    )
    refuse_unless(
        fires(EDGES).any(), "the sister stays silent at an edge from light to dark"
    )
    refuse_unless(
        fires(EDGES).all(),
        "the sister sees strong edges only, and misses the one from 0.5 to 0.2: larger "
        "weights, or a bias closer to zero",
    )
    return "she fires where light ends, and stays silent on walls and at other edges"


def exercise_2(rate: object, small_unit: np.ndarray, is_dog: np.ndarray) -> str:
    """Is the neuron at the bottom of its loss after ten steps at this rate?"""
    rate = number("rate", rate)
    refuse_unless(rate != 0, "at a rate of 0 the weight stays where it is")
    refuse_unless(
        rate > 0, f"at a rate of {rate:g} it walks uphill: a rate is above zero"
    )
    steps = np.zeros(11)
    for place in range(10):
        answers = _logistic(steps[place] * small_unit)
        steps[place + 1] = steps[place] - rate * (
            (answers - is_dog) @ small_unit
        ) / len(small_unit)
    ends = _cross_entropy(steps[-1] * small_unit, is_dog)
    fitted = LogisticRegression(C=np.inf, fit_intercept=False)
    fitted.fit(small_unit[:, np.newaxis], is_dog)
    goal = fitted.coef_[0, 0]
    lowest = _cross_entropy(goal * small_unit, is_dog)
    if ends < lowest + 0.002:
        return f"ten steps end at a loss of {ends:.3f}, the lowest that there is"
    high = f"after ten steps the loss is {ends:.3f}, and the lowest is {lowest:.3f}"
    if steps.max() > 2 * goal:
        raise NotYet(f"{high}: the steps leap across the valley, the rate is too high")
    raise NotYet(f"{high}: the steps creep, the rate is too low")


def exercise_3(learn: object, animals: np.ndarray, is_dog: np.ndarray) -> str:
    """Does `learn` find the weights that logistic regression finds?"""
    others = animals[::2] * [1.0, 0.7] + [1.0, 1.0], is_dog[::2]
    for inputs, truth in ((animals, is_dog), others):
        weights, bias = _learned(learn, inputs, truth)
        fitted = LogisticRegression(C=np.inf).fit(inputs, truth)
        lowest = _cross_entropy(fitted.decision_function(inputs), truth)
        at_zero = _cross_entropy(np.zeros(len(truth)), truth)
        ends = _cross_entropy(inputs @ weights + bias, truth)
        found = f"`learn` ends at a loss of {ends:.3f}, and the lowest is {lowest:.3f}"
        refuse_unless(
            ends < at_zero + 0.01,
            f"{found}; it began at {at_zero:.3f}: does it walk uphill, or with steps "
            "that are too long? Against the slope, and on average over the animals",
        )
        if ends > lowest + 0.002:
            without = LogisticRegression(C=np.inf, fit_intercept=False)
            without.fit(inputs, truth)
            best = _cross_entropy(without.decision_function(inputs), truth)
            refuse_unless(
                not (bias == 0 and ends < best + 0.002),
                f"{found}: the bias is 0 still, and has to learn like a weight",
            )
            raise NotYet(
                f"{found}: it has not arrived. Does each step begin where the last one "
                "ended, and are all of them taken?"
            )
    return "it finds what scikit-learn finds, and for other animals too"


def exercise_4(
    hidden_weights: object,
    hidden_bias: object,
    out_weights: object,
    out_bias: object,
    switches: np.ndarray,
    burns: np.ndarray,
) -> str:
    """Do these weights make two hidden neurons and one more into the lamp?"""
    kernel = array("hidden_weights", hidden_weights, (2, 2))
    bias = array("hidden_bias", hidden_bias, (2,))
    top = array("out_weights", out_weights, (2,))
    last = number("out_bias", out_bias)
    hidden = _logistic(switches @ kernel + bias)
    said = hidden @ top + last > 0
    right = (said == burns).mean()
    refuse_unless(
        0 < said.mean() < 1,
        f"the lamp {'always' if said.all() else 'never'} burns: is the last sum above "
        "zero for some of the hidden answers, and below for others?",
    )
    refuse_unless(
        right > 0.1,
        f"right on {right:.0%}: it burns exactly when it should not. Turn round the "
        "signs of `out_weights` and `out_bias`",
    )
    refuse_unless(
        right >= 0.95,
        f"right on {right:.0%} of the cases: does each hidden neuron draw its line, "
        "and does the last one ask for both?",
    )
    return f"right on {right:.0%} of the cases, and nothing was trained"


def _learned(
    learn: object, inputs: np.ndarray, truth: np.ndarray
) -> tuple[np.ndarray, float]:
    """What the learner's function finds for these animals."""
    with np.errstate(all="ignore"):
        found = called("learn", learn, inputs.copy(), truth.copy())
    answered("learn(animals, is_dog)", found)
    try:
        weights, bias = found
    except (TypeError, ValueError):
        raise NotYet(
            "`learn` should return two things, `weights, bias`, and returns "
            f"{described(found)}"
        ) from None
    refuse_unless(
        np.size(weights) == 2,
        "`learn` should return `weights, bias`: both weights together, then the bias",
    )
    weights = array("weights", np.ravel(weights), (2,))
    return weights, number("bias", bias)


def _logistic(sums: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(sums / 2))  # the same, safe for large sums


def _cross_entropy(sums: np.ndarray, truth: np.ndarray) -> float:
    return float((np.logaddexp(0, sums) - truth * sums).mean())
