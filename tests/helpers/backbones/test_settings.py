"""Settings that somebody made for other work reach no network, and no stored weights.

Keras reads its settings when it is imported, so each case is a process of its own.
"""

import json
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.plumbing import ROOT

PIXELS = np.linspace(0, 255, 64 * 64 * 3).reshape(1, 64, 64, 3)
FEATURES = """
import sys
from pathlib import Path
import numpy as np
from helpers.backbones import EfficientNetLite0, weights
import keras
found = [keras.config.image_data_format(), keras.config.floatx()]
assert found == ["channels_first", "float16"], found
weights.DATA = Path(sys.argv[1])
base = EfficientNetLite0(include_top=False, pooling="avg", input_shape=(64, 64, 3))
np.save(sys.argv[2], base(np.load(sys.argv[3])))
found = [keras.config.image_data_format(), keras.config.floatx()]
assert found == ["channels_first", "float16"], found
"""


@pytest.mark.slow
def test_weights_and_features_are_the_same_under_any_settings(tmp_path):
    settings = tmp_path / "keras.json"
    settings.write_text(
        json.dumps({"image_data_format": "channels_first", "floatx": "float16"})
    )
    np.save(tmp_path / "inputs.npy", preprocess_input(PIXELS))
    names = (tmp_path, tmp_path / "features.npy", tmp_path / "inputs.npy")
    subprocess.run(
        [sys.executable, "-c", FEATURES, *names],
        env={**os.environ, "KERAS_HOME": str(tmp_path)},
        cwd=ROOT,
        check=True,
    )
    stored = tmp_path / "weights" / "efficientnet_lite0.weights.h5"
    kinds = []
    with h5py.File(stored) as file:
        file.visititems(lambda _, one: kinds.append(getattr(one, "dtype", None)))
    assert set(kinds) == {None, np.dtype("float32")}
    base = EfficientNetLite0(
        include_top=False, pooling="avg", input_shape=(64, 64, 3), weights=stored
    )
    features = np.load(names[1])
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, base(preprocess_input(PIXELS)), atol=1e-5)


def test_a_policy_of_half_precision_ends_at_the_base():
    import keras

    keras.config.set_dtype_policy("float16")
    try:
        base = EfficientNetLite0(include_top=False, weights=None, pooling="avg")
        assert keras.config.dtype_policy().name == "float16"
    finally:
        keras.config.set_dtype_policy("float32")
    assert {weight.dtype for weight in base.weights} == {"float32"}
    assert base.compute_dtype == "float32"
