"""Every public name of `helpers` has an example, and every example says what it gives.

pytest runs the examples themselves (`--doctest-modules`).
"""

import ast
import doctest
import importlib
import inspect
import pkgutil
import re

import pytest

import helpers
from helpers.plumbing import ROOT, ray_is_there

PACKAGES = ("helpers", "data_scripts", "tools", "benchmarks")
# A shape as prose states it, `(batch, 7, 7, 1280)`: words stand for any number.
SHAPE = re.compile(r"\(((?:[\w/ -]+,\s*)+[\w/ -]*)\)")


def public_names():
    """What a lesson or a script may import: rooms' faces and the modules on top."""
    for info in pkgutil.iter_modules(helpers.__path__):
        if info.name == "many" and not ray_is_there():
            continue  # an extra: see tools.many
        module = importlib.import_module(f"helpers.{info.name}")
        for name, value in vars(module).items():
            own = getattr(value, "__module__", None) == module.__name__
            listed = getattr(module, "__all__", None)
            public = name in listed if listed else own and not name.startswith("_")
            if public and (inspect.isfunction(value) or inspect.isclass(value)):
                yield f"{info.name}.{name}", value


NAMES = dict(public_names())


def faults(doc):
    """What is wrong with the examples of a docstring, a sentence each."""
    found = []
    examples = doctest.DocTestParser().get_examples(doc or "")
    if not any(example.want or example.exc_msg for example in examples):
        found.append("no example that shows what comes out")
    return found + idle(examples)


def idle(examples):
    """Examples that are not run, or whose output is not looked at."""
    found = []
    for example in examples:
        if example.options.get(doctest.SKIP):
            found.append(f"an example that is not run: {example.source.strip()}")
        lines = [] if example.exc_msg else example.want.splitlines()
        if "..." in [line.strip() for line in lines]:
            found.append(f"a line that hides any output: {example.source.strip()}")
    return found


def other_shapes(doc):
    """A shape that the example of a docstring shows, and its prose does not."""
    prose, _, example = (doc or "").partition("Example:")
    told = [re.split(r",\s*", shape) for shape in SHAPE.findall(prose)]
    shown = re.findall(r"^>>> [^\n,]*shape\n(\(.*\))$", _flush(example), re.MULTILINE)
    found = []
    for shape in shown if told else []:
        numbers = re.findall(r"\d+|None", shape)
        if not any(_fits(prose_shape, numbers) for prose_shape in told):
            found.append(f"an example has the shape {shape}, the prose says {told}")
    return found


def _flush(text):
    return re.sub(r"^ +", "", text, flags=re.MULTILINE)


def _fits(told, numbers):
    told = [part for part in told if part]
    pairs = zip(told, numbers, strict=False)
    return len(told) == len(numbers) and all(
        not a.isdigit() or a == b for a, b in pairs
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_public_name_has_an_example(name):
    assert faults(inspect.getdoc(NAMES[name])) == []


def test_all_of_them_are_looked_at():
    assert len(NAMES) > 110
    assert {"classifier.Classifier", "figures.show", "errors.InputError"} <= set(NAMES)


@pytest.mark.parametrize(
    "path",
    sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py")),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_every_example_is_run_and_agrees_with_its_prose(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            doc = ast.get_docstring(node) or ""
            examples = doctest.DocTestParser().get_examples(doc)
            assert idle(examples) + other_shapes(doc) == []


SAYS = "Returns:\n    Shape (pictures, 1280).\n\nExample:\n    >>> f(1).shape\n    "


@pytest.mark.parametrize(
    ("doc", "told"),
    [
        ("One line.", "no example that shows"),
        ("Example:\n    f(1)", "no example that shows"),
        ("Example:\n    >>> x = 1", "no example that shows"),
        (">>> f(1)  # doctest: +SKIP\n2", "an example that is not run: f(1)"),
        (">>> f(1)\n2\n...", "a line that hides any output: f(1)"),
        (f"{SAYS}(3, 1281)", "an example has the shape (3, 1281)"),
        (f"{SAYS}(3,)", "an example has the shape (3,)"),
    ],
)
def test_a_missing_or_idle_or_contradicted_example_is_found(doc, told):
    found = faults(doc) + other_shapes(doc)
    assert any(told in fault for fault in found), found


def test_a_good_example_is_left_in_peace():
    assert faults(f"{SAYS}(3, 1280)") + other_shapes(f"{SAYS}(3, 1280)") == []
    assert faults(">>> f(1)\nTraceback (most recent call last):\n...\nE: x") == []
