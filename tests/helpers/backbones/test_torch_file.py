"""The restricted reader: right about good files, and unmoved by hostile ones.

The files here are put together step by step, as `torch.save` wrote them before PyTorch
1.6, so that PyTorch is not needed and every step can be made a bad one. That the reader
agrees with `torch.load` on both packages, bit for bit, was checked once with PyTorch
2.13; `tests/helpers/backbones/test_builders.py` holds known answers that depend on it.
"""

import os
import pickle
import struct
import tracemalloc
from collections import OrderedDict

import numpy as np
import pytest

from helpers.backbones import read_state_dict
from helpers.errors import InputError

# -- the steps of a pickle -------------------------------------------------------------
STOP, MARK, NONE, REDUCE, BUILD, PERSISTENT = b".", b"(", b"N", b"R", b"b", b"Q"
FLOATS, LONGS = b"ctorch\nFloatStorage\n", b"ctorch\nLongStorage\n"
REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
TABLE = b"ccollections\nOrderedDict\n)R"


def text(words):
    return b"X" + struct.pack("<I", len(words.encode())) + words.encode()


def number(value):
    return pickle.dumps(value, protocol=2)[2:-1]


def row(*items):
    return MARK + b"".join(items) + b"t"


def table(**items):
    steps = b"".join(text(key) + item for key, item in items.items())
    return TABLE + MARK + steps + b"u"


def pickled(steps):
    return b"\x80\x02" + steps + STOP


def storage(key="a", kind=FLOATS, count=6, view=NONE):
    numbers = (text(key), text("cpu"), number(count), view)
    return row(text("storage"), kind, *numbers) + PERSISTENT


def tensor(shape=(2, 3), strides=(3, 1), offset=0, block=None):
    return (
        REBUILD
        + row(
            storage() if block is None else block,
            number(offset),
            row(*map(number, shape)),
            row(*map(number, strides)),
            b"\x89",
            TABLE,
        )
        + REDUCE
    )


VALUES = np.array([0.5, -1, 2, 3, 4, 1e-30], "<f4")
HEAD = pickled(number(0x1950A86A20F9469CFC6C)) + pickled(number(1001))
SYSTEM = pickled(b"}" + text("little_endian") + b"\x88s")
KEYS = pickled(b"](" + text("a") + b"e")
BLOCK = struct.pack("<q", 6) + VALUES.tobytes()


def weights_file(steps=None, keys=KEYS, blocks=BLOCK, system=SYSTEM):
    """A whole file; by default of one tensor, `kernel`, with six values."""
    steps = table(kernel=tensor()) if steps is None else steps
    return HEAD + system + pickled(steps) + keys + blocks


@pytest.fixture
def read(tmp_path):
    def read(data):
        path = tmp_path / "lite.pth"
        path.write_bytes(data)
        return read_state_dict(path)

    return read


# -- good files ------------------------------------------------------------------------


def test_a_tensor_is_read(read):
    (name,), (values,) = zip(*read(weights_file()).items(), strict=True)
    assert name == "kernel"
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, VALUES.reshape(2, 3))
    values += 1  # it is the caller's own


def test_a_transposed_tensor_a_part_a_scalar_and_another_type(read):
    counts = storage("b", LONGS, 1)
    steps = table(
        transposed=tensor((3, 2), (1, 3)),
        part=tensor((2,), (2,), offset=1),
        steps=tensor((), (), block=counts),
    )
    # PyTorch notes the version of each layer on the table; it is passed over.
    steps += b"}" + text("_metadata") + table(conv=b"}") + b"s" + BUILD
    blocks = struct.pack("<qqq", 1, 7, 6) + VALUES.tobytes()
    keys = pickled(b"](" + text("b") + text("a") + b"e")
    state = read(weights_file(steps, keys, blocks))
    assert set(state) == {"transposed", "part", "steps"}
    np.testing.assert_array_equal(state["transposed"], VALUES.reshape(2, 3).T)
    assert state["transposed"].flags.c_contiguous
    np.testing.assert_array_equal(state["part"], VALUES[[1, 3]])
    assert state["steps"].dtype == np.int64
    assert state["steps"] == 7


# -- hostile files: nothing in them runs -----------------------------------------------


