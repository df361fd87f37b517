"""Is what `train_classifier` reports true of pictures that it never saw?

    python -m benchmarks.divisions                    on drawn pets
    python -m benchmarks.divisions --photos FOLDER    on photographs

Forty times other pictures are given to it, a third of all; it sets a part of them
aside, tests with them, and reports an accuracy and its interval. Then the head of the
classifier that it saved is asked about all the others, by their features, which are
computed once for all divisions. A quarter of an hour.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.report import report, table
from benchmarks.setting import Pictures, arguments, open_set
from helpers.classifier import open_classifier
from helpers.engines import tensorflow_engine
from helpers.features import compute_features
from helpers.plumbing import run
from helpers.start import quietly
from helpers.teaching import read_collection, train_classifier

NAMES = ("cat", "dog")


def one_division(pictures: Pictures, seed: int, folder: Path) -> dict:
    """Train on a third of the pictures, ask about the others.

    Args:
        pictures: All of them.
        seed: Another one chooses others to learn from.
        folder: For copies of them, the classifier and the features of all.

    Returns:
        `reported`, the facts of the report; `others`, how many pictures it never saw,
        and `right`, how many of these it names rightly.
    """
    given, others = pictures.split(len(pictures.labels) // 6, seed)
    place = folder / f"{seed}"
    for row in given:
        path, name = pictures.paths[row], NAMES[pictures.labels[row]]
        (place / name).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place / name / f"{row:05}{path.suffix}")
    trained = train_classifier(
        read_collection(place), folder / f"{seed}.keras", cache=folder / "features"
    )
    model = open_classifier(trained.path).model
    features = compute_features(
        model.get_layer("base"),
        pictures.paths,
        folder / "features",
        engine=tensorflow_engine,
        crop=trained.facts["chosen"]["crop"],
    )
    said = model.get_layer("head").predict(features[others], verbose=0).argmax(axis=1)
    right = said == pictures.labels[others]
    return {"reported": trained.facts, "right": int(right.sum()), "others": len(right)}


def rows_of(divisions: list[dict]) -> list[list[object]]:
    """A row of the table for each division; `in it` says that the interval holds.

    Example:
        >>> facts = {"chosen": {"backbone": "Lite2", "crop": True}}
        >>> facts["accuracy"] = {"right": 98, "of": 100, "interval": [0.93, 0.99]}
        >>> rows_of([{"reported": facts, "right": 1, "others": 2}])
        [['1', 'Lite2, cropped', '98 of 100', '93.0 to 99.0%', '50.0%', 'no']]
    """
    rows = []
    for number, one in enumerate(divisions, start=1):
        accuracy, chosen = one["reported"]["accuracy"], one["reported"]["chosen"]
        (low, high), share = accuracy["interval"], one["right"] / one["others"]
        rows.append(
            [
                f"{number}",
                f"{chosen['backbone']}, {'cropped' if chosen['crop'] else 'squeezed'}",
                f"{accuracy['right']} of {accuracy['of']}",
                f"{100 * low:.1f} to {100 * high:.1f}%",
                f"{100 * share:.1f}%",
                "yes" if low <= share <= high else "no",
            ]
        )
    return rows


def percents(shares: np.ndarray) -> str:
    """Their mean, spread, least and most.

    Example:
        >>> percents(np.array([0.98, 0.99, 1.0]))
        '99.00% (spread 1.00; 98.0 to 100.0)'
    """
    mean, spread, *ends = 100 * np.array(
        [shares.mean(), shares.std(ddof=1), shares.min(), shares.max()]
    )
    return f"{mean:.2f}% (spread {spread:.2f}; {ends[0]:.1f} to {ends[1]:.1f})"


def _main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--divisions", type=int, default=40, help="how many (40)")
    asked = parser.parse_args()
    pictures = open_set(asked.photos)
    divisions = []
    with tempfile.TemporaryDirectory() as folder, quietly():
        for seed in range(asked.divisions):
            divisions.append(one_division(pictures, seed, Path(folder)))
            print(*rows_of(divisions)[-1], flush=True)
    rows = rows_of(divisions)
    true = np.array([one["right"] / one["others"] for one in divisions])
    told = np.array([one["reported"]["accuracy"]["value"] for one in divisions])
    report(
        f"divisions_{pictures.kind}",
        f"What is reported, and what is true: {pictures.kind}",
        f"{len(rows)} times a third of {len(pictures.labels)} pictures is given to "
        "`train_classifier`, which keeps a test part of them; the classifier that it "
        f"saves is asked about the {divisions[0]['others']} others. "
        f"Of the test parts {percents(told)} is right, of the others {percents(true)}. "
        "The reported interval holds what is right of the others in "
        f"{sum(row[-1] == 'yes' for row in rows)} of {len(rows)} divisions; 95 of 100, "
        "or more, are meant.",
        table(
            [
                "division",
                "chosen by cross-validation",
                "right in its test part",
                "reported interval",
                "right of the others",
                "in it",
            ],
            rows,
        ),
    )


if __name__ == "__main__":
    run(_main)
