"""The benchmarks of lessons 9 to 11 find what was planted; nothing here is timed."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import BayesianRidge
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from benchmarks import doubts, forecasts
from benchmarks.setting import Pictures
from helpers.classifier import fit_known, is_unknown, likeness


@pytest.fixture
def seen():
    """700 pictures; elsewhere the class is told by another feature than at home."""
    rng = np.random.default_rng(0)
    labels = np.arange(700) % 2
    home = rng.normal(size=(700, 8)) + 3
    home[:, 0] += 8 * labels
    there = rng.normal(size=(700, 8)) + 3
    there[:, 1] += 8 * labels
    there[:, 2] += 30
    far = np.abs(rng.normal(size=(9, 8))) * [0, 0, 0, 0, 0, 0, 9, 0]
    places = {doubts.HOME: home, "elsewhere": there}
    strangers = {"mouse": home[:20], "noise": far}
    return doubts.Seen(Pictures("drawn", [], labels), places, strangers)


def test_what_is_asked_about_is_neither_learned_from_nor_held_out(seen):
    parts = seen.divide(seed=3)
    assert sorted(np.concatenate(parts)) == list(range(700))
    counts = [np.bincount(seen.pictures.labels[rows]).tolist() for rows in parts]
    assert counts == [[100, 100], [100, 100], [150, 150]]
    assert (seen.divide(seed=4)[0] != parts[0]).any()


def test_flipped_labels_are_found_and_mended(seen):
    rng = np.random.default_rng(1)
    wide = rng.normal(size=(700, 300))
    blind = doubts.clean_labels(wide, seen.pictures, seed=0)
    assert blind["precision"] < 0.2
    wide[:, :60] += 0.8 * seen.pictures.labels[:, np.newaxis]
    found = doubts.clean_labels(wide, seen.pictures, seed=0)
    assert found["precision"] > 0.7
    assert found["recall"] > 0.6
    assert 0.01 < found["gained by mending"] < 0.2
    assert found["right, with wrong labels"] < found["right, with original labels"]


def test_a_temperature_is_found_again_and_mends_what_is_said():
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 8, 4000)
    labels = (rng.random(4000) < expit(scores / 3)).astype(int)
    found = doubts.ask_sureness(scores, labels, np.arange(2000), np.arange(2000, 4000))
    assert found["temperature"] == pytest.approx(3, rel=0.1)
    assert found["sure"] - found["right"] > 0.05
    assert (found["above luck"], found[f"above luck{doubts.THEN}"]) == (1, 0)
    assert found[f"error{doubts.THEN}"] < found["error"] / 2
    assert found[f"cost of a picture{doubts.THEN}"] < found["cost of a picture"]
    perfect = found[f"error of a perfect head{doubts.THEN}"]
    assert 0 < perfect < found["error"] / 2


def test_an_error_is_the_distance_from_the_diagonal():
    sure = np.array([0.6, 0.6, 0.97, 1.0])
    right = np.array([True, True, True, False])
    assert doubts.calibration_error(sure, right) == pytest.approx((0.8 + 0.97) / 4)


def test_likeness_below_the_threshold_is_what_the_classifier_flags(seen):
    learn, _, ask = seen.divide(0)
    known = fit_known(seen.places[doubts.HOME][learn], seen.pictures.labels[learn])
    for rows in (seen.places[doubts.HOME][ask], *seen.strangers.values()):
        flagged = likeness(known, rows) < known.threshold
        assert (flagged == is_unknown(known, rows)).all()


def test_the_area_is_scikit_learns_and_its_interval_holds_it():
    rng = np.random.default_rng(0)
    own, strange = rng.normal(1, 1, 90).round(1), rng.normal(size=30).round(1)
    pairs = doubts.higher(own, strange)
    area = roc_auc_score(np.repeat([1, 0], [90, 30]), np.append(own, strange))
    assert pairs.mean() == pytest.approx(area)
    low, high = doubts.auroc_interval(pairs)
    assert 0.03 < area - low < 0.15 > high - area > 0.03


def test_strangers_are_told_from_the_own(seen):
    learn = [seen.divide(seed)[0] for seed in range(2)]
    home, labels = seen.places[doubts.HOME], seen.pictures.labels
    heads = [doubts.fit(home[rows], labels[rows], "to its end") for rows in learn]
    found = {name: doubts.named(row) for name, row in doubts.meet(seen, heads).items()}
    assert list(found)[:2] == ["own, unseen", "own, elsewhere"]
    assert found["own, unseen"]["likeness"] == pytest.approx(0.5)
    assert found["own, unseen"]["flagged"].max() < 0.15
    assert found["own, elsewhere"]["flagged"].min() == 1
    assert found["noise"]["likeness"].min() == 1
    assert found["mouse"]["flagged"].max() < 0.3  # some of the own, in truth
    assert found["dogs, none learned from"]["likeness"].min() > 0.9
    assert np.isnan(found["cats, none learned from"]["sure"]).all()


@pytest.mark.parametrize("way", doubts.WAYS)
def test_labels_from_elsewhere_help_there(seen, way):
    right = doubts.replay(way, seen, "elsewhere", seed=0)
    assert len(right) == 4
    assert right[0] < 0.8
    assert right[-1] > right[0] + 0.15
    assert right == doubts.replay(way, seen, "elsewhere", seed=0)


def test_a_check_that_does_not_hold_is_told():
    draws = {"precision": 0.8, "gained by mending": 0.05}
    cleaned = {name: np.full(10, value) for name, value in draws.items()}
    names = ["right", "sure", "above luck", "temperature"]
    names += ["error", f"error{doubts.THEN}"]
    names += ["cost of a picture", f"cost of a picture{doubts.THEN}"]

    def found(*values):
        return {
            name: np.full(10, value) for name, value in zip(names, values, strict=True)
        }

    sure = {
        ("held back", doubts.HOME): found(0.99, 0.95, 0, 1, 0, 0, 0, 0),
        ("held back", "away"): found(0.8, 0.85, 1, 2, 1, 0, 1, 0),
        ("to its end", doubts.HOME): found(0.99, 0.99, 0, 1, 0, 0, 0, 0),
        ("to its end", "away"): found(0.8, 0.9, 1, 2, 1, 0, 1, 0),
    }
    met = {"mouse, drawn": [{"flagged": 0.1}] * 2, "noise": [{"flagged": 1.0}] * 2}
    assert {row[-1] for row in doubts.checks(cleaned, sure, met)} == {"yes"}
    sure["to its end", "away"]["error"][3] = -1
    met["noise"][0] = {"flagged": 0.5}
    rows = doubts.checks(cleaned, sure, met)
    refused = {tuple(row[:3]) for row in rows if row[-1] == "no"}
    assert refused == {
        ("11: draws with less error, with a temperature, away", "1", "0.900"),
        ("11: flagged, noise", "above 0.99", "0.750"),
    }


def test_the_evidence_is_scikit_learns():
    labels = np.arange(200) % 2
    features = np.random.default_rng(0).normal(size=(200, 40))
    features[:, :8] += 0.6 * labels[:, np.newaxis]
    scaled = StandardScaler().fit_transform(features)
    ridge = BayesianRidge(compute_score=True, fit_intercept=False)
    ridge.fit(scaled, np.where(labels == 1, 1.0, -1.0))
    ours = forecasts.logme(scaled, labels)
    assert ours == pytest.approx(ridge.scores_[-1] / 200, abs=0.01)


def test_forecasts_of_useless_features_are_lower():
    labels = np.arange(20) % 2
    useless = np.random.default_rng(0).normal(size=(20, 30))
    useful = useless + 3 * labels[:, np.newaxis]
    told = [forecasts.forecast(given, labels) for given in (useless, useful)]
    assert all(less < more for less, more in zip(*told, strict=True))


def test_the_rule_takes_the_lightest_that_is_level():
    shares = pd.DataFrame({"best": [0.9, 0.8], "light": [0.8, 0.9], "bad": [0.6, 0.5]})
    weights = {"best": 3, "light": 2, "bad": 1}
    assert forecasts.choose(shares, weights) == "light"
    shares["light"] -= 0.2
    assert forecasts.choose(shares, weights) == "best"
