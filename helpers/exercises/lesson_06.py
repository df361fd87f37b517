"""Judges for the exercises of lesson 6, Train cats vs dogs."""

from __future__ import annotations

import math

import keras
import numpy as np

from helpers.exercises.answers import (
    agrees,
    answered,
    called,
    described,
    instance,
    number,
    refuse_unless,
)
from helpers.features import compute_features

EPOCHS, STEPS, BATCH, PICTURES = 10, 70, 32, 40  # the lesson's; of the exercise
POINT, ACCURACY = 0.01, 0.98


def exercise_1(
    epochs: object,
    head: object,
    accuracy_of_forty: object,
    test_features: np.ndarray,
    test_true: np.ndarray,
) -> str:
    """Did `head` take as many steps on forty pictures as the lesson's on 200?"""
    stated = number("epochs", epochs)
    batches = math.ceil(PICTURES / BATCH)
    refuse_unless(
        stated != EPOCHS,
        f"`epochs` is still {EPOCHS}: {PICTURES} pictures are {batches} batches, so "
        f"the head takes {EPOCHS * batches} steps",
    )
    refuse_unless(
        stated != 50,
        "`epochs` is 50, which shows the head as many pictures as before. But it takes "
        "a step for each batch, and the second batch here is a small one",
    )
    refuse_unless(
        stated != STEPS,
        f"`epochs` is {STEPS}, with two batches in each: twice as many steps as asked",
    )
    refuse_unless(
        stated * batches == STEPS,
        f"{stated:g} epochs of {batches} batches are {stated * batches:g} steps, and "
        f"the head of the lesson took {STEPS}",
    )
    instance("head", head, keras.Model, "Keras model")
    taken = int(head.optimizer.iterations.numpy())
    refuse_unless(
        taken == STEPS,
        f"`epochs` is right, but `head` took {taken} steps: train it anew, on the "
        f"first {PICTURES} pictures",
    )
    claimed = number("accuracy_of_forty", accuracy_of_forty)
    said = head.predict(test_features, verbose=0).argmax(-1)
    _same("accuracy_of_forty", claimed, float((said == test_true).mean()))
    return f"{stated:g} epochs of {batches} batches are {STEPS} steps"


def exercise_2(needed: object) -> str:
    """Do so many pictures make 98% sure to a point?"""
    n = number("needed", needed)
    refuse_unless(n > 0, f"`needed` is {n:g}: it should be a number of pictures")
    spread = ACCURACY * (1 - ACCURACY)
    right = spread * (2 / POINT) ** 2
    known = {
        right / 4: "one standard error is 0.01 then, and two should be",
        math.sqrt(spread) * 2 / POINT: "the root is over n, too: square the rest",
        right / 1e4: "a point is 0.01, not 1, where an accuracy is a share",
        0.5
        * 0.5
        * (2 / POINT) ** 2: "that is for a coin, with p = 0.5; here p is 0.98",
        0.98 * (2 / POINT) ** 2: "(1 − p) is missing: it is 0.02",
    }
    for value, sentence in known.items():
        refuse_unless(abs(n - value) > 0.02 * value, f"`needed` is {n:g}: {sentence}")
    reached = 2 * math.sqrt(spread / n)
    refuse_unless(
        abs(n - right) <= 1.5,
        f"with {n:g} pictures two standard errors are {reached:.4f}, not {POINT}",
    )
    return f"with {n:.0f} pictures two standard errors are {reached:.3f}"


def exercise_3(
    halves: object,
    side: object,
    side_accuracy: object,
    test_paths: list,
    test_side: np.ndarray,
) -> str:
    """Do the features of `halves` tell which half of a picture is brighter?"""
    instance("halves", halves, keras.Model, "Keras model")
    takes, gives = halves.input_shape, halves.output_shape
    refuse_unless(
        tuple(takes) == (None, 224, 224, 3),
        f"`halves` takes {takes}: it should begin at `inputs`, with the pixels",
    )
    refuse_unless(
        len(gives) == 2,
        f"`halves` gives {gives}, and the features of a picture are one row: "
        "`layers.Flatten()` makes one",
    )
    answered("side", side)
    refuse_unless(
        hasattr(side, "predict") and not isinstance(side, type),
        f"`side` should be a classifier that has learned, and is {described(side)}",
    )
    claimed = number("side_accuracy", side_accuracy)
    columns = compute_features(halves, test_paths, crop=True)
    said = np.asarray(called("side.predict", side.predict, columns))
    right = float((said == test_side).mean())
    _same("side_accuracy", claimed, right)
    refuse_unless(
        right > 0.8,
        f"`side` is right on {right:.0%} of the test pictures, and 9 of 10 can be had: "
        "from a layer that still knows the brightness, left and right apart",
    )
    return f"with left and right apart it is right on {right:.0%}"


def _same(name: str, claimed: float, right: float) -> None:
    refuse_unless(
        agrees(claimed, right),
        f"`{name}` is {claimed:.3f}, and on the test pictures it is {right:.3f}",
    )
