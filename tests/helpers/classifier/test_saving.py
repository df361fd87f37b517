"""A saved classifier comes back whole, with its names; what was there is not lost."""

import json
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.classifier import (
    load_classifier,
    name_picture,
    open_classifier,
    save_classifier,
)
from helpers.classifier.known import fit_known
from helpers.classifier_file import read_record
from helpers.errors import InputError
from helpers.plumbing import sha256

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def model():
    """Calls bright pictures a dog."""
    inputs = keras.Input((8, 8, 3))
    dense = keras.layers.Dense(2, "softmax")
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    model = keras.Model(inputs, dense(x))
    dense.set_weights([np.full((3, 2), [-0.01, 0.01]), np.array([3.0, -3.0])])
    return model


@pytest.fixture
def place(tmp_path):
    return tmp_path / "pets.keras"


@pytest.fixture
def bright(tmp_path):
    Image.new("RGB", (30, 20), (240, 240, 240)).save(tmp_path / "bright.png")
    return tmp_path / "bright.png"


def kept(place):
    return sorted(path.name for path in place.parent.glob("pets.*-*.*"))


def test_a_model_that_is_a_list_of_layers_comes_back_as_well(model, place, bright):
    layers = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2, "softmax")]
    listed = keras.Sequential([keras.Input((8, 8, 3)), *layers])
    listed.set_weights(model.get_weights())
    loaded, class_names = load_classifier(
        save_classifier(listed, ["cat", "dog"], place)
    )
    assert name_picture(loaded, bright, class_names)[0] == "dog"


def test_it_comes_back_with_its_names_in_one_file(model, place, bright):
    saved = save_classifier(model, ["cat", "dog"], place, accuracy=0.9)
    assert [path.name for path in place.parent.glob("pets*")] == ["pets.keras"]
    loaded, class_names = load_classifier(saved)
    assert class_names == ["cat", "dog"]
    name, probability = name_picture(loaded, bright, class_names)
    assert (name, probability) == name_picture(model, bright, class_names)
    assert name == "dog"
    assert 0.9 < probability <= 1


def test_keras_alone_opens_the_file(model, place):
    save_classifier(model, ["cat", "dog"], place)
    loaded = keras.models.load_model(place)
    for ours, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
        assert (ours == theirs).all()


def test_the_record_tells_what_keras_does_not_keep(model, place):
    facts = {"accuracy": np.float32(0.75), "n_pictures": np.int64(400)}
    others = {"folder": place.parent, "sizes": (3, np.arange(2)), "seed": None}
    save_classifier(model, ("cat", "dog"), place, crop=True, **facts, **others)
    record = read_record(place)
    assert record["class_names"] == ["cat", "dog"]
    assert record["reading"]["size"] == [8, 8]
    assert record["reading"]["crop"] is True
    assert record["outputs"] == "softmax"
    assert record["versions"]["keras"] == keras.__version__
    assert (record["accuracy"], record["n_pictures"]) == (0.75, 400)
    assert record["accuracy_interval"] == pytest.approx([0.7046, 0.7917], abs=1e-3)
    assert record["folder"] == str(place.parent)
    assert record["sizes"] == [3, [0, 1]]
    assert record["seed"] is None
    assert set(record["members"]) == {
        "metadata.json",
        "config.json",
        "model.weights.h5",
    }


@pytest.mark.parametrize("fact", [float("nan"), np.float32("inf"), object(), {1: 2}])
def test_a_fact_that_cannot_be_kept_costs_nothing(model, place, fact):
    save_classifier(model, ["cat", "dog"], place)
    before = place.read_bytes()
    with pytest.raises(InputError, match=r"^expected note.* to be .*nothing was saved"):
        save_classifier(model, ["cat", "dog"], place, note=[fact])
    assert place.read_bytes() == before
    assert kept(place) == []


