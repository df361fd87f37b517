"""What the benchmarks share: the pictures, the base, and a fair clock."""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from helpers.backbones import EfficientNetLite0, EfficientNetLite2, preprocess_input
from helpers.errors import InputError
from helpers.pets import draw_pets
from helpers.pictures import find_pictures
from helpers.plumbing import DATA


class Pictures(NamedTuple):
    """Labelled pictures: paths, and 0 for a cat or 1 for a dog, shape (pictures,)."""

    kind: str  # "drawn" or "photographs"
    paths: list[Path]
    labels: np.ndarray

    def split(self, per_class: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Choose at random what to learn from; all others are for the test.

        Args:
            per_class: How many cats, and how many dogs, to learn from.
            seed: Another seed chooses others.

        Returns:
            Two arrays of rows, both mixed.
        """
        rng = np.random.default_rng(seed)
        mixed = rng.permutation(len(self.labels))
        train = np.concatenate(
            [mixed[self.labels[mixed] == kind][:per_class] for kind in (0, 1)]
        )
        test = mixed[~np.isin(mixed, train)]
        return rng.permutation(train), test


def arguments(doc: str) -> argparse.ArgumentParser:
    """A parser that shows a benchmark's docstring and knows `--photos`."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="FOLDER",
        help="photographs, in folders cat or cats, dog or dogs, at any depth, instead "
        "of the drawn pets",
    )
    return parser


def open_set(photos: Path | None) -> Pictures:
    """Find the photographs in a folder, or draw the pets.

    Args:
        photos: The folder, or None for the drawn pets.

    Returns:
        The pictures whose folder says that they are cats or dogs.

    Raises:
        InputError: if the folder has not ten of each.
    """
    if photos is None:
        draw_pets(DATA / "drawn" / "source", progress=True)
    names = {"cat": 0, "cats": 0, "dog": 1, "dogs": 1}
    found = find_pictures(photos or DATA / "drawn" / "source")
    paths = [path for path in found if path.parent.name.lower() in names]
    labels = np.array([names[path.parent.name.lower()] for path in paths], int)
    if min(np.sum(labels == kind) for kind in (0, 1)) < 10:
        raise InputError(
            f"expected ten pictures or more in folders cat and dog of {photos}, found "
            f"{np.sum(labels == 0)} and {np.sum(labels == 1)}. Name a folder with both."
        )
    return Pictures("drawn" if photos is None else "photographs", paths, labels)


def make_base(build: Callable = EfficientNetLite0) -> keras.Model:
    """A frozen backbone from raw pixels to features, at its own picture size."""
    size = {EfficientNetLite0: 224, EfficientNetLite2: 260}[build]
    inputs = keras.Input((size, size, 3))
    backbone = build(include_top=False, input_shape=(size, size, 3), pooling="avg")
    base = keras.Model(inputs, backbone(preprocess_input(inputs)))
    base.trainable = False
    return base


def plain_engine(base: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """The shortest way to a graph with TensorFlow, to compare others with.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> forward = plain_engine(keras.Model(inputs, outputs))
        >>> forward(np.full((1, 8, 8, 3), 200, np.uint8)).tolist()
        [[200.0, 200.0, 200.0]]
    """
    graph = tf.function(lambda pixels: base(tf.cast(pixels, "float32"), training=False))
    return lambda pixels: graph(pixels).numpy()


def in_batches(
    forward: Callable, pixels: np.ndarray, batch: int, at_once: int = 1
) -> np.ndarray:
    """Push pixels that are in memory through an engine.

    Args:
        forward: The engine.
        pixels: Shape (pictures, height, width, 3).
        batch: How many pictures it is given at a time.
        at_once: How many threads give it batches.

    Example:
        >>> in_batches(lambda pixels: pixels + 1, np.arange(5), batch=2, at_once=2)
        array([1, 2, 3, 4, 5])
    """
    starts = range(0, len(pixels), batch)
    with ThreadPoolExecutor(at_once) as pool:
        given = (pixels[start : start + batch] for start in starts)
        return np.concatenate(list(pool.map(forward, given)))


def take_turns(rivals: dict[str, Callable[[], object]], turns: int) -> dict[str, list]:
    """Time rivals one after the other, again and again: A B C A B C ….

    Whatever else the computer does then falls on all of them alike.

    Args:
        rivals: What to time, by name; each is called once unmeasured, to warm up.
        turns: How many times to time each.

    Returns:
        The seconds of each turn, by name.

    Example:
        >>> seconds = take_turns({"a": lambda: sum(range(9)), "b": list}, turns=3)
        >>> {name: len(each) for name, each in seconds.items()}
        {'a': 3, 'b': 3}
    """
    gc.freeze()  # what was there before is looked through no more
    seconds: dict[str, list] = {name: [] for name in rivals}
    for turn in range(turns + 1):
        for name, work in rivals.items():
            gc.collect()  # what one leaves behind is not the next one's to clear
            start = time.perf_counter()
            work()
            if turn > 0:
                seconds[name].append(time.perf_counter() - start)
    return seconds
