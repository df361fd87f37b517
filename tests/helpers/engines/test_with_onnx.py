"""ONNX Runtime gives the features that TensorFlow gives."""

import keras
import numpy as np
import pytest

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.engines import exported, onnx_engine
from helpers.engines import with_onnx as module
from helpers.errors import InputError
from helpers.features import compute_features
from helpers.pets import draw_pets
from helpers.pictures import find_pictures

pytestmark = pytest.mark.slow


def test_it_equals_tensorflow_on_a_real_backbone(tmp_path, capfd):
    draw_pets(tmp_path / "pets", per_class=10)
    pictures = find_pictures(tmp_path / "pets")
    inputs = keras.Input((224, 224, 3))
    backbone = EfficientNetLite0(
        include_top=False, input_shape=(224, 224, 3), pooling="avg"
    )
    base = keras.Model(inputs, backbone(preprocess_input(inputs)))
    capfd.readouterr()
    found = compute_features(base, pictures, tmp_path / "cache", engine=onnx_engine)
    assert capfd.readouterr() == ("", "")
    expected = compute_features(base, pictures, tmp_path / "cache")
    assert found.dtype == np.float32
    assert len(list((tmp_path / "cache").iterdir())) == 2  # kept apart
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)


def test_an_export_is_the_same_file_again():
    inputs = keras.Input((16, 16, 3))
    keras.utils.set_random_seed(0)
    x = keras.layers.Rescaling(1 / 255)(inputs)
    for _ in range(2):
        x = keras.layers.Conv2D(4, 3)(x)
        x = keras.layers.ReLU(6.0)(keras.layers.BatchNormalization()(x))
    base = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))
    first = exported(base)
    other = keras.models.clone_model(base)  # its layers are counted on
    other.set_weights([weight + 1 for weight in base.get_weights()])
    assert exported(other) != first
    assert exported(base) == first


def test_what_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: name == "onnx" or None)
    inputs = keras.Input((8, 8, 3))
    base = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(inputs))
    with pytest.raises(InputError) as error:
        onnx_engine(base)
    assert "onnx_engine needs onnxruntime and tf2onnx, which" in str(error.value)
    assert "pip install onnx onnxruntime tf2onnx" in str(error.value)
