"""A model's layers and weights as tables."""

from __future__ import annotations

import keras
import pandas as pd


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
        ValueError: if there is no layer of such a name.

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
            raise ValueError(
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
