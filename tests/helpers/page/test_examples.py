"""The pictures behind a classifier, found again, the test part kept apart."""

import shutil

import numpy as np
import pytest

from helpers.classifier import fit_known
from helpers.errors import InputError
from helpers.page.examples import _are_in, find_examples
from helpers.page.splitting import split
from tests.things import draw_things

from .made import small_classifier


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "things"
    draw_things(folder, 2, 20, seed=3, wrong_labels=0)
    return folder


@pytest.fixture
def things(drawn, tmp_path):
    shutil.copytree(drawn, tmp_path / "things")
    return tmp_path / "things"


def found(classifier, tmp_path, **asked):
    base, head = split(classifier)
    return find_examples(classifier, base, head, cache=tmp_path / "cache", **asked)


def test_all_are_found_with_their_parts_and_no_picture_of_them(things, tmp_path):
    classifier = small_classifier(things, tmp_path / "a.keras")
    examples = found(classifier, tmp_path)
    assert len(examples.names) == 40
    assert examples.in_test.sum() == classifier.record["n_pictures"] == 8
    assert examples.features.shape == (40, 6)
    assert examples.thumbnails == [None] * 40
    assert examples.note == ""
    folders = [name.split("/")[0] for name in examples.names]
    assert folders == [classifier.class_names[label] for label in examples.labels]


def test_small_copies_are_there_if_they_are_allowed(things, tmp_path):
    classifier = small_classifier(things, tmp_path / "a.keras")
    examples = found(classifier, tmp_path, thumbnails=True)
    assert all(one.startswith("data:image/jpeg;base64,") for one in examples.thumbnails)


def test_pictures_that_are_gone_leave_a_note(things, tmp_path):
    classifier = small_classifier(things, tmp_path / "a.keras")
    things.rename(tmp_path / "elsewhere")
    examples = found(classifier, tmp_path)
    assert examples.names == []
    assert "not there any more" in examples.note
    again = found(classifier, tmp_path, folder=tmp_path / "elsewhere")
    assert len(again.names) == 40
    assert again.note == ""


def test_a_record_that_tells_nothing_leaves_a_note(things, tmp_path):
    classifier = small_classifier(things, tmp_path / "a.keras", made_by="me")
    assert "not there any more" in found(classifier, tmp_path).note
    classifier.record.pop("pictures")
    assert "not recorded" in found(classifier, tmp_path).note


def test_nothing_that_was_learned_from_comes_into_the_test_part(things, tmp_path):
    """With fewer pictures the lot would choose some that were learned from."""
    classifier = small_classifier(things, tmp_path / "a.keras")
    before = found(classifier, tmp_path)
    tested = [n for n, test in zip(before.names, before.in_test, strict=True) if test]
    for name in tested[::2]:
        (things / name).unlink()
    examples = found(classifier, tmp_path)
    still = {examples.names[row] for row in np.flatnonzero(examples.in_test)}
    assert still == set(tested[1::2])
    assert "have changed" in examples.note


def test_of_more_than_is_known_none_is_called_new(things, tmp_path):
    classifier = small_classifier(things, tmp_path / "a.keras")
    object.__setattr__(classifier, "known", None)
    for path in sorted(things.rglob("*.jpg"))[::5]:
        path.unlink()
    examples = found(classifier, tmp_path)
    assert not examples.in_test.any()
    assert "no test part" in examples.note


def test_a_folder_of_other_classes_is_refused(things, tmp_path):
    classifier = small_classifier(things, tmp_path / "a.keras")
    first = sorted(things.iterdir())[0]
    first.rename(things / "other")
    with pytest.raises(InputError, match=r"expected the classes .* found .*other"):
        found(classifier, tmp_path, folder=things)


def test_one_picture_is_known_among_sisters():
    rng = np.random.default_rng(0)
    one = rng.normal(5, 1, 1280)
    features = (one + rng.normal(0, 0.5, (30, 1280))).astype("float32")  # of a burst
    known = fit_known(features[:20], np.arange(20) % 2)
    assert _are_in(known, features).tolist() == [True] * 20 + [False] * 10
    assert _are_in(known, features[:0]).shape == (0,)


def test_without_a_recorded_accuracy_there_is_nothing_to_note(things, tmp_path):
    facts = {"accuracy": None, "n_pictures": None}
    classifier = small_classifier(things, tmp_path / "a.keras", **facts)
    examples = found(classifier, tmp_path)
    assert examples.in_test.sum() == 8
    assert examples.note == ""