def test_a_lesson_replaces_its_own_result_without_a_word(model, place, capsys):
    for accuracy in (0.5, 0.6):
        save_classifier(
            model, ["cat", "dog"], place, pictures="drawn", accuracy=accuracy
        )
    assert read_record(place)["accuracy"] == 0.6
    assert kept(place) == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("names", "facts"),
    [
        (["cat", "dog"], {"pictures": "photos"}),
        (["cat", "dog"], {"pictures": "drawn", "made_by": "me"}),
        (["cat", "dog"], {"pictures": "drawn", "data": "12ab"}),
        (["cat", "dog"], {}),
        (["tom", "rex"], {"pictures": "drawn"}),
    ],
)
def test_a_classifier_of_another_source_is_kept(model, place, capsys, names, facts):
    save_classifier(model, ["cat", "dog"], place, pictures="drawn")
    before = place.read_bytes()
    for number in (1, 2):
        save_classifier(model, names, place, number=number, **facts)
        if not facts:  # nobody can tell that these two are of one source
            continue
        assert read_record(place)["number"] == number
    assert len(kept(place)) == (1 if facts else 2)
    first = place.with_name(kept(place)[0])
    assert first.read_bytes() == before
    assert load_classifier(first)[1] == ["cat", "dog"]
    said = f"The classifier that was in pets.keras is kept as {first.name}.\n"
    assert capsys.readouterr().out.startswith(said)


def test_two_without_a_source_are_both_kept(model, place):
    for number in (1, 2, 3):
        save_classifier(model, ["cat", "dog"], place, number=number)
    numbers = [read_record(place.with_name(name))["number"] for name in kept(place)]
    assert numbers == [1, 2]


def test_what_is_no_classifier_is_kept_as_well(model, place):
    place.write_bytes(b"somebody's notes")
    save_classifier(model, ["cat", "dog"], place, pictures="drawn")
    (name,) = kept(place)
    assert place.with_name(name).read_bytes() == b"somebody's notes"


def test_the_environment_names_another_folder(model, tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSFER_MODELS", str(tmp_path / "elsewhere"))
    saved = save_classifier(model, ["cat", "dog"])
    assert saved == tmp_path / "elsewhere" / "cats_vs_dogs.keras"
    assert load_classifier()[1] == ["cat", "dog"]


@pytest.fixture
def pair(model, place):
    """Two files, as they were saved before the names went into the model's file."""
    model.save(place)
    facts = {"class_names": ["cat", "dog"], "sha256": sha256(place)}
    text = json.dumps({**facts, "accuracy": 0.9, "pictures": "drawn"})
    place.with_suffix(".json").write_text(text)
    return place


def test_a_pair_of_the_first_kind_still_opens(pair):
    classifier = open_classifier(pair)
    assert list(classifier.class_names) == ["cat", "dog"]
    assert classifier.outputs == "softmax"
    assert read_record(pair)["accuracy"] == 0.9


def test_a_pair_is_replaced_by_its_own_lesson(model, pair, capsys):
    save_classifier(model, ["cat", "dog"], pair, pictures="drawn")
    assert "members" in read_record(pair)
    assert not pair.with_suffix(".json").exists()
    assert kept(pair) == []
    assert capsys.readouterr().out == ""


def test_a_pair_of_another_source_is_kept_whole(model, pair):
    save_classifier(model, ["cat", "dog"], pair, pictures="photos")
    names = kept(pair)
    assert [name[-6:] for name in names] == ["1.json", ".keras"]
    assert read_record(pair.with_name(names[1]))["accuracy"] == 0.9
    assert not pair.with_suffix(".json").exists()


def test_known_pictures_go_with_the_file(place, bright):
    inputs = keras.Input((8, 8, 3), name="pixels")
    pooled = keras.layers.GlobalAveragePooling2D()(inputs)
    base = keras.Model(inputs, pooled, name="base")
    features = keras.Input((3,))
    dense = keras.layers.Dense(2, "softmax")(features)
    head = keras.Model(features, dense, name="head")
    pixels = keras.Input((8, 8, 3))
    model = keras.Model(pixels, head(base(pixels)))
    rng = np.random.default_rng(0)
    reddish = rng.uniform((180, 0, 0), (255, 60, 60), (40, 3))
    known = fit_known(reddish, np.repeat([0, 1], 20))
    save_classifier(model, ["cat", "dog"], place, known=known)
    classifier = open_classifier(place)
    assert classifier.known.threshold == pytest.approx(known.threshold)
    assert (classifier.known.pictures == known.pictures).all()
    images = np.zeros((2, 8, 8, 3), "float32")
    images[0], images[1] = (220, 30, 30), (30, 30, 220)
    probabilities, unknown = classifier.ask(images)
    assert unknown.tolist() == [False, True]
    assert np.allclose(probabilities, model.predict(images, verbose=0))
    with zipfile.ZipFile(place) as archive:
        assert "known.npz" in archive.namelist()
