"""How the libraries behave, where lessons teach it. A change upstream shows here first.

When one of these fails after an update, the lesson that its name ends in teaches
something that is no longer true: change the lesson, then this.
"""

import warnings

import keras
import numpy as np
import pytest
import sklearn
from keras import layers
from PIL import Image
from scipy.optimize import minimize_scalar
from scipy.special import softmax
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from tensorflow.keras.preprocessing.image import ImageDataGenerator

pytestmark = pytest.mark.slow

NUMBERS = np.random.default_rng(0).normal(size=(16, 4)).astype("float32")
TARGETS = np.arange(16) % 2


@pytest.fixture
def parts():
    """A base of two dense layers, and a model of it with a head."""
    inputs = keras.Input((4,))
    base = keras.Model(inputs, layers.Dense(3)(layers.Dense(3)(inputs)))
    outer = keras.Input((4,))
    return base, keras.Model(outer, layers.Dense(2, "softmax")(base(outer)))


def compile_and_fit(model):
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(NUMBERS, TARGETS, verbose=0)


def moves(base, model):
    before = [weight.numpy().copy() for weight in base.weights]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # silence is what the lesson teaches
        model.fit(NUMBERS, TARGETS, verbose=0)
    return any(
        not np.array_equal(old, new.numpy())
        for old, new in zip(before, base.weights, strict=True)
    )


def test_a_change_of_trainable_without_compile_is_ignored_in_silence_lesson_4(parts):
    base, model = parts
    base.trainable = False
    compile_and_fit(model)
    base.trainable = True
    assert not moves(base, model)
    model.compile("sgd", "sparse_categorical_crossentropy")
    assert moves(base, model)
    base.trainable = False
    assert moves(base, model)


def test_trainable_true_does_not_reach_layers_frozen_one_by_one_lesson_4(parts):
    base, _ = parts
    for layer in base.layers:
        layer.trainable = False
    base.trainable = True
    assert base.trainable_weights == []
    base.trainable = False
    base.trainable = True
    assert len(base.trainable_weights) == 4


def test_a_model_cannot_be_iterated_lesson_4(parts):
    with pytest.raises(TypeError, match="'Functional' object is not iterable"):
        iter(parts[0])


@pytest.mark.parametrize(
    ("trainable", "call", "stays"),
    [(True, {}, False), (True, {"training": False}, False), (False, {}, True)],
)
def test_training_false_does_not_protect_under_fit_lesson_4(trainable, call, stays):
    normalize = layers.BatchNormalization(trainable=trainable)
    inputs = keras.Input((4,))
    outputs = layers.Dense(2, "softmax")(normalize(inputs, **call))
    compile_and_fit(keras.Model(inputs, outputs))
    assert (normalize.moving_mean.numpy() == 0).all() == stays


@pytest.fixture
def folder(tmp_path):
    for kind in ("dog", "cat"):
        (tmp_path / kind).mkdir()
        for n in range(5):
            picture = Image.new("RGB", (8, 8), (n, 0, 0))
            picture.save(tmp_path / kind / f"{n}.png")
    return tmp_path


def test_classes_are_numbered_in_the_order_of_the_alphabet_lesson_5(folder):
    flow = ImageDataGenerator().flow_from_directory(folder, class_mode="binary")
    assert flow.class_indices == {"cat": 0, "dog": 1}


def test_more_steps_than_batches_end_the_epoch_with_a_warning_lesson_5(folder):
    flow = ImageDataGenerator().flow_from_directory(
        folder, target_size=(8, 8), batch_size=5, class_mode="binary"
    )
    model = keras.Sequential([keras.Input((8, 8, 3)), layers.Flatten()])
    model.add(layers.Dense(2, "softmax"))
    model.compile("sgd", "sparse_categorical_crossentropy")
    steps = []
    counter = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: steps.append(batch)
    )
    with pytest.warns(UserWarning, match="Your input ran out of data"):
        model.fit(flow, steps_per_epoch=10, callbacks=[counter], verbose=0)
    assert len(steps) == 2


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (keras.Model, "fit_generator"),  # lesson 6
        (keras.Model, "predict_generator"),
        (keras.preprocessing.image, "ImageDataGenerator"),  # lesson 5
    ],
)
def test_what_the_article_used_is_gone_from_keras_3(thing, name):
    assert not hasattr(thing, name)


