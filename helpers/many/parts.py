"""Parts: a few hundred pictures each, the piece of work that is done or not done.

A part is named by what it holds: by the base's fingerprint, and by the name, the place,
the size and the time of each picture. So a part that is there need not be computed
again, by whomever; one that is damaged shows it by its checksum. Where parts begin
depends on names alone: a picture that is added or changed makes one part new, or two,
and not all that follow.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow
from pyarrow import parquet

from helpers.many.listing import Entry
from helpers.many.stores import Store, read_bytes, write_bytes

LEAST, MOST = 128, 384  # pictures of a part: seconds of work, a megabyte or two
DIGEST = pyarrow.binary(32)
PART, SUM = b"part", b"sha256"  # in the metadata of a file


class Row(NamedTuple):
    """What is kept of a picture.

    Attributes:
        name: As the list has it.
        label: As the list has it.
        digest: The SHA-256 of its bytes, 32 bytes; empty if they could not be read.
        features: float32, shape (features,); None if it cannot be read.
        problem: Why it cannot be read, or "".
    """

    name: str
    label: str
    digest: bytes
    features: np.ndarray | None
    problem: str


def cut(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Cut a list into parts, where its names say.

    Args:
        entries: As `helpers.many.list_pictures` gives them.

    Yields:
        128 to 384 of them; the last ones may be fewer.

    Example:
        >>> def entries(numbers):
        ...     return [Entry(f"{n}.jpg", "", "", 0, 9, "file", 0) for n in numbers]
        >>> parts = list(cut(entries(range(2000))))
        >>> with_one_more = list(cut(entries([-1, *range(2000)])))
        >>> parts[-1] == with_one_more[-1], max(map(len, parts)) <= MOST
        (True, True)
    """
    part: list[Entry] = []
    for entry in entries:
        part.append(entry)
        told = zlib.crc32(entry.name.encode("utf-8", "surrogateescape"))
        if (len(part) >= LEAST and told % LEAST == 0) or len(part) == MOST:
            yield part
            part = []
    if part:
        yield part


def key_of(fingerprint: str, part: list[Entry]) -> str:
    """The name of a part: 32 hexadecimal digits.

    Example:
        >>> entry = Entry("tom.jpg", "cat", "/pets/tom.jpg", 0, 9, "file", 0)
        >>> key_of("a", [entry]) == key_of("a", [entry._replace(stamp=1)])
        False
    """
    told = json.dumps([fingerprint, part]).encode()
    return hashlib.sha256(told).hexdigest()[:32]


def entries_to_bytes(part: list[Entry]) -> bytes:
    """A part's list, as a worker gets it: JSON, packed.

    Example:
        >>> entry = Entry("tom.jpg", "cat", "/pets/tom.jpg", 0, 9, "file", 0)
        >>> entries_from_bytes(entries_to_bytes([entry])) == [entry]
        True
    """
    return zlib.compress(json.dumps(part).encode(), level=1)


def entries_from_bytes(data: bytes) -> list[Entry]:
    """The list that `entries_to_bytes` packed."""
    return [Entry(*one) for one in json.loads(zlib.decompress(data))]


def write_part(store: Store, key: str, rows: list[Row], size: int) -> None:
    """Write a part, whole or not at all.

    Args:
        store: Where parts are kept.
        key: Its name.
        rows: What was found, a row for each picture in order.
        size: How many features a picture has.

    Raises:
        InputError: as `helpers.many.stores.write_bytes`.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from helpers.many.stores import open_store
        >>> row = Row("tom.jpg", "cat", bytes(32), np.ones(3, "float32"), "")
        >>> with TemporaryDirectory() as folder:
        ...     write_part(open_store(folder), "0" * 32, [row], 3)
        ...     read_part(open_store(folder), "0" * 32, 3)["label"].to_pylist()
        ['cat']
    """
    names, labels, digests, features, problems = zip(*rows, strict=True)
    missing = np.array([one is None for one in features])
    filled = np.zeros((len(rows), size), np.float32)
    for row in np.flatnonzero(~missing):
        filled[row] = features[row]
    lists = pyarrow.FixedSizeListArray.from_arrays(
        filled.reshape(-1), size, mask=pyarrow.array(missing)
    )
    table = pyarrow.table(
        {
            "name": [n.encode("utf-8", "backslashreplace").decode() for n in names],
            "label": pyarrow.array(labels, pyarrow.string()),
            "digest": pyarrow.array([d or None for d in digests], DIGEST),
            "features": lists,
            "problem": pyarrow.array(problems, pyarrow.string()),
        }
    )
    table = table.replace_schema_metadata({PART: key, SUM: _sum(table, size)})
    sink = pyarrow.BufferOutputStream()
    # Features hardly shrink, and to try takes longer than to write them.
    parquet.write_table(table, sink, compression="none", use_dictionary=False)
    write_bytes(store, place_of(store, key), sink.getvalue().to_pybytes())


def read_part(store: Store, key: str, size: int) -> pyarrow.Table | None:
    """Read a part; None if it is not there, or damaged, or another one.

    Args:
        store: Where parts are kept.
        key: Its name.
        size: How many features a picture has.

    Returns:
        A table with the columns of `Row`.
    """
    try:
        data = read_bytes(store, place_of(store, key))
    except FileNotFoundError:
        return None
    try:
        table = parquet.read_table(pyarrow.BufferReader(data))
        told = table.schema.metadata or {}
        sound = told[PART] == key.encode() and told[SUM] == _sum(table, size).encode()
    except Exception:  # a damaged file fails in as many ways as it has bytes
        return None
    return table if sound else None


def place_of(store: Store, key: str) -> str:
    """The path of a part. A folder for each first two digits: none gets too full.

    Example:
        >>> from helpers.many.stores import open_store
        >>> place_of(open_store("/features"), "ab12")
        '/features/parts/ab/ab12.parquet'
    """
    return store.path(f"parts/{key[:2]}/{key}.parquet")


def _sum(table: pyarrow.Table, size: int) -> str:
    digest = hashlib.sha256(features_of(table, size).tobytes())
    for name in ("name", "label", "digest", "problem"):
        digest.update(repr(table[name].to_pylist()).encode())
    return digest.hexdigest()


def features_of(table: pyarrow.Table, size: int) -> np.ndarray:
    """The features in a part: float32, shape (pictures, features), NaN where none are.

    Example:
        >>> lists = pyarrow.FixedSizeListArray.from_arrays(np.ones(6, "float32"), 3)
        >>> features_of(pyarrow.table({"features": lists}), 3).shape
        (2, 3)
    """
    lists = table["features"].combine_chunks()
    # The values stand there for each row, also where the list itself is null.
    values = lists.values.to_numpy(zero_copy_only=False).reshape(-1, size)
    values = values[lists.offset : lists.offset + len(lists)].copy()
    values[lists.is_null().to_numpy(zero_copy_only=False)] = np.nan
    return values
