"""Does fine-tuning pay? Inside, at night and in pencil, with a spread.

    python -m benchmarks.fine_tuning                    on drawn pets
    python -m benchmarks.fine_tuning --photos FOLDER    on photographs

From the same backbone, EfficientNet-Lite0 at 96 pixels: a probe; everything at once,
with a new head; first the probe, then everything; and the last with a rate for each
group of layers, or with batch normalization that moves. Half an hour on two cores. What
is finished is kept in `data/fine_tuning`, so it can be stopped and called again; delete
that folder to measure anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
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
from helpers.pets import draw_pets
from helpers.pictures import at_night, in_pencil, read_picture
from helpers.plumbing import DATA, run
from tools.records import write_json

SIDE, BATCH, STEPS, LEAST_EPOCHS, DRAWS = 96, 20, 50, 5, 5
OF_EACH, TEST, HELD_OUT = 500, 100, 50  # of each class; the rest is to draw from
PER_CLASS = 50  # pictures of a class to learn from; and for the curve
CURVE = {"drawn": (10, 25, 50, 100, 200), "photographs": (50,)}
RATES = (1e-4, 3e-4, 1e-3)
RIVALS = ("everything", "probe first")
AGAINST = "probe first, against everything"
CUT = "block5c_add"  # computed once; what lies above learns
SHARES = {"block6": 0.1, "block7": 0.3}  # of the rate; the top and the head get all
PLACES = ("inside", "night", "pencil")
KEPT = DATA / "fine_tuning"


class Pixels(NamedTuple):
    """Pictures as pixels, uint8 of shape (pictures, 96, 96, 3), and their labels."""

    pool: np.ndarray
    pool_labels: np.ndarray
    held_out: np.ndarray
    held_out_labels: np.ndarray
    tests: dict[str, np.ndarray]  # by place
    true: np.ndarray


class ByGroup(keras.optimizers.Adam):
    """Adam that takes smaller steps in some layers.

    Smaller slopes would change nothing: Adam divides by how large they usually are.
    """

    def update_step(self, gradient, variable, learning_rate) -> None:
        """Take a step; Keras calls this for each of TensorFlow's variables."""
        found = [share for part, share in SHARES.items() if part in variable.name]
        super().update_step(gradient, variable, (found or [1])[0] * learning_rate)


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


