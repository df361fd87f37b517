"""A saved classifier comes back whole, with its names, or says what is missing."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.classifier import load_classifier, name_picture, save_classifier
from helpers.plumbing import ROOT, sha256

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
def saved(model, tmp_path):
    return save_classifier(model, ["cat", "dog"], tmp_path / "pets.keras", accuracy=0.9)


@pytest.fixture
def bright(tmp_path):
    Image.new("RGB", (30, 20), (240, 240, 240)).save(tmp_path / "bright.png")
    return tmp_path / "bright.png"


def test_it_comes_back_with_its_names(model, saved, bright):
    loaded, class_names = load_classifier(saved)
    assert class_names == ["cat", "dog"]
    name, probability = name_picture(loaded, bright, class_names)
    assert (name, probability) == name_picture(model, bright, class_names)
    assert name == "dog"
    assert 0.9 < probability <= 1
    facts = json.loads(saved.with_suffix(".json").read_text())
    assert facts["accuracy"] == 0.9
    assert facts["sha256"] == sha256(saved)


def test_a_fresh_process_gives_the_same_name(saved, bright):
    command = [sys.executable, "-m", "data_scripts.name_picture", bright]
    done = subprocess.run(
        [*command, "--model", saved], cwd=ROOT, capture_output=True, text=True
    )
    name, probability = name_picture(*_with_picture(saved, bright))
    assert done.stdout == f"bright.png: {name} ({probability:.1%})\n", done.stderr


def _with_picture(saved, bright):
    model, class_names = load_classifier(saved)
    return model, bright, class_names
