"""What a head's doubts are worth: labels, sureness, strangers, what to label next.

    python -m benchmarks.doubts                    on drawn pets
    python -m benchmarks.doubts --photos FOLDER    on photographs

What lessons 10 and 11 do with drawn pets, ten times on other pictures: find wrong
labels, fit a temperature, notice what is neither cat nor dog, choose ten pictures to
label. Where lesson 11 moves the camera, which no photograph allows, pictures are shown
at night and in pencil. A few minutes on two cores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.datasets import load_sample_images
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from benchmarks.backbones import some_of_each
from benchmarks.report import report, table
from benchmarks.setting import Pictures, arguments, make_base, open_set, plain_engine
from helpers.classifier import Known, fit_known, likeness
from helpers.features import compute_features
from helpers.pets import OTHERS, draw_pets
from helpers.pictures import at_night, find_pictures, in_pencil, read_picture
from helpers.plumbing import DATA, run
from helpers.teaching import doubtful_labels

OF_EACH, PER_CLASS, LABELED, DRAWS = 500, 100, 160, 10
STRANGERS, MISTAKE, PLAYS, SIDE = 40, 10, 500, 224
AWAY = 3  # times as far, as in lesson 11
HEADS = {"held back": 1, "to its end": 1e4}  # scikit-learn's C
WAYS = ("at random", "least sure", "least alike")
HOME, DRAWN = "as they are", DATA / "doubts"
FOUR = ["mean", "spread", "least", "most"]
THEN = ", with a temperature"
Found = list[dict[str, float]]  # for each draw what was found, by its name


class Seen(NamedTuple):
    """Features, float32 of shape (pictures, 1280), and what they are of."""

    pictures: Pictures
    places: dict[str, np.ndarray]  # the same pictures as they are, at night, in pencil
    strangers: dict[str, np.ndarray]

    def divide(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows to learn from, rows held out, and all others, to ask about."""
        learn, others = self.pictures.split(PER_CLASS, seed)
        rest = self.pictures._replace(labels=self.pictures.labels[others])
        held_out, ask = rest.split(PER_CLASS, seed)
        return learn, others[held_out], others[ask]


def four(values: Sequence[float]) -> list[str]:
    """Mean, spread, least and most, for a row.

    Example:
        >>> four([0.5, 0.6, 0.7])
        ['0.600', '0.100', '0.500', '0.700']
    """
    values = np.asarray(values, float)
    ends = (values.mean(), values.std(ddof=1), values.min(), values.max())
    return [f"{value:.3f}" for value in ends]


def named(found: Found) -> dict[str, np.ndarray]:
    """What was found in all draws, by its name: arrays of shape (draws,).

    Example:
        >>> named([{"right": 0.5}, {"right": 1.0}])
        {'right': array([0.5, 1. ])}
    """
    return {name: np.array([each[name] for each in found]) for name in found[0]}


