"""A line for each epoch, or for every so many."""

import keras
import numpy as np

from helpers.progress import EpochLines


def lines_of(capsys, every=1, **settings):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    inputs, labels = np.eye(2), np.array([0, 1])
    given = {"epochs": 12, "verbose": 0, "callbacks": [EpochLines(every)], **settings}
    history = model.fit(inputs, labels, **given).history
    return capsys.readouterr().out.splitlines(), history


def test_a_line_holds_loss_and_accuracy_of_its_epoch(capsys):
    lines, history = lines_of(capsys)
    assert len(lines) == 12
    loss, accuracy = history["loss"][2], history["accuracy"][2]
    assert lines[2] == f"epoch  3 of 12: loss {loss:.2f}, accuracy {accuracy:.2f}"


def test_the_last_epoch_has_its_line_whatever_the_step(capsys):
    lines, _ = lines_of(capsys, every=5)
    assert [line.split(":")[0] for line in lines] == [
        "epoch  5 of 12",
        "epoch 10 of 12",
        "epoch 12 of 12",
    ]


def test_a_validation_set_follows_in_the_same_line(capsys):
    validation = np.eye(2), np.array([1, 1])
    lines, history = lines_of(capsys, epochs=1, validation_data=validation)
    loss, accuracy = (history[f"val_{key}"][0] for key in ("loss", "accuracy"))
    expected = f"; validation: loss {loss:.2f}, accuracy {accuracy:.2f}"
    assert lines[0].endswith(expected)
