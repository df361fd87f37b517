"""What a base or an engine is known by: everything that it computes with.

Keras describes layers by their settings, and a Python function by its name alone. Who
changes a function's body keeps its name, and would be given yesterday's features. So
functions and classes that are no library's are known by their code here, and by what
that code reads: constants, globals, closures, and other functions, in the same way.
"""

from __future__ import annotations

import dis
import functools
import hashlib
import importlib
import importlib.metadata
import importlib.util
import inspect
import os
import re
import site
import sys
import sysconfig
import types
from pathlib import PurePath

import keras
import numpy as np
import tensorflow as tf

from helpers.engines.with_tensorflow import GRAPH
from helpers.errors import InputError

# Settings of a layer that its config holds, and what Keras notes while it works.
_ONLY_TRAINING = {"optimizer", "history", "stop_training"}
# What a class holds beside its code.
_NOT_CODE = {
    *("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__"),
    *("__annotations__", "__firstlineno__", "__static_attributes__", "_abc_impl"),
    *("__abstractmethods__", "__annotate_func__", "__annotations_cache__"),
}
_CACHED = type(functools.cache(len))
_PLAIN = (type(None), bool, int, float, complex, str, bytes, range, type(...))


def identity(*things: object) -> str:
    """Name things by their content: the same name means the same computation.

    Args:
        things: Layers, functions, arrays, numbers, text; in lists and dicts as well.

    Returns:
        Sixteen hexadecimal digits, the same in each process.

    Raises:
        InputError: if something in them has no content that can be read, such as an
            open file or an object of C code. The message names it.

    Example:
        >>> identity(lambda x: x + 1) == identity(lambda x: x + 1)
        True
        >>> identity(lambda x: x + 1) == identity(lambda x: x + 2)
        False
    """
    try:
        told = _Teller().tell(things)
    except RecursionError:
        raise InputError(
            "expected a function or layer that can be told by its content, found one "
            "that contains itself. Take the cycle out."
        ) from None
    versions = f"{tf.__version__} {keras.__version__} {np.__version__}"
    settings = f"{keras.config.floatx()} {keras.config.image_data_format()}"
    text = repr((versions, settings, told))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Teller:
    """Tells values as nested tuples of text; what may be cyclic is told once."""

    def __init__(self) -> None:
        self.told: dict[int, tuple[int, object]] = {}  # holds what it numbers
        self.in_config: set[int] = set()  # layers that a graph's config describes

    def tell(self, value: object) -> object:
        if type(value) in _PLAIN:
            return type(value).__name__, repr(value)
        if isinstance(value, (list, tuple)):
            return "list", [self.tell(item) for item in value]
        if isinstance(value, dict):
            return "dict", [(self.tell(k), self.tell(v)) for k, v in value.items()]
        if isinstance(value, (set, frozenset)):
            return "set", sorted(repr(self.tell(item)) for item in value)
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(np.asarray(value))
        if isinstance(value, (PurePath, re.Pattern, np.dtype, tf.DType, slice)):
            return type(value).__name__, repr(value)
        if id(value) in self.told:
            return "the same as", self.told[id(value)][0]
        self.told[id(value)] = len(self.told), value
        return self._once(value)

    def _once(self, value: object) -> object:
        if isinstance(value, (keras.Variable, tf.Variable, tf.Tensor)):
            return self._array(_numbers(value))
        if isinstance(value, keras.Layer):
            return self._layer(value)
        if isinstance(value, types.ModuleType):
            return _library(value.__name__)
        if isinstance(value, type):
            return self._class(value)
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if isinstance(value, types.CodeType):
            return self._code(value)
        if isinstance(value, functools.partial):
            return "partial", self.tell([value.func, value.args, value.keywords])
        if isinstance(value, types.MethodType):
            return "method", self.tell([value.__func__, value.__self__])
        if isinstance(value, (staticmethod, classmethod)):
            return type(value).__name__, self.tell(value.__func__)
        if isinstance(value, property):
            return "property", self.tell([value.fget, value.fset, value.fdel])
        if isinstance(value, (types.BuiltinFunctionType, np.ufunc)):
            of = getattr(value, "__self__", None)
            return value.__name__, "" if inspect.ismodule(of) else self.tell(of)
        if isinstance(value, _CACHED):  # remembers, and computes the same
            return self.tell(value.__wrapped__)
        for inner in ("python_function", "__wrapped__"):  # of tf.function
            if hasattr(value, inner):
                return inner, self.tell(getattr(value, inner))
        return self._object(value)

    def _array(self, value: np.ndarray) -> object:
        if value.dtype.hasobject:
            return "array", value.shape, self.tell(value.tolist())
        digest = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return "array", str(value.dtype), value.shape, digest

    def _object(self, value: object) -> object:
        kind = type(value)
        if isinstance(value, keras.random.SeedGenerator):  # chance is no content
            return self.tell(kind)
        if not _is_own(kind) and _top(kind) == "keras" and hasattr(value, "get_config"):
            return self.tell([kind, value.get_config()])
        if not _is_own(kind) or not hasattr(value, "__dict__"):
            raise InputError(
                f"expected what can be told by its content, found {_called(value)}. "
                "Give the function or layer numbers, text, arrays or functions instead."
            )
        return self.tell([kind, vars(value)])

    def _class(self, kind: type) -> object:
        if not _is_own(kind):
            return _library(kind.__module__), kind.__qualname__
        content = {k: v for k, v in sorted(vars(kind).items()) if k not in _NOT_CODE}
        return "class", self.tell(kind.__bases__), self.tell(content)

    def _function(self, function: types.FunctionType) -> object:
        name = _library(function.__module__ or ""), function.__qualname__
        inner = inspect.unwrap(function)  # a library's decorator around own code
        made = "<locals>" in function.__qualname__
        own = _is_own(function)
        if not (own or made or _is_own(inner)):
            return name
        cells = []
        for cell in function.__closure__ or ():
            with_content = cell != types.CellType()
            cells.append(cell.cell_contents if with_content else None)
        if not own:
            return name, self.tell(cells)
        code, scope = function.__code__, function.__globals__
        defaults = [function.__defaults__, function.__kwdefaults__]
        return "function", [
            self.tell(part) for part in (code, defaults, cells, _read(code, scope))
        ]

    def _code(self, code: types.CodeType) -> object:
        parts = [code.co_code, code.co_consts, code.co_names, code.co_freevars]
        return "code", self.tell([*parts, code.co_exceptiontable])

    def _layer(self, layer: keras.Layer) -> object:
        kind, own = type(layer), _is_own(type(layer))
        try:
            known = id(layer) in self.in_config
            config = known or self.tell(_without_names(layer.get_config(), {}))
        except Exception as error:  # an own class need not have one
            if not own or isinstance(layer, GRAPH):
                raise InputError(
                    f"expected layers that Keras can describe, found in {layer.name}: "
                    f"{error}"
                ) from error
            config = None
        if own:
            noted = vars(layer).items()
            more = [{k: v for k, v in noted if k not in _notes()}]
        elif kind in (GRAPH, keras.Sequential):
            more = []
            self.in_config |= {id(inner) for inner in layer.layers}
        else:
            more = [v for k, v in vars(layer).items() if k not in _notes()]
            more = [value for value in more if _has_own_code(value)]
        layers = layer.layers if isinstance(layer, keras.Model) else []
        policy = layer.dtype_policy.name
        return policy, config, self.tell([kind, more, layers, layer.weights])


