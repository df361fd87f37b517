"""Published recipes against features computed once: seconds to an accuracy.

    python -m benchmarks.recipes                    on drawn pets
    python -m benchmarks.recipes --photos FOLDER    on photographs

Each recipe is written afresh from its description, with the same backbone
(EfficientNet-Lite0) and the same 200 pictures. After each epoch the model is asked
about 300 that it has not seen, with the clock stopped. The recipes train from pixels
that are in memory already, which favours them; ours begins with the files, and crops
where the recipes squeeze. Half an hour.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from keras import layers
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression

from benchmarks.report import picture, report, table
from benchmarks.setting import arguments, make_base, open_set
from helpers.features import compute_features
from helpers.pictures import read_picture
from helpers.plumbing import run
from helpers.start import quietly

PER_CLASS, UNSEEN, BATCH = 100, 300, 32
MARKS = (0.95, 0.97, 0.98, 0.99)
Measured = tuple[float, float]  # seconds of training so far, accuracy


class Stage(NamedTuple):
    """Some epochs in which the same layers learn.

    Attributes:
        epochs: How many.
        share: How much of the backbone learns, from its end: 0 none, 1 all of it. Its
            batch normalisation keeps its statistics, as all these recipes advise.
        optimizer: Makes the optimizer, given the number of steps.
    """

    epochs: int
    share: float
    optimizer: Callable[[int], keras.Optimizer]


class Recipe(NamedTuple):
    """How someone teaches it: changes to pictures, a head, and stages of training."""

    augment: list[Callable[[], keras.Layer]]
    head: list[Callable[[], keras.Layer]]
    stages: list[Stage]


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up to the highest rate in a quarter of the steps, and down to almost nothing.

    Args:
        highest: The highest learning rate.
        steps: Of the whole training.

    Example:
        >>> rate = OneCycle(1.0, steps=8)
        >>> [round(float(rate(step)), 2) for step in (0, 1, 2, 5, 8)]
        [0.04, 0.52, 1.0, 0.5, 0.0]
    """

    def __init__(self, highest: float, steps: int):
        self.highest, self.steps = highest, steps

    def __call__(self, step):
        part = keras.ops.cast(step, "float32") / self.steps
        up = (1 - keras.ops.cos(np.pi * part / 0.25)) / 2
        down = (1 + keras.ops.cos(np.pi * (part - 0.25) / 0.75)) / 2
        rise = 1 / 25 + (1 - 1 / 25) * up
        return self.highest * keras.ops.where(part < 0.25, rise, down)


def flip():
    return layers.RandomFlip("horizontal")


RECIPES = {
    "TensorFlow tutorial: frozen, then the last third": Recipe(
        augment=[flip, lambda: layers.RandomRotation(0.2)],
        head=[lambda: layers.Dropout(0.2)],
        stages=[
            Stage(10, 0, lambda steps: keras.optimizers.Adam(1e-4)),
            Stage(10, 1 / 3, lambda steps: keras.optimizers.RMSprop(1e-5)),
        ],
    ),
    "Keras guide: frozen, then all": Recipe(
        augment=[flip, lambda: layers.RandomRotation(0.1)],
        head=[lambda: layers.Dropout(0.2)],
        stages=[
            Stage(2, 0, lambda steps: keras.optimizers.Adam(1e-3)),
            Stage(1, 1, lambda steps: keras.optimizers.Adam(1e-5)),
        ],
    ),
    "Deep Learning with Python: features first": Recipe(
        augment=[],
        head=[lambda: layers.Dense(256), lambda: layers.Dropout(0.5)],
        stages=[Stage(20, 0, lambda steps: keras.optimizers.RMSprop(1e-3))],
    ),
    "Deep Learning with Python: with augmentation": Recipe(
        augment=[
            flip,
            lambda: layers.RandomRotation(0.1),
            lambda: layers.RandomZoom(0.2),
        ],
        head=[lambda: layers.Dense(256), lambda: layers.Dropout(0.5)],
        stages=[Stage(50, 0, lambda steps: keras.optimizers.RMSprop(1e-3))],
    ),
    "as fastai: head, then one cycle of all layers": Recipe(
        augment=[flip, lambda: layers.RandomRotation(0.03)],
        head=[lambda: layers.Dropout(0.25)],
        stages=[
            Stage(1, 0, lambda steps: keras.optimizers.AdamW(OneCycle(2e-3, steps))),
            Stage(4, 1, lambda steps: keras.optimizers.AdamW(OneCycle(1e-4, steps))),
        ],
    ),
}


