"""Batches from two tools are compared as they are dealt out."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.keras.preprocessing.image import ImageDataGenerator

from helpers.batches import compare_batches, confusion_table, predict_all
from helpers.errors import InputError
from helpers.figures import batch_map, batch_size_curves


class Numbers(keras.utils.PyDataset):
    """Two batches of plain pictures, labeled 0, 1 and 2, 3; never stops by itself."""

    def __len__(self):
        return 2

    def __getitem__(self, step):
        labels = 2 * (step % 2) + np.arange(2)
        return np.ones((2, 4, 4, 3)) * labels[:, None, None, None], labels


def dataset(pixels, labels):
    return tf.data.Dataset.from_tensor_slices((pixels, labels)).batch(2)


PIXELS = (
    np.ones((4, 4, 4, 3), "uint8") * np.arange(4, dtype="uint8")[:, None, None, None]
)


def test_a_generator_and_a_dataset_with_the_same_batches():
    found = compare_batches(Numbers(), dataset(PIXELS, np.arange(4)))
    assert found == {"pictures": 4, "same labels": True, "mean": 0, "largest": 0}


def test_one_pixel_and_one_label_that_differ():
    pixels, labels = PIXELS.copy(), np.arange(4)
    pixels[3, 0, 0, 0], labels[3] = 51, 9
    found = compare_batches(Numbers(), dataset(pixels, labels))
    assert found["largest"] == 48
    assert found["mean"] == pytest.approx(48 / PIXELS.size)
    assert not found["same labels"]


def test_bytes_are_subtracted_without_wrapping_round():
    found = compare_batches(dataset(PIXELS, [0] * 4), dataset(PIXELS[::-1], [0] * 4))
    assert found["largest"] == 3


def test_a_batch_too_few():
    with pytest.raises(InputError, match="found 1 from the second and more from the o"):
        compare_batches(Numbers(), dataset(PIXELS[:2], np.arange(2)))


def test_pictures_of_another_size():
    with pytest.raises(InputError, match=r"found \(2, 4, 4, 3\) and \(2, 4, 2, 3\)"):
        compare_batches(Numbers(), dataset(PIXELS[:, :, :2], np.arange(4)))


def test_each_square_of_the_map_has_the_color_of_its_step():
    order = np.random.default_rng(0).permutation(90)
    fig = batch_map([order], batch_size=32)
    values = fig.axes[0].collections[0].get_array().ravel()
    assert values[order[0]] == 1
    assert values[order[32]] == 2
    assert values[order[89]] == 3
    assert [int((values == step).sum()) for step in (1, 2, 3)] == [32, 32, 26]


def test_the_same_losses_stand_over_epochs_and_over_seconds():
    fig = batch_size_curves({1: [0.7, 0.1], 50: [0.7, 0.5]}, {1: 0.3, 50: 0.1})
    left, right = fig.axes
    assert [line.get_xdata().tolist() for line in left.lines] == [[1, 2], [1, 2]]
    assert [line.get_xdata().tolist() for line in right.lines] == [
        [0.3, 0.6],
        [0.1, 0.2],
    ]
    for one, other in zip(left.lines, right.lines, strict=True):
        assert list(one.get_ydata()) == list(other.get_ydata())
        assert one.get_color() == other.get_color()


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
    with pytest.raises(InputError, match="expected at least one batch"):
        predict_all(perfect, tf.data.Dataset.range(0))
    with pytest.raises(InputError, match="expected at least one batch"):
        compare_batches([], [])


def test_confusions_are_counted_by_name():
    table = confusion_table(np.array([0, 0, 1]), np.array([0, 1, 1]), ["cat", "dog"])
    assert table.loc["cat", "dog"] == 1
    assert table.to_numpy().tolist() == [[1, 1], [0, 1]]
    assert (table.index.name, table.columns.name) == ("true", "predicted")
