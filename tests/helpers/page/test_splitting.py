"""A classifier taken apart answers as the whole; what cannot be is told why."""

import keras
import numpy as np
import pytest
from keras import layers

from helpers.classifier import Classifier
from helpers.errors import InputError
from helpers.page.splitting import split

from .made import SIDE, small_base

NAMES = ["mug", "key", "lamp"]


def joined(*head, base=None):
    """A base and a head, as `helpers.heads.join` joins them."""
    base = base or small_base()
    inner = keras.Sequential([keras.Input((6,)), *head], name="head")
    inputs = keras.Input((SIDE, SIDE, 3))
    return keras.Model(inputs, inner(base(inputs)))


def in_a_row(*head):
    """The same as one list of layers."""
    return keras.Sequential([keras.Input((SIDE, SIDE, 3)), small_base(), *head])


def flat(*head):
    """The same without any model inside of another."""
    inputs = keras.Input((SIDE, SIDE, 3))
    x = layers.GlobalAveragePooling2D()(layers.Conv2D(6, 3)(inputs))
    for layer in head:
        x = layer(x)
    return keras.Model(inputs, x)


def answers(head, features):
    numbers = features
    for layer in head:
        numbers = layer(numbers)
    powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


HEADS = {
    "softmax": (lambda: [layers.Dense(3, "softmax")], 3, 1),
    "logits": (lambda: [layers.Dense(3)], 3, 1),
    "one sigmoid": (lambda: [layers.Dense(1, "sigmoid")], 2, 1),
    "one logit": (lambda: [layers.Dense(1)], 2, 1),
    "without bias": (lambda: [layers.Dense(3, "softmax", use_bias=False)], 3, 1),
    "softmax apart": (lambda: [layers.Dense(3), layers.Softmax()], 3, 1),
    "activation apart": (lambda: [layers.Dense(3), layers.Activation("softmax")], 3, 1),
    "as in lesson 6": (
        lambda: [
            layers.Dropout(0.5),
            layers.Dense(16, activation="relu"),
            layers.Dense(2, activation="softmax"),
        ],
        2,
        2,
    ),
    "relu apart": (
        lambda: [layers.Dense(16), layers.ReLU(), layers.Dense(3, "softmax")],
        3,
        2,
    ),
}


@pytest.mark.parametrize("form", [joined, in_a_row, flat])
@pytest.mark.parametrize("name", HEADS)
def test_the_parts_answer_as_the_whole(form, name):
    make, classes, number = HEADS[name]
    keras.utils.set_random_seed(1)
    model = form(*make())
    classifier = Classifier(model, NAMES[:classes])
    base, head = split(classifier)
    assert len(head) == number
    pictures = np.random.default_rng(1).uniform(0, 255, (7, SIDE, SIDE, 3))
    pictures = pictures.astype("float32")
    found = answers(head, base.predict_on_batch(pictures))
    expected, _ = classifier.ask(pictures)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, atol=1e-5)


def gray():
    inputs = keras.Input((SIDE, SIDE, 1))
    x = layers.GlobalAveragePooling2D()(inputs)
    return keras.Model(inputs, layers.Dense(3, "softmax")(x))


def any_size():
    inputs = keras.Input((None, None, 3))
    x = layers.GlobalAveragePooling2D()(inputs)
    return keras.Model(inputs, layers.Dense(3, "softmax")(x))


def bypassed():
    """A head that sees the features twice."""
    inputs = keras.Input((SIDE, SIDE, 3))
    x = layers.GlobalAveragePooling2D()(inputs)
    more = layers.Dense(3, name="more")(x)
    return keras.Model(inputs, layers.Add()([layers.Dense(3)(x), more]))


def enormous():
    inputs = keras.Input((64, 64, 3))
    x = layers.Flatten()(inputs)
    return keras.Model(inputs, layers.Dense(3, "softmax")(x))


REFUSED = {
    "gray pictures": (gray, "expected a classifier of color pictures of one size"),
    "any size": (any_size, "expected a classifier of color pictures of one size"),
    "three sigmoids": (lambda: flat(layers.Dense(3, "sigmoid")), "3 sigmoids, each"),
    "no head": (lambda: flat(), "made of a base and a head, found layers"),
    "normalization in the head": (
        lambda: joined(layers.BatchNormalization(), layers.Dense(3, "softmax")),
        "expected a head of Dense layers, found BatchNormalization in it",
    ),
    "another activation": (
        lambda: joined(layers.Dense(4, activation="gelu"), layers.Dense(3, "softmax")),
        r"cannot use a head with \['gelu', 'softmax'\]",
    ),
    "a head that forks": (bypassed, "made of a base and a head, found layers"),
    "too many features": (enormous, "8192 features or fewer, found"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_base_with_a_head_is_told_in_a_sentence(name):
    make, told = REFUSED[name]
    model = make()
    classifier = Classifier(model, list("abcdef")[: model.output_shape[1]])
    with pytest.raises(InputError, match=told):
        split(classifier)
