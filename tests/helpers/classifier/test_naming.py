"""Whatever a model takes and gives, pictures get names and probabilities."""

import keras
import numpy as np
import pytest
from PIL import Image

from helpers.classifier.forms import output_kind, to_probabilities
from helpers.classifier.naming import Classifier, name_picture, name_pictures
from helpers.classifier.saving import open_classifier, save_classifier
from helpers.errors import InputError

pytestmark = pytest.mark.slow
NAMES = ["dark", "bright"]


def with_head(*layers, shape=(8, 8, 3), dtype=None):
    """Adds up brightness, below 0 for a dark picture; the layers follow."""
    inputs = keras.Input(shape)
    x = keras.layers.GlobalAveragePooling2D(dtype=dtype)(inputs)
    x = keras.layers.Rescaling(1 / 32, offset=-4, dtype=dtype)(x)
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


def dense(units, activation=None, channels=3, dtype=None):
    layer = keras.layers.Dense(units, activation, dtype=dtype)
    layer.build((None, channels))
    kernel = np.ones((channels, 1)) if units == 1 else np.full((channels, 2), [-1, 1])
    layer.set_weights([kernel / channels, np.zeros(units)])
    return layer


@pytest.fixture
def pictures(tmp_path):
    for name, value in (("dark", 10), ("bright", 240)):
        Image.new("RGB", (30, 20), 3 * (value,)).save(tmp_path / f"{name}.png")
    return tmp_path


def softmax_layer():
    return with_head(dense(2), keras.layers.Softmax())


def softmax_op():
    model = with_head(dense(2))
    return keras.Model(model.input, keras.ops.softmax(model.output))


def average():
    model = with_head(dense(2, "softmax"))
    both = keras.layers.Average()([model.output, model.output])
    return keras.Model(model.input, both)


def in_a_head():
    head = keras.Sequential([keras.Input((3,)), dense(2)])
    return with_head(head)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: with_head(dense(2, "softmax")), "softmax"),
        (lambda: with_head(dense(2)), "logits"),
        (lambda: with_head(dense(1, "sigmoid")), "sigmoid"),
        (lambda: with_head(dense(1)), "logits"),
        (lambda: with_head(dense(2), keras.layers.Activation("softmax")), "softmax"),
        (softmax_layer, "softmax"),
        (softmax_op, "softmax"),
        (average, "softmax"),
        (in_a_head, "logits"),
        (lambda: with_head(dense(2), keras.layers.Rescaling(2.0)), "logits"),
        (lambda: with_head(dense(1, "sigmoid"), keras.layers.Identity()), "sigmoid"),
    ],
)
def test_each_ending_is_understood(pictures, make, kind):
    model = make()
    assert output_kind(model) == kind
    table = name_pictures(Classifier(model, NAMES), pictures)
    assert table["name"].tolist() == ["bright", "dark"]
    assert table["probability"].between(0.9, 1).all()
    assert np.allclose(table["P(dark)"] + table["P(bright)"], 1)
    for row in table.itertuples():
        name, probability = name_picture(model, row.picture, NAMES)
        assert name == row.name
        assert probability == pytest.approx(row.probability, abs=1e-6)


@pytest.mark.parametrize("shape", [(8, 8, 1), (None, None, 3), (None, None, 1)])
def test_gray_and_any_size_are_read(pictures, shape):
    model = with_head(dense(2, "softmax", shape[-1]), shape=shape)
    Image.new("RGB", (2000, 100), "white").save(pictures / "wide.png")
    classifier = Classifier(model, NAMES)
    assert max(classifier.read(pictures / "wide.png").shape) == (shape[0] or 512)
    table = name_pictures(classifier, pictures)
    assert table["name"].tolist() == ["bright", "dark", "bright"]


def test_a_saved_classifier_of_any_size_names_pictures_of_two_sizes(pictures):
    model = with_head(dense(2, "softmax"), shape=(None, None, 3))
    path = save_classifier(model, NAMES, pictures / "any.keras")
    Image.new("RGB", (20, 30), "white").save(pictures / "tall.png")
    table = name_pictures(open_classifier(path), pictures)
    assert table["name"].tolist() == ["bright", "dark", "bright"]


