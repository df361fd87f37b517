"""Layers and weights as tables."""

import keras
import pytest

from helpers.layers import layer_table, weight_counts


@pytest.fixture
def model():
    inputs = keras.Input((4,), name="inputs")
    frozen = keras.layers.Dense(3, name="base", trainable=False)(inputs)
    return keras.Model(inputs, keras.layers.Dense(2, name="head")(frozen))


def test_rows_are_layers_in_order(model):
    table = layer_table(model)
    assert table["name"].tolist() == ["inputs", "base", "head"]
    assert table["output shape"].tolist() == ["(None, 4)", "(None, 3)", "(None, 2)"]
    assert table["parameters"].tolist() == [0, 15, 8]
    assert table["trainable"].tolist() == [True, False, True]


def test_some_layers_by_position_or_by_name(model):
    assert layer_table(model, slice(0, 2))["name"].tolist() == ["inputs", "base"]
    assert layer_table(model, ["head"]).index.tolist() == [2]
    with pytest.raises(ValueError, match="found no layer 'mixed11'"):
        layer_table(model, ["mixed11"])


def test_counts_add_up_to_keras_own(model):
    counts = weight_counts(model)
    assert counts.to_dict() == {"trainable": 8, "frozen": 15, "total": 23}
    assert counts["total"] == model.count_params()
