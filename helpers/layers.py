"""A model's layers, their weights and their settings, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import keras
import pandas as pd

from helpers.errors import InputError


def layer_table(
    model: keras.Model, layers: slice | list[str] | None = None
) -> pd.DataFrame:
    """List the layers of a model: a map instead of a `summary()` of 894 lines.

    Args:
        model: A built Keras model.
        layers: Which ones: a slice of positions (`slice(0, 3)`), a list of names
            (`["mixed0", "mixed10"]`), or None for all.

    Returns:
        A table with a row for each layer: its position as index, and the columns
        `name`, `type`, `output shape` (None stands for the batch), `parameters` and
        `trainable`.

    Raises:
        InputError: if there is no layer of such a name.

    Example:
        >>> inputs = keras.Input((4,), name="inputs")
        >>> model = keras.Model(inputs, keras.layers.Dense(2, name="head")(inputs))
        >>> print(layer_table(model).to_string())
             name        type output shape  parameters  trainable
        0  inputs  InputLayer    (None, 4)           0       True
        1    head       Dense    (None, 2)          10       True
    """
    rows = []
    for layer in model.layers:
        output = layer.output
        shapes = [tensor.shape for tensor in keras.tree.flatten(output)]
        rows.append(
            {
                "name": layer.name,
                "type": type(layer).__name__,
                "output shape": str(shapes[0] if len(shapes) == 1 else shapes),
                "parameters": layer.count_params(),
                "trainable": layer.trainable,
            }
        )
    table = pd.DataFrame(rows)
    if isinstance(layers, slice):
        return table.iloc[layers]
    if layers is not None:
        missing = [name for name in layers if name not in set(table["name"])]
        if missing:
            raise InputError(
                f"expected names of layers, found no layer {missing[0]!r}. "
                f"The names are in [layer.name for layer in model.layers]."
            )
        return table[table["name"].isin(layers)]
    return table


def weight_counts(model: keras.Model) -> pd.Series:
    """Count a model's parameters: those that `fit` changes and those that it leaves.

    Args:
        model: A built Keras model.

    Returns:
        `trainable`, `frozen` and `total`: numbers of scalar parameters (an int each).
        The optimizer's own numbers are not counted.

    Example:
        >>> inputs = keras.Input((4,))
        >>> model = keras.Model(inputs, keras.layers.Dense(2)(inputs))
        >>> model.trainable = False
        >>> weight_counts(model).to_dict()
        {'trainable': 0, 'frozen': 10, 'total': 10}
    """

    def count(weights: list) -> int:
        return int(sum(weight.shape.num_elements() for weight in weights))

    counts = {
        "trainable": count(model.trainable_weights),
        "frozen": count(model.non_trainable_weights),
    }
    return pd.Series({**counts, "total": sum(counts.values())}, name="parameters")


# What `layer.get_config()` gave for the first three layers of InceptionV3, July 2019.
ARTICLE_2019: dict[str, dict[str, object]] = {
    "InputLayer": {
        "batch_input_shape": (None, None, None, 3),
        "dtype": "float32",
        "sparse": False,
        "name": "input_2",
    },
    "Conv2D": {
        "name": "conv2d_95",
        "trainable": True,
        "filters": 32,
        "kernel_size": (3, 3),
        "strides": (2, 2),
        "padding": "valid",
        "data_format": "channels_last",
        "dilation_rate": (1, 1),
        "activation": "linear",
        "use_bias": False,
        "kernel_initializer": {
            "class_name": "VarianceScaling",
            "config": {
                "scale": 1.0,
                "mode": "fan_avg",
                "distribution": "uniform",
                "seed": None,
            },
        },
        "bias_initializer": {"class_name": "Zeros", "config": {}},
        "kernel_regularizer": None,
        "bias_regularizer": None,
        "activity_regularizer": None,
        "kernel_constraint": None,
        "bias_constraint": None,
    },
    "BatchNormalization": {
        "name": "batch_normalization_95",
        "trainable": True,
        "axis": 3,
        "momentum": 0.99,
        "epsilon": 0.001,
        "center": True,
        "scale": False,
        "beta_initializer": {"class_name": "Zeros", "config": {}},
        "gamma_initializer": {"class_name": "Ones", "config": {}},
        "moving_mean_initializer": {"class_name": "Zeros", "config": {}},
        "moving_variance_initializer": {"class_name": "Ones", "config": {}},
        "beta_regularizer": None,
        "gamma_regularizer": None,
        "beta_constraint": None,
        "gamma_constraint": None,
    },
}


def compare_configs(
    then: Mapping[str, object],
    today: Mapping[str, object],
    ignore: Iterable[str] = (),
) -> pd.DataFrame:
    """Put two configurations of a layer side by side.

    Args:
        then: What `layer.get_config()` gave, once.
        today: What it gives now.
        ignore: Settings to leave out where only `today` has them.

    Returns:
        A table with a row for each setting, its name as index, and the columns `2019`
        and `today` (text; "–" where a side has no such setting; of initializers and
        dtypes the name alone) and `change`: `"none"`, `"value"`, `"gone"` or `"new"`.

    Example:
        >>> print(compare_configs({"filters": 32}, {"filters": 32, "groups": 1}))
                2019 today change
        filters   32    32   none
        groups     –     1    new

    Lesson: 2, Look inside InceptionV3.
    """
    rows = {}
    for setting in [*then, *(key for key in today if key not in then)]:
        if setting not in then and setting in set(ignore):
            continue
        old, new = _shown(then, setting), _shown(today, setting)
        change = "none" if old == new else "value"
        if setting not in today:
            change = "gone"
        elif setting not in then:
            change = "new"
        rows[setting] = (old, new, change)
    columns = ["2019", "today", "change"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _shown(config: Mapping[str, object], setting: str) -> str:
    if setting not in config:
        return "–"
    value = config[setting]
    if isinstance(value, Mapping):  # an object: {"class_name": "Zeros", "config": {}}
        return str(value["config"].get("name") or value["class_name"])
    return str(value)
