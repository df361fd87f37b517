"""Can an assert or a tie fail at all? Asked where the lesson has run.

Each value that a claim names is spoiled, one after another, and the claim evaluated
again. A claim that holds whatever the run gave proves nothing.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

from helpers.ties import differs
from tools.lessons.tie_rules import free_names

LARGE = 1_000_000  # numbers: what holds more is emptied or set to 0, no more


class _Holding(set):
    """A set in which everything is."""

    def __contains__(self, _: object) -> bool:
        return True


def cannot_fail(
    claims: list[tuple[str | None, str]], names: Mapping[str, object]
) -> list[str]:
    """Find claims that hold whatever the lesson's results are.

    Args:
        claims: Pairs (what the text says, or None for True; a Python expression).
        names: A notebook's `globals()`, after its last cell.

    Returns:
        The expressions that held under every spoiling.

    Example:
        >>> cannot_fail([(None, "n > 1"), (None, "n == n"), ("3", "n")], {"n": 3})
        ['n == n']
    """
    names = {**names, "_everything": _Holding()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what no lesson does
        return [text for claim, text in claims if not _can_fail(claim, text, names)]


def _can_fail(claim: str | None, text: str, names: dict[str, object]) -> bool:
    tree = ast.parse(text, mode="eval").body
    if not _holds(claim, tree, names):
        return True  # it does right now: a later cell has changed what it names
    opaque = False  # whether it names what cannot be spoiled, such as a model
    for part in _parts(tree):
        if "(" in part and not opaque:
            break  # calls of what was spoiled already
        try:
            value = eval(part, names)
        except Exception:  # it lives in a comprehension only
            continue
        whole = part == ast.unparse(tree) and "(" in part
        if whole and isinstance(value, bool | np.bool_):
            continue  # that would spoil the answer, not what is asked
        others = [ast.Name(n) for n in free_names(tree) if n != part]
        for other in (*others, ast.Name("_everything")):
            if _holds(claim, _put(tree, part, other), names) is False:
                return True
        spoilable = isinstance(value, ModuleType)
        for spoiled in spoilings(value):  # one by one: some are large
            spoilable = True
            changed = _put(tree, part, ast.Name("_spoiled"))
            if _holds(claim, changed, {**names, "_spoiled": spoiled}) is False:
                return True
        opaque |= not spoilable
    return False


def _holds(claim: str | None, tree: ast.expr, names: dict[str, object]) -> bool | None:
    """Whether a claim holds; None if it cannot be asked."""
    try:
        value = eval(ast.unparse(tree), names)
        return bool(value) if claim is None else not differs(claim, value)
    except Exception:
        return None


def _parts(tree: ast.expr) -> list[str]:
    """What can be spoiled in an expression: its names first, calls last."""
    kinds = (ast.Attribute, ast.Subscript, ast.Call)
    parts = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, kinds)]
    # Before calls, which stand for more, whatever has none in it.
    parts.sort(key=lambda part: ("(" in part, len(part)))
    return list(dict.fromkeys([*free_names(tree), *parts]))


def _put(tree: ast.expr, part: str, new: ast.expr) -> ast.expr:
    """The expression with another one in place of a part, wherever it stands."""

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if isinstance(node, ast.expr) and ast.unparse(node) == part:
                return new
            return self.generic_visit(node)

    return Put().visit(ast.parse(ast.unparse(tree), mode="eval").body)


def spoilings(value: object) -> Iterator[object]:
    """Other values of the same kind.

    Args:
        value: A bool, a number, a text, a path, an array, a table, or a collection.

    Yields:
        Such values; none for an object of another kind, such as a model.

    Example:
        >>> list(spoilings("cat")), list(spoilings(True))
        (['', 'tac', 'cat~'], [False])
    """
    if isinstance(value, bool | np.bool_):
        yield not value
    elif isinstance(value, int | float | np.number):
        yield from (value + 1, -value - 1, 1000 * value + 7, 0 * value)
    elif isinstance(value, str):
        yield from ("", value[::-1], f"{value}~")
    elif isinstance(value, Path):
        yield value / "spoiled"
    elif isinstance(value, pd.DataFrame | pd.Series | pd.Index | np.ndarray):
        yield value[:0]
        if isinstance(value, np.ndarray) and value.size <= LARGE:
            yield np.concatenate([value, value])
        yield from _each(value) if value.size <= LARGE else (value * 0,)
    elif isinstance(value, dict):
        yield {}
        yield from (dict(zip(value, v, strict=True)) for v in _each([*value.values()]))
    elif hasattr(value, "_fields"):  # a tuple with names
        yield from map(value._make, _each([*value]))
    elif isinstance(value, list | tuple | set):
        yield type(value)()
        yield type(value)([*value][::-1])
        yield type(value)([*value] * 2)
        if sum(m.size for m in value if isinstance(m, np.ndarray)) <= LARGE:
            yield from map(type(value), _each([*value]))
    elif hasattr(value, "numpy"):  # a tensor
        yield from spoilings(value.numpy())


def _each(values: object) -> Iterator[object]:
    """Collections in which every member is spoiled, in one way after the other."""
    for way in range(4):

        def spoil(member: object, way: int = way) -> object:
            ways = list(spoilings(member))
            return ways[way % len(ways)] if ways else member

        if isinstance(values, np.ndarray) and values.dtype.kind in "biufc":
            yield _array(values, way)
        elif isinstance(values, np.ndarray):
            yield np.array([spoil(m) for m in values.ravel()]).reshape(values.shape)
        elif isinstance(values, pd.DataFrame | pd.Series | pd.Index):
            yield values.map(spoil)
        else:
            yield [spoil(member) for member in values]


def _array(values: np.ndarray, way: int) -> np.ndarray:
    if values.dtype.kind == "b":
        return ~values
    return (values + 1, -values.astype(float) - 1, values * 1000.0 + 7, values * 0)[way]
