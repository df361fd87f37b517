"""Layers and weights as tables."""

import keras
import pytest

from helpers.errors import InputError
from helpers.layers import ARTICLE_2019, compare_configs, layer_table, weight_counts


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
    with pytest.raises(InputError, match="found no layer 'mixed11'"):
        layer_table(model, ["mixed11"])


def test_counts_add_up_to_keras_own(model):
    counts = weight_counts(model)
    assert counts.to_dict() == {"trainable": 8, "frozen": 15, "total": 23}
    assert counts["total"] == model.count_params()


def test_the_article_printed_the_first_three_layers():
    assert list(ARTICLE_2019) == ["InputLayer", "Conv2D", "BatchNormalization"]
    assert [len(config) for config in ARTICLE_2019.values()] == [4, 17, 15]


def test_changes_are_told_apart():
    then = {"padding": "valid", "filters": 32, "lr": 0.1}
    today = {"padding": "valid", "filters": 64, "groups": 1, "renorm": False}
    table = compare_configs(then, today, ignore=["renorm", "filters"])
    assert table["change"].to_dict() == {
        "padding": "none",
        "filters": "value",  # what both have is never left out
        "lr": "gone",
        "groups": "new",
    }
    assert table.loc["lr", "today"] == table.loc["groups", "2019"] == "–"


def test_objects_are_shown_by_name():
    layer = keras.layers.Conv2D(32, 3, strides=2, use_bias=False, name="first")
    table = compare_configs(ARTICLE_2019["Conv2D"], layer.get_config())
    assert table.loc["kernel_initializer"].tolist() == [
        "VarianceScaling",
        "GlorotUniform",
        "value",
    ]
    assert table.loc["bias_initializer", "change"] == "none"
    assert table.loc["dtype", "today"] == "float32"
    assert set(table.query("change == 'value'").index) == {"name", "kernel_initializer"}
