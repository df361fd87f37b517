"""The settings of a layer: as an article of 2019 printed them, and as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

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
