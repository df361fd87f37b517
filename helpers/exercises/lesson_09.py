"""Judges for the exercises of lesson 9, Choose a backbone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.model_selection import BaseShuffleSplit

from helpers.exercises.answers import (
    NotYet,
    accuracies,
    array,
    called,
    described,
    instance,
    refuse_unless,
)


def exercise_1(
    cut: object,
    depths: dict[str, np.ndarray],
    train_labels: np.ndarray,
    head: BaseEstimator,
    divisions: BaseShuffleSplit,
) -> str:
    """Is it the earliest layer that is not more than a spread behind the whole?"""
    instance("cut", cut, str, "layer's name")
    names = list(depths)
    refuse_unless(
        cut in depths, f"there is no {cut!r} among the layers: {', '.join(names)}"
    )
    scores = {
        name: accuracies(head, columns, train_labels, divisions)
        for name, columns in depths.items()
    }
    whole = scores[names[-1]]
    floor = whole.mean() - whole.std()
    reached = scores[cut].mean()
    refuse_unless(
        reached >= floor,
        f"cut after {cut} the head is right on {reached:.3f}, more than a spread below "
        f"the whole network's {whole.mean():.3f} ± {whole.std():.3f}: cut later",
    )
    earlier = [name for name in names if scores[name].mean() >= floor]
    refuse_unless(
        cut == earlier[0],
        f"{cut} is good enough, and so is an earlier layer: cut there",
    )
    return (
        f"cut after {cut}, {depths[cut].shape[1]} columns, the head is right on "
        f"{reached:.3f}; on the whole network on {whole.mean():.3f} ± {whole.std():.3f}"
    )


def exercise_2(
    ahead: object,
    told_apart: object,
    depths: dict[str, np.ndarray],
    train_labels: np.ndarray,
    head: BaseEstimator,
    divisions: BaseShuffleSplit,
) -> str:
    """Were the differences taken within divisions, and compared with their spread?"""
    found = array("ahead", ahead, (None,))
    if not isinstance(told_apart, bool | np.bool_):
        raise NotYet(
            f"`told_apart` should be True or False, and is {described(told_apart)}"
        )
    whole, early = (
        accuracies(head, depths[name], train_labels, divisions)
        for name in ("top_activation", "block3b_add")
    )
    expected = whole - early
    refuse_unless(
        len(found) == len(expected),
        f"`ahead` holds {len(found)} numbers, and there are {len(expected)} divisions: "
        "one difference for each",
    )
    refuse_unless(
        not np.allclose(found, -expected, atol=1e-6),
        "`ahead` is the other way round: the whole network minus block3b_add",
    )
    refuse_unless(
        not np.allclose(found, whole, atol=1e-6)
        and not np.allclose(found, early, atol=1e-6),
        "`ahead` holds the accuracies of one of them: subtract those of the other",
    )
    refuse_unless(
        np.allclose(found, expected, atol=1e-6),
        f"`ahead` has the mean {found.mean():.3f}, and in these divisions the whole "
        f"network is ahead by {expected.mean():.3f}: the same divisions for both, each "
        "in its place",
    )
    right = bool(abs(expected.mean()) > expected.std())
    refuse_unless(
        bool(told_apart) == right,
        f"the mean is {expected.mean():.3f} and the spread {expected.std():.3f}: "
        f"`told_apart` should be {right}",
    )
    return (
        f"ahead by {expected.mean():.3f} ± {expected.std():.3f}: "
        f"{'told apart' if right else 'not told apart'}"
    )


# Candidates: mean accuracy, megabytes; the budget; who is to be chosen; and why.
_FAR = {"large": (0.98, 20.0), "middle": (0.90, 10.0), "small": (0.70, 5.0)}
_CASES = [
    (
        {**_FAR, "middle": (0.98, 10.0)},
        100.0,
        "middle",
        "two are level, and `middle` is the lighter one of them",
    ),
    (_FAR, 100.0, "large", "`large` is ahead by more than a spread, and it fits"),
    (_FAR, 12.0, "middle", "`large` does not fit, and of the others `middle` is ahead"),
    (_FAR, 10.0, "middle", "`middle` has the 10 MB that the budget allows"),
    (
        {"first": (0.80, 5.0), "second": (0.70, 10.0), "third": (0.98, 20.0)},
        100.0,
        "third",
        "`third` is ahead by more than a spread; its place in the table does not count",
    ),
]


def exercise_3(choose: object) -> str:
    """Does the rule choose the lightest that is not told apart from the best?"""
    for candidates, budget, wanted, why in _CASES:
        scores, megabytes = _tables(candidates)
        given = scores.copy(), megabytes.copy()
        found = called("choose", choose, *given, budget)
        refuse_unless(
            scores.equals(given[0]) and megabytes.equals(given[1]),
            "`choose` changes the tables that it is given: work on copies",
        )
        refuse_unless(
            isinstance(found, str) and found == wanted,
            f"of accuracies {_listed(scores.mean())}, megabytes {_listed(megabytes)} "
            f"and a budget of {budget:g}, `choose` gives {described(found)}, and "
            f"{wanted!r} is asked for: {why}",
        )
    in_step = {"large": (0.98, 20.0), "middle": (0.97, 10.0)}
    found = called("choose", choose, *_tables(in_step, swings=(1, 1)), 100.0)
    refuse_unless(
        isinstance(found, str) and found == "large",
        "`large` is ahead by 0.01 in each division, though from division to division "
        "both go up and down by more: take the spread of the differences",
    )
    return "it fits the budget, keeps what is told apart, and takes the lightest"


def _tables(
    candidates: dict[str, tuple[float, float]], swings: tuple[int, ...] = (1, -1, 1)
) -> tuple[pd.DataFrame, pd.Series]:
    """Accuracies of ten divisions, which go up and down; and what each weighs."""
    up_and_down = np.tile([-0.02, 0.02], 5)
    scores = {
        name: mean + swing * up_and_down
        for (name, (mean, _)), swing in zip(candidates.items(), swings, strict=True)
    }
    return pd.DataFrame(scores), pd.Series({n: mb for n, (_, mb) in candidates.items()})


def _listed(values: pd.Series) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in values.items())
