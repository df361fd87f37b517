"""What a layer's settings were in 2019, and what changed."""

import keras

from helpers.configs import ARTICLE_2019, compare_configs


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
