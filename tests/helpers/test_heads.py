"""A head on features, and the same head on its base, give the same answers."""

import keras
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.errors import InputError
from helpers.heads import head_from_regression, join

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base():
    keras.utils.set_random_seed(0)
    inputs = keras.Input((12, 12, 3))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = keras.layers.Conv2D(6, 3, activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(0).uniform(0, 255, (60, 12, 12, 3)).astype("float32")


def make_head(seed):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((6,))
    x = keras.layers.Dense(8, activation="relu")(inputs)
    head = keras.Model(inputs, keras.layers.Dense(2, activation="softmax")(x))
    head.compile("rmsprop", "sparse_categorical_crossentropy")
    return head


def test_training_on_features_equals_training_in_place(base, pixels):
    labels = np.arange(60) % 2
    on_features, in_place = make_head(1), make_head(1)
    features = base.predict(pixels, verbose=0)
    on_features.fit(features, labels, epochs=5, shuffle=False, verbose=0)
    whole = join(base, in_place)
    whole.compile("rmsprop", "sparse_categorical_crossentropy")
    whole.fit(pixels, labels, epochs=5, shuffle=False, verbose=0)
    np.testing.assert_allclose(
        join(base, on_features).predict(pixels, verbose=0),
        whole.predict(pixels, verbose=0),
        atol=1e-5,
    )


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("scaled", [False, True])
def test_a_logistic_regression_becomes_a_head(base, pixels, classes, scaled):
    features, labels = base.predict(pixels, verbose=0), np.arange(60) % classes
    regression = LogisticRegression(max_iter=1000)
    if scaled:
        regression = make_pipeline(StandardScaler(), regression)
    regression.fit(features, labels)
    head = head_from_regression(regression)
    expected = regression.predict_proba(features)
    np.testing.assert_allclose(head.predict(features, verbose=0), expected, atol=1e-5)
    joined = join(base, head).predict(pixels, verbose=0)
    np.testing.assert_allclose(joined, expected, atol=1e-5)


def test_the_joined_base_is_frozen(base):
    assert len(join(base, make_head(0)).trainable_weights) == 4


def test_a_head_for_another_base_is_refused(base):
    inputs = keras.Input((5,))
    head = keras.Model(inputs, keras.layers.Dense(2)(inputs))
    with pytest.raises(InputError, match="expected a head for 6 features, found one"):
        join(base, head)
