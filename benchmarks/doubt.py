"""Wrong labels, sureness, strangers: of lessons 10 and 11, on photographs, too.

    python -m benchmarks.doubt                    on drawn pets
    python -m benchmarks.doubt --photos FOLDER    on photographs

Both lessons need scenes that are drawn for them, where the truth is known. These are
the parts that do not: a twentieth of the labels is flipped and found, a head is asked
how sure it is, inside, at night and in pencil, and who is a stranger. Some minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import keras
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.backbones import some_of_each
from benchmarks.report import report, table
from benchmarks.setting import Pictures, arguments, make_base, open_set
from helpers.classifier import fit_known, is_unknown
from helpers.pets import KINDS, OTHERS, draw_pets
from helpers.pictures import at_night, find_pictures, in_pencil, read_picture
from helpers.plumbing import DATA, run
from helpers.teaching import doubtful_labels

OF_EACH, PER_CLASS, DRAWS, BOXES, SURE = 300, 100, 10, 10, 0.97
TO_ITS_END = 1e4  # right on everything it learned from, and sure of it
SIZE = (224, 224)


def flipped_labels(
    features: np.ndarray, labels: np.ndarray, seed: int
) -> tuple[float, float, np.ndarray, np.ndarray]:
    """Flip a twentieth of the labels; ask heads that did not learn from them.

    Args:
        features: Of the pictures to learn from, shape (pictures, features).
        labels: Their true labels, 0 or 1.
        seed: Another seed flips others.

    Returns:
        Which share of the doubted labels was wrong, which share of the wrong ones was
        doubted, the labels with the flips, and with those mended that were doubted.

    Example:
        >>> labels = np.repeat([0, 1], 50)
        >>> features = 9.0 * labels[:, None] + np.random.default_rng(0).random((100, 3))
        >>> flipped_labels(features, labels, seed=0)[:2]
        (1.0, 1.0)
    """
    wrong = np.random.default_rng(seed).permutation(len(labels))[: len(labels) // 20]
    noisy = labels.copy()
    noisy[wrong] = 1 - noisy[wrong]
    said = cross_val_predict(
        LogisticRegression(max_iter=2000),
        features,
        noisy,
        cv=StratifiedKFold(5, shuffle=True, random_state=seed),
        method="predict_proba",
    )
    names = [str(row) for row in range(len(labels))]
    listed = doubtful_labels(said, noisy, names, KINDS)
    found = np.intersect1d([int(one["picture"]) for one in listed], wrong)
    mended = noisy.copy()
    mended[found] = labels[found]
    precision = len(found) / len(listed) if listed else float("nan")
    return precision, len(found) / len(wrong), noisy, mended


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """The mean distance between how sure and how often right, in ten boxes.

    Example:
        >>> round(calibration_error(np.full(2, 0.9), np.array([True, False])), 2)
        0.4
    """
    box = np.minimum(((sure - 0.5) * 2 * BOXES).astype(int), BOXES - 1)
    return float(np.abs(np.bincount(box, right - sure)).sum() / len(sure))


def temperature_of(scores: np.ndarray, labels: np.ndarray) -> float:
    """What to divide scores by, for the least loss.

    Example:
        >>> scores, labels = np.array([4.0, 4.0, 4.0, -4.0]), np.array([1, 1, 0, 0])
        >>> round(temperature_of(scores, labels), 1)  # right in three of four
        3.6
    """
    found = minimize_scalar(
        lambda log: np.logaddexp(0, (1 - 2 * labels) * scores / np.exp(log)).mean(),
        bounds=(-4, 6),
        method="bounded",
    )
    return float(np.exp(found.x))


def in_one_draw(
    places: dict[str, np.ndarray],
    strangers: dict[str, np.ndarray],
    pictures: Pictures,
    seed: int,
) -> Iterator[tuple[str, float]]:
    """All that is measured with one choice of pictures to learn from.

    Args:
        places: Features of all pictures: as they are first, then shifted.
        strangers: Features of what is neither cat nor dog, by kind.
        pictures: Their labels.
        seed: Of the choice.

    Yields:
        What was measured, and its value.
    """
    learn, ask = pictures.split(PER_CLASS, seed)
    held, ask = ask[: 2 * PER_CLASS], ask[2 * PER_CLASS :]
    learned, labels = places["inside"][learn], pictures.labels[learn]
    true = pictures.labels[ask]
    *shares, noisy, mended = flipped_labels(learned, labels, seed)
    yield "doubted labels that are wrong", shares[0]
    yield "wrong labels that are doubted", shares[1]
    named = {"flipped": noisy, "mended": mended, "true": labels}
    for name, given in named.items():
        head = LogisticRegression(max_iter=2000).fit(learned, given)
        yield f"right, labels {name}", head.score(places["inside"][ask], true)
    head = LogisticRegression(C=TO_ITS_END, max_iter=5000).fit(learned, labels)
    for place, features in places.items():
        scores = head.decision_function(features[ask])
        right, sure = (scores > 0) == true, expit(np.abs(scores))
        waiting = head.decision_function(features[held])
        temperature = temperature_of(waiting, pictures.labels[held])
        yield f"right, {place}", right.mean()
        yield f"sure, {place}", sure.mean()
        yield f"right if {SURE:.0%} sure, {place}", right[sure >= SURE].mean()
        yield f"calibration error, {place}", calibration_error(sure, right)
        yield f"temperature, {place}", temperature
        cool = expit(np.abs(scores) / temperature)
        yield f"calibration error at it, {place}", calibration_error(cool, right)
    known = fit_known(learned, labels)
    own = is_unknown(known, places["inside"][ask])
    yield "own called none of these", own.mean()
    own_sure = np.abs(head.decision_function(places["inside"][ask]))
    for kind, features in strangers.items():
        yield f"{kind} called none of these", is_unknown(known, features).mean()
        sure = np.abs(head.decision_function(features))
        answers = np.repeat([1, 0], [len(own_sure), len(sure)])
        area = roc_auc_score(answers, np.append(own_sure, sure))
        yield f"own told from {kind} by sureness", area


def features_of(base: keras.Model, paths: list) -> Callable[[Callable], np.ndarray]:
    """Features of pictures, as a function of what is done with their pixels first."""
    pixels = np.stack([read_picture(path, SIZE, crop=True) for path in paths])

    def shifted(shift: Callable = np.asarray) -> np.ndarray:
        return base.predict(shift(pixels), batch_size=32, verbose=0)

    return shifted


def _main() -> None:
    pictures = some_of_each(open_set(arguments(__doc__).parse_args().photos), OF_EACH)
    base = make_base()
    own = features_of(base, pictures.paths)
    places = {
        "inside": own(),
        "night": own(lambda pixels: at_night(pixels, seed=0)),
        "pencil": own(in_pencil),
    }
    folder = DATA / "others"
    draw_pets(folder, per_class=40, seed=3, kinds=OTHERS)
    strangers = {
        f"drawn {kind}": features_of(base, find_pictures(folder / kind))()
        for kind in OTHERS
    }
    draws = [
        dict(in_one_draw(places, strangers, pictures, seed)) for seed in range(DRAWS)
    ]
    rows = []
    for name in draws[0]:
        values = np.array([draw[name] for draw in draws])
        told = values.mean(), values.std(ddof=1), values.min(), values.max()
        rows.append([name, *(f"{number:.3f}" for number in told)])
    report(
        f"doubt_{pictures.kind}",
        f"Wrong labels, sureness, strangers: {pictures.kind}",
        "Logistic regression on frozen features of EfficientNet-Lite0, cropped; "
        f"{DRAWS} choices of {2 * PER_CLASS} pictures to learn from out of "
        f"{len(pictures.labels)}, {2 * PER_CLASS} for the temperature, the rest for "
        "the test. A twentieth of the labels is flipped, found by cross-validated "
        "answers, and mended where the doubt was right. How sure: a head trained to "
        "its end; a temperature for each place (`helpers/pictures/shifts.py`). "
        "Strangers: animals and people drawn by this project, 40 of each, of whom no "
        "head has heard; told from own pictures by the area under the curve, which is "
        "a half for a coin.",
        table(["measured", "mean", "spread", "least", "most"], rows),
    )


if __name__ == "__main__":
    run(_main)
