"""Accidents and malice: good bytes and good JSON, made bad by chance."""

from __future__ import annotations

import copy
import json
import random
import struct

DEEP = "deep \0"  # stands for 5,000 lists, one in the other
LENGTHS = (1, 2, 4, 8, 64, 5000)
NUMBERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
ODD = (
    *(None, True, -1, 0, 1, 10**6, 10**9, 10**18, 10**400, 1e308, -0.5, float("nan")),
    *("", "cat", "x" * 100_000, "../../up", "\0", "\x1b[31m", "猫", "\ud800", [], {}),
    *([None], [[]], {"": None}, [0] * 1000, "keras.layers>Dense", "__builtins__"),
)


def spoiled_bytes(data: bytes, rng: random.Random) -> bytes:
    """Good bytes after one to four accidents, or noise behind a good beginning."""
    made = bytearray(data)
    if rng.random() < 0.1:
        return bytes(made[: rng.randint(0, 16)]) + rng.randbytes(rng.randint(0, 200))
    for _ in range(rng.randint(1, 4)):
        start = rng.randint(0, len(made))
        end = min(len(made), start + rng.choice(LENGTHS))
        accident = rng.choice(("new", "flip", "insert", "cut", "repeat", "number"))
        if accident == "new":
            made[start : start + 8] = rng.randbytes(rng.randint(1, 8))
        elif accident == "flip" and start < len(made):
            made[start] ^= 1 << rng.randint(0, 7)
        elif accident == "insert":
            made[start:start] = rng.randbytes(rng.randint(0, 8))
        elif accident == "cut":
            del made[start:end]
        elif accident == "repeat":
            made[start:start] = made[start:end]
        elif accident == "number":  # a size, a count, an offset
            form = rng.choice("<>") + rng.choice("HI")
            value = rng.choice(NUMBERS) & (0xFFFF if form[1] == "H" else 0xFFFFFFFF)
            made[start : start + struct.calcsize(form)] = struct.pack(form, value)
    return bytes(made)


def spoiled_tree(tree: object, rng: random.Random) -> object:
    """A tree of JSON in which one to three places hold something else."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 3)):
        places = [(tree, key) for key in _keys(tree)]
        for place, key in places:  # it grows
            places += [(place[key], deeper) for deeper in _keys(place[key])]
        if not places:
            return copy.deepcopy(rng.choice(ODD))
        place, key = rng.choice(places)
        accident = rng.randint(0, 9)
        if accident == 0:
            del place[key]
        elif accident == 1:
            place[key] = DEEP
        elif accident == 2 and isinstance(place, dict):
            place[rng.choice(("name", "class_name", "", "x" * 300))] = place[key]
        elif accident == 3:
            place[key] = copy.deepcopy(rng.choice(places)[0])
        elif isinstance(place[key], int | float) and accident < 7:
            place[key] = rng.choice((place[key] * 1000, -place[key], place[key] + 1))
        else:
            place[key] = copy.deepcopy(rng.choice(ODD))  # or the next would change it
    return tree


def _keys(tree: object) -> list:
    if isinstance(tree, dict):
        return list(tree)
    return list(range(len(tree))) if isinstance(tree, list) else []


def as_json(tree: object) -> bytes:
    """A spoiled tree as text, with what no program writes: nesting without an end."""
    deep = "[" * 5000 + "]" * 5000
    return json.dumps(tree).replace(json.dumps(DEEP), deep).encode()