# -- lesson 10: wrong labels -----------------------------------------------------------
def clean_labels(features: np.ndarray, pictures: Pictures, seed: int) -> dict:
    """Flip 5% of the labels, flag, mend what was flagged and wrong.

    Args:
        features: Shape (pictures, features).
        pictures: Their labels, which are taken for true.
        seed: Another one chooses other pictures to learn from, and other labels.

    Returns:
        Precision and recall of what was flagged, and the share of the other pictures
        that a head names rightly with wrong, mended and original labels.
    """
    learn, ask = pictures.split(LABELED, seed)
    true = pictures.labels[learn]
    wrong = np.random.default_rng(seed).permutation(len(learn))[: len(learn) // 20]
    noisy = true.copy()
    noisy[wrong] = 1 - noisy[wrong]
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    head = LogisticRegression(max_iter=2000)
    said = cross_val_predict(
        head, features[learn], noisy, cv=folds, method="predict_proba"
    )
    rows = [f"{row}" for row in range(len(learn))]
    listed = doubtful_labels(said, noisy, rows, ("cat", "dog"))
    flagged = np.array([int(one["picture"]) for one in listed], int)
    hits = np.intersect1d(flagged, wrong)
    mended = noisy.copy()
    mended[hits] = true[hits]
    found = {"precision": len(hits) / max(1, len(flagged))}
    found["recall"] = len(hits) / len(wrong)
    for what, labels in (("wrong", noisy), ("mended", mended), ("original", true)):
        head.fit(features[learn], labels)
        right = head.score(features[ask], pictures.labels[ask])
        found[f"right, with {what} labels"] = right
    found["gained by mending"] = (
        found["right, with mended labels"] - found["right, with wrong labels"]
    )
    return found


# -- lesson 11: sureness ---------------------------------------------------------------
def calibration_error(sure: np.ndarray, right: np.ndarray, boxes: int = 10) -> float:
    """The mean distance between how sure and how often right, box by box.

    Args:
        sure: Of the answers given, 0.5 to 1, shape (pictures,).
        right: Whether they were, bool, shape (pictures,).
        boxes: Of equal width, from 0.5 to 1.

    Example:
        >>> calibration_error(np.array([0.9, 0.9]), np.array([True, False]))
        0.4
    """
    box = np.minimum(((sure - 0.5) * 2 * boxes).astype(int), boxes - 1)
    return float(np.abs(np.bincount(box, right - sure)).sum() / len(sure))


def fit_temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The number that scores are divided by, with the least loss.

    Args:
        scores: Above 0 for a dog, shape (pictures,).
        labels: 0 for a cat, 1 for a dog, shape (pictures,).

    Returns:
        A temperature from 0.02 to 400; 0.02 where none was wrong.

    Example:
        >>> scores, labels = np.array([4.0, 4.0, -4.0, -4.0] * 2), np.array([1, 0] * 4)
        >>> fit_temperature(scores, labels) > 100  # it knows nothing
        True
    """
    signed = (1 - 2 * labels) * scores
    best = minimize_scalar(
        lambda log: np.logaddexp(0, signed / np.exp(log)).mean(),
        bounds=(-4, 6),
        method="bounded",
    )
    return float(np.exp(best.x))


def ask_sureness(
    scores: np.ndarray, labels: np.ndarray, held_out: np.ndarray, ask: np.ndarray
) -> dict[str, float]:
    """How sure and how right in one place, before and after a temperature.

    Args:
        scores: Of a head, for all pictures of a place, shape (pictures,).
        labels: Their classes.
        held_out: Rows to fit the temperature on.
        ask: Rows to ask about.

    Returns:
        What was found, by name. A perfect head is one that is right by chance, as often
        as it says. A mistake costs 10, a question 1; below 90% sure it asks.
    """
    rng = np.random.default_rng(0)
    right = (scores[ask] > 0) == labels[ask]
    temperature = fit_temperature(scores[held_out], labels[held_out])
    found = {"right": float(right.mean()), "temperature": temperature}
    for when, divisor in (("", 1.0), (THEN, temperature)):
        sure = expit(np.abs(scores[ask]) / divisor)
        luck = [
            calibration_error(sure, rng.random(len(sure)) < sure) for _ in range(PLAYS)
        ]
        error = calibration_error(sure, right)
        silent = sure < 1 - 1 / MISTAKE
        found |= {
            f"sure{when}": float(sure.mean()),
            f"error{when}": error,
            f"error of a perfect head{when}": float(np.mean(luck)),
            f"above luck{when}": float(error > np.quantile(luck, 0.975)),
            f"cost of a picture{when}": float(
                np.where(silent, 1, MISTAKE * ~right).mean()
            ),
        }
    return found


# -- lesson 11: strangers --------------------------------------------------------------
def higher(own: np.ndarray, strange: np.ndarray) -> np.ndarray:
    """1 where one of the own has the higher number, ½ for equal ones, else 0.

    Args:
        own: A number of each own picture.
        strange: A number of each stranger.

    Returns:
        Shape (own, strangers). Its mean is the area under the curve, AUROC.

    Example:
        >>> float(higher(np.array([0.9, 0.5]), np.array([0.4, 0.6])).mean())
        0.75
    """
    own = own[:, np.newaxis]
    return (own > strange) + (own == strange) / 2


def auroc_interval(pairs: np.ndarray) -> list[float]:
    """A bootstrap interval of 95%: both sides drawn anew, with replacement.

    Args:
        pairs: From `higher`.

    Example:
        >>> auroc_interval(np.array([[1.0, 1.0], [0.0, 0.0]]))
        [0.0, 1.0]
    """
    rng = np.random.default_rng(0)
    own, strange = (rng.multinomial(n, [1 / n] * n, PLAYS) / n for n in pairs.shape)
    plays = ((own @ pairs) * strange).sum(axis=1)
    return np.quantile(plays, [0.025, 0.975]).tolist()


def meet(seen: Seen, heads: Sequence[LogisticRegression]) -> dict[str, Found]:
    """How many are flagged, of the own and of each kind of strangers.

    Args:
        seen: The features.
        heads: One for each draw.

    Returns:
        For each kind, of each draw: `pictures`, how many there are; the share that is
        `flagged`; how `sure` the head is of them; how the own are told from them, by
        `likeness` and by `sureness`; `from` and `to`, the interval of the former.
    """
    home, labels = seen.places[HOME], seen.pictures.labels
    found: dict[str, Found] = {}
    for seed, head in enumerate(heads):
        learn, _, ask = seen.divide(seed)
        known, own = fit_known(home[learn], labels[learn]), home[ask]
        moved = {f"own, {p}": f[ask] for p, f in seen.places.items() if p != HOME}
        for name, strange in {"own, unseen": own, **moved, **seen.strangers}.items():
            row = _compare(known, own, strange)
            scores = [_sureness(head, rows) for rows in (own, strange)]
            row |= {"sure": scores[1].mean(), "sureness": higher(*scores).mean()}
            found.setdefault(name, []).append(row)
        for kind, others in enumerate(("dogs", "cats")):
            one = learn[labels[learn] == kind]
            known = fit_known(home[one], labels[one])
            own_kind = labels[ask] == kind
            row = _compare(known, home[ask][own_kind], home[ask][~own_kind])
            row |= {"sure": np.nan, "sureness": np.nan}  # one class: no head
            found.setdefault(f"{others}, none learned from", []).append(row)
    return found


def _compare(known: Known, own: np.ndarray, strange: np.ndarray) -> dict[str, float]:
    alike = likeness(known, strange)
    pairs = higher(likeness(known, own), alike)
    low, high = auroc_interval(pairs)
    flagged = (alike < known.threshold).mean()  # as `is_unknown`
    found = {"pictures": len(strange), "flagged": flagged}
    return {**found, "likeness": pairs.mean(), "from": low, "to": high}


def _sureness(head: LogisticRegression, features: np.ndarray) -> np.ndarray:
    return expit(np.abs(head.decision_function(features)))


# -- lesson 11: which ten to label next ------------------------------------------------
def replay(way: str, seen: Seen, place: str, seed: int, tens: int = 3) -> list[float]:
    """Label ten pictures of another place, and ten more, and ten more.

    Args:
        way: How they are chosen: "at random", "least sure" or "least alike".
        seen: The features.
        place: Where they are from, and those that are asked about as well.
        seed: Of the draw, and of what is chosen at random.
        tens: How many times ten.

    Returns:
        The share of right answers before, and after each ten.
    """
    rng, labels = np.random.default_rng(seed), seen.pictures.labels
    learn, pool, ask = seen.divide(seed)
    rows, names, right = seen.places[HOME][learn], labels[learn], []
    there = seen.places[place]
    while True:
        head = fit(rows, names, "to its end")
        right.append(head.score(there[ask], labels[ask]))
        if len(right) > tens:
            return right
        if way == "at random":
            order = rng.random(len(pool))
        elif way == "least sure":
            order = _sureness(head, there[pool])
        else:
            order = likeness(fit_known(rows, names), there[pool])
        new = np.argsort(order, kind="stable")[:10]
        rows = np.vstack([rows, there[pool[new]]])
        names = np.append(names, labels[pool[new]])
        pool = np.delete(pool, new)


def fit(features: np.ndarray, labels: np.ndarray, name: str) -> LogisticRegression:
    """A head of lesson 11, held back or trained to its end."""
    head = LogisticRegression(C=HEADS[name], max_iter=5000)
    return head.fit(features, labels)


# -- what is looked at -----------------------------------------------------------------
def shifted(forward: Callable, paths: Sequence[Path], shift: Callable) -> np.ndarray:
    """Features of pictures that are shown in another way.

    Args:
        forward: From pixels, uint8 of shape (pictures, 224, 224, 3), to features.
        paths: Of the pictures.
        shift: From such pixels to others.

    Returns:
        Shape (pictures, features).
    """
    found = []
    for start in range(0, len(paths), 50):
        some = paths[start : start + 50]
        pixels = [read_picture(path, (SIDE, SIDE), crop=True) for path in some]
        found.append(forward(shift(np.stack(pixels))))
    return np.concatenate(found)


def look(photos: Path | None) -> Seen:
    """Find or draw the pictures, shift them, fetch the strangers: all their features.

    Args:
        photos: The folder of photographs, or None for drawn pets.
    """
    base = make_base()
    forward = plain_engine(base)

    def features(paths: Sequence[Path]) -> np.ndarray:
        return compute_features(base, paths, progress=True, crop=True)

    own = photos
    if photos is None:
        own = DRAWN / "pets"  # more than the lessons have; theirs are among them
        draw_pets(own, OF_EACH, progress=True)
    pictures = some_of_each(open_set(own), OF_EACH)
    paths = pictures.paths
    places = {HOME: features(paths)}
    if photos is None:
        pictures = pictures._replace(kind="drawn")
        draw_pets(DRAWN / "away", OF_EACH, seed=2, distance=AWAY, progress=True)
        away = some_of_each(open_set(DRAWN / "away"), OF_EACH)
        places["away"] = features(away.paths)
    rng = np.random.default_rng(0)
    # Each time with other noise:
    places["at night"] = shifted(
        forward, paths, lambda p: at_night(p, rng.integers(999))
    )
    places["in pencil"] = shifted(forward, paths, in_pencil)

    draw_pets(DRAWN / "others", STRANGERS, seed=3, kinds=OTHERS)
    drawn = {f"{kind}, drawn": DRAWN / "others" / kind for kind in OTHERS}
    if photos is not None:
        draw_pets(DRAWN / "few", STRANGERS)
        drawn["cat or dog, drawn"] = DRAWN / "few"
    strangers = {name: features(find_pictures(place)) for name, place in drawn.items()}
    pieces = [
        photo[y : y + SIDE, x : x + SIDE]
        for photo in load_sample_images().images
        for y in (0, 203)
        for x in (0, 208, 416)
    ]
    noise = np.random.default_rng(0).integers(0, 256, (12, SIDE, SIDE, 3), np.uint8)
    strangers["temple or flower, photographs"] = forward(np.stack(pieces))
    strangers["noise"] = forward(noise)
    return Seen(pictures, places, strangers)


# -- what is told ----------------------------------------------------------------------
def checks(
    cleaned: dict, sure: dict[tuple[str, str], dict], met: dict[str, Found]
) -> list[list[str]]:
    """What the check cells of lessons 10 and 11 say, and whether it is so here.

    Args:
        cleaned: Of all draws, what `clean_labels` finds.
        sure: The same of `ask_sureness`, by head and place.
        met: What `meet` finds.

    Returns:
        Rows: what is looked at, what it is to be, what it is, "yes" or "no".
    """
    rows = []

    def row(what: str, wanted: str, value: float, so: bool) -> None:
        rows.append([what, wanted, f"{value:.3f}", "yes" if so else "no"])

    def too_sure(name: str, place: str) -> float:
        found = sure[name, place]
        return float((found["sure"] - found["right"]).mean())

    lift = cleaned["gained by mending"]
    value = cleaned["precision"].mean()
    row("10: precision of flagged labels", "above 0.6", value, value > 0.6)
    least = max(0.01, lift.std(ddof=1))
    value = lift.mean()
    row("10: gained by mending", f"above {least:.3f}", value, value > least)
    value = too_sure("to its end", HOME)
    row("11: to its end, surer than right", "within 0.005", value, abs(value) < 0.005)
    value = too_sure("held back", HOME)
    row("11: held back, surer than right", "below -0.01", value, value < -0.01)
    value = sure["to its end", HOME]["above luck"].mean()
    what = "11: to its end, draws with more error than luck gives"
    row(what, "at most 0.1", value, value <= 0.1)
    for place in dict.fromkeys(place for _, place in sure if place != HOME):
        found = sure["to its end", place]
        value = too_sure("held back", place)
        row(f"11: held back, surer, {place}", "above 0.03", value, value > 0.03)
        value = too_sure("to its end", place) - value
        row(f"11: to its end, surer still, {place}", "above 0.02", value, value > 0.02)
        value = found["above luck"].mean()
        row(f"{what}, {place}", "1", value, value == 1)
        value = found["temperature"].min()
        row(f"11: least temperature, {place}", "above 1.5", value, value > 1.5)
        for name in ("error", "cost of a picture"):
            value = (found[f"{name}{THEN}"] < found[name]).mean()
            row(f"11: draws with less {name}{THEN}, {place}", "1", value, value == 1)
    for kind, found in met.items():
        value = named(found)["flagged"].mean()
        if kind.startswith(("temple", "noise")):
            row(f"11: flagged, {kind}", "above 0.99", value, value > 0.99)
        elif kind.startswith(("mouse", "owl")):
            row(f"11: flagged, {kind}", "below 0.25", value, value < 0.25)
    return rows


def _rows(of: str, found: dict[str, np.ndarray]) -> list[list[str]]:
    return [[of, name, *four(values)] for name, values in found.items()]


def _stranger_rows(met: dict[str, Found]) -> list[list[str]]:
    rows = []
    for kind, found in met.items():
        of, first = named(found), found[0]
        row = [kind, f"{first['pictures']}", *four(of["flagged"])]
        row += [*four(of["likeness"]), f"{first['from']:.3f}", f"{first['to']:.3f}"]
        row += [*four(of["sureness"])[:2], f"{of['sure'].mean():.3f}"]
        rows.append(["" if cell == "nan" else cell for cell in row])
    return rows


def _labeling_rows(seen: Seen) -> list[list[object]]:
    rows = []
    for place in [place for place in seen.places if place != HOME]:
        right = {
            way: np.array([replay(way, seen, place, seed) for seed in range(DRAWS)])
            for way in WAYS
        }  # (draws, tens)
        for way in WAYS:
            for ten in (1, 3):
                gain = right[way][:, ten] - right[way][:, 0]
                ahead = right[way][:, ten] - right["at random"][:, ten]
                told = [*four(ahead)[:2], f"{np.sum(ahead > 0)}"]
                rows.append([place, way, 10 * ten, *four(gain), *told])
    return rows


def _main() -> None:
    seen = look(arguments(__doc__).parse_args().photos)
    pictures, home = seen.pictures, seen.places[HOME]
    draws, labels = range(DRAWS), pictures.labels
    cleaned = named([clean_labels(home, pictures, seed) for seed in draws])
    divided = [seen.divide(seed) for seed in draws]
    heads = {
        name: [fit(home[learn], labels[learn], name) for learn, _, _ in divided]
        for name in HEADS
    }
    sure = {
        (name, place): named(
            [
                ask_sureness(head.decision_function(features), labels, *rows[1:])
                for head, rows in zip(heads[name], divided, strict=True)
            ]
        )
        for name in HEADS
        for place, features in seen.places.items()
    }
    met = meet(seen, heads["to its end"])
    drawn = pictures.kind == "drawn"
    report(
        f"doubts_{pictures.kind}",
        f"What a head's doubts are worth: {pictures.kind}",
        f"Features of EfficientNet-Lite0 at {SIDE} pixels, cropped, of {OF_EACH} cats "
        f"and {OF_EACH} dogs; {DRAWS} draws of what to learn from, with their mean, "
        "spread (standard deviation), least and most. Heads are logistic regression, "
        "as in lessons 10 and 11. At night and in pencil: `helpers/pictures/shifts.py`."
        + (f" Away: other pets, drawn {AWAY} times as far." if drawn else "")
        + " What lesson 10 does with backgrounds is not repeated: "
        + (
            "the lesson itself does it with drawn pets."
            if drawn
            else "nobody knows what a photograph would be with another background, so "
            "there is no truth to compare with."
        ),
        f"**Wrong labels.** A head learns from {LABELED} pictures of each class, of "
        "whose labels 5% were flipped; those that `doubtful_labels` flags, by "
        "cross-validated probabilities, are mended if they were flipped. Then it is "
        f"asked about the other {len(labels) - 2 * LABELED}. The labels as they came "
        "are taken for true.",
        table(["", "labels", *FOUR], _rows("5% wrong", cleaned)),
        f"**Sureness.** Heads learn from {PER_CLASS} pictures of each class, as they "
        "are: held back (C = 1) and to its end (C = 10,000). Error is the expected "
        f"calibration error, in 10 boxes, of the answers to {len(divided[0][2])} "
        "others; a perfect head says the same and is right by chance, as often as it "
        "says: its error is what luck alone gives. Above luck: the share of draws with "
        "an error above 97.5 of 100 such heads. The temperature is fitted on "
        f"{2 * PER_CLASS} more pictures of the same place; 0.018 is the least that is "
        "tried, and found where none of them was wrong. Cost: a mistake costs "
        f"{MISTAKE}, a question 1; below 90% sure it asks.",
        table(
            ["head, pictures", "found", *FOUR],
            [
                row
                for (name, place), found in sure.items()
                for row in _rows(f"{name}, {place}", found)
                if name == "to its end" or "temperature" not in row[1]
            ],
        ),
        "**None of these.** Flagged: less like the pictures learned from than the "
        "threshold of `helpers.classifier` (two standard deviations below their mean "
        "likeness). Likeness, sureness: how often an own unseen picture has more of it "
        "than one of these (AUROC; 0.5 is chance); from, to: a bootstrap interval of "
        "95% in the first draw. Sure: of what the head, to its end, answers. Dogs, "
        "none learned from: only cats are known, and cats are the own.",
        table(
            [
                "strangers",
                "pictures",
                *(f"flagged, {what}" for what in FOUR),
                *(f"likeness, {what}" for what in FOUR),
                "from",
                "to",
                *(f"sureness, {what}" for what in FOUR[:2]),
                "sure",
            ],
            _stranger_rows(met),
        ),
        "**Which ten to label next.** The head, to its end, learns from more and more "
        f"pictures of another place, chosen from {2 * PER_CLASS}, ten at a time. What "
        "it gains there over none; how far that is ahead of choosing at random, draw "
        "by draw, and in how many draws.",
        table(
            [
                "place",
                "chosen",
                "labeled",
                *FOUR,
                "ahead",
                "ahead, spread",
                f"ahead in, of {DRAWS}",
            ],
            _labeling_rows(seen),
        ),
        "**What the lessons check.** The asserts of their check cells that speak of "
        "pictures, asked here. Where lesson 11 says away, each place is asked.",
        table(["lesson: what", "is to be", "is", "so"], checks(cleaned, sure, met)),
    )


if __name__ == "__main__":
    run(_main)
