"""What `helpers.start` does to a lesson's process before its first line."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from helpers.start import end_epochs_at_once


@pytest.fixture
def tuned(monkeypatch):
    """For each pass over a dataset: whether TensorFlow tunes it (None: its default)."""
    seen = []
    real = tf.data.Dataset.__iter__

    def watched(dataset):
        seen.append(dataset.options().autotune.enabled)
        return real(dataset)

    monkeypatch.setattr(tf.data.Dataset, "__iter__", watched)
    return seen


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 2

    def __getitem__(self, step):
        return np.zeros((4, 3), "float32"), np.zeros((4, 1), "float32")


def use_keras():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.zeros((4, 3)), np.zeros((4, 1)), verbose=0)
    model.fit(Batches(), verbose=0)
    model.evaluate(Batches(), verbose=0)
    model.predict(np.zeros((4, 3)), verbose=0)


def test_no_pass_of_keras_is_tuned(tuned):
    end_epochs_at_once()
    use_keras()
    assert len(tuned) >= 4
    assert set(tuned) == {False}


def test_without_it_they_would_be(tuned):
    use_keras()
    assert None in tuned


def test_a_second_call_changes_nothing(tuned):
    end_epochs_at_once()
    once = tf.data.Dataset.__iter__
    end_epochs_at_once()
    assert tf.data.Dataset.__iter__ is once
    assert list(tf.data.Dataset.range(3).as_numpy_iterator()) == [0, 1, 2]
    assert tuned == [False]


def test_what_a_dataset_says_of_itself_stays(tuned):
    dataset = tf.data.Dataset.range(3)
    options = tf.data.Options()
    options.deterministic = True
    dataset = dataset.with_options(options)
    end_epochs_at_once()
    assert len(list(dataset)) == 3
    assert dataset.options().deterministic
    assert dataset.options().autotune.enabled is None
