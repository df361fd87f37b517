"""The sentences that a judge may say, read from its code.

`f"`x` should be {wanted}"` is the template ``"`x` should be {wanted}"``: what stands in
braces is filled in when it is said.
"""

from __future__ import annotations

import ast


def templates(source: str) -> list[tuple[str, str]]:
    """The sentences, and halves of sentences, in a module's code.

    Args:
        source: Of a module with judges.

    Returns:
        Of each, the template and the function that it stands in, in order. Single
        words are left out: they are names.

    Example:
        >>> templates('def f(n):\\n    say(f"it has {n} and {n + 1:.2f} legs", "legs")')
        [('it has {n} and {1} legs', 'f')]
    """
    finder = _Finder("__doc__" in source)
    finder.visit(ast.parse(source))
    return list(dict.fromkeys(finder.found))


class _Finder(ast.NodeVisitor):
    """Collects strings that say something; `inside` is the function around them."""

    def __init__(self, docstrings_are_said: bool) -> None:
        self.found: list[tuple[str, str]] = []
        self.inside = ""
        self.docstrings_are_said = docstrings_are_said

    def visit_Module(self, node: ast.Module) -> None:
        self._without_docstring(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer = self.inside
        self.inside = outer or node.name
        if self.docstrings_are_said and node.name.startswith("_"):
            self._take(ast.get_docstring(node) or "")
        self._without_docstring(node)
        self.inside = outer

    visit_ClassDef = visit_FunctionDef

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._take(_literal(node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        pieces, n_unnamed = [], 0
        for part in node.values:
            if isinstance(part, ast.Constant):
                pieces.append(_literal(part.value))
            elif isinstance(part.value, ast.Name):
                pieces.append(f"{{{part.value.id}}}")
            else:
                n_unnamed += 1
                pieces.append(f"{{{n_unnamed}}}")
                self.visit(part.value)
        self._take("".join(pieces))

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and isinstance(node.left, ast.JoinedStr):
            whole = ast.JoinedStr([*node.left.values, ast.FormattedValue(node.right)])
            self.visit_JoinedStr(whole)
        else:
            self.generic_visit(node)

    def _without_docstring(self, node: ast.AST) -> None:
        has_one = ast.get_docstring(node, clean=False) is not None
        for child in node.body[1:] if has_one else node.body:
            self.visit(child)

    def _take(self, text: str) -> None:
        if " " in text.strip() and any(letter.isalpha() for letter in text):
            self.found.append((text, self.inside))


def _literal(text: str) -> str:
    """Text as it stands in a template, where a brace is written twice."""
    return text.replace("{", "{{").replace("}", "}}")