class Call:
    """Pickles to a call of `function`."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def hostile_objects(trap):
    code = f"open({str(trap)!r}, 'w').close()"
    return {
        "os.system": Call(os.system, f'echo > "{trap}"'),
        "eval": Call(eval, code),
        "exec": Call(exec, code),
        "open": Call(open, str(trap), "w"),
        "deep inside": [1, {"weight": (Call(exec, code),)}],
        "getattr": Call(getattr, Call(__import__, "os"), "mkdir"),
        "a way back": Call(getattr, OrderedDict, "__init__"),
        "a new class": Call(type, "T", (), {}),
    }


@pytest.mark.parametrize("name", ["os.system", "eval", "exec", "open", "deep inside"])
def test_what_a_hostile_file_does_to_pickle(tmp_path, name):
    trap = tmp_path / "the code ran"
    pickle.loads(pickle.dumps(hostile_objects(trap)[name]))
    assert trap.exists()


@pytest.mark.parametrize("name", hostile_objects(""))
@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("place", ["first", "system", "table", "item", "keys"])
def test_nothing_in_a_hostile_file_runs(read, tmp_path, name, protocol, place):
    trap = tmp_path / "the code ran"
    bad = pickle.dumps(hostile_objects(trap)[name], protocol)
    data = {
        "first": bad,
        "system": weights_file(system=bad),
        "table": HEAD + SYSTEM + bad + KEYS + BLOCK,
        "item": weights_file(table(kernel=bad[:-1].removeprefix(b"\x80\x02"))),
        "keys": weights_file(keys=bad),
    }[place]
    with pytest.raises(InputError, match=r"lite\.pth.* Reinstall the package"):
        read(data)
    assert not trap.exists()


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (b"cos\nsystem\n", "it asks for 'os system', which no tensor needs"),
        (b"ctorch\n_rebuild_tensor_v2\n", "it asks for 'torch _rebuild_tensor_v2'"),
        (b"ctorch._utils\nFloatStorage\n", "it asks for 'torch._utils FloatStorage'"),
        (
            b"ccollections\nOrderedDict.clear\n",
            "it asks for 'collections OrderedDict.c",
        ),
        (text("os") + text("system") + b"\x93", "it wants to do STACK_GLOBAL"),
        (MARK + text("id") + b"ios\nsystem\n", "it wants to do INST"),
        (b"\x82\x01", "it wants to do EXT1"),
        (TABLE[:-2] + b")\x81", "it wants to do NEWOBJ"),
        (
            TABLE[:-2] + row(row()) + REDUCE,
            "it wants to call 'collections OrderedDict'",
        ),
        (FLOATS + row() + REDUCE, "it wants to call 'torch FloatStorage'"),
        (FLOATS + b"}" + BUILD, "object has no attribute '__dict__'"),
        (TABLE + row() + BUILD, "expected a dict, found a tuple"),
        (b"Pname\n", "it wants to do PERSID"),
        (number(1) + PERSISTENT, "expected a tuple, found a int"),
        (row(text("storage")) + PERSISTENT, "not enough values to unpack"),
        (storage(view=text("view")), "expected a plain storage"),
        (storage(kind=REBUILD), "expected a str, found a NoneType"),
        (storage(kind=text("torch FloatStorage")), "expected a _Name, found a str"),
        (storage(count=2.0), "it wants to do BINFLOAT"),
        (TABLE + number(1) + NONE + b"s", "expected a str, found a int"),
        (table(kernel=text("weights")), "expected a _Tensor, found a str"),
        (table(kernel=storage()), "expected a _Tensor, found a _Storage"),
        (text("weights"), "expected a _Table, found a str"),
        (b"]" + MARK + b"e", "expected a _Table, found a list"),
        (b"t", "could not find MARK"),
        (b"h\x07", "it has no text or name in place 7"),
        (b"}r\x02\x00\x00\x000", "it wants to remember 2 things"),
        (TABLE + b"q\x01h\x01", "it has no text or name in place 1"),
        (TABLE + b")" + b"\x85" * 5001 + NONE + b"s", "it wants to make 5001 tuples"),
        # What a name stands for cannot be changed, its class neither.
        (FLOATS + row(NONE, b"}" + text("text") + NONE + b"s") + BUILD, "attribute"),
        (REBUILD + row(NONE, b"}" + text("_fields") + b")s") + BUILD, "read-only"),
        (TABLE + b"]" + BUILD, "expected a dict, found a list"),
    ],
)
def test_a_step_that_no_tensor_needs_ends_the_reading(read, steps, message):
    with pytest.raises(InputError, match=r"found .*lite\.pth") as caught:
        read(weights_file(steps))
    assert message in str(caught.value)


# -- files that lie about sizes --------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        tensor(offset=1),
        tensor(shape=(3, 3)),
        tensor(strides=(4, 1)),
        tensor(shape=(1 << 40,), strides=(0,)),
        tensor(shape=(1 << 20, 1 << 20), strides=(0, 0)),
        tensor(shape=(0, 3)),
        tensor(shape=(1 << 2000,), strides=(1,)),
        tensor(shape=(1, 6), strides=(1 << 2000, 1)),
        tensor(offset=1 << 2000),
        tensor(offset=-1),
        tensor(shape=(-2, -3)),
        tensor(strides=(-3, 1)),
        tensor(shape=(2, 3), strides=(1,)),
        tensor(shape=[1] * 9, strides=[1] * 9),
        tensor(block=storage(count=7)),
        tensor(block=storage(count=1 << 62)),
        tensor(block=storage(count=-6)),
        tensor(block=storage(kind=LONGS)),
        tensor(block=storage("b")),
        tensor(block=number(6)),
    ],
    ids=range(20),
)
def test_a_tensor_stays_inside_its_storage(read, bad):
    tracemalloc.start()
    with pytest.raises(InputError, match=r"lite\.pth"):
        read(weights_file(table(kernel=bad)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 20


def test_a_small_file_gives_no_large_result(read):
    many = {f"kernel{i}": b"h\x01" for i in range(200)}
    shared = table(kernel=tensor() + b"q\x01", **many)
    with pytest.raises(InputError, match="no text or name in place 1"):
        read(weights_file(shared))


@pytest.mark.parametrize(
    "steps",
    [
        text("a" * 10)[:3] + b"\x7f",  # a text of two gigabytes
        b"\x8d" + struct.pack("<Q", 1 << 60),  # of an exabyte
        b"\x8e" + struct.pack("<Q", 1 << 60),
        b"\x96" + struct.pack("<Q", 1 << 60),
        b"\x95" + struct.pack("<Q", 1 << 60),
        b"\x8b" + struct.pack("<i", (1 << 31) - 1),  # a number of 17 billion bits
        b"}r\xff\xff\xff\x7f0",  # a memo with two billion places
        b")" + b"\x86".join([b"2"] * 10_000),  # pairs of pairs of pairs …
    ],
    ids=range(8),
)
@pytest.mark.parametrize("name", ["weights.pth", "deep.pth"])
def test_a_step_claims_no_memory(tmp_path, steps, name):
    path = tmp_path / name
    path.write_bytes(weights_file(steps) if name == "weights.pth" else pickled(steps))
    tracemalloc.start()
    with pytest.raises(InputError, match=name):
        read_state_dict(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8 << 20


def test_pairs_of_pairs_are_neither_shown_nor_hashed(read):
    # 2 ** 200 parts if anyone wrote them out
    deep = b")" + b"q\x01h\x01\x86" * 200
    for data in (
        pickled(deep),
        HEAD + pickled(deep),
        weights_file(deep),
        weights_file(TABLE + deep + deep + b"s"),
        weights_file(table(kernel=deep)),
        weights_file(table(kernel=tensor(block=deep))),
        weights_file(row(deep, deep, deep, deep, deep, deep) + PERSISTENT),
        weights_file(keys=pickled(b"](" + deep + b"e")),
    ):
        with pytest.raises(InputError, match=r"lite\.pth"):
            read(data)


# -- files that were damaged -----------------------------------------------------------


def test_a_file_that_is_cut_short_is_noticed_wherever_the_cut_is(read):
    whole = weights_file()
    for length in range(len(whole)):
        with pytest.raises(InputError, match=r"lite\.pth"):
            read(whole[:length])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_a_flipped_bit_does_no_harm(read):
    whole = np.frombuffer(weights_file(), np.uint8)
    rng = np.random.default_rng(0)
    read_well = 0
    for _ in range(3000):
        damaged = whole.copy()
        places = rng.integers(len(whole), size=rng.integers(1, 4))
        damaged[places] = rng.integers(256, size=len(places))
        try:
            state = read(damaged.tobytes())
        except InputError:
            continue
        read_well += 1  # a value or a name has changed, which a checksum must tell
        assert sum(values.nbytes for values in state.values()) <= len(whole)
    assert 0 < read_well < 2000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "exhausted before seeing STOP"),
        (b"PK\x03\x04", "another kind of file or damaged"),
        (b"<!DOCTYPE html>", "another kind of file or damaged"),
        (pickled(number(7)), "its magic number is 7, not 119547037146038801333356"),
        (
            HEAD.replace(b"M\xe9\x03", b"M\xea\x03"),
            "its protocol is 1002, not 1001",
        ),
        (HEAD + pickled(b"}"), "its numbers are not little-endian"),
        (
            weights_file(system=SYSTEM.replace(b"\x88", b"\x89")),
            "its numbers are not little-endian",
        ),
        (
            weights_file(table(a=tensor(), b=tensor(block=storage(count=5)))),
            "two tensors disagree about storage 'a'",
        ),
        (weights_file(blocks=b"\x05" + BLOCK[1:]), "its count of numbers is 5, not 6"),
        (weights_file(blocks=BLOCK[:-4]), "buffer is smaller than requested size"),
        (weights_file(blocks=BLOCK + b"more"), "its length in bytes is"),
        (weights_file(keys=pickled(b"]")), "its length in bytes is"),
    ],
)
def test_every_fault_names_the_file_and_the_remedy(read, data, message):
    with pytest.raises(InputError, match=r"found .*lite\.pth, which is") as caught:
        read(data)
    assert message in str(caught.value)
    assert "python -m pip install --force-reinstall" in str(caught.value)
