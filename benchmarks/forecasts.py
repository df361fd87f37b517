"""Which backbone will be right most often? Three forecasts from 20 pictures, and truth.

    python -m benchmarks.forecasts                    on drawn pets
    python -m benchmarks.forecasts --photos FOLDER    on photographs

The candidates, the forecasts and the rule of lesson 9, on more pictures than a lesson
has time for. A few minutes on two cores; the features are kept.
"""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
from keras import layers
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.backbones import CHOICES, PER_CLASS, accuracies, lite, some_of_each
from benchmarks.report import report, table
from benchmarks.setting import arguments, open_set
from helpers.backbones import (
    EfficientNetLite0,
    EfficientNetLite1,
    EfficientNetLite2,
    preprocess_input,
)
from helpers.features import compute_features
from helpers.plumbing import run

OF_EACH, FEW, GOOD = 300, 10, 0.02  # FEW of each class; GOOD: this near to the best
CUTS = {
    "Lite0 to block 3": "block3b_add",
    "Lite0 to block 6": "block6d_add",
    "Lite0": "top_activation",
}
FORECASTS = ("neighbors", "probe", "LogME")


def cuts_of_lite0() -> tuple[keras.Model, dict[str, int], dict[str, float]]:
    """Lite0 whole and cut at two layers, in one pass.

    Returns:
        From pixels, 0 to 255, to the features of all three side by side; how many each
        has; how many megabytes each weighs.

    Example:
        >>> base, widths, _ = cuts_of_lite0()
        >>> base.output_shape, widths["Lite0"]
        ((None, 1512), 1280)
    """
    network = EfficientNetLite0(include_top=False, input_shape=(224, 224, 3))
    ends = {name: network.get_layer(cut).output for name, cut in CUTS.items()}
    means = [layers.GlobalAveragePooling2D()(end) for end in ends.values()]
    inputs = keras.Input((224, 224, 3))
    side_by_side = keras.Model(network.input, layers.Concatenate()(means))
    base = keras.Model(inputs, side_by_side(preprocess_input(inputs)))
    base.trainable = False
    weigh = {name: megabytes(keras.Model(network.input, e)) for name, e in ends.items()}
    return base, {name: int(end.shape[-1]) for name, end in ends.items()}, weigh


def megabytes(model: keras.Model) -> float:
    """What its parameters take, four bytes each."""
    return 4 * model.count_params() / 1e6


def logme(features: np.ndarray, labels: np.ndarray) -> float:
    """How probable the labels are, from the features by some weighted sum and noise.

    Lesson 9 builds it and explains it. The higher, the better.

    Args:
        features: Brought to one scale, shape (pictures, features).
        labels: 0 or 1, shape (pictures,), as many of each.

    Returns:
        The logarithm of the evidence, of a picture.

    Example:
        >>> labels = np.arange(20) % 2
        >>> nothing = np.random.default_rng(0).normal(size=(20, 5))
        >>> logme(nothing + 3 * labels[:, None], labels) > logme(nothing, labels)
        True
    """
    n, target = len(labels), np.where(labels == 1, 1.0, -1.0)
    strengths, directions = np.linalg.eigh(features @ features.T)
    strengths = np.maximum(strengths, 0)
    along = (directions.T @ target) ** 2
    evidence = []
    for noise in strengths.max() * np.logspace(-6, 6, 49):
        share = 1 + strengths / noise
        misfit = n * np.log((along / share).sum() / n)
        evidence.append(-(misfit + np.log(share).sum() + n * (1 + np.log(2 * np.pi))))
    return float(max(evidence) / (2 * n))


def forecast(features: np.ndarray, labels: np.ndarray) -> tuple[float, ...]:
    """What three forecasts say of a candidate; the higher, the better.

    Args:
        features: Of a few pictures, shape (pictures, features).
        labels: 0 or 1, shape (pictures,).

    Returns:
        How many have the label of the most similar other; how often a head is right
        that learned from the other half; the evidence.

    Example:
        >>> labels = np.arange(8) % 2
        >>> forecast(np.stack([labels, 1 - labels], axis=1), labels)[:2]
        (1.0, 1.0)
    """
    scaled = StandardScaler().fit_transform(features)
    apart = np.linalg.norm(scaled[:, np.newaxis] - scaled, axis=2)
    nearest = (apart + np.diag(np.full(len(labels), np.inf))).argmin(axis=1)
    head = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    probe = cross_val_score(head, features, labels, cv=StratifiedKFold(2)).mean()
    alike = (labels[nearest] == labels).mean()
    return float(alike), float(probe), logme(scaled, labels)


def choose(shares: pd.DataFrame, weigh: dict[str, float]) -> str:
    """Lesson 9's rule: of those that are level with the best, the lightest.

    Args:
        shares: Of right answers, a column for each candidate, a row for each choice of
            pictures.
        weigh: Megabytes of each.

    Example:
        >>> shares = pd.DataFrame({"a": [0.9, 0.8], "b": [0.8, 0.9], "c": [0.5, 0.4]})
        >>> choose(shares, {"a": 3, "b": 2, "c": 1})
        'b'
    """
    behind = shares.rsub(shares[shares.mean().idxmax()], axis=0)
    level = behind.columns[behind.mean() <= behind.std()]
    return min(level, key=weigh.get)


