"""Judges for the exercises of lesson 2, Look inside InceptionV3."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd

from helpers.exercises.answers import (
    NotYet,
    called,
    described,
    instance,
    number,
    refuse_unless,
)

LAYER, CHANNEL = "block5b_expand_activation", 230


def exercise_1(lying: object) -> str:
    """Does `lying` answer to an edge that lies, and to no other?"""
    instance("lying", lying, keras.Model, "keras.Model")
    flag = np.zeros((1, 224, 224, 3), "float32")
    flag[:, 112:] = 255
    of_lying, of_standing, of_nothing = (
        float(np.abs(np.asarray(called("lying", lying, picture))).max())
        for picture in (flag, flag.transpose(0, 2, 1, 3), np.full_like(flag, 255))
    )
    refuse_unless(
        max(of_lying, of_standing, of_nothing) > 0,
        "`lying` gives zero for everything: its weights are zeros",
    )
    refuse_unless(
        of_standing < 10 * of_lying,
        "`lying` still answers to edges that stand, as in the lesson",
    )
    refuse_unless(
        of_nothing < 0.01 * of_lying,
        f"`lying` answers to a plain white picture, too ({of_nothing:.0f}): its "
        "weights do not add up to zero. Did it get yours, with `set_weights`?",
    )
    refuse_unless(
        of_standing < 0.1 * of_lying,
        "`lying` answers to edges that stand as well as to those that lie: each row "
        "of its numbers should be one number three times, or nearly so",
    )
    return (
        f"it answers {of_lying:.0f} to an edge that lies, {of_standing:.0f} to others"
    )


def exercise_2(behind: object, table: pd.DataFrame) -> str:
    """Is `behind` the number of parameters after `mixed7`?"""
    found = number("behind", behind)
    place = list(table["name"]).index("mixed7")
    parameters = table["parameters"].to_numpy()
    above, right, whole = (
        int(part.sum())
        for part in (parameters[: place + 1], parameters[place + 1 :], parameters)
    )
    refuse_unless(found != above, "that many lie before `mixed7`, not behind it")
    refuse_unless(found != whole, "that many has the whole network")
    refuse_unless(
        found != len(parameters) - place - 1,
        "that is the number of layers behind `mixed7`, not of their parameters",
    )
    refuse_unless(
        not 0 < found <= 100,
        f"`behind` is {found:g}: a share, perhaps; a number of parameters is asked for",
    )
    refuse_unless(
        found != parameters[place + 2 :].sum(),
        "one layer is missing: the first behind `mixed7` counts, too",
    )
    refuse_unless(
        found == right,
        f"`behind` is {found:,.0f}; the rows of `table` behind `mixed7` add up to "
        "another number",
    )
    return f"{right / whole:.0%} of the parameters lie behind `mixed7`"


def exercise_3(
    eye: object, strongest: object, network: keras.Model, inputs: np.ndarray
) -> str:
    """Does `eye` give that layer, and was its channel compared over all places?"""
    instance("eye", eye, keras.Model, "keras.Model")
    wanted = network.get_layer(LAYER).output
    output = getattr(eye, "output", None)
    shape = getattr(output, "shape", None)
    refuse_unless(
        shape is not None,
        f"`eye` should have one output, the layer `{LAYER}`, and has "
        f"{described(output)}",
    )
    refuse_unless(
        tuple(shape) == tuple(wanted.shape),
        f"`eye` gives {tuple(shape)}, and the layer `{LAYER}` {tuple(wanted.shape)}: "
        "choose it by its name",
    )
    few = inputs[:4]
    said = np.asarray(called("eye", eye, few))
    true = np.asarray(keras.Model(network.input, wanted)(few))
    refuse_unless(
        np.allclose(said, true, atol=1e-3),
        f"`eye` has the right shape, but gives something else than `{LAYER}` of "
        "`network`: another layer, or other weights",
    )
    chosen = number("strongest", strongest)
    maps = keras.Model(network.input, wanted).predict(inputs, verbose=0)
    peaks = maps.max(axis=(1, 2))
    means = maps.mean(axis=(1, 2))
    right = int(peaks[:, CHANNEL].argmax())
    if chosen == right:
        return f"picture {right} has the strongest spot of channel {CHANNEL}"
    reasons = {
        int(peaks[:, CHANNEL].argmin()): "that is where it responds least",
        int(means[:, CHANNEL].argmax()): (
            "that has the highest mean over all places; the strongest spot is asked "
            "for: `max` over height and width"
        ),
        int(peaks[:, CHANNEL - 1].argmax()): (
            f"that is right for channel {CHANNEL - 1}: the first channel has the "
            "number 0, so yours is one off"
        ),
        right + 1: "one off: the first picture has the number 0",
    }
    raise NotYet(
        f"`strongest` is {chosen:g}: "
        + reasons.get(
            int(chosen),
            "another picture has a stronger spot. Was `eye` asked about `inputs`, and "
            f"is it channel {CHANNEL}?",
        )
    )
