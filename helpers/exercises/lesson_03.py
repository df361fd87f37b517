"""Judges for the exercises of lesson 3, Add a head."""

from __future__ import annotations

import keras
import numpy as np

from helpers.exercises.answers import (
    NotYet,
    agrees,
    array,
    called,
    instance,
    number,
    refuse_unless,
)


def exercise_1(head: object, n_parameters: object) -> str:
    """Has `head` three classes, and are its parameters counted rightly?"""
    _model("head", head)
    units = head.output_shape[-1]
    refuse_unless(
        units == 3, f"`head` gives {units} numbers: three classes need a unit each"
    )
    refuse_unless(
        head.input_shape[-1] == 2048 and head.count_params() > 2_000_000,
        "`head` should still take 2,048 numbers and have the layer of 1,024 units: "
        "only the last line needs a change",
    )
    said = np.asarray(head.predict(np.ones((2, 2048), "float32"), verbose=0))
    refuse_unless(
        np.allclose(said.sum(axis=-1), 1, atol=1e-4) and said.min() >= 0,
        "`head` gives numbers that do not add up to 1: one of three classes needs a "
        "softmax",
    )
    found, right = number("n_parameters", n_parameters), head.count_params()
    refuse_unless(
        found != 2_100_226, "`n_parameters` is that of the head for two classes"
    )
    refuse_unless(
        found not in (2048 * 1024 + 1024 * 3, right - 3, right - 1024),
        "`n_parameters` leaves out a bias: each unit has one",
    )
    refuse_unless(
        found != 1024 * 3 + 3, "`n_parameters` is that of the last layer alone"
    )
    refuse_unless(
        found == right,
        f"`n_parameters` is {found:,.0f}: for each layer it is what comes in × what "
        "goes out + what goes out",
    )
    return f"three classes, {right:,} parameters"


def exercise_2(pooled: object) -> str:
    """Does `pooled` give the mean over all places, for maps of any size?"""
    rng = np.random.default_rng(0)
    for shape in ((2, 2, 2, 3), (5, 3, 4, 2), (1, 7, 7, 6)):
        maps = rng.normal(size=shape).astype("float32")
        said = called("pooled", pooled, maps)
        if said is ...:
            raise NotYet("`pooled` returns `...` still: put your line in its place")
        found = array("what pooled gives", said, (None,) * np.ndim(said))
        wanted = maps.mean(axis=(1, 2))
        others = {
            "the largest value instead of the mean": maps.max(axis=(1, 2)),
            "the sum instead of the mean": maps.sum(axis=(1, 2)),
            "a mean over pictures, too: leave axis 0 alone": maps.mean(axis=(0, 1, 2)),
            "a mean over the channels, too: leave the last axis alone": maps.mean(
                axis=(1, 2, 3)
            ),
            "a mean over the channels: they are what should be left": maps.mean(axis=3),
            "a mean over rows only": maps.mean(axis=1),
            "a mean over columns only": maps.mean(axis=2),
        }
        for what, other in others.items():
            refuse_unless(
                found.shape != other.shape or not np.allclose(found, other, atol=1e-5),
                f"`pooled` gives {what}",
            )
        refuse_unless(
            found.shape == wanted.shape,
            f"`pooled` turns {shape} into {found.shape}, and should into "
            f"{wanted.shape}",
        )
        refuse_unless(
            np.allclose(found, wanted, atol=1e-5),
            f"`pooled` gives other numbers than the means, for maps of shape {shape}",
        )
    return "the mean of each channel over all places, for maps of any size"


def exercise_3(
    judge: object,
    accuracy: object,
    features: np.ndarray,
    true: np.ndarray,
    unseen_features: np.ndarray,
    unseen_true: np.ndarray,
) -> str:
    """Is `judge` one sigmoid, compiled and trained rightly, and measured on unseen?"""
    _model("judge", judge)
    units = judge.output_shape[-1]
    refuse_unless(units == 1, f"`judge` gives {units} numbers: one unit is asked for")
    refuse_unless(
        judge.input_shape[-1] == features.shape[1],
        f"`judge` takes {judge.input_shape[-1]} numbers, and a picture has "
        f"{features.shape[1]} features",
    )
    refuse_unless(
        getattr(judge, "compiled", False),
        "`judge` is not compiled: say with which optimizer and loss it learns",
    )
    said, learned = (
        np.asarray(judge.predict(x, verbose=0))[:, 0]
        for x in (unseen_features, features)
    )
    refuse_unless(
        np.ptp(said) > 0 or said[0] != 1,
        "`judge` says 1 to everything: a softmax over one unit divides a number by "
        "itself; take a sigmoid",
    )
    refuse_unless(
        said.min() >= 0 and said.max() <= 1,
        f"`judge` gives numbers from {said.min():.1f} to {said.max():.1f}: without a "
        "sigmoid these are scores, and no probabilities",
    )
    loss = str(getattr(judge.loss, "name", judge.loss))
    refuse_unless(
        "binary_crossentropy" in loss.lower().replace("binarycross", "binary_cross"),
        f"`judge` is compiled with the loss {loss}; one sigmoid goes with "
        "binary_crossentropy",
    )
    right, known = (
        float(((p > 0.5) == t).mean())
        for p, t in ((said, unseen_true), (learned, true))
    )
    refuse_unless(
        right > 0.8,
        f"`judge` is right on {right:.0%} of the unseen pictures: did it learn, with "
        "`fit`, from `features` and `true`?",
    )
    refuse_unless(
        _loss(said, unseen_true) > 0.5 * _loss(learned, true),
        "`judge` is surer of the unseen pictures than of those to learn from: it has "
        "learned from the unseen ones, so its accuracy says nothing",
    )
    found = number("accuracy", accuracy)
    refuse_unless(
        found <= 1, f"`accuracy` is {found:g}: a share is asked for, from 0 to 1"
    )
    refuse_unless(
        agrees(found, right) or not agrees(found, known),
        "`accuracy` is that on the pictures to learn from: ask about the unseen ones",
    )
    refuse_unless(
        agrees(found, right),
        f"`accuracy` is {found:.3f}, and on the unseen pictures `judge` is right on "
        f"{right:.3f} of them",
    )
    return f"one sigmoid, right on {right:.1%} of {len(unseen_true)} unseen pictures"


def _loss(said: np.ndarray, true: np.ndarray) -> float:
    said = np.clip(said, 1e-6, 1 - 1e-6)
    return float(-np.log(np.where(true == 1, said, 1 - said)).mean())


def _model(name: str, model: object) -> None:
    instance(name, model, keras.Model, "keras.Model")
    refuse_unless(
        model.built and bool(getattr(model, "inputs", None)),
        f"`{name}` does not know yet what comes in: begin it with keras.Input",
    )