def test_a_picture_too_small_for_a_model_of_any_size_gets_a_sentence(pictures):
    model = with_head(dense(2, "softmax"), shape=(None, None, 3))
    grown = keras.Sequential([model.inputs[0], keras.layers.Conv2D(3, 99), model])
    with pytest.raises(InputError, match=r"one that fails at \d+ by \d+ pixels"):
        name_pictures(Classifier(grown, NAMES), pictures)


def test_a_model_of_ones_own_class_within_another_is_asked(pictures):
    class Doubled(keras.Model):
        def call(self, numbers):
            return 2 * numbers

    model = with_head(dense(2, "softmax"), Doubled())
    assert output_kind(model) == "logits"


def test_float16_models_answer(pictures):
    model = with_head(dense(2, "softmax", dtype="mixed_float16"), dtype="mixed_float16")
    table = name_pictures(Classifier(model, NAMES), pictures)
    assert table["name"].tolist() == ["bright", "dark"]


def test_pictures_are_read_as_the_record_says(tmp_path):
    stripes = np.zeros((20, 60, 3), np.uint8)
    stripes[:, 20:40] = 255  # the middle third, which is all that cropping leaves
    Image.fromarray(stripes).save(tmp_path / "wide.png")
    model = with_head(dense(2, "softmax"))
    answers = {}
    for crop in (False, True):
        record = {"reading": {"size": [8, 8], "crop": crop}}
        classifier = Classifier(model, NAMES, record)
        answers[crop] = name_pictures(classifier, tmp_path)["name"][0]
    assert answers == {False: "dark", True: "bright"}


def test_one_bad_picture_does_not_stop_the_others(pictures):
    (pictures / "empty.jpg").touch()
    classifier = Classifier(with_head(dense(2, "softmax")), NAMES)
    table = name_pictures(classifier, [pictures, pictures / "none.png"])
    assert table["name"].tolist() == ["bright", "dark", "", ""]
    assert "it is empty (0 bytes)" in table["problem"][2]
    assert table["problem"][3].startswith("no such file: ")
    assert table["probability"].isna().tolist() == [False, False, True, True]


def test_more_pictures_than_a_batch_keep_their_order(tmp_path):
    values = np.random.default_rng(0).permutation(70) + 60
    for number, value in enumerate(values.tolist()):
        Image.new("RGB", (8, 8), 3 * (value,)).save(tmp_path / f"{number:02}.png")
    table = name_pictures(Classifier(with_head(dense(2, "softmax")), NAMES), tmp_path)
    assert (np.argsort(table["P(bright)"]) == np.argsort(values)).all()


def test_probabilities_out_of_range_are_not_passed_on():
    with pytest.raises(
        InputError, match=r"^expected probabilities, .* found -0\.28 to"
    ):
        to_probabilities(np.array([[-0.28, 1.28]]), "softmax")


def test_very_large_logits_are_no_nan():
    answer = to_probabilities(np.array([[3e38, 0], [-3e38, 3e38]]), "logits")
    assert answer.tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize("kind", ["softmax", "sigmoid", "logits"])
@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_what_is_no_number_is_no_answer(kind, number):
    found = "NaN" if np.isnan(number) else "infinity"
    with pytest.raises(InputError, match=f"for each class, found {found}"):
        to_probabilities(np.array([[number, 0.0]]), kind)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid", None])
@pytest.mark.parametrize("weight", [3e38, -1e36, 2e15, np.nan])
def test_weights_that_lead_to_infinity_are_refused_behind_any_end(activation, weight):
    inputs = keras.Input((8, 8, 3))
    last = keras.layers.Dense(2, activation, name="last")
    model = keras.Model(inputs, last(keras.layers.GlobalAveragePooling2D()(inputs)))
    numbers = last.get_weights()
    last.set_weights([np.full_like(numbers[0], weight), numbers[1]])
    with pytest.raises(InputError, match=r"expected weights below 1e\+15, .*last/kern"):
        Classifier(model, ["cat", "dog"])
