"""What older Kerases are given to read; a newer one that adds a setting shows here."""

import json
import zipfile

import keras
from keras import layers

from helpers.classifier import load_classifier, save_classifier
from helpers.classifier.saving import _parts
from helpers.heads import join

# The settings of each class as Keras 3.5.0 wrote them, of a model of all these.
KERAS_3_5 = {
    "InputLayer": "batch_shape dtype name sparse",
    "Rescaling": "dtype name offset scale trainable",
    "Conv2D": """
        activation activity_regularizer bias_constraint bias_initializer
        bias_regularizer data_format dilation_rate dtype filters groups
        kernel_constraint kernel_initializer kernel_regularizer kernel_size name
        padding strides trainable use_bias""",
    "DepthwiseConv2D": """
        activation activity_regularizer bias_constraint bias_initializer
        bias_regularizer data_format depth_multiplier depthwise_constraint
        depthwise_initializer depthwise_regularizer dilation_rate dtype kernel_size
        name padding strides trainable use_bias""",
    "BatchNormalization": """
        axis beta_constraint beta_initializer beta_regularizer center dtype epsilon
        gamma_constraint gamma_initializer gamma_regularizer momentum
        moving_mean_initializer moving_variance_initializer name scale synchronized
        trainable""",
    "ReLU": "dtype max_value name negative_slope threshold trainable",
    "Add": "dtype name trainable",
    "GlobalAveragePooling2D": "data_format dtype keepdims name trainable",
    "Dropout": "dtype name noise_shape rate seed trainable",
    "Dense": """
        activation bias_constraint bias_initializer bias_regularizer dtype
        kernel_constraint kernel_initializer kernel_regularizer name trainable units
        use_bias""",
    "VarianceScaling": "distribution mode scale seed",
    "GlorotUniform": "seed",
    "Zeros": "",
    "Ones": "",
    "DTypePolicy": "name",
    "Functional": "input_layers layers name output_layers trainable",
}


def make_model(renorm=False):
    initializer = keras.initializers.VarianceScaling(2.0, "fan_out")
    inputs = keras.Input((16, 16, 3))
    x = layers.Rescaling(1 / 128, offset=-1.0)(inputs)
    x = layers.Conv2D(4, 3, padding="same", kernel_initializer=initializer)(x)
    y = layers.DepthwiseConv2D(3, padding="same", depthwise_initializer=initializer)(x)
    y = layers.ReLU(6.0)(layers.BatchNormalization(renorm=renorm)(y))
    features = layers.GlobalAveragePooling2D()(layers.Add()([x, y]))
    base = keras.Model(inputs, features, name="base")
    inputs = keras.Input((4,))
    answers = layers.Dense(2, "softmax")(layers.Dropout(0.2)(inputs))
    return join(base, keras.Model(inputs, answers, name="head"))


def settings(path):
    """All settings in a file, by the class that has them."""
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json"))
    found = {}
    for part in _parts(config):
        if isinstance(part.get("config"), dict):  # of a function it is the name
            found.setdefault(part["class_name"], set()).update(part["config"])
    return found


def test_an_older_keras_knows_every_setting(tmp_path):
    path = save_classifier(make_model(), ["cat", "dog"], tmp_path / "pets.keras")
    found = settings(path)
    assert set(found) - {"__keras_tensor__"} == set(KERAS_3_5)
    for name, known in KERAS_3_5.items():
        unknown = sorted(found[name] - set(known.split()))
        assert not unknown, f"{name}: {unknown} came after Keras 3.5: see LATER"


def test_who_opens_it_gets_the_model_that_keras_would_have_saved(tmp_path):
    model = make_model()
    model.save(tmp_path / "by_keras.keras")
    path = save_classifier(model, ["cat", "dog"], tmp_path / "pets.keras")
    by_keras, ours = map(keras.models.load_model, (tmp_path / "by_keras.keras", path))
    assert ours.get_config() == by_keras.get_config()
    for one, other in zip(ours.weights, by_keras.weights, strict=True):
        assert (one.numpy() == other.numpy()).all()


def test_what_somebody_has_set_stays(tmp_path):
    path = save_classifier(make_model(renorm=True), ["a", "b"], tmp_path / "x.keras")
    assert "renorm" in settings(path)["BatchNormalization"]
    assert load_classifier(path)[0].get_layer("base").layers[4].renorm