class Part:
    """The part of a network that learns, and what it is given.

    Args:
        pixels: The pictures.
        moving: Whether batch normalization moves; if not, its statistics, scales and
            shifts stay.
        optimizer: For every training; it forgets what it knew before each.

    Example:
        >>> few, labels = np.zeros((2, 96, 96, 3), np.uint8), np.array([0, 1])
        >>> part = Part(Pixels(few, labels, few, labels, {"night": few}, labels))
        >>> part.pool.shape
        (2, 6, 6, 112)
    """

    def __init__(
        self,
        pixels: Pixels,
        moving: bool = False,
        optimizer: keras.optimizers.Optimizer | None = None,
    ) -> None:
        self.pixels = pixels
        network = EfficientNetLite0(include_top=False, input_shape=(SIDE, SIDE, 3))
        first = network.get_layer(CUT).output
        below = keras.Model(network.input, first)

        def maps_of(given: np.ndarray) -> np.ndarray:
            inputs = preprocess_input(given.astype("float32"))
            return below.predict(inputs, batch_size=50, verbose=0)

        above = keras.Model(first, network.output)
        for layer in above.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.trainable = moving
        inputs = keras.Input(first.shape[1:])
        pooled = layers.GlobalAveragePooling2D()(above(inputs))
        answers = layers.Dense(2, activation="softmax")(pooled)
        self.model = keras.Model(inputs, answers)
        self.model.compile(
            optimizer or keras.optimizers.Adam(), "sparse_categorical_crossentropy"
        )
        self.model.optimizer.build(self.model.trainable_variables)
        self.start = self.model.get_weights()
        self.pool, self.held_out = maps_of(pixels.pool), maps_of(pixels.held_out)
        self.tests = {place: maps_of(given) for place, given in pixels.tests.items()}
        self.features = keras.Model(inputs, pooled).predict(self.pool, verbose=0)

    def train(self, way: str, rate: float, learn: np.ndarray, seed: int) -> None:
        """Train from ImageNet's weights; the model then holds what was learned.

        Args:
            way: "probe" does not train, "everything" begins with a new head, all
                others with the probe's.
            rate: At its peak.
            learn: Rows of the pool.
            seed: Of the new head, and of the order of the pictures.
        """
        keras.utils.set_random_seed(seed)
        labels = self.pixels.pool_labels[learn]
        self.model.set_weights(self.start)
        if way == "everything":
            head = keras.Sequential([keras.Input((1280,)), layers.Dense(2)])
        else:
            probe = LogisticRegression(max_iter=2000).fit(self.features[learn], labels)
            head = head_from_regression(probe)
        self.model.layers[-1].set_weights(head.get_weights())
        if way == "probe":
            return
        for variable in self.model.optimizer.variables:  # as if compiled anew
            variable.assign(keras.ops.zeros_like(variable))
        in_epoch = -(-len(learn) // BATCH)
        epochs = max(LEAST_EPOCHS, -(-STEPS // in_epoch))
        self.model.fit(
            self.pool[learn],
            labels,
            batch_size=BATCH,
            epochs=epochs,
            verbose=0,
            callbacks=[WarmUp(rate, epochs * in_epoch)],
        )

    def ask(self) -> list[float]:
        """The loss on what is held out, then the share of right answers in each place.

        Returns:
            As many numbers as there are places, and one.
        """
        answers = self.model.predict(self.held_out, batch_size=100, verbose=0)
        rows = np.arange(len(answers))
        sure = answers[rows, self.pixels.held_out_labels].clip(1e-7)
        found = [float(-np.log(sure).mean())]
        for maps in self.tests.values():
            answers = self.model.predict(maps, batch_size=100, verbose=0)
            found.append(float((answers.argmax(axis=-1) == self.pixels.true).mean()))
        return found


def divide(labels: np.ndarray, test: int = TEST, held_out: int = HELD_OUT) -> list:
    """Rows to draw from, rows to choose a rate with, rows to test with.

    Example:
        >>> [part.size for part in divide(np.repeat([0, 1], 6), test=3, held_out=1)]
        [4, 2, 6]
    """
    rng = np.random.default_rng(0)
    cuts = (test, test + held_out)
    of_kinds = [rng.permutation(np.flatnonzero(labels == kind)) for kind in (0, 1)]
    parts = [np.split(rows, cuts) for rows in of_kinds]
    asked, kept, pool = (np.concatenate(both) for both in zip(*parts, strict=True))
    return [pool, kept, asked]


def read(pictures: Pictures) -> Pixels:
    """Read all pictures and divide them; the tests as they are, and shifted."""
    pixels = np.stack(
        [read_picture(path, (SIDE, SIDE), crop=True) for path in pictures.paths]
    )
    pool, held_out, test = divide(pictures.labels)
    day, labels = pixels[test], pictures.labels
    shifted = (day, at_night(day, seed=0), in_pencil(day))
    return Pixels(
        pixels[pool],
        labels[pool],
        pixels[held_out],
        labels[held_out],
        dict(zip(PLACES, shifted, strict=True)),
        labels[test],
    )


class Kept:
    """What is found, by what was done; written at once.

    Args:
        path: Of a file that holds what was found before, or of none yet.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     first = Kept(Path(folder) / "a.json").found("six", lambda: 6)
        ...     again = Kept(Path(folder) / "a.json").found("six", lambda: 7)
        six 6
        >>> first, again
        (6, 6)
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.all = json.loads(path.read_text("utf-8")) if path.is_file() else {}

    def found(self, name: str, find):
        """What was found under this name; if nothing was, find it and keep it."""
        if name not in self.all:
            self.all[name] = find()
            write_json(self.path, self.all)
            print(name, self.all[name], flush=True)
        return self.all[name]


class Setting(NamedTuple):
    """What is done in five draws: a way, what learns, the rate, pictures of a class."""

    way: str
    learns: str
    rate: float
    per_class: int


def measure(
    kept: Kept, make: Callable[[], Part], settings: Iterable[Setting]
) -> dict[Setting, np.ndarray]:
    """Five draws of each setting.

    Args:
        kept: What is in it is not measured again.
        make: Gives the part of the network that these settings train; not called if
            all of it is kept.
        settings: What to do.

    Returns:
        For each setting, shape (draws, 1 + places), what `Part.ask` gives.
    """
    found = {}
    for setting in settings:
        draws = []
        for seed in range(DRAWS):

            def one(setting: Setting = setting, seed: int = seed) -> list[float]:
                part = make()
                pool = Pictures("pool", [], part.pixels.pool_labels)
                learn, _ = pool.split(setting.per_class, seed)
                part.train(setting.way, setting.rate, learn, seed)
                return part.ask()

            told = f"{setting.way}, {setting.learns}, {setting.rate:g}"
            draws.append(kept.found(f"{told}, {setting.per_class}, draw {seed}", one))
        found[setting] = np.array(draws)
    return found


def chosen_rate(found: dict[Setting, np.ndarray], way: str) -> float:
    """The rate with the least loss on held-out pictures; the tests have no say.

    Example:
        >>> rates = {Setting("a", "", 1.0, 5): 0.7, Setting("a", "", 0.1, 5): 0.2}
        >>> found = {s: np.array([[loss, 1]]) for s, loss in rates.items()}
        >>> chosen_rate(found, "a")
        0.1
    """
    of_way = {s.rate: f[:, 0].mean() for s, f in found.items() if s.way == way}
    return min(of_way, key=of_way.get)


def row_of(
    way: str, setting: Setting, values: np.ndarray, rival: np.ndarray
) -> list[object]:
    """A row of the table, in points of a hundred; ahead of a rival, draw by draw."""
    row = [way, setting.learns, f"{setting.rate:g}", setting.per_class]
    row.append(f"{values[:, 0].mean():.3f}")
    for place in range(1, 1 + len(PLACES)):
        right = 100 * values[:, place]
        ahead = right - 100 * rival[:, place]
        numbers = right.mean(), ahead.mean(), ahead.std(ddof=1), ahead.min()
        row += [f"{number:.1f}" for number in numbers]
    return row


COLUMNS = ["way", "learns", "rate", "a class", "held-out loss"]
COLUMNS += [
    f"{place}{what}" for place in PLACES for what in ("", " ahead", " spread", " least")
]


def draw_ahead(record: dict) -> plt.Figure:
    """How far both ways are ahead of the probe at each rate, in each place."""
    (rows,) = tables(record)
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    fig, axes = plt.subplots(1, len(PLACES), figsize=(7, 3), sharey=True)
    for place, ax in zip(PLACES, axes, strict=True):
        for number, way in enumerate(RIVALS):
            chosen = [
                row
                for row in named
                if (row["way"], row["a class"]) == (way, str(PER_CLASS))
                and row["learns"] == "upper part"
            ]
            ax.errorbar(
                np.arange(len(chosen)) + 0.1 * number,
                [float(row[f"{place} ahead"]) for row in chosen],
                yerr=[float(row[f"{place} spread"]) for row in chosen],
                fmt="os"[number] + "-",
                capsize=3,
                label=way,
            )
        ax.axhline(0, color="#444444", linestyle=":")
        ax.set_xticks(range(len(RATES)), [f"{rate:g}" for rate in RATES])
        ax.set(title=place, xlabel="rate")
    axes[0].set_ylabel("points ahead of the probe")
    axes[0].legend()
    fig.suptitle(record["title"])
    return fig


def _pictures(photos: Path | None) -> Pictures:
    if photos is None:  # more than the lessons have
        photos = KEPT / "pets"
        draw_pets(photos, per_class=OF_EACH, progress=True)
        return open_set(photos)._replace(kind="drawn")
    return some_of_each(open_set(photos), number=OF_EACH)


def _main() -> None:
    pictures = _pictures(arguments(__doc__).parse_args().photos)
    pixels = read(pictures)
    kept = Kept(KEPT / f"{pictures.kind}.json")
    upper = cache(lambda: Part(pixels))
    rivals = [
        Setting(way, "upper part", rate, PER_CLASS) for way in RIVALS for rate in RATES
    ]
    sizes = CURVE[pictures.kind]
    probes = [Setting("probe", "head", 0, size) for size in sizes]
    found = measure(kept, upper, [*probes, *rivals])
    best = {way: chosen_rate(found, way) for way in RIVALS}
    first = Setting("probe first", "", best["probe first"], PER_CLASS)
    curve = [
        first._replace(learns="upper part", per_class=size)
        for size in sizes
        if size != PER_CLASS
    ]
    found |= measure(kept, upper, curve)
    if pictures.kind == "drawn":
        by_group = cache(lambda: Part(pixels, optimizer=ByGroup()))
        grouped = first._replace(learns="upper part, by group")
        found |= measure(kept, by_group, [grouped])
        drifting = cache(lambda: Part(pixels, moving=True))
        moving = first._replace(learns="upper part, moving")
        found |= measure(kept, drifting, [moving])
    rows = [
        row_of(s.way, s, values, found[Setting("probe", "head", 0, s.per_class)])
        for s, values in found.items()
    ]
    rival, ours = (Setting(way, "upper part", best[way], PER_CLASS) for way in RIVALS)
    rows.append(row_of(AGAINST, ours, found[ours], found[rival]))
    report(
        f"fine_tuning_{pictures.kind}",
        f"What fine-tuning gains, and where: {pictures.kind}",
        f"EfficientNet-Lite0 at {SIDE} pixels, cropped. {DRAWS} draws out of "
        f"{len(pixels.pool)} pictures; {len(pixels.held_out)} others chose the rate, "
        f"{len(pixels.true)} others are the test: as they are, at night and in pencil "
        "(`helpers/pictures/shifts.py`). All ways learn from the same draws: “ahead” "
        "is the mean of the differences to the probe within a draw, in points of a "
        "hundred, “spread” their standard deviation, “least” the worst draw. Adam, "
        f"{STEPS} steps or {LEAST_EPOCHS} epochs, whichever is more, in batches of "
        f"{BATCH}; the rate rises in a fifth of the steps and then falls in a straight "
        "line. Everything: weights and a new head at once. Probe first: from the "
        "probe's head on. By group: a tenth of the rate in block 6, three tenths in "
        "block 7. Moving: batch normalization, too; elsewhere it stays. The upper "
        "part, 79% of the weights, is what lies above `block5c_add`. Other numbers of "
        "pictures, by group and moving: at the rate of probe first that has the least "
        "held-out loss. Last row: ahead of everything, each at its own rate.",
        picture(
            "draw_ahead",
            "Points ahead of the probe at each rate, inside, at night and in pencil, "
            "for both ways; the table has their values",
        ),
        table(COLUMNS, rows),
    )


if __name__ == "__main__":
    run(_main)
