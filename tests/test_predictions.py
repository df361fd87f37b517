"""Labels and predictions belong together, whatever the order of the data."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.keras.preprocessing.image import ImageDataGenerator

from helpers.predictions import confusion_table, predict_all


@pytest.fixture(scope="module")
def perfect():
    """A model that calls bright pictures class 1, and is always right below."""
    inputs = keras.Input((4, 4, 3))
    x = keras.layers.GlobalAveragePooling2D()(inputs)
    dense = keras.layers.Dense(2, "softmax")
    model = keras.Model(inputs, dense(x))
    dense.set_weights([np.array([[-1.0, 1.0]] * 3), np.array([300.0, -300.0])])
    return model


@pytest.fixture
def folder(tmp_path):
    for name, value in (("cat", 10), ("dog", 240)):
        (tmp_path / name).mkdir()
        for number in range(12):
            picture = np.full((4, 4, 3), value)
            keras.utils.save_img(
                tmp_path / name / f"{number}.png", picture, scale=False
            )
    return tmp_path


def test_a_shuffling_generator(perfect, folder):
    data = ImageDataGenerator().flow_from_directory(
        folder, (4, 4), class_mode="binary", batch_size=5, shuffle=True
    )
    labels, probabilities = predict_all(perfect, data)
    assert sorted(labels) == [0] * 12 + [1] * 12
    assert (probabilities.argmax(-1) == labels).all()


def test_a_shuffling_dataset(perfect, folder):
    data = keras.utils.image_dataset_from_directory(
        folder, label_mode="binary", image_size=(4, 4), batch_size=5, verbose=False
    )
    labels, probabilities = predict_all(perfect, data)
    assert labels.shape == (24,)
    assert (probabilities.argmax(-1) == labels).all()


def test_no_data_is_said(perfect):
    with pytest.raises(ValueError, match="expected at least one batch"):
        predict_all(perfect, tf.data.Dataset.range(0))


def test_confusions_are_counted_by_name():
    table = confusion_table(np.array([0, 0, 1]), np.array([0, 1, 1]), ["cat", "dog"])
    assert table.loc["cat", "dog"] == 1
    assert table.to_numpy().tolist() == [[1, 1], [0, 1]]
    assert (table.index.name, table.columns.name) == ("true", "predicted")