def _main() -> None:
    pictures = some_of_each(open_set(arguments(__doc__).parse_args().photos), OF_EACH)

    def features_of(base: keras.Model) -> np.ndarray:
        return compute_features(base, pictures.paths, progress=True, crop=True)

    keras.utils.set_random_seed(0)
    cut, widths, weigh = cuts_of_lite0()
    whole = {
        "random": lite(EfficientNetLite0, 224, weights=None),
        "Lite1": lite(EfficientNetLite1, 240),
        "Lite2": lite(EfficientNetLite2, 260),
    }
    ends = np.cumsum(list(widths.values()))[:-1]
    parts = np.split(features_of(cut), ends, axis=1)
    features = dict(zip(widths, parts, strict=True))
    features |= {name: features_of(base) for name, base in whole.items()}
    weigh |= {name: megabytes(base) for name, base in whole.items()}

    shares = pd.DataFrame({n: accuracies(f, pictures) for n, f in features.items()})
    truth = shares.mean()
    told = np.zeros((CHOICES, len(FORECASTS), len(features)))
    for seed in range(CHOICES):
        few, _ = pictures.split(FEW, seed)
        for place, columns in enumerate(features.values()):
            told[seed, :, place] = forecast(columns[few], pictures.labels[few])

    rows = []
    for place, name in enumerate(features):
        ahead = shares[name] - shares["Lite0"]
        apart = abs(ahead.mean()) > ahead.std()
        numbers = truth[name], shares[name].std(), shares[name].min()
        numbers += shares[name].max(), ahead.mean(), ahead.std()
        row = [name, f"{weigh[name]:.1f}", *(f"{x:.4f}" for x in numbers)]
        row.append("" if name == "Lite0" else "yes" if apart else "no")
        rows.append(row + [f"{x:.2f}" for x in told.mean(axis=0)[:, place]])
    order, by_forecast = {}, []
    for place, which in enumerate(FORECASTS):
        values = told[:, place]
        order[which] = np.array([spearmanr(one, truth)[0] for one in values])
        favorites = values.argmax(axis=1)
        good = truth.to_numpy()[favorites] >= truth.max() - GOOD
        numbers = order[which].mean(), order[which].std(ddof=1)
        numbers += order[which].min(), order[which].max()
        row = [which, *(f"{x:.2f}" for x in numbers)]
        by_forecast.append([*row, good.sum(), len(set(favorites.tolist()))])
    chosen = choose(shares, weigh)
    least_order = min(values.mean() for values in order.values())
    checks = [
        ("Lite0 ahead of block 3", 0.1, truth["Lite0"] - truth["Lite0 to block 3"]),
        ("block 3 ahead of random", 0, truth["Lite0 to block 3"] - truth["random"]),
        ("least mean order of a forecast", 0.5, least_order),
        ("chosen, ahead of the best", -GOOD, truth[chosen] - truth.max()),
        ("chosen, right", 0.9, truth[chosen]),
    ]
    report(
        f"forecasts_{pictures.kind}",
        f"Which backbone? Forecasts from {2 * FEW} pictures, and truth: "
        f"{pictures.kind}",
        "Features brought to one scale, then logistic regression with scikit-learn's "
        f"own settings; {CHOICES} choices of {2 * PER_CLASS} pictures to learn from "
        f"out of {len(pictures.labels)}, the same for each candidate, tested on all "
        "the others. Pictures are cropped. Spread is the standard deviation. Told "
        "apart from Lite0: the mean difference is larger than its spread. The last "
        f"three columns are the forecasts from {2 * FEW} pictures, means of "
        f"{CHOICES} draws.",
        table(
            [
                "candidate",
                "MB",
                "right",
                "spread",
                "least",
                "most",
                "ahead of Lite0",
                "its spread",
                "told apart",
                *FORECASTS,
            ],
            rows,
        ),
        "How well each forecast knows the order: its rank correlation with what is "
        f"right (1 is the true order, 0 none), over {CHOICES} draws of {2 * FEW} "
        f"pictures. Good favorites: within {100 * GOOD:.0f} points of the best; where "
        "two are level, the first in the table is the favorite.",
        table(
            [
                "forecast",
                "order, mean",
                "spread",
                "least",
                "most",
                f"good favorites of {CHOICES}",
                "different favorites",
            ],
            by_forecast,
        ),
        f"By lesson 9's rule, the lightest that is level with the best: {chosen}. What "
        "the lesson's check cell asks of pictures:",
        table(
            ["what", "above", "is", "so"],
            [
                [what, bound, f"{value:.3f}", "yes" if value > bound else "no"]
                for what, bound, value in checks
            ],
        ),
    )


if __name__ == "__main__":
    run(_main)
