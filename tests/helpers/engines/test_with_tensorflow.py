"""The lean graph gives what Keras gives, whatever a base is made of."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from helpers.engines import tensorflow_engine
from helpers.engines.with_tensorflow import BATCH, _Affine
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


def deeply_nested(x):
    for _ in range(4):
        around = keras.Input(SHAPE)
        block = keras.Model(around, layers.BatchNormalization()(around))
        x = keras.Sequential([keras.Input(SHAPE), block, layers.BatchNormalization()])(
            x
        )
    return x


def compiled(x):
    def own_loss(true, answers):
        return answers[:, 0]

    inner = keras.Sequential([keras.Input(SHAPE), layers.BatchNormalization()])
    inner.compile("sgd", own_loss)
    return inner(x)


class Doubled(keras.Model):
    """A graph of layers whose own call does something else."""

    def call(self, x, training=None):
        return 2 * super().call(x, training=training)


def doubled(x):
    inside = keras.Input(SHAPE)
    return Doubled(inside, layers.BatchNormalization()(inside))(x)


class Subclass(keras.Model):
    """A model without a graph of layers."""

    def __init__(self):
        super().__init__()
        self.normalization = layers.BatchNormalization()

    def call(self, x, training=None):
        return self.normalization(x, training=training)


def depthwise(normalization=None, **settings):
    def part(x):
        filtered = layers.DepthwiseConv2D(3, **settings)(x)
        return (normalization or layers.BatchNormalization())(filtered)

    return part


def depthwise_twice(x):
    filtered = layers.DepthwiseConv2D(3)(x)
    return layers.Add()([layers.BatchNormalization()(filtered), filtered])


PARTS = {
    "after a convolution": lambda x: layers.BatchNormalization()(
        layers.Conv2D(4, 3)(x)
    ),
    "without slope": layers.BatchNormalization(scale=False),
    "without intercept": layers.BatchNormalization(center=False),
    "along another axis": layers.BatchNormalization(axis=1),
    "depthwise": depthwise(),
    "depthwise, several for each channel": depthwise(depth_multiplier=2),
    "depthwise, in strides": depthwise(strides=2, padding="same"),
    "depthwise, dilated": depthwise(dilation_rate=2),
    "depthwise, then a bias": depthwise(use_bias=True, bias_initializer="ones"),
    "depthwise, without slope": depthwise(layers.BatchNormalization(scale=False)),
    "depthwise, used twice": depthwise_twice,
    "models in models": nested,
    "one layer twice": shared,
    "what is only for training": only_for_training,
    "a subclass": lambda x: Subclass()(x),
    "deeply nested": deeply_nested,
    "compiled with a loss of one's own": compiled,
    "a graph with a call of its own": doubled,
    "float64": layers.BatchNormalization(dtype="float64"),
    "an operation": lambda x: keras.ops.relu(x - 100.0),
}


def disturb(base):
    """Weights as after training: those of a new normalization do nothing."""
    rng = np.random.default_rng(0)
    for weight in base.weights:
        if weight.name in ("gamma", "beta", "moving_mean", "moving_variance"):
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


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16"])
def test_it_equals_keras_with_half_the_bits(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        base = make_base()
    finally:
        keras.config.set_dtype_policy(before)
    expected = base.predict(pixels(BATCH), verbose=0).astype("float32")
    found = tensorflow_engine(base)(pixels(BATCH))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.01 * expected.max())


def test_the_base_itself_may_have_a_call_of_its_own():
    inside = keras.Input(SHAPE)
    base = Doubled(inside, layers.GlobalMaxPooling2D()(inside))
    expected = 2.0 * pixels(BATCH).max((1, 2))
    assert (tensorflow_engine(base)(pixels(BATCH)) == expected).all()


def test_a_base_stays_as_it_was():
    base = make_base()
    config, names = base.get_config(), [weight.path for weight in base.weights]
    tensorflow_engine(base)
    assert base.get_config() == config
    assert [weight.path for weight in base.weights] == names


def test_no_normalization_is_left_in_its_graph(monkeypatch):
    """Otherwise the graph would be right, but slow to build."""

    def call(*_, **__):
        raise AssertionError("Keras was asked to normalize")

    base = keras.Sequential([keras.Input(SHAPE), make_base()])
    monkeypatch.setattr(layers.BatchNormalization, "call", call)
    assert tensorflow_engine(base)(pixels(BATCH)).shape == (BATCH, 4)


def test_a_slope_goes_into_the_depthwise_convolution_before_it():
    """TensorFlow joins a convolution with what follows, if nothing is in between."""
    convolution = layers.DepthwiseConv2D(3, use_bias=False)
    normalization = layers.BatchNormalization()
    inputs = keras.Input(SHAPE)
    keras.Model(inputs, normalization(convolution(inputs)))
    affine = _Affine(normalization)
    lean = tf.function(lambda x: affine.call(convolution(x)), autograph=False)
    [outputs] = lean.get_concrete_function(tf.TensorSpec((1, *SHAPE))).graph.outputs
    added = outputs.op.inputs[0].op
    assert added.inputs[0].op.type == "DepthwiseConv2dNative"


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
