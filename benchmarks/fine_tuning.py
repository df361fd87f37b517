"""Does fine-tuning pay? Inside, at night and in pencil, with a spread.

    python -m benchmarks.fine_tuning                    on drawn pets
    python -m benchmarks.fine_tuning --photos FOLDER    on photographs

Three ways from the same backbone, EfficientNet-Lite0 at 96 pixels: a probe; everything
at once, with a new head; and first the probe, then everything. Half an hour on two
cores.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import keras
import numpy as np
from keras import layers
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression

from benchmarks.backbones import some_of_each
from benchmarks.report import picture, report, table, tables
from benchmarks.setting import Pictures, arguments, open_set
from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.heads import head_from_regression
from helpers.pictures import read_picture
from helpers.plumbing import run
from helpers.shifts import at_night, in_pencil

SIDE, DRAWS, EPOCHS, BATCH = 96, 5, 10, 20
OF_EACH, POOL = 300, 100  # of each class: in all; of these, to learn from and to choose
PER_CLASS, SIZES = 50, (10, 25, 80)  # of each class in a draw; other sizes
RATES = (1e-4, 3e-4, 1e-3)
WAYS = ("everything", "probe first")
CUT = "block5c_add"  # lesson 8 trains what lies above
KINDS = ("held out", "inside", "night", "pencil")
COLUMNS = ["run", "learns", "way", "batch norm", "rate", "a class", KINDS[0]]
COLUMNS += [
    f"{kind}{what}"
    for kind in KINDS[1:]
    for what in ("", " spread", " ahead", " ahead spread")
]


class Upper(NamedTuple):
    """The part of a network that learns, and what it is given.

    Attributes:
        model: From maps to probabilities; its last layer is the head.
        features: The same weights, from maps to features, shape (batch, 1280).
        pool: Maps to learn from and to choose with, shape (pictures, …).
        tests: Maps of the test pictures, by kind.
        start: The weights of ImageNet, and of some head.
    """

    model: keras.Model
    features: keras.Model
    pool: np.ndarray
    tests: dict[str, np.ndarray]
    start: list[np.ndarray]


def upper_part(
    pool: np.ndarray, tests: dict[str, np.ndarray], cut: str | None, still: bool
) -> Upper:
    """Compute once what lies below a cut, and make a model of what lies above.

    Args:
        pool: Pixels, uint8, shape (pictures, 96, 96, 3).
        tests: Pixels by kind.
        cut: The last layer that does not learn; None lets all of them learn.
        still: Whether batch normalization keeps its statistics, scales and shifts.

    Example:
        >>> pixels = np.zeros((2, 96, 96, 3), np.uint8)
        >>> upper_part(pixels, {"night": pixels}, CUT, still=True).pool.shape
        (2, 6, 6, 112)
    """
    network = EfficientNetLite0(include_top=False, input_shape=(SIDE, SIDE, 3))
    first = network.get_layer(cut).output if cut else network.input
    below = keras.Model(network.input, first)

    def maps_of(pixels: np.ndarray) -> np.ndarray:
        inputs = preprocess_input(pixels.astype("float32"))
        return below.predict(inputs, batch_size=50, verbose=0) if cut else inputs

    above = keras.Model(first, network.output)
    if still:
        for layer in above.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.trainable = False
    inputs = keras.Input(first.shape[1:])
    pooled = layers.GlobalAveragePooling2D()(above(inputs))
    answers = layers.Dense(2, activation="softmax")(pooled)
    model = keras.Model(inputs, answers)
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    made = {kind: maps_of(pixels) for kind, pixels in tests.items()}
    features = keras.Model(inputs, pooled)
    return Upper(model, features, maps_of(pool), made, model.get_weights())


class WarmUp(keras.callbacks.Callback):
    """Raise the rate to its peak in a fifth of the steps, then let it fall to zero."""

    def __init__(self, peak: float, steps: int) -> None:
        super().__init__()
        self.peak, self.steps, self.step = peak, steps, 0

    def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
        """Set the rate of the next step; Keras calls this."""
        self.step += 1
        warm = max(1, self.steps // 5)
        rise = self.step / warm
        fall = (self.steps + 1 - self.step) / (self.steps + 1 - warm)
        self.model.optimizer.learning_rate = self.peak * min(rise, fall)


def draw(labels: np.ndarray, per_class: int, seed: int) -> tuple[np.ndarray, ...]:
    """Rows of the pool to learn from, and those that are left over to choose with.

    Example:
        >>> learn, ask = draw(np.array([0, 0, 1, 1]), per_class=1, seed=0)
        >>> sorted([*learn.tolist(), *ask.tolist()])
        [0, 1, 2, 3]
    """
    return Pictures("pool", [], labels).split(per_class, seed)


def train(upper: Upper, way: str, rate: float, learn, labels, seed: int) -> None:
    """Train from ImageNet's weights; the model of `upper` holds what was learned."""
    keras.utils.set_random_seed(seed)
    upper.model.set_weights(upper.start)
    head = upper.model.layers[-1]
    if way == "everything":  # a new head
        fresh = layers.Dense(2)
        fresh.build((None, 1280))
        head.set_weights(fresh.get_weights())
    else:
        columns = upper.features.predict(upper.pool[learn], verbose=0)
        probe = LogisticRegression(max_iter=2000).fit(columns, labels[learn])
        head.set_weights(head_from_regression(probe).get_weights())
    if way == "probe":
        return
    for variable in upper.model.optimizer.variables:  # as if compiled anew
        variable.assign(keras.ops.zeros_like(variable))
    steps = EPOCHS * -(-len(learn) // BATCH)
    upper.model.fit(
        upper.pool[learn],
        labels[learn],
        batch_size=BATCH,
        epochs=EPOCHS,
        verbose=0,
        callbacks=[WarmUp(rate, steps)],
    )


def scores(
    upper: Upper, way: str, rate: float, per_class: int, labels, true
) -> np.ndarray:
    """Accuracies of five draws, shape (draws, kinds): held out, inside, shifted."""

    def right(maps: np.ndarray, answers: np.ndarray) -> float:
        said = upper.model.predict(maps, batch_size=100, verbose=0).argmax(axis=-1)
        return float((said == answers).mean())

    found = []
    for seed in range(DRAWS):
        learn, ask = draw(labels, per_class, seed)
        train(upper, way, rate, learn, labels, seed)
        held_out = right(upper.pool[ask], labels[ask])
        found.append([held_out, *(right(upper.tests[k], true) for k in KINDS[1:])])
    return np.array(found)


def runs(upper: Upper, settings, learns: str, norm: str, labels, true) -> Iterator:
    """A row of the table for each (way, rate, pictures of a class)."""
    probes: dict[int, np.ndarray] = {}
    for way, rate, per_class in settings:
        if per_class not in probes:
            probes[per_class] = scores(upper, "probe", 0, per_class, labels, true)
        found = probes[per_class]
        if way != "probe":
            found = scores(upper, way, rate, per_class, labels, true)
        name = f"{way}, {learns}, {norm}, {rate:g}, {per_class}"
        row = [name, learns, way, norm, f"{rate:g}", per_class]
        row.append(f"{found[:, 0].mean():.4f}")
        for kind in range(1, len(KINDS)):
            ahead = found[:, kind] - probes[per_class][:, kind]
            values = found[:, kind], ahead
            row += [f"{x:.4f}" for v in values for x in (v.mean(), v.std(ddof=1))]
        print(*row, flush=True)
        yield row


def best_rates(rows: list[list]) -> dict[str, float]:
    """The rate of each way that was best on what was held out, not on the test."""
    held_out = COLUMNS.index("held out")
    return {
        way: float(max((r for r in rows if r[2] == way), key=lambda r: r[held_out])[4])
        for way in WAYS
    }


def draw_ahead(record: dict) -> plt.Figure:
    """How far each way is ahead of the probe, inside and outside, with its spread."""
    (rows,) = tables(record)
    chosen = [row for row in rows if row[1] == "all layers" and row[2] in WAYS]
    fig, ax = plt.subplots(figsize=(7, 3.2))
    for number, row in enumerate(chosen):
        values = dict(zip(COLUMNS, row, strict=True))
        mean = [100 * float(values[f"{kind} ahead"]) for kind in KINDS[1:]]
        spread = [100 * float(values[f"{kind} ahead spread"]) for kind in KINDS[1:]]
        place = np.arange(3) + 0.35 * (number - 0.5)
        ax.bar(place, mean, 0.33, yerr=spread, capsize=3, label=values["way"])
    ax.axhline(0, color="#444444")
    ax.set_xticks(range(3), KINDS[1:])
    ax.set(ylabel="points ahead of the probe", title=record["title"])
    ax.legend()
    return fig


def _main() -> None:
    pictures = some_of_each(
        open_set(arguments(__doc__).parse_args().photos), number=OF_EACH
    )
    pixels = np.stack(
        [read_picture(path, (SIDE, SIDE), crop=True) for path in pictures.paths]
    )
    pool, test = pictures.split(POOL, seed=0)
    labels, true = pictures.labels[pool], pictures.labels[test]
    day = pixels[test]
    tests = dict(
        zip(KINDS[1:], (day, at_night(day, seed=0), in_pencil(day)), strict=True)
    )

    part = upper_part(pixels[pool], tests, CUT, still=True)
    settings = [("probe", 0, PER_CLASS)]
    settings += [(way, rate, PER_CLASS) for way in WAYS for rate in RATES]
    rows = list(runs(part, settings, "from block 6 on", "still", labels, true))
    chosen = best_rates(rows)
    settings = [
        (way, chosen.get(way, 0), size) for size in SIZES for way in ("probe", *WAYS)
    ]
    rows += runs(part, settings, "from block 6 on", "still", labels, true)
    best = [(way, chosen[way], PER_CLASS) for way in WAYS]
    part = upper_part(pixels[pool], tests, CUT, still=False)
    rows += runs(part, best, "from block 6 on", "moving", labels, true)
    part = upper_part(pixels[pool], tests, None, still=True)
    rows += runs(part, best, "all layers", "still", labels, true)
    report(
        f"fine_tuning_{pictures.kind}",
        f"Ahead of a probe: fine-tuning, {pictures.kind}",
        f"EfficientNet-Lite0 at {SIDE} pixels. {DRAWS} draws out of {2 * POOL} "
        f"pictures; those not drawn chose the rates; tested on {len(true)} others, "
        "as they are, at night and in pencil (helpers/shifts.py). The same draws "
        "for all ways, so “ahead” is the mean difference to the probe within a draw. "
        f"Adam, {EPOCHS} epochs, batches of {BATCH}, warm-up in a fifth of the steps, "
        "then a linear fall. Everything: all weights and a new head at once. Probe "
        "first: the head is that of the probe, then all weights learn.",
        picture(
            "draw_ahead",
            "Bars for both ways, all layers learning: points ahead of the probe, "
            "inside, at night and in pencil; the table has their values",
        ),
        table(COLUMNS, rows),
    )


if __name__ == "__main__":
    run(_main)
