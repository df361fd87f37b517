"""How many labelled pictures does a head need, on features of which backbone?

    python -m benchmarks.accuracy                    on drawn pets
    python -m benchmarks.accuracy --photos FOLDER    on photographs

Logistic regression on frozen features, ten times on other pictures; the answers are
counted on all pictures that it did not learn from. Pictures are squeezed to the
backbone's square, or cropped to it with their proportions kept. A few minutes the first
time; the features are kept, so a second run takes seconds.
"""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression

from benchmarks.report import picture, report, table, tables
from benchmarks.setting import Pictures, arguments, make_base, open_set
from helpers.backbones import EfficientNetLite0, EfficientNetLite2
from helpers.features import compute_features
from helpers.figures import learning_curve_axes
from helpers.plumbing import run

PER_CLASS = (10, 50, 100, 200, 500)
SEEDS = 10


def learning_curve(
    features: np.ndarray, pictures: Pictures, seeds: int = SEEDS
) -> dict[int, np.ndarray]:
    """Learn from ever more pictures; ask about all the others.

    Args:
        features: Shape (pictures, features).
        pictures: Their labels; both classes of one size or not.
        seeds: How many times to choose the pictures anew.

    Returns:
        For each number of pictures a class that leaves as many for the test as it
        takes, the shares of right answers, shape (seeds,).
    """
    smaller = min(np.sum(pictures.labels == kind) for kind in (0, 1))
    curve = {}
    for per_class in (n for n in PER_CLASS if n < smaller):
        shares = []
        for seed in range(seeds):
            train, test = pictures.split(per_class, seed)
            head = LogisticRegression(max_iter=1000)
            head.fit(features[train], pictures.labels[train])
            shares.append(head.score(features[test], pictures.labels[test]))
        curve[per_class] = np.array(shares)
    return curve


def draw_curves(record: dict) -> plt.Figure:
    """Accuracy against pictures a class: the mean, and a band from least to most.

    Of cropped pictures, from the table of the record.
    """
    (rows,) = tables(record)
    curves: dict[str, list] = {}
    for name, number, _, *shares in rows:
        if name.endswith(", cropped"):
            told = [int(number), *(float(share) for share in shares)]
            curves.setdefault(name, []).append(told)
    fig, ax = learning_curve_axes([point[0] for point in next(iter(curves.values()))])
    for name, curve in curves.items():
        numbers, mean, _, least, most = zip(*curve, strict=True)
        ax.plot(numbers, mean, marker="o", label=name)
        ax.fill_between(numbers, least, most, alpha=0.15)
    ax.set_ylabel("accuracy")
    ax.set_title(record["title"])
    ax.legend()
    return fig


def _main() -> None:
    pictures = open_set(arguments(__doc__).parse_args().photos)
    curves = {}
    for way, crop in (("squeezed", False), ("cropped", True)):
        lite0, lite2 = (
            compute_features(make_base(build), pictures.paths, progress=True, crop=crop)
            for build in (EfficientNetLite0, EfficientNetLite2)
        )
        given = {"Lite0": lite0, "Lite2": lite2, "both": np.hstack([lite0, lite2])}
        for name, features in given.items():
            curves[f"{name}, {way}"] = learning_curve(features, pictures)
    rows = [
        [name, number, len(pictures.labels) - 2 * number]
        + [f"{x:.4f}" for x in (shares.mean(), shares.std())]
        + [f"{x:.4f}" for x in (shares.min(), shares.max())]
        for name, curve in curves.items()
        for number, shares in curve.items()
    ]
    report(
        f"accuracy_{pictures.kind}",
        f"Accuracy against labelled pictures: {pictures.kind}",
        "Logistic regression on frozen features with scikit-learn's own settings; "
        f"{SEEDS} choices of pictures to learn from out of {len(pictures.labels)}, "
        "tested on all the others. Pictures are squeezed to the backbone's square, or "
        "cropped to it.",
        picture(
            "draw_curves",
            "Three curves of accuracy against labelled pictures a class, for Lite0, "
            "Lite2 and both, of cropped pictures; the table has their values",
        ),
        table(
            [
                "features of, pictures",
                "a class",
                "unseen",
                "mean",
                "spread",
                "least",
                "most",
            ],
            rows,
        ),
    )


if __name__ == "__main__":
    run(_main)
