"""The drawn things: the same everywhere, and neither trivial nor hopeless to tell."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.features import compute_features
from helpers.plumbing import sha256
from tests.things import NAMES, draw_one, draw_things


def test_folders_hold_as_many_as_asked_and_few_wrong_ones(tmp_path):
    wrong = draw_things(tmp_path, classes=3, per_class=(5, 8, 7), wrong_labels=0.2)
    counts = {name: len(list((tmp_path / name).glob("*.jpg"))) for name in NAMES[:3]}
    assert list(counts.values()) == [5, 8, 7]
    assert {folder.name for folder in tmp_path.iterdir()} == set(NAMES[:3])
    assert len(wrong) == 4
    for file, shown in wrong.items():
        assert (tmp_path / file).is_file()
        assert shown in NAMES[:3]
        assert shown != file.split("/")[0]


def test_seed_decides_every_byte(tmp_path):
    def digests(folder, seed):
        wrong = draw_things(tmp_path / folder, 2, 4, seed=seed, wrong_labels=0.25)
        files = sorted((tmp_path / folder).glob("*/*.jpg"))
        return wrong, {f"{f.parent.name}/{f.name}": sha256(f) for f in files}

    first, again, other = digests("a", 1), digests("b", 1), digests("c", 2)
    assert first == again
    assert not set(first[1].values()) & set(other[1].values())


def test_names_have_blanks_and_other_letters_and_no_two_are_alike():
    assert len({name.casefold() for name in NAMES}) == len(NAMES) == 20
    assert any(" " in name for name in NAMES)
    assert sum(not name.isascii() for name in NAMES) >= 4


def test_class_is_not_in_the_color():
    pixels = [
        [np.asarray(draw_one(kind, [7, kind, k])).mean(axis=(0, 1)) for k in range(36)]
        for kind in range(3)
    ]
    train, test = np.split(np.array(pixels), [24], axis=1)  # (class, picture, 3)
    model = LogisticRegression().fit(train.reshape(-1, 3), np.repeat(range(3), 24))
    assert model.score(test.reshape(-1, 3), np.repeat(range(3), 12)) < 0.55


def test_numbers_of_classes_that_cannot_be_are_refused(tmp_path):
    for classes in (1, 21):
        with pytest.raises(ValueError, match="expected 2 to 20 classes"):
            draw_things(tmp_path, classes, 1)


@pytest.mark.slow
@pytest.mark.parametrize(("classes", "tested"), [(3, 40), (20, 6)])
def test_pretrained_features_tell_them_well_and_not_perfectly(
    classes, tested, tmp_path
):
    inputs = keras.Input((224, 224, 3))
    network = EfficientNetLite0(
        include_top=False, input_shape=(224, 224, 3), pooling="avg"
    )
    base = keras.Model(inputs, network(preprocess_input(inputs)))
    features, labels = {}, {}
    for seed, (part, per_class) in enumerate([("train", 20), ("test", tested)], 2):
        draw_things(tmp_path / part, classes, per_class, seed, wrong_labels=0)
        files = sorted((tmp_path / part).glob("*/*.jpg"))
        labels[part] = [file.parent.name for file in files]
        features[part] = compute_features(base, files, tmp_path / "cache", crop=True)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    model.fit(features["train"], labels["train"])
    assert 0.8 <= model.score(features["test"], labels["test"]) <= 0.995
