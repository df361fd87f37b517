"""A lesson's check that fails in your run says so, and the lesson goes on."""

from __future__ import annotations

import ast
import os

import numpy as np
from IPython import get_ipython

STRICT = "STRICT_CHECKS"  # set it, and a check that fails ends the lesson
SHOWN = 60  # characters of a value
LATER = (
    "Have you changed the lesson, or brought pictures of your own? Then this may be "
    "as it should be, and the sentences around it speak of another run."
)


def report_checks() -> None:
    """Let each `assert` of this notebook's cells report by itself.

    In a learner's run other results are what was wanted: other pictures, a changed
    line. A check that fails says what was expected and what came, and the cells below
    still run. Where the environment variable `STRICT_CHECKS` is set, as whenever the
    lessons are proven, it raises AssertionError. Either way it is looked at, even by a
    Python that was told to leave assertions out (`PYTHONOPTIMIZE`).

    Outside of IPython it does nothing.

    Example:
        >>> report_checks() is None  # here is no IPython
        True
    """
    shell = get_ipython()
    if shell and not any(isinstance(t, _Reporting) for t in shell.ast_transformers):
        shell.ast_transformers.append(_Reporting())
        shell.push({_NAME: check}, interactive=False)


def check(
    holds: bool, claim: str, values: dict[str, object], message: object = None
) -> None:
    """Report a claim that does not hold, or raise where checks are strict.

    Args:
        holds: Whether it does.
        claim: The claim, as Python.
        values: What the names in it stand for.
        message: What the author of the check says of it, or None.

    Raises:
        AssertionError: if it does not hold and `STRICT_CHECKS` is set.

    Example:
        >>> check(0.94 >= 0.97, "accuracy >= 0.97", {"accuracy": 0.94})
        ... # doctest: +ELLIPSIS
        Not so in this run: accuracy >= 0.97 (accuracy is 0.94). Have you changed ...
    """
    if holds:
        return
    seen = [f"{n} is {_short(v)}" for n, v in values.items() if _is_plain(v)]
    if message is not None and str(message) not in map(_short, values.values()):
        seen.append(str(message))
    found = f"{claim} ({', '.join(seen)})" if seen else claim
    if os.environ.get(STRICT):
        raise AssertionError(found)
    print(f"Not so in this run: {found}. {LATER}")


_NAME = "__check__"


class _Reporting(ast.NodeTransformer):
    """Turns `assert test, message` into a call of `check`."""

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        loaded = [n.id for n in ast.walk(node.test) if isinstance(n, ast.Name)]
        bound = {name for n in ast.walk(node.test) for name in _bound(n)}
        names = [name for name in dict.fromkeys(loaded) if name not in bound]
        values = ast.Dict(
            [ast.Constant(name) for name in names],
            [ast.Name(name, ast.Load()) for name in names],
        )
        arguments = [node.test, ast.Constant(ast.unparse(node.test)), values]
        call = ast.Call(
            ast.Name(_NAME, ast.Load()), arguments + [node.msg] * bool(node.msg), []
        )
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def _bound(node: ast.AST) -> list[str]:
    """The name that a comprehension, a walrus or a lambda brings with it."""
    if isinstance(node, ast.arg):
        return [node.arg]
    stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    return [node.id] if stored else []


def _is_plain(value: object) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 0
    return isinstance(value, str | bool | int | float | np.generic)


def _short(value: object) -> str:
    text = f"{value:.3g}" if isinstance(value, float | np.floating) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
