"""`helpers` uses other libraries as they are: it changes no name of theirs."""

import ast

import pytest

from helpers.plumbing import ROOT

# Python's own: what is put back by who set it, and streams where a process has none.
MADE_TO_BE_SET = {"sys.unraisablehook", "sys.executable"}
MADE_TO_BE_SET |= {"sys.stdin", "sys.stdout", "sys.stderr"}
SOURCES = sorted((ROOT / "helpers").rglob("*.py"))


def changed_names(code: str) -> list[str]:
    """Assignments to attributes of whatever was imported from somewhere else."""
    tree = ast.parse(code)
    theirs = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = {(alias.asname or alias.name).split(".")[0] for alias in node.names}
            theirs |= found - {"helpers"}
        elif isinstance(node, ast.ImportFrom) and "helpers" not in (node.module or ""):
            theirs |= {alias.asname or alias.name for alias in node.names}
    changed = []
    for node in ast.walk(tree):
        targets = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "setattr":
            targets = [ast.Attribute(node.args[0], "…", ast.Store())]
        for target in targets:
            root = target
            while isinstance(root, ast.Attribute):
                root = root.value
            if root is not target and getattr(root, "id", None) in theirs:
                changed.append(ast.unparse(target))
    return [name for name in changed if name not in MADE_TO_BE_SET]


@pytest.mark.parametrize(
    "code",
    [
        "import tensorflow as tf\ntf.data.Dataset.__iter__ = print",
        "from keras import layers\nlayers.Dense.call = None",
        "import keras.utils\nsetattr(keras.utils, 'get_file', None)",
    ],
)
def test_a_patch_would_be_found(code):
    assert len(changed_names(code)) == 1
    assert changed_names("import helpers\nhelpers.x = model.trainable = 1") == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_name_of_another_library_is_changed(path):
    assert changed_names(path.read_text(encoding="utf-8")) == []
