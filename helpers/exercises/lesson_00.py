"""Judges for the exercises of lesson 0, Start here."""

from __future__ import annotations

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
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

CLOSE = 0.02  # between two probabilities: another solver, other settings of it


def exercise_1(
    few: object,
    accuracy_of_few: object,
    features: np.ndarray,
    names: np.ndarray,
    unseen_features: np.ndarray,
    truth: np.ndarray,
) -> str:
    """Did `few` learn from the first twenty, and was it asked about the unseen ones?"""
    _fitted("few", few, features.shape[1], "features")
    claimed = number("accuracy_of_few", accuracy_of_few)
    said = _probabilities("few", few, unseen_features)

    def learned_from(n: int) -> bool:
        reference = LogisticRegression(max_iter=1000).fit(features[:n], names[:n])
        expected = reference.predict_proba(unseen_features)
        return said.shape == expected.shape and np.allclose(said, expected, atol=CLOSE)

    if not learned_from(20):
        refuse_unless(
            not learned_from(len(names)),
            f"`few` still learns from all {len(names)} pictures: change `n`",
        )
        for n in (19, 21):
            refuse_unless(
                not learned_from(n), f"`few` learned from {n} pictures: one is off"
            )
        raise NotYet(
            "`few` learned from other pictures than the first twenty: both the "
            "features and the names have to end at 20"
        )
    _honest("accuracy_of_few", claimed, few, features[:20], names[:20])
    right = _score(few, unseen_features, truth)
    _same("accuracy_of_few", claimed, right)
    return (
        f"from twenty pictures it learned enough for {right * len(truth):.0f} of "
        f"{len(truth)}"
    )


def exercise_2(mistakes: object, answers: np.ndarray, truth: np.ndarray) -> str:
    """Are `mistakes` the places at which answers and truth differ?"""
    answered("mistakes", mistakes)
    wanted = set(np.flatnonzero(np.asarray(answers) != np.asarray(truth)).tolist())
    if isinstance(mistakes, tuple) and len(mistakes) == 1:
        raise NotYet(
            "`mistakes` is a tuple with an array in it, as `np.where` gives it: its "
            "first item, `[0]`, holds the places"
        )
    if isinstance(mistakes, set | frozenset | range):
        mistakes = sorted(mistakes)
    if hasattr(mistakes, "dtype") and mistakes.dtype == bool:
        raise NotYet(
            "`mistakes` says yes or no for each picture: `np.flatnonzero` turns that "
            "into the places of the yes"
        )
    if isinstance(mistakes, int | np.integer):
        raise NotYet(f"`mistakes` is {mistakes}: how many, perhaps, but not which")
    words = np.asarray(mistakes, dtype=object).ravel().tolist()
    refuse_unless(
        not any(isinstance(word, str) for word in words),
        "`mistakes` holds words: what was answered there, not at which places",
    )
    found = set(array("mistakes", mistakes, (None,)).tolist())
    refuse_unless(
        found != set(range(len(truth))) - wanted,
        "`mistakes` holds the places where the answer is right: `==` should be `!=`",
    )
    refuse_unless(
        found not in ({n + 1 for n in wanted}, {n - 1 for n in wanted}),
        "`mistakes` is off by one: the first picture has the place 0",
    )
    refuse_unless(
        wanted <= found,
        f"`mistakes` lacks {len(wanted - found)} of {len(wanted)} wrong answers",
    )
    refuse_unless(
        found <= wanted, f"`mistakes` holds {len(found - wanted)} that are no mistakes"
    )
    return f"those {len(wanted)} answers are wrong, and no other"


def exercise_3(
    blind: object,
    accuracy_without_eyes: object,
    small: np.ndarray,
    names: np.ndarray,
    small_unseen: np.ndarray,
    truth: np.ndarray,
) -> str:
    """Did `blind` learn from pixels, and was it asked about pictures never seen?"""
    rows, unseen = (p.reshape(len(p), -1) for p in (small, small_unseen))
    _fitted("blind", blind, rows.shape[1], "pixels")
    claimed = number("accuracy_without_eyes", accuracy_without_eyes)
    # Whether pixels run to 1 or to 255 is the learner's choice.
    known = {scale: _score(blind, rows * scale, names) for scale in (1, 255)}
    learned = max(known.values())
    scales = [scale for scale in known if known[scale] == learned]
    scores = [_score(blind, unseen * scale, truth) for scale in scales]
    right = claimed if claimed in scores else scores[0]
    refuse_unless(
        learned >= 0.9,
        f"`blind` is right on {learned:.0%} of the pictures to learn from: did it "
        "learn from them, with their names, in the same order?",
    )
    refuse_unless(
        right <= 0.8,
        f"`blind` is right on {right:.0%} of the unseen pictures, from pixels: "
        "it has learned from them, and should only be asked about them",
    )
    _honest("accuracy_without_eyes", claimed, blind, rows * scales[0], names)
    _same("accuracy_without_eyes", claimed, right)
    return (
        f"without the eyes it is right on {right * len(truth):.0f} of {len(truth)}, "
        "which a coin can do"
    )


def _fitted(name: str, model: object, width: int, what: str) -> None:
    """Refuse what is no classifier that has learned from rows of this width."""
    answered(name, model)
    refuse_unless(
        hasattr(model, "predict") and not isinstance(model, type),
        f"`{name}` should be a classifier, and is {described(model)}",
    )
    try:
        clone(model).get_params()
        seen = getattr(model, "n_features_in_", None)
    except TypeError:
        seen = width  # not of scikit-learn: its answers will tell
    refuse_unless(seen is not None, f"`{name}` has learned nothing yet: call its `fit`")
    refuse_unless(
        seen == width,
        f"`{name}` learned from {seen} numbers a picture, and the {what} are {width}",
    )


def _probabilities(name: str, model: object, inputs: np.ndarray) -> np.ndarray:
    refuse_unless(
        hasattr(model, "predict_proba"),
        f"`{name}` gives no probabilities: let it stay a LogisticRegression",
    )
    return np.asarray(called(f"{name}.predict_proba", model.predict_proba, inputs))


def _score(model: object, inputs: np.ndarray, truth: np.ndarray) -> float:
    try:
        said = np.asarray(model.predict(inputs))
    except NotFittedError:
        raise NotYet("it has learned nothing yet: call its `fit`") from None
    return float((said == np.asarray(truth)).mean())


def _honest(
    name: str, claimed: float, model: object, inputs: np.ndarray, truth: np.ndarray
) -> None:
    refuse_unless(
        claimed != _score(model, inputs, truth) or claimed < 1,
        f"`{name}` is {claimed:.0%}: that is on the pictures it learned from, which it "
        "knows by heart. Ask it about the unseen ones",
    )


def _same(name: str, claimed: float, right: float) -> None:
    refuse_unless(
        claimed <= 1,
        f"`{name}` is {claimed:g}: an accuracy is a share, from 0 to 1",
    )
    refuse_unless(
        abs(claimed - right) < 1e-6,
        f"`{name}` is {claimed:.3f}, and on the unseen pictures it is right on "
        f"{right:.3f} of them",
    )