def _read(code: types.CodeType, scope: dict) -> dict[str, object]:
    """What a function's code reads from globals and modules, or imports itself."""
    names, imported = set(), set()
    codes = [code]
    for each in codes:
        codes += [part for part in each.co_consts if inspect.iscode(part)]
        names |= set(each.co_names)
        steps = dis.get_instructions(each)
        imported |= {s.argval for s in steps if s.opname == "IMPORT_NAME"}
    found = {name: scope[name] for name in sorted(names & scope.keys())}
    for name in sorted(imported):
        found[f"import {name}"] = _module(name, scope.get("__package__") or "")
    # `mine.scale(x)` reads `scale` of a module that may change.
    modules = [m for m in found.values() if inspect.ismodule(m) and _is_own(m)]
    for module in modules:
        for name in sorted(names & vars(module).keys()):
            found[f"{module.__name__}.{name}"] = value = vars(module)[name]
            if inspect.ismodule(value) and _is_own(value) and value not in modules:
                modules.append(value)
    return found


def _module(name: str, package: str) -> object:
    """A library by name and version, without importing it; a module of one's own."""
    if name.partition(".")[0] in sys.stdlib_module_names:
        return name
    try:
        return importlib.metadata.version(name.partition(".")[0])
    except importlib.metadata.PackageNotFoundError:
        pass
    for full in (name, f"{package}.{name}"):
        try:
            if importlib.util.find_spec(full):
                return importlib.import_module(full)
        except ImportError:
            continue
    raise InputError(f"expected a module that can be imported, found {name}.")


