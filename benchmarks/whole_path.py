"""From 200 pictures on disk to a trained, evaluated head: how near to the limit?

    python -m benchmarks.whole_path                    on drawn pets
    python -m benchmarks.whole_path --photos FOLDER    on photographs

The limit is one forward pass over these pictures, with the graph built and the pixels
in memory, at the best of four batch sizes: of TensorFlow as it comes, a batch at a time
or two, as ours computes them, and of our engine. Ours starts cold each time: it reads
and decodes the files, builds the graph, computes, writes the cache and trains a head.
The article's recipe, with the same backbone and head, has the base inside `fit` for 100
epochs, which is most of the time that this benchmark takes, ten minutes or more; its
generator squeezes pictures, ours crops them. Which 200 pictures one has decides more
than the recipe, so all is done for five choices. Evaluation is not timed.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import tempfile
import time
from collections.abc import Callable

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers
from sklearn.linear_model import LogisticRegression
from tensorflow.keras.preprocessing.image import ImageDataGenerator

from benchmarks.report import report, table
from benchmarks.setting import (
    Pictures,
    arguments,
    in_batches,
    make_base,
    open_set,
    plain_engine,
)
from helpers.engines import BATCH, WORKERS, tensorflow_engine
from helpers.features import compute_features
from helpers.pictures import read_picture
from helpers.plumbing import run
from helpers.start import quietly

PER_CLASS, EPOCHS, BATCHES = 100, 100, (4, 8, 16, 32)


def make_head(features: int, steps_per_execution: int = 1) -> keras.Sequential:
    """The article's head, compiled: 1,024 units, then one for each class."""
    head = keras.Sequential(
        [
            keras.Input((features,)),
            layers.Dense(1024, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ]
    )
    head.compile(
        "rmsprop",
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_per_execution,
    )
    return head


def articles_head(
    features: np.ndarray, labels: np.ndarray, epochs: int = EPOCHS
) -> Callable[[np.ndarray, np.ndarray], float]:
    """Train the article's head on features, for as many epochs as the article or fewer.

    Returns:
        A function from features and labels to the share of right answers.
    """
    # The article's 50 pictures a step. All epochs are one long one, and one call: Keras
    # takes as long between two epochs on so few features as within one.
    steps = epochs * -(-len(features) // 50)
    head = make_head(features.shape[1], steps_per_execution=steps)
    pairs = tf.data.Dataset.from_tensor_slices((features, labels))
    pairs = pairs.shuffle(len(features)).batch(50).repeat(epochs)  # mixed anew
    head.fit(pairs, verbose=0)
    return lambda asked, truth: head.evaluate(asked, truth, verbose=0)[1]


def regression(
    features: np.ndarray, labels: np.ndarray
) -> Callable[[np.ndarray, np.ndarray], float]:
    """Train logistic regression on features; returns as `articles_head` does."""
    return LogisticRegression(max_iter=1000).fit(features, labels).score


HEADS = {
    "logistic regression": regression,
    "Dense 1024, Dense 2, 20 epochs": functools.partial(articles_head, epochs=20),
    "Dense 1024, Dense 2, 100 epochs": articles_head,
}
ARTICLE = "the article's recipe"


def articles_recipe(
    base: keras.Model, pictures: Pictures, train: np.ndarray, epochs: int
) -> tuple[keras.Model, float]:
    """Train with the base inside `fit`, on a generator, as the article does.

    Args:
        base: A frozen base from raw pixels to features.
        pictures: All of them.
        train: Rows of those to learn from.
        epochs: How many times through them.

    Returns:
        The model, and the seconds of training alone.
    """
    files = pd.DataFrame(
        {
            "file": [str(pictures.paths[row].resolve()) for row in train],
            "label": pictures.labels[train].astype(str),
        }
    )
    with contextlib.redirect_stdout(io.StringIO()):  # "Found 200 …"
        generator = ImageDataGenerator().flow_from_dataframe(
            files,
            x_col="file",
            y_col="label",
            target_size=base.input_shape[1:3],
            batch_size=50,
            class_mode="sparse",
            seed=0,
        )
    head = make_head(base.output_shape[-1])
    model = keras.Sequential([keras.Input(base.input_shape[1:]), base, *head.layers])
    model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    start = time.perf_counter()
    model.fit(generator, epochs=epochs, verbose=0)
    return model, time.perf_counter() - start


def clock() -> np.ndarray:
    """Seconds on the wall, and seconds of all processors spent on this program.

    The second count is the one that other programs on the machine do not disturb.
    """
    return np.array([time.perf_counter(), time.process_time()])


def fresh_clock() -> np.ndarray:
    """The `clock`, once Python has cleared away what was done before."""
    gc.collect()
    return clock()


def one_pass(engine: Callable, pixels: np.ndarray, at_once: int) -> np.ndarray:
    """The least of the two `clock`s for a pass over pixels, over some batch sizes."""
    found = []
    for batch in BATCHES:
        start = fresh_clock()
        in_batches(engine, pixels, batch, at_once)
        found.append(clock() - start)
    return np.min(found, axis=0)


def ratios(
    name: str, passes: np.ndarray, computing: np.ndarray, apart: np.ndarray
) -> list[str]:
    """A row: how many times a pass the computing takes, less what is told apart.

    Args:
        name: What the row is called.
        passes: Of each turn the two `clock`s of a pass, shape (turns, 2).
        computing: The same of the computing.
        apart: The same of a part of the computing, measured by itself.

    Example:
        >>> ratios("a", np.full((3, 2), 2.0), np.full((3, 2), 5.0), np.ones((3, 2)))
        ['a', '2.00', '2.00', '2.00']
    """
    cells = [
        (of(computing[:, which]) - of(apart[:, which])) / of(passes[:, which])
        for of, which in ((np.median, 0), (np.min, 0), (np.median, 1))
    ]
    return [name, *(f"{cell:.2f}" for cell in cells)]


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument(
        "--divisions", type=int, default=5, help="ways to choose the 200 (5)"
    )
    parser.add_argument(
        "--turns", type=int, default=3, help="turns of ours in each division (3)"
    )
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, help="of the article's recipe (100)"
    )
    asked = parser.parse_args()
    keras.utils.set_random_seed(0)
    pictures = open_set(asked.photos)
    base = make_base()
    size = base.input_shape[1:3]
    cropped = compute_features(base, pictures.paths, crop=True)
    squeezed = compute_features(base, pictures.paths)  # as the article's generator
    plain, engine = plain_engine(base), tensorflow_engine(base)
    limits = {
        "plain TensorFlow": (plain, 1),
        "plain TensorFlow, two at a time": (plain, WORKERS),
        "our engine": (engine, WORKERS),
    }
    for compute, at_once in limits.values():  # builds the graphs
        one_pass(compute, np.zeros((2 * PER_CLASS, *size, 3), np.uint8), at_once)

    turns = asked.divisions * asked.turns
    building, computing = np.zeros((2, turns, 2))  # by turn and clock
    passes = {name: np.zeros((turns, 2)) for name in limits}
    training: dict[str, list[float]] = {name: [] for name in [*HEADS, ARTICLE]}
    right: dict[str, list[float]] = {name: [] for name in [*HEADS, ARTICLE]}
    with quietly():
        for division in range(asked.divisions):
            train, test = pictures.split(PER_CLASS, seed=division)
            paths = [pictures.paths[row] for row in train]
            labels, truth = pictures.labels[train], pictures.labels[test]
            pixels = np.stack([read_picture(path, size) for path in paths])
            for turn in range(division * asked.turns, (division + 1) * asked.turns):
                for name, (compute, at_once) in limits.items():
                    passes[name][turn] = one_pass(compute, pixels, at_once)
                start = fresh_clock()
                tensorflow_engine(base)(pixels[:BATCH])
                building[turn] = clock() - start
                with tempfile.TemporaryDirectory() as cache:
                    start = fresh_clock()
                    features = compute_features(base, paths, cache, crop=True)
                    computing[turn] = clock() - start
                for name, train_head in HEADS.items():
                    start = time.perf_counter()
                    score = train_head(features, labels)
                    training[name].append(time.perf_counter() - start)
                    right[name].append(score(cropped[test], truth))
        # Afterwards: each training of a whole model leaves TensorFlow slower in
        # building graphs, which one who computes features first does not meet.
        for division in range(asked.divisions):
            train, test = pictures.split(PER_CLASS, seed=division)
            model, seconds = articles_recipe(base, pictures, train, asked.epochs)
            training[ARTICLE].append(seconds * EPOCHS / asked.epochs)
            head = keras.Sequential(model.layers[1:])
            answers = head(squeezed[test]).numpy().argmax(axis=1)
            right[ARTICLE].append(np.mean(answers == pictures.labels[test]))
    recipe = np.median(training[ARTICLE])
    ours = np.median(computing, axis=0)
    parts = {f"one forward pass, {name}": each for name, each in passes.items()}
    parts["our graph, built once, with a batch"] = building
    rows = [
        [name, f"{np.median(each[:, 0]):.2f}", "", "", ""]
        for name, each in parts.items()
    ]
    for name in HEADS:
        rows.append(
            [
                f"ours, {name}",
                f"{ours[0]:.2f}",
                f"{np.median(training[name]):.2f}",
                f"{recipe / (ours[0] + np.median(training[name])):.0f}",
                f"{np.mean(right[name]):.4f}",
            ]
        )
    share = f"{np.mean(right[ARTICLE]):.4f}"
    rows.append([ARTICLE, "", f"{recipe:.1f}", "1", share])
    measured = "" if asked.epochs == EPOCHS else f" ({asked.epochs} epochs measured)"
    report(
        f"whole_path_{pictures.kind}",
        f"From {len(train)} pictures to an evaluated head: {pictures.kind}",
        f"EfficientNet-Lite0 at 224 by 224. {asked.divisions} divisions of the "
        f"pictures, in each {asked.turns} turns of ours and one of the article's "
        f"recipe: {EPOCHS} epochs{measured}, {PER_CLASS} pictures a class, 50 a step. "
        f"Medians of the seconds; means of the accuracy on the {len(test)} pictures "
        "that no head of a division has seen.",
        table(
            [
                "",
                "features (s)",
                "training (s)",
                "times faster than the article",
                "accuracy",
            ],
            rows,
        ),
        "Features from files, cold, against one forward pass, warm; and without the "
        "building of the graph, which takes as long for a million pictures. Processor "
        "seconds are those that other programs on the machine do not disturb.",
        table(
            ["times a forward pass", "seconds", "best turns", "processor seconds"],
            [
                ratios(f"{name}{which}", each, computing, apart)
                for name, each in passes.items()
                for which, apart in (
                    ("", np.zeros_like(building)),
                    (", graph apart", building),
                )
            ],
        ),
    )


if __name__ == "__main__":
    run(_main)