def test_a_generator_has_no_next_method_lesson_5(folder):
    flow = ImageDataGenerator().flow_from_directory(folder)
    assert not hasattr(flow, "next")
    assert len(next(flow)) == 2


def test_a_softmax_over_one_unit_trains_and_only_warns_lesson_3():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1, "softmax")])
    model.compile("sgd", "binary_crossentropy")
    with pytest.warns(UserWarning, match="You are using a softmax over axis -1"):
        model.fit(NUMBERS, TARGETS, verbose=0)


def test_names_of_layers_are_counted_through_a_session_lesson_2():
    first, second = layers.Conv2D(1, 1), layers.Conv2D(1, 1)
    assert first.name.rpartition("_")[0] == second.name.rpartition("_")[0] or (
        first.name == "conv2d"
    )
    assert first.name != second.name


def test_predict_checks_the_size_no_more_once_it_saw_the_right_one_lesson_6():
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, layers.GlobalAveragePooling2D()(inputs))
    right, wrong = np.ones((1, 8, 8, 3)), np.ones((1, 9, 9, 3))
    with pytest.raises(ValueError, match=r"expected shape=\(None, 8, 8, 3\)"):
        model.predict(wrong, verbose=0)
    model.predict(right, verbose=0)
    assert model.predict(wrong, verbose=0).shape == (1, 3)


@pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 8),
    reason="scikit-learn has temperature scaling from 1.8 on",
)
@pytest.mark.parametrize("n_classes", [2, 4])
def test_scikit_learn_finds_the_temperature_of_lesson_11(n_classes):
    rng = np.random.default_rng(0)
    labels = rng.integers(n_classes, size=600)
    numbers = rng.normal(size=(600, 20))
    numbers[np.arange(600), labels] += 1
    head = LogisticRegression(C=1e4, max_iter=5000).fit(numbers[:60], labels[:60])
    held, truth = head.decision_function(numbers[60:]), labels[60:]
    scores = held if n_classes > 2 else np.stack([0 * held, held], axis=1)

    def loss(log):
        return log_loss(truth, softmax(scores / np.exp(log), axis=1))

    found = minimize_scalar(loss, bounds=(-4, 6), method="bounded")
    temperature = np.exp(found.x)
    library = CalibratedClassifierCV(FrozenEstimator(head), method="temperature")
    library.fit(numbers[60:], truth)
    said = library.predict_proba(numbers)
    scores = head.decision_function(numbers)
    scores = scores if n_classes > 2 else np.stack([0 * scores, scores], axis=1)
    assert temperature > 1.2
    np.testing.assert_allclose(said, softmax(scores / temperature, axis=1), atol=0.01)


@pytest.mark.skipif(
    not hasattr(keras.optimizers, "MultiOptimizer"), reason="Keras has it since 3.15"
)
def test_one_optimizer_a_group_steps_as_the_shares_of_lesson_8_do():
    class ByGroup(keras.optimizers.Adam):
        def update_step(self, gradient, variable, learning_rate):
            share = 0.1 if "first" in variable.name else 1
            super().update_step(gradient, variable, share * learning_rate)

    slow, fast = keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-2)
    groups = keras.optimizers.OptimizerMap(fast, {"first.*": slow})
    ends = []
    for optimizer in (ByGroup(1e-2), keras.optimizers.MultiOptimizer(groups)):
        keras.utils.set_random_seed(0)
        inputs = keras.Input((4,))
        hidden = layers.Dense(3, name="first")(inputs)
        model = keras.Model(inputs, layers.Dense(2, "softmax", name="last")(hidden))
        model.compile(optimizer, "sparse_categorical_crossentropy")
        model.fit(NUMBERS, TARGETS, epochs=5, shuffle=False, verbose=0)
        ends.append(model.get_weights())
    assert all(map(np.allclose, *ends))