def _without_names(config: object, places: dict[str, str], own: bool = False) -> object:
    """A config without the names of layers: Keras numbers them in each session anew.

    Of an own layer's name, which may mean something to it, the number alone goes. A
    lambda's code is left out, since Keras notes the line and file that it is from.
    """
    if isinstance(config, (list, tuple)):
        return [_without_names(part, places, own) for part in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "__lambda__":
        return "lambda"
    module = str(config.get("module", "keras"))
    own = own or not module.startswith(("keras", "builtins"))
    plain = {}
    # An entry's config comes before its own name, which Keras takes from there.
    for key, value in config.items():
        if key == "name" and isinstance(value, str):
            stem = re.sub(r"_\d+$", "", value) if own else ""
            plain[key] = places.setdefault(value, f"#{len(places)} {stem}")
        elif key in ("keras_history", "input_layers", "output_layers"):
            plain[key] = keras.tree.map_structure(lambda v: places.get(v, v), value)
        else:
            same = key == "dtype"  # a policy's name is no layer's
            plain[key] = value if same else _without_names(value, places, own)
    return plain


def _has_own_code(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_has_own_code, value))
    if isinstance(value, dict):
        return any(map(_has_own_code, value.values()))
    if isinstance(value, (keras.Layer, functools.partial, types.MethodType)):
        return True
    if isinstance(value, types.FunctionType):
        return _is_own(inspect.unwrap(value)) or "<locals>" in value.__qualname__
    return hasattr(value, "python_function") or _is_own(type(value))


def _numbers(value: object) -> np.ndarray:
    try:
        return value.numpy()
    except (AttributeError, NotImplementedError):
        raise InputError(
            f"expected numbers, found {_called(value)}, which has none yet."
        ) from None


def _called(value: object) -> str:
    kind = type(value)
    return f"an object of {kind.__module__}.{kind.__qualname__}"


def _library(name: str) -> str:
    top = name.partition(".")[0]
    return f"{name} {getattr(sys.modules.get(top), '__version__', '')}"


def _top(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _is_own(thing: object) -> bool:
    """Whether a function, class or module is of no library."""
    if isinstance(thing, types.FunctionType):
        file = thing.__code__.co_filename
    elif isinstance(thing, types.ModuleType):
        file = getattr(thing, "__file__", None)
    elif isinstance(thing, type):
        module = sys.modules.get(thing.__module__)
        file = getattr(module, "__file__", None)
        if thing.__module__ == "__main__":
            return True
    else:
        return False
    if not file or file.startswith("<frozen"):
        return False
    return not os.path.normcase(os.path.abspath(file)).startswith(_libraries())


@functools.cache
def _libraries() -> tuple[str, ...]:
    folders = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]
    folders += [sysconfig.get_path(name) for name in ("purelib", "platlib")]
    folders += [*site.getsitepackages(), site.getusersitepackages()]
    folders += [os.path.dirname(package.__path__[0]) for package in (keras, np)]
    return tuple(
        os.path.join(os.path.normcase(os.path.abspath(folder)), "")
        for folder in folders
    )


@functools.cache
def _notes() -> set[str]:
    """What Keras itself notes in any layer or model, compiled or not."""
    one = keras.Input((1,))
    graph, row = keras.Model(one, keras.layers.Identity()(one)), keras.Sequential([one])
    graph.compile("sgd", "mse")
    names = set(_ONLY_TRAINING)
    for layer in (keras.layers.Layer(), graph, row, keras.Model()):
        names |= vars(layer).keys()
    return names
