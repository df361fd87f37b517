"""A model that asks for more than its file holds is refused; an honest one is not."""

import json
import zipfile

import keras
import numpy as np
import pytest

from helpers.classifier import open_classifier, save_classifier
from helpers.errors import InputError


def network(units=2):
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    return keras.Model(inputs, keras.layers.Dense(units, "softmax")(x))


def trained(model):
    model.compile(keras.optimizers.RMSprop(1e-3), "sparse_categorical_crossentropy")
    model.fit(np.zeros((4, 8, 8, 3)), np.array([0, 1, 0, 1]), verbose=0)
    return model


def test_a_trained_model_is_opened_as_it_was_saved(tmp_path):
    model = trained(network())
    save_classifier(model, ["cat", "dog"], tmp_path / "pets.keras")
    opened = open_classifier(tmp_path / "pets.keras").model
    pictures = np.full((2, 8, 8, 3), 9.0)
    assert np.array_equal(opened.predict(pictures), model.predict(pictures))


def test_so_is_one_with_a_trained_model_inside(tmp_path):
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, trained(network())(inputs))
    save_classifier(model, ["cat", "dog"], tmp_path / "pets.keras")
    assert open_classifier(tmp_path / "pets.keras").class_names == ["cat", "dog"]


def test_the_next_model_gets_its_own_numbers(tmp_path):
    save_classifier(network(), ["cat", "dog"], tmp_path / "pets.keras")
    open_classifier(tmp_path / "pets.keras")
    assert np.isfinite(network().predict(np.ones((1, 8, 8, 3)))).all()


def test_a_model_that_boasts_is_refused(tmp_path):
    honest, boasting = tmp_path / "honest.keras", tmp_path / "boasting.keras"
    save_classifier(network(), ["cat", "dog"], honest)
    with zipfile.ZipFile(honest) as old, zipfile.ZipFile(boasting, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "config.json":
                data = data.replace(b'"units": 2', b'"units": 10000000000')
                assert "10000000000" in json.dumps(json.loads(data))
            if name != "classifier.json":
                new.writestr(name, data)
        record = json.loads(old.read("classifier.json"))
        record["members"] = {}
        new.writestr("classifier.json", json.dumps(record))
    with pytest.raises(InputError, match="asks for 40,000,000,000 weights"):
        open_classifier(boasting)
