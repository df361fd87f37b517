"""Ties that prove nothing, or too little; read, not evaluated."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection

from helpers.ties import Tie, find_ties, sentences

ABOUT = "about|some|roughly|around|nearly"
WIDEST = 0.03  # of a percentage; of any other number, a tenth


def tie_faults(markdown: str, modules: Collection[str] = ()) -> list[str]:
    """What is wrong with the ties of a text, a sentence each; nothing is evaluated.

    Args:
        markdown: The prose, with its ties.
        modules: Names that are no results: what the lesson imports.

    Returns:
        Sentences that name the tie, what was expected, and what to do.

    Example:
        >>> tie_faults("It has 49<!--= 7 * 7 --> places.")
        ['“It has 49 places.”: `7 * 7` names nothing of the lesson. Name what gave it.']
    """
    found = []
    for sentence in sentences(markdown):
        ties = find_ties(sentence)
        found += [
            f"“{tie.sentence}”: {fault}"
            for tie in ties
            for fault in _faults(tie, modules)
        ]
        bands = [tie for tie in ties if is_band(tie)]
        if len(bands) > 1 and all(tie.claim is not None for tie in ties):
            found.append(
                f"“{bands[0].sentence}”: {len(bands)} numbers with a tolerance could "
                "change places. Tie their order too: <!--? this > that -->."
            )
        for reason in re.findall(r"<!--!(.*?)-->", sentence, flags=re.DOTALL):
            if len(reason.split()) < 3:
                found.append(
                    f"“{sentence}”: <!--! … --> needs a reason of three words or more."
                )
    return found


def imported(code: str) -> set[str]:
    """The names that a lesson's code imports.

    Example:
        >>> sorted(imported("import numpy as np, os.path\\nfrom keras import layers"))
        ['layers', 'np', 'os']
    """
    return {
        (name.asname or name.name).partition(".")[0]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }


def free_names(expression: ast.AST) -> list[str]:
    """The names that an expression takes from outside, in order, each once.

    Example:
        >>> free_names(ast.parse("sum(n > least for n in sizes)"))
        ['least', 'sizes']
    """
    nodes = sorted(
        (n for n in ast.walk(expression) if isinstance(n, ast.Name)),
        key=lambda n: (n.lineno, n.col_offset),
    )
    bound = {n.id for n in nodes if isinstance(n.ctx, ast.Store)}
    bound |= {n.arg for n in ast.walk(expression) if isinstance(n, ast.arg)}
    names = dict.fromkeys(n.id for n in nodes)
    return [n for n in names if n not in bound and not hasattr(builtins, n)]


def _parsed(tie: Tie) -> ast.expr | None:
    try:
        return ast.parse(tie.expression, mode="eval").body
    except SyntaxError:
        return None


def is_band(tie: Tie) -> bool:
    return isinstance(_parsed(tie), ast.Tuple)


def _faults(tie: Tie, modules: Collection[str]) -> list[str]:
    tree = _parsed(tie)
    if tree is None:
        return [f"`{tie.expression}` is not a Python expression."]
    if not set(free_names(tree)) - set(modules):
        return [f"`{tie.expression}` names nothing of the lesson. Name what gave it."]
    if tie.claim is None:
        return _tautology(tree)
    return _band_faults(tie, tree) if isinstance(tree, ast.Tuple) else []


def _tautology(tree: ast.expr) -> list[str]:
    """What is true whatever the run gives; the build finds less plain ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
            if len(set(sides)) < len(sides):
                return [f"`{ast.unparse(node)}` compares something with itself."]
    return []


def _band_faults(tie: Tie, tree: ast.Tuple) -> list[str]:
    claim = re.escape(tie.claim)
    near = rf"\b(?:{ABOUT})\W+{claim}|{claim}\W+(?:\w+\W+){{0,3}}or so\b"
    found = []
    if not re.search(near, tie.sentence, flags=re.IGNORECASE):
        found.append(f"{tie.claim} has a tolerance, so say “about {tie.claim}”.")
    tolerance = tree.elts[1] if 2 <= len(tree.elts) <= 3 else None
    if not isinstance(tolerance, ast.Constant) or not isinstance(
        tolerance.value, int | float
    ):
        return [*found, f"`{tie.expression}`: expected `value, 0.02`, a number last."]
    if len(tree.elts) == 2 and re.fullmatch(r"[-−]?[\d.,]+%?", tie.claim):
        number = abs(float(tie.claim.strip("%-−").replace(",", "")))
        percent = tie.claim.endswith("%")
        widest = min(WIDEST, number / 1000) if percent else number / 10
        if tolerance.value > widest * (1 + 1e-9):
            found.append(
                f"expected for {tie.claim} a tolerance of {widest:.3g} at most, found "
                f"{tolerance.value}. Measure more often, say less, or name the rival "
                f"that it stays clear of: `{tie.expression}, rival`."
            )
    return found
