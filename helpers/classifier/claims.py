"""What a model's file claims to hold, compared with what is in it."""

from __future__ import annotations

import json
import math
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras

from helpers.errors import InputError
from helpers.pictures import shown

LEAST = 1  # bytes that a number of the weights takes up; Keras writes 4, 2 or 1
ROOM = 10_000_000  # numbers that may be missing: 40 MB of memory


def refuse_boasting(path: Path) -> None:
    """Refuse a model that would take far more memory than the weights in its file.

    Its description alone says how many there are: a few hundred bytes can ask for a
    hundred gigabytes, before Keras sees that the weights are missing. Here the layers
    are built without any numbers.

    Args:
        path: A `.keras` file.

    Raises:
        InputError: if the description asks for more numbers than the file can hold.
            What Keras says of a description that it cannot read passes through.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
        >>> with TemporaryDirectory() as folder:
        ...     model.save(Path(folder, "a.keras"))
        ...     refuse_boasting(Path(folder, "a.keras"))
    """
    with zipfile.ZipFile(path) as archive:
        config = archive.read("config.json").decode()
        there = archive.getinfo("model.weights.h5").file_size
    with ThreadPoolExecutor(1) as apart:
        claimed = apart.submit(_numbers, config).result()
    if claimed > there / LEAST + ROOM:
        raise InputError(
            f"{shown(path)} is not what it claims to be: its description asks for "
            f"{claimed:,} weights, and the file holds {there:,} bytes of them. Use a "
            "file whose source you know."
        )


def _numbers(config: str) -> int:
    """How many numbers a description asks for; to be called in a thread of its own.

    Keras keeps a list, for each thread, of weights that are still to get their numbers,
    and goes through it when the next model is built. How the model was trained is left
    out: an optimizer makes weights of its own, which a StatelessScope forbids.
    """
    plan = json.loads(config, object_hook=_without_training)
    with keras.StatelessScope(initialize_variables=False):
        model = keras.models.model_from_json(json.dumps(plan))
        return sum(math.prod(variable.shape) for variable in model.variables)


def _without_training(part: dict) -> dict:
    return {key: value for key, value in part.items() if key != "compile_config"}
