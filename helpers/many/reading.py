"""What was computed, read back: the same array in the same order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow

from helpers.errors import InputError
from helpers.many.parts import features_of, place_of, read_part
from helpers.many.stores import Store, open_store, read_bytes, reported
from helpers.pictures import shown

INDEX = "features.json"  # what is there; the last thing that is written


class Features(NamedTuple):
    """What was computed, read back.

    Attributes:
        features: float32, shape (pictures, features), in the order of the list; NaN
            where a picture cannot be read.
        names: The name of each picture.
        labels: Its label; "" if it has none.
        digests: The SHA-256 of its bytes; None if they could not be read.
        problems: Why it cannot be read, or "".

    Example:
        >>> array = np.ones((1, 3), np.float32)
        >>> found = Features(array, ["cat/tom.jpg"], ["cat"], [bytes(32)], [""])
        >>> dict(zip(found.names, found.labels))
        {'cat/tom.jpg': 'cat'}
    """

    features: np.ndarray
    names: list[str]
    labels: list[str]
    digests: list[bytes | None]
    problems: list[str]


def read_features(target: Path | str, files: object = None) -> Features:
    """Read what `compute_parts` kept, as one array in the order of the list.

    Args:
        target: Where it was kept.
        files: A file system of pyarrow or fsspec, if need be.

    Returns:
        The features and what belongs to them; 5 kB a picture. What does not fit into
        memory is read by `helpers.many.fit_head` a batch at a time.

    Raises:
        InputError: if there is nothing, or a part is damaged. The message says what
            to do.

    Example:
        >>> read_features("no_such_folder")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected features in no_such_folder, found none. ...
    """
    kept, told = read_index(target, files)
    size = told["features"]
    features = np.empty((told["pictures"], size), np.float32)
    columns: dict[str, list] = {n: [] for n in ("name", "label", "digest", "problem")}
    row = 0
    for key, number in told["parts"]:
        table = sound_part(kept, key, size)
        features[row : row + number] = features_of(table, size)
        row += number
        for column, values in columns.items():
            values += table[column].to_pylist()
    return Features(features, *columns.values())


def read_index(target: Path | str, files: object = None) -> tuple[Store, dict]:
    """What there is: the store, and the parts in order.

    Args:
        target: As for `read_features`.
        files: As for `read_features`.

    Returns:
        The store, and `{"base", "features", "pictures", "parts"}`: the fingerprint, two
        numbers, and the name of each part with the number of its pictures.

    Raises:
        InputError: if there is nothing.
    """
    kept = open_store(target, files)
    try:
        with reported():
            return kept, json.loads(read_bytes(kept, kept.path(INDEX)))
    except (FileNotFoundError, ValueError):
        raise InputError(
            f"expected features in {shown(target)}, found none. Compute them first: "
            "helpers.many.compute_parts; a run that was stopped goes on there."
        ) from None


def sound_part(kept: Store, key: str, size: int) -> pyarrow.Table:
    """A part that must be there.

    Args:
        kept: The store.
        key: Its name.
        size: How many features a picture has.

    Raises:
        InputError: if it is not, or is damaged.
    """
    with reported():
        table = read_part(kept, key, size)
    if table is None:
        raise InputError(
            f"{shown(place_of(kept, key))} is damaged or gone. Compute the features "
            "again, with the same call: this part alone is computed anew."
        )
    return table
