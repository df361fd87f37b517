"""What a lesson's figures claim: read in the cells that draw them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import nbformat

PLOTS = {"plot", "bar", "barh", "scatter", "step", "errorbar", "fill_between", "stem"}


def figure_claims(cell: nbformat.NotebookNode) -> Iterator[str]:
    """Find figures of a code cell whose text or marks no run can change.

    Args:
        cell: A code cell.

    Yields:
        What is wrong, a sentence each.

    Example:
        >>> from nbformat.v4 import new_code_cell
        >>> list(figure_claims(new_code_cell('show(fig, "A line rises.")')))
        ['the text of a figure is a constant: compute a number of it from its data.']
    """
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:  # a cell that fails on purpose
        return
    written = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        data = [_meant(value, written) for value in node.args]
        if isinstance(node.func, ast.Name) and node.func.id == "show":
            if len(data) > 1 and _is_constant(data[1]):
                yield (
                    "the text of a figure is a constant: compute a number of it from "
                    "its data."
                )
        elif isinstance(node.func, ast.Attribute) and node.func.attr in PLOTS:
            marks = [value for value in data if not _is_text(value)]
            if marks and all(map(_is_constant, marks)):
                yield (
                    f"`{ast.unparse(node)}` draws numbers that nothing computed: "
                    "draw a result."
                )


def _meant(value: ast.expr, written: dict[str, ast.expr]) -> ast.expr:
    """What a name stands for, if the cell writes it down."""
    return written.get(value.id, value) if isinstance(value, ast.Name) else value


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_constant(value: ast.expr) -> bool:
    computes = (ast.Name, ast.Call, ast.Attribute, ast.Await)
    return not any(isinstance(node, computes) for node in ast.walk(value))
