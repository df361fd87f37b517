"""What the record of a classifier may hold: checked when written and when read."""

from __future__ import annotations

import datetime
import json
import math
import os
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from helpers.errors import InputError

FORMAT = 1
OUTPUTS = ("softmax", "sigmoid", "logits")
AGAIN = "Copy it again from where it came from, or save the classifier again."


def plain(value: object, name: str) -> object:
    """A fact as JSON can keep it: NumPy numbers, paths, dates and tuples converted.

    Args:
        value: The fact.
        name: Its name, for the message.

    Raises:
        InputError: if JSON has no word for it, NaN and infinity included.

    Example:
        >>> plain({"accuracy": np.float64(0.5), "size": (224, 224)}, "facts")
        {'accuracy': 0.5, 'size': [224, 224]}
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, float) and math.isfinite(value):
        return value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str | os.PathLike):  # a path may hold bytes that are no text
        return os.fspath(value).encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, datetime.date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item, f"{name}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: plain(item, f"{name}[{key!r}]") for key, item in value.items()}
    raise InputError(
        f"expected {name} to be a number, a text, or a list or table of them, found "
        f"{value!r:.80}. Convert it or leave it out; nothing was saved."
    )


def check_class_names(names: object, where: str) -> list[str]:
    """Check that these are names of classes: two or more texts, all different.

    Args:
        names: What is to be checked.
        where: Where it came from, for the message.

    Raises:
        InputError: if they are not.

    Example:
        >>> check_class_names("cat", "pets.json")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected class_names in pets.json to be a list ...
    """
    listed = isinstance(names, Sequence | np.ndarray) and not isinstance(names, str)
    names = list(names) if listed else names
    if (
        not listed
        or not 2 <= len(names) <= 10_000
        or not all(isinstance(n, str) and len(n) <= 200 and _seen(n) for n in names)
    ):
        raise InputError(
            f"expected class_names in {where} to be a list of two names or more, of 1 "
            f'to 200 letters each, such as ["cat", "dog"], found {names!r:.80}.'
        )
    name, times = Counter(map(_seen, names)).most_common(1)[0]
    if times > 1:
        raise InputError(
            f"expected class_names in {where} to differ, found {name!r} {times} times. "
            "Give each class a name of its own."
        )
    return [str(name) for name in names]


def _seen(name: str) -> str:
    """What one sees of a name: no blanks around it, an accent in one sign or in two.

    Signs of no width go, too; of a name with half a sign, which no file of text can
    keep, nothing is left.
    """
    kinds = [unicodedata.category(sign) for sign in name]
    if "Cs" in kinds:
        return ""
    wide = [sign for sign, kind in zip(name, kinds, strict=True) if kind != "Cf"]
    return unicodedata.normalize("NFC", "".join(wide).strip())


def parse_record(data: bytes, where: str) -> dict:
    """Read a record, and check each field that the code relies on.

    Args:
        data: JSON, no more than a megabyte.
        where: Where it came from, for the message.

    Raises:
        InputError: if it is no JSON, or a field is of another kind.

    Example:
        >>> parse_record(b'{"class_names": ["cat", "dog"]}', "pets.json")
        {'class_names': ['cat', 'dog']}
    """
    try:
        record = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"expected a record in {where}, found no JSON ({error!s:.80}). {AGAIN}"
        ) from error
    if not isinstance(record, dict) or "class_names" not in record:
        raise InputError(
            f"expected class_names in {where}, found {str(record)[:80]}. {AGAIN}"
        )
    record["class_names"] = check_class_names(record["class_names"], where)
    for name, kind, sound in (
        ("format", int, lambda number: 1 <= number <= FORMAT),
        ("outputs", str, OUTPUTS.__contains__),
        ("reading", dict, _is_reading),
        ("versions", dict, lambda v: all(isinstance(x, str) for x in v.values())),
        ("members", dict, lambda m: all(isinstance(x, str) for x in m.values())),
    ):
        value = record.get(name)
        if name in record and not (type(value) is kind and sound(value)):
            newer = isinstance(value, int) and name == "format" and value > FORMAT
            remedy = "Update this project." if newer else AGAIN
            raise InputError(
                f"cannot use {name} in {where}: found {value!r:.80}. {remedy}"
            )
    return record


def _is_reading(reading: dict) -> bool:
    size = reading.get("size")
    pair = isinstance(size, list) and len(size) == 2
    return isinstance(reading.get("crop"), bool) and (
        size is None
        or (pair and all(isinstance(n, int) and 1 <= n <= 10_000 for n in size))
    )
