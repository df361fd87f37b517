"""Features a second: plain Keras, ours, and ONNX Runtime, each by the same clock.

    python -m benchmarks.rates                    on drawn pets
    python -m benchmarks.rates --photos FOLDER    on photographs

Two tables: pictures that are in memory already, which is the engine alone, and
pictures on disk, which is what one waits for. The rivals take turns and are warm:
graphs are built, files are in the system's memory; `benchmarks.whole_path` measures a
cold start. All profit from Intel's kernels, which `helpers` turns on. "As it comes" is
one call at a time, on all cores; ours is two calls at a time. About two minutes.
"""

from __future__ import annotations

import contextlib
import functools
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from matplotlib import pyplot as plt
from tensorflow.keras.preprocessing.image import ImageDataGenerator

from benchmarks.report import Part, picture, report, table, tables
from benchmarks.setting import (
    arguments,
    in_batches,
    make_base,
    open_set,
    plain_engine,
    take_turns,
)
from helpers.engines import (
    BATCH,
    WORKERS,
    computing,
    exported,
    onnx_engine,
    tensorflow_engine,
)
from helpers.features import compute_features
from helpers.pictures import read_picture
from helpers.plumbing import run
from helpers.start import quietly

PICTURES, SIZE = 192, (224, 224)


def by_generator(base: keras.Model, paths: list[Path]) -> np.ndarray:
    """`predict` on an ImageDataGenerator, as the article feeds pictures."""
    table = pd.DataFrame({"file": [str(path.resolve()) for path in paths]})
    with contextlib.redirect_stdout(io.StringIO()):  # "Found 192 …"
        generator = ImageDataGenerator().flow_from_dataframe(
            table, x_col="file", class_mode=None, target_size=SIZE, shuffle=False
        )
    return base.predict(generator, verbose=0)


def by_dataset(base: keras.Model, paths: list[Path]) -> np.ndarray:
    """`predict` on tf.data, as Keras's own `image_dataset_from_directory` feeds it."""

    def read(path: tf.Tensor) -> tf.Tensor:
        picture = tf.io.decode_image(tf.io.read_file(path), 3, expand_animations=False)
        return tf.image.resize(picture, SIZE)

    names = tf.data.Dataset.from_tensor_slices([str(path) for path in paths])
    pictures = names.map(read, num_parallel_calls=tf.data.AUTOTUNE)
    return base.predict(pictures.batch(32).prefetch(2), verbose=0)


def one_by_one(forward: Callable, paths: list[Path]) -> np.ndarray:
    """An engine over files, in the simplest loop: read a batch, then compute it."""
    starts = range(0, len(paths), BATCH)
    batches = (paths[start : start + BATCH] for start in starts)
    return np.concatenate(
        [forward(np.stack([read_picture(path, SIZE) for path in b])) for b in batches]
    )


def ours(base: keras.Model, paths: list[Path], engine: Callable) -> np.ndarray:
    """`compute_features` into an empty cache; `engine` keeps the graph it has built."""
    with tempfile.TemporaryDirectory() as cache:
        return compute_features(base, paths, cache, engine=engine)


def rates(seconds: dict[str, list], pictures: int) -> Part:
    """A table from `take_turns`: the best and the middle turn, and shares of the best.

    Args:
        seconds: Of each turn, by name.
        pictures: How many pictures each turn computed.

    Example:
        >>> rates({"a": [1.0, 2.0, 3.0], "b": [0.5, 1.0, 2.0]}, 100)["rows"]
        [['a', '50.0', '100.0', '0.50'], ['b', '100.0', '200.0', '1.00']]
    """
    median = {name: pictures / np.median(each) for name, each in seconds.items()}
    rows = [
        [
            name,
            f"{median[name]:.1f}",
            f"{pictures / min(each):.1f}",
            f"{median[name] / max(median.values()):.2f}",
        ]
        for name, each in seconds.items()
    ]
    columns = ["", "pictures a second, median", "best turn", "share of the best median"]
    return table(columns, rows)


def draw_bars(record: dict) -> plt.Figure:
    """Pictures a second, in memory and on disk; ours in another color."""
    fig, axes = plt.subplots(2, figsize=(7, 4.6), sharex=True)
    for ax, rows, where in zip(
        axes, tables(record), ("In memory", "From the disk"), strict=True
    ):
        names = [row[0] for row in rows]
        rates = [float(row[1]) for row in rows]
        colors = ["C0" if name.startswith("ours") else "0.7" for name in names]
        bars = ax.barh([name.removeprefix("ours: ") for name in names], rates)
        for bar, color in zip(bars, colors, strict=True):
            bar.set_color(color)
        ax.bar_label(bars, fmt="{:.0f}", padding=3)
        ax.margins(x=0.1)
        ax.set_title(where)
        ax.invert_yaxis()
    axes[-1].set_xlabel("pictures a second (ours in blue)")
    return fig


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--turns", type=int, default=7, help="turns for each (7)")
    asked = parser.parse_args()
    pictures = open_set(asked.photos)
    mixed = np.random.default_rng(0).permutation(len(pictures.paths))[:PICTURES]
    paths = [pictures.paths[row] for row in mixed]
    pixels = np.stack([read_picture(path, SIZE) for path in paths])
    base = make_base()
    # Known by what they make, as in anybody's call, and warm from the first turn on.
    by_tensorflow, by_onnx = map(functools.cache, (tensorflow_engine, onnx_engine))
    plain, engine = plain_engine(base), by_tensorflow(base)
    start = time.perf_counter()
    fast = by_onnx(base)
    handing = time.perf_counter() - start
    raw = computing(exported(base))  # with its defaults
    memory = {
        "model.predict, as it comes": lambda: base.predict(pixels, verbose=0),
        "tf.function(base)": lambda: in_batches(plain, pixels, BATCH),
        "ours: tensorflow_engine": lambda: in_batches(engine, pixels, BATCH, WORKERS),
        "ONNX Runtime, as it comes": lambda: in_batches(raw, pixels, BATCH),
        "ours: onnx_engine": lambda: in_batches(fast, pixels, BATCH, WORKERS),
    }
    disk = {
        "model.predict on ImageDataGenerator": lambda: by_generator(base, paths),
        "model.predict on tf.data": lambda: by_dataset(base, paths),
        "ours: compute_features": lambda: ours(base, paths, by_tensorflow),
        "ONNX Runtime, read then compute": lambda: one_by_one(raw, paths),
        "ours: compute_features, onnx_engine": lambda: ours(base, paths, by_onnx),
    }
    with quietly():
        measured = [take_turns(rivals, asked.turns) for rivals in (memory, disk)]
    report(
        f"rates_{pictures.kind}",
        f"Features a second: {pictures.kind}",
        f"{len(paths)} pictures through EfficientNet-Lite0 at 224 by 224, "
        f"{asked.turns} turns each, one after the other and again. Handing the base to "
        f"ONNX Runtime takes {handing:.1f} s once in each run, not counted here.",
        picture(
            "draw_bars",
            "Pictures a second of each rival, as in the tables",
        ),
        "## In memory: the engine alone",
        rates(measured[0], len(paths)),
        "## On disk: what one waits for",
        rates(measured[1], len(paths)),
    )


if __name__ == "__main__":
    run(_main)
