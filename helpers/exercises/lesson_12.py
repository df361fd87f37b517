"""Judges for the exercises of lesson 12, Put it into somebody's hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from helpers.exercises.answers import (
    array,
    called,
    described,
    instance,
    number,
    refuse_unless,
)
from helpers.pictures import read_picture

SIZE = (224, 224)
NEAR = 6  # of 255, on average: another way to resize, and no other picture


def exercise_1(read: object, paths: Sequence[Path], ask: Callable) -> str:
    """Does the file see the pictures as it was trained to see them?"""
    few = paths[::4]
    found = [
        array("read(path)", called("read", read, path), (*SIZE, 3)) for path in few
    ]
    expected = [read_picture(path, SIZE, crop=True).astype(float) for path in few]
    squeezed = [read_picture(path, SIZE).astype(float) for path in few]
    largest = max(pixels.max() for pixels in found)
    refuse_unless(
        largest > 1.5,
        f"the largest value is {largest:.2g}: the file divides by itself, and wants "
        "values from 0 to 255",
    )
    refuse_unless(
        min(pixels.min() for pixels in found) >= 0 and largest <= 255,
        "values lie outside of 0 to 255, and to this range the file was trained",
    )
    far = _apart(found, expected)
    refuse_unless(
        _apart(found, [pixels[..., ::-1] for pixels in expected]) > far,
        "red and blue have changed places",
    )
    refuse_unless(
        far < NEAR or _apart(found, squeezed) > NEAR,
        "the pictures are squeezed, and the animals are too thin or too fat: crop them",
    )
    refuse_unless(
        far < NEAR,
        f"the pixels are {far:.0f} of 255 away, on average, from those that it was "
        "trained with: crop the middle of the picture, and resize it",
    )
    ours = ask("pets.onnx", expected).argmax(axis=1)
    same = (ask("pets.onnx", found).argmax(axis=1) == ours).mean()
    refuse_unless(same == 1, f"only {same:.0%} of the answers are the classifier's")
    return "the file sees what it was trained to see, and answers as the classifier"


def exercise_2(
    furthest: object, pixels: np.ndarray, of_keras: np.ndarray, ask: Callable
) -> str:
    """Are these the largest differences, of both files?"""
    instance("furthest", furthest, Mapping, "dict")
    told = {}
    for file in ("pets.onnx", "small.onnx"):
        refuse_unless(file in furthest, f"`furthest` has no entry {file!r}")
        told[file] = number(f'furthest["{file}"]', furthest[file])
        difference = ask(file, pixels) - of_keras
        right, mean = np.abs(difference).max(), np.abs(difference).mean()
        near = max(1e-6, 0.01 * right)
        refuse_unless(
            abs(told[file] - mean) > 0.01 * mean or abs(told[file] - right) <= near,
            f"of {file} it is the mean difference: the one that moved furthest counts",
        )
        refuse_unless(
            told[file] >= 0, f"of {file} it is below zero: how far, not which way?"
        )
        refuse_unless(
            told[file] <= 1.001,
            f"of {file} it is {told[file]:.3g}: probabilities are at most 1 apart",
        )
        refuse_unless(
            abs(told[file] - right) <= near,
            f"of {file} it is {told[file]:.3g}, and should be {right:.3g}: compare the "
            "file's answers to all of `pixels` with `of_keras`",
        )
    # A power of ten: what exactly it is, and whether below 1e-5, differs by the run.
    within = 10 ** np.ceil(np.log10(max(told["pets.onnx"], 1e-4)))
    return (
        f"the export moved no probability by more than {within:g}, int8 "
        f"moved one by {told['small.onnx']:.2f}"
    )


def exercise_3(shrunk: object) -> str:
    """Are steps and scales as near to the weights as int8 allows?"""
    for seed, shape in ((0, (3, 50)), (1, (1, 7)), (2, (20, 400))):
        weights = _weights(seed, shape)
        given = called("shrunk", shrunk, weights.copy())
        refuse_unless(
            isinstance(given, tuple | list) and len(given) == 2,
            f"`shrunk(weights)` should give steps and scales, and gives "
            f"{described(given)}",
        )
        kind = getattr(given[0], "dtype", None)
        refuse_unless(
            kind == np.int8, f"the steps should be int8, and are {kind or 'no array'}"
        )
        steps = array("the steps", given[0], shape)
        scales = array("the scales", given[1], (shape[0], 1))
        refuse_unless(scales > 0, "some scale is not above zero")
        largest = np.abs(weights).max(axis=1)
        reached = np.abs(steps).max(axis=1)
        refuse_unless(
            reached[largest == 0] == 0, "a channel of zeros does not stay one"
        )
        refuse_unless(
            reached[largest > 0] == 127,
            f"with {shape[0]} channels, the largest step of a channel is "
            f"{reached[largest > 0].min():.0f} instead of 127: each has its own scale",
        )
        away = np.abs(steps * scales - weights) / scales
        refuse_unless(
            away <= 0.5 + 1e-6,
            f"a weight is {away.max():.2f} steps away from `steps * scales`, and half "
            "a step is possible: `np.round`, and the sign",
        )
    return "no weight is further away than half a step, with 1, 3 and 20 channels"


def _apart(found: list[np.ndarray], expected: list[np.ndarray]) -> float:
    return float(np.abs(np.stack(found) - np.stack(expected)).mean())


def _weights(seed: int, shape: tuple[int, int]) -> np.ndarray:
    """Channels of very different sizes; of three or more, the second is zero."""
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=shape) * 10.0 ** rng.uniform(-4, 1, (shape[0], 1))
    weights[1:2] = 0
    return weights