def train(
    recipe: Recipe,
    pixels: np.ndarray,
    labels: np.ndarray,
    score: Callable[[keras.Model], float],
    epochs: int | None = None,
) -> Iterator[Measured]:
    """Follow a recipe, and measure after each epoch.

    A recipe whose backbone never learns and whose pictures never change trains on
    features that are computed once, as its author does.

    Args:
        recipe: One of `RECIPES`.
        pixels: Shape (pictures, 224, 224, 3), values 0 to 255.
        labels: 0 or 1 for each.
        score: From a model to its accuracy on unseen pictures.
        epochs: Of each stage at most; None for as many as the recipe says.

    Yields:
        Seconds of training so far, and the accuracy.
    """
    base = make_base()
    backbone = base.layers[-1]
    inputs = keras.Input(base.input_shape[1:])
    augment = keras.Sequential([layers.Identity(), *[f() for f in recipe.augment]])
    features = keras.Input(base.output_shape[1:])
    head = keras.Sequential([features, *[f() for f in recipe.head]])
    head.add(layers.Dense(1, activation="sigmoid"))
    model = keras.Model(inputs, head(base(augment(inputs))))
    seconds = 0.0
    start = time.perf_counter()
    once = not recipe.augment
    given = base.predict(pixels, batch_size=BATCH, verbose=0) if once else pixels
    learner = head if once else model
    for stage in recipe.stages:
        base.trainable = stage.share > 0
        first = round(len(backbone.layers) * (1 - stage.share))
        for place, layer in enumerate(backbone.layers):
            statistics = isinstance(layer, layers.BatchNormalization)
            layer.trainable = place >= first and not statistics
        number = min(stage.epochs, epochs or stage.epochs)
        steps = number * -(-len(labels) // BATCH)
        learner.compile(stage.optimizer(steps), "binary_crossentropy")
        for _ in range(number):
            learner.fit(given, labels, batch_size=BATCH, verbose=0)
            seconds += time.perf_counter() - start
            yield seconds, score(model)
            start = time.perf_counter()


def ours(
    paths: list[Path], labels: np.ndarray, score: Callable[[Callable], float]
) -> Iterator[Measured]:
    """Features once, from the files, then logistic regression; measured once."""
    base = make_base()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as cache:
        features = compute_features(base, paths, cache, crop=True)
    head = LogisticRegression(max_iter=1000).fit(features, labels)
    yield time.perf_counter() - start, score(head)


def time_to(measured: list[Measured], mark: float) -> str:
    """When an accuracy was first reached, in seconds; a dash if it never was.

    Example:
        >>> time_to([(1.0, 0.90), (2.0, 0.96), (3.0, 0.94)], 0.95)
        '2.0'
        >>> time_to([(1.0, 0.90)], 0.95)
        '–'
    """
    return next((f"{at:.1f}" for at, share in measured if share >= mark), "–")


def draw_races(record: dict) -> plt.Figure:
    """Accuracy against seconds of training: a line for each recipe, ours a star."""
    (found,) = (part["points"] for part in record["parts"] if "points" in part)
    fig, ax = plt.subplots(figsize=(7, 4.6))
    for name, measured in found.items():
        seconds, shares = zip(*measured, strict=True)
        ax.plot(seconds, shares, "*-" if len(measured) == 1 else ".-", ms=9, label=name)
    ax.set(xscale="log", xlabel="seconds of training", ylabel="accuracy on unseen ones")
    limits, ticks = ax.get_xlim(), (1, 2, 5, 10, 20, 50, 100, 200, 500)
    ax.set_xticks(ticks, map(str, ticks))
    ax.minorticks_off()
    ax.set_xlim(limits)
    ax.set_title("How long until a head is good? Measured after each epoch")
    fig.legend(loc="outside lower left", fontsize=9)
    return fig


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--epochs", type=int, help="of each stage at most, for a try")
    asked = parser.parse_args()
    keras.utils.set_random_seed(0)
    pictures = open_set(asked.photos)
    rows, test = pictures.split(PER_CLASS, seed=0)
    test = test[:UNSEEN]
    size = (224, 224)
    paths, labels = [pictures.paths[row] for row in rows], pictures.labels[rows]
    pixels = np.stack([read_picture(path, size) for path in paths])
    asked_paths = [pictures.paths[row] for row in test]
    unseen = np.stack([read_picture(path, size) for path in asked_paths])
    truth = pictures.labels[test]
    features = compute_features(make_base(), asked_paths, crop=True)

    def score(model: keras.Model) -> float:
        answers = model.predict(unseen, batch_size=BATCH, verbose=0)[:, 0] > 0.5
        return float(np.mean(answers == truth))

    found = {}
    with quietly():
        name = "ours: features once, logistic regression"
        found[name] = list(ours(paths, labels, lambda h: h.score(features, truth)))
        print(name, *found[name][-1], flush=True)
        for name, recipe in RECIPES.items():
            found[name] = list(train(recipe, pixels, labels, score, asked.epochs))
            print(name, *found[name][-1], flush=True)
    report(
        f"recipes_{pictures.kind}",
        f"Seconds to an accuracy: {pictures.kind}",
        f"{len(paths)} pictures to learn from, {len(test)} unseen; the same backbone "
        "for all. Seconds until that share of the unseen ones was first answered "
        "rightly, measured after each epoch; a dash: not in its stated epochs."
        + (f" At most {asked.epochs} epochs a stage." if asked.epochs else ""),
        picture(
            "draw_races",
            "Accuracy against seconds, a line for each recipe; the table has its marks",
            points=found,
        ),
        table(
            [
                "",
                *[f"{mark:.0%}" for mark in MARKS],
                "epochs",
                "seconds in all",
                "accuracy at its end",
            ],
            [
                [
                    name,
                    *[time_to(measured, mark) for mark in MARKS],
                    "" if name.startswith("ours") else len(measured),
                    f"{measured[-1][0]:.1f}",
                    f"{measured[-1][1]:.4f}",
                ]
                for name, measured in found.items()
            ],
        ),
    )


if __name__ == "__main__":
    run(_main)
