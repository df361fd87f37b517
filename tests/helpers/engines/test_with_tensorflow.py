"""The lean graph gives what Keras gives, whatever a base is made of."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers

from helpers.engines import tensorflow_engine
from helpers.engines.with_tensorflow import BATCH
from helpers.plumbing import ROOT

pytestmark = pytest.mark.slow

SHAPE = (12, 12, 3)


def nested(x):
    inner = keras.Sequential(
        [keras.Input(SHAPE), layers.Conv2D(4, 3), layers.BatchNormalization()]
    )
    middle = keras.Input(SHAPE)
    return keras.Model(middle, inner(middle), name="middle")(x)


def shared(x):
    normalization = layers.BatchNormalization()
    return normalization(layers.Add()([normalization(x), 2 * x]))


def only_for_training(x):
    x = layers.RandomRotation(0.3)(x, training=True)
    return layers.Dropout(0.5)(layers.GaussianNoise(0.9)(x))


class Subclass(keras.Model):
    """A model without a graph of layers."""

    def __init__(self):
        super().__init__()
        self.normalization = layers.BatchNormalization()

    def call(self, x, training=None):
        return self.normalization(x, training=training)


PARTS = {
    "after a convolution": lambda x: layers.BatchNormalization()(
        layers.Conv2D(4, 3)(x)
    ),
    "without slope": layers.BatchNormalization(scale=False),
    "without intercept": layers.BatchNormalization(center=False),
    "along another axis": layers.BatchNormalization(axis=1),
    "depthwise": lambda x: layers.BatchNormalization()(layers.DepthwiseConv2D(3)(x)),
    "models in models": nested,
    "one layer twice": shared,
    "what is only for training": only_for_training,
    "a subclass": lambda x: Subclass()(x),
    "an operation": lambda x: keras.ops.relu(x - 100.0),
}


def disturb(base):
    """Weights as after training: those of a new normalization do nothing."""
    rng = np.random.default_rng(0)
    for layer in base._flatten_layers():
        if isinstance(layer, layers.BatchNormalization):
            for weight in layer.weights:
                weight.assign(rng.uniform(0.5, 1.5, weight.shape))


def pixels(count):
    noise = np.random.default_rng(1).integers(0, 256, (count, *SHAPE))
    return noise.astype(np.uint8)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_it_equals_keras(part):
    inputs = keras.Input(SHAPE)
    base = keras.Model(inputs, layers.GlobalMaxPooling2D()(part(inputs)))
    disturb(base)
    expected = base.predict(pixels(BATCH), verbose=0)
    found = tensorflow_engine(base)(pixels(BATCH))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * expected.max())


def make_base(normalization=layers.BatchNormalization):
    base = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(4, 3),
            normalization(),
            layers.GlobalAveragePooling2D(),
        ]
    )
    disturb(base)
    return base


def test_no_normalization_is_left_in_its_graph(monkeypatch):
    """Otherwise the graph would be right, but slow to build."""

    def call(*_, **__):
        raise AssertionError("Keras was asked to normalize")

    base = make_base()
    monkeypatch.setattr(layers.BatchNormalization, "call", call)
    assert tensorflow_engine(base)(pixels(BATCH)).shape == (BATCH, 4)


@pytest.mark.parametrize("normalization", [layers.BatchNormalization, Subclass])
def test_later_training_does_not_reach_it(normalization):
    base = make_base(normalization)
    forward = tensorflow_engine(base)
    before = forward(pixels(BATCH))
    for weight in base.weights:
        weight.assign(weight + 1)
    assert forward(pixels(BATCH)).tobytes() == before.tobytes()


def test_batches_of_any_size():
    base = make_base()
    forward = tensorflow_engine(base)
    np.testing.assert_allclose(
        forward(pixels(BATCH + 3)), base.predict(pixels(BATCH + 3), verbose=0), 1e-4
    )


MANY = """
from tests.helpers.engines.test_with_tensorflow import *
for _ in range(6):
    tensorflow_engine(make_base())(pixels(4))
print("done")
"""


def test_many_engines_are_made_without_a_warning():
    """In a process of its own: TensorFlow gives this warning twice, then no more."""
    command = [sys.executable, "-c", MANY]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "done\n"
    assert "retracing" not in done.stderr
