"""The files in which `helpers.features` keeps what it has computed.

A shard holds the features of some pictures, each under the SHA-256 of the picture. Its
own name is the checksum of what is in it. Whatever else lies in its place (damaged, of
another form, a folder, not to be read) is passed by: features are computed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from helpers.pictures import shown
from helpers.plumbing import whole_file

LARGEST = 1_000_000_000  # bytes; a shard of ours has some megabytes


def kept(folder: Path, size: int) -> Iterator[tuple[bytes, np.ndarray]]:
    """Read what was kept; pass by what is damaged, or somebody's.

    Args:
        folder: Where the shards of one base are.
        size: How many features a picture has.

    Yields:
        The SHA-256 of a picture, 32 bytes, and its features, float32 of shape (size,).

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     keep(Path(folder), [(bytes(32), np.ones(3, "float32"))])
        ...     [values.tolist() for _, values in kept(Path(folder), 3)]
        [[1.0, 1.0, 1.0]]
    """
    for shard in sorted(folder.glob("*.npy")):
        with contextlib.suppress(OSError):  # a folder, or somebody else's
            status = os.stat(shard)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
                continue
            data = shard.read_bytes()
            if hashlib.sha256(data).hexdigest()[:32] != shard.stem:
                continue
            if (table := _table(data, size)) is not None:
                digests = map(bytes, table["picture"])
                yield from zip(digests, table["features"], strict=True)


def keep(folder: Path, done: Sequence[tuple[bytes, np.ndarray]]) -> None:
    """Write a shard, whole or not at all.

    Args:
        folder: Where the shards of one base are.
        done: Pairs as `kept` gives them; not empty.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     keep(Path(folder), [(bytes(32), np.ones(3, "float32"))])
        ...     print(len(list(Path(folder).glob("*.npy"))), "shard")
        1 shard
    """
    table = np.zeros(len(done), _form(len(done[0][1])))
    table["picture"] = [list(digest) for digest, _ in done]
    table["features"] = [values for _, values in done]
    buffer = io.BytesIO()
    np.save(buffer, table, allow_pickle=False)
    path = folder / f"{hashlib.sha256(buffer.getvalue()).hexdigest()[:32]}.npy"
    if path.is_dir():
        warnings.warn(
            f"the features are computed, but not kept for the next time: {shown(path)} "
            "is a folder. Delete it: nothing of yours belongs there.",
            stacklevel=3,
        )
        return
    with whole_file(path) as unfinished:
        unfinished.write_bytes(buffer.getvalue())


def _form(size: int) -> np.dtype:
    return np.dtype([("picture", np.uint8, 32), ("features", "<f4", size)])


def _table(data: bytes, size: int) -> np.ndarray | None:
    """The table in a shard, if it is one of ours to the last byte."""
    file = io.BytesIO(data)
    try:
        np.lib.format.read_magic(file)
        shape, _, form = np.lib.format.read_array_header_1_0(file)
    except Exception:  # the header is Python's syntax, and wrong in as many ways
        return None
    rest = data[file.tell() :]
    if form != _form(size) or len(rest) != shape[0] * form.itemsize or len(shape) != 1:
        return None
    return np.frombuffer(rest, form)
