"""Judges for the exercises of lesson 4, Freeze layers."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from helpers.exercises.answers import (
    called,
    instance,
    number,
    refuse_unless,
)


def exercise_1(toy: object, new_toy: Callable) -> str:
    """Did `below` learn, while `above` was frozen?"""
    instance("toy", toy, keras.Model, "keras.Model")
    names = [layer.name for layer in toy.layers]
    refuse_unless(
        names == ["below", "above"],
        f"`toy` has the layers {', '.join(names)}: take it as `new_toy()` makes it",
    )
    fresh = new_toy()
    moved = [
        any(
            not np.array_equal(old, new)
            for old, new in zip(
                fresh.get_layer(name).get_weights(),
                toy.get_layer(name).get_weights(),
                strict=True,
            )
        )
        for name in names
    ]
    below, above = (toy.get_layer(name) for name in names)
    refuse_unless(
        moved != [False, True] or below.trainable,
        "`below` is frozen still, and `above` learns: the wrong way round",
    )
    refuse_unless(
        moved != [False, False] or below.trainable,
        "nothing has moved: `below` is frozen, too; freeze `above` only",
    )
    refuse_unless(any(moved), "nothing has moved: `toy` has not been trained yet")
    refuse_unless(
        not (moved[1] and not above.trainable),
        "`above` says that it is frozen, and it has moved: it was frozen after the "
        "training step was made. Freeze first, then compile, then fit",
    )
    refuse_unless(not moved[1], "`above` has moved: it is not frozen yet")
    refuse_unless(
        not above.trainable,
        "`above` has not moved, but says that it is trainable: freeze it by its "
        "attribute, before `compile`",
    )
    refuse_unless(moved[0], "`below` has not moved, and should learn")
    return "`below` has learned, through a layer that stood still"


def exercise_2(n_learning: object) -> str:
    """Does `n_learning` count the parameters that training may change?"""
    for what, model in _models().items():
        claimed = number(
            "what n_learning gives", called("n_learning", n_learning, model)
        )
        learning = model.trainable_weights
        wanted = sum(int(np.prod(array.shape)) for array in learning)
        every, frozen = model.count_params(), model.non_trainable_weights
        outer = sum(la.count_params() for la in model.layers if la.trainable)
        others = {
            "counts arrays instead of the numbers in them": len(learning),
            "counts all parameters, frozen ones included": every,
            "counts what does not learn": sum(int(np.prod(a.shape)) for a in frozen),
            "looks at the outer layers only, and takes all in them": outer,
        }
        for mistake, other in others.items():
            refuse_unless(
                claimed == wanted or claimed != other,
                f"`n_learning` {mistake}: of {what} it says {claimed:,.0f}, and "
                f"{wanted:,} learn",
            )
        refuse_unless(
            claimed == wanted,
            f"`n_learning` says {claimed:,.0f} of {what}, and {wanted:,} learn",
        )
    return "it counts what learns, frozen bases and batch normalization included"


def exercise_3(unfreeze_from: object, new_base: Callable) -> str:
    """Do the right layers learn, whatever was frozen before?"""
    for name in ("b", "c", "a", "a_norm"):
        for before in (_frozen_whole, _frozen_by_loop, _nothing_frozen):
            base = new_base()
            before(base)
            called("unfreeze_from", unfreeze_from, base, name)
            found = {_name(array) for array in base.trainable_weights}
            at = [layer.name for layer in base.layers].index(name)
            behind = base.layers[at:]
            wanted = _paths(la for la in behind if not _normalizes(la))
            start = f'after {before.__doc__} and `unfreeze_from(base, "{name}")`'
            refuse_unless(
                found or base.trainable,
                f"{start}, nothing learns: `base.trainable` is False, and that holds "
                "for all within",
            )
            refuse_unless(found, f"{start}, nothing learns")
            refuse_unless(
                not found & _paths(la for la in behind if _normalizes(la)),
                f"{start}, batch normalization learns, too: leave it still",
            )
            refuse_unless(
                not found & _paths(base.layers[:at]),
                f"{start}, layers before it learn, too",
            )
            lacking = ", ".join(sorted(wanted - found))
            refuse_unless(not lacking, f"{start}, this does not learn: {lacking}")
            still = [la.name for la in base.layers if _normalizes(la) and la.trainable]
            refuse_unless(
                not still, f"{start}, the statistics of {', '.join(still)} would drift"
            )
    return "that layer and all behind it learn, and batch normalization stays still"


def _models() -> dict[str, keras.Model]:
    normalized = keras.Sequential([keras.Input((5,)), layers.BatchNormalization()])
    models = {"a layer of batch normalization": normalized}
    for frozen in (True, False):
        base = keras.Sequential(
            [keras.Input((4,)), layers.Dense(6), layers.BatchNormalization()]
        )
        base.trainable = not frozen
        inputs = keras.Input((4,))
        model = keras.Model(inputs, layers.Dense(2)(base(inputs)))
        models[f"{'a frozen' if frozen else 'an unfrozen'} base with a head"] = model
    half = keras.Sequential([keras.Input((4,)), layers.Dense(6), layers.Dense(3)])
    half.layers[0].trainable = False
    return models | {"two layers, one of them frozen": half}


def _frozen_whole(base: keras.Model) -> None:
    """`base.trainable = False`"""
    base.trainable = False


def _frozen_by_loop(base: keras.Model) -> None:
    """a loop that freezes each layer"""
    for layer in base.layers:
        layer.trainable = False


def _nothing_frozen(base: keras.Model) -> None:
    """nothing (all layers learn)"""
    base.trainable = True


def _normalizes(layer: layers.Layer) -> bool:
    return isinstance(layer, layers.BatchNormalization)


def _paths(parts: object) -> set[str]:
    return {_name(array) for layer in parts for array in layer.weights}


def _name(array: keras.Variable) -> str:
    return "/".join(array.path.split("/")[-2:])  # without the name of the model
