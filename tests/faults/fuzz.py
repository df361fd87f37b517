"""Feed the readers what nobody would think of: good files spoiled, and noise.

    python -m tests.faults.fuzz --minutes 10

`tests/faults/test_fuzz.py` runs a short, repeatable part of it. Whatever the bytes, a
reader gives what it promises or raises InputError, in one line that names the file.
"""

from __future__ import annotations

import argparse
import bz2
import collections
import gzip
import io
import lzma
import random
import shutil
import tarfile
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from hypothesis import HealthCheck, configuration, given, seed, settings
from hypothesis import strategies as st
from PIL import Image

from helpers.backbones import read_state_dict
from helpers.errors import InputError
from helpers.pictures import read_picture
from helpers.plumbing import ROOT
from helpers.sources import CLASSES, extract, read_label_table
from tests.helpers.backbones.test_torch_file import table, tensor, weights_file

NAME = "fuzzed.file"
configuration.set_hypothesis_home_dir(ROOT / "build" / "hypothesis")  # its own notes


def _tables() -> list[bytes]:
    text = 'File Name,Label\ncat 1.jpg,cat\n"dog, 2.jpg",dog\n猫.jpg,Cat\n'
    plain = text.replace('"dog, 2.jpg"', "dog.jpg")
    return [
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        plain.replace(",", ";").encode(),
        plain.replace(",", "\t").replace("\n", "\r\n").encode(),
        text.encode("utf-16"),
        text.encode("gbk"),
    ]


def _archives() -> list[bytes]:
    members = {
        "pets/cats/1.jpg": random.Random(0).randbytes(300),
        "pets/dogs/1.jpg": bytes(2000),
        "__MACOSX/._1.jpg": b"twin",
    }
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as made:
            for name, data in members.items():
                made.writestr(zipfile.ZipInfo(name), data, method)
        found.append(buffer.getvalue())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    tar = buffer.getvalue()
    packed = [gzip.compress(tar, mtime=0), bz2.compress(tar), lzma.compress(tar)]
    return [*found, tar, *packed]


def _pictures() -> list[bytes]:
    noise = np.random.default_rng(0).integers(0, 256, (9, 12, 3)).astype(np.uint8)
    image = Image.fromarray(noise).resize((24, 18))
    exif = Image.Exif()
    exif[0x0112] = 6
    found = []
    for mode, form, options in (
        ("RGB", "JPEG", {"exif": exif}),
        ("RGB", "JPEG", {"progressive": True}),
        ("CMYK", "JPEG", {}),
        ("RGBA", "PNG", {}),
        ("P", "PNG", {"transparency": 0}),
        ("P", "GIF", {"save_all": True, "append_images": [image.rotate(90)]}),
        ("RGB", "BMP", {}),
        ("RGB", "WEBP", {}),
        ("RGB", "TIFF", {}),
        ("L", "TIFF", {"compression": "tiff_lzw"}),
        ("RGB", "AVIF", {}),
    ):
        buffer = io.BytesIO()
        image.convert(mode).save(buffer, form, **options)
        found.append(buffer.getvalue())
    return found


def _weights() -> list[bytes]:
    part = tensor((2,), (2,), offset=1)
    return [weights_file(), weights_file(table(a=tensor(), b=part))]


def _read_table(path: Path) -> None:
    for name in ("cat 1.jpg", "dog, 2.jpg", "dog.jpg", "猫.jpg"):
        (path.parent / name).touch()
    assert set(read_label_table(path, path.parent)["Label"]) <= set(CLASSES)


def _read_archive(path: Path) -> None:
    out = path.parent / "out"
    try:
        written = extract(path, out)
        assert set(written.values()) == set(out.iterdir())
    finally:
        shutil.rmtree(out, ignore_errors=True)
        # What it wrote, it wrote there.
        assert [other.name for other in path.parent.iterdir()] == [NAME]


def _read_picture(path: Path) -> None:
    pixels = read_picture(path)
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3


def _read_weights(path: Path) -> None:
    state = read_state_dict(path)
    assert sum(values.nbytes for values in state.values()) <= path.stat().st_size


class Reader(NamedTuple):
    """Good files to spoil, and what reads them."""

    good: list[bytes]
    read: Callable[[Path], None]


READERS = {
    "table": Reader(_tables(), _read_table),
    "archive": Reader(_archives(), _read_archive),
    "weights": Reader(_weights(), _read_weights),
    "picture": Reader(_pictures(), _read_picture),
}


@st.composite
def spoiled(draw: st.DrawFn, kind: str) -> bytes:
    """A good file after one to four accidents, or noise behind a good beginning."""
    data = bytearray(draw(st.sampled_from(READERS[kind].good)))
    if draw(st.integers(0, 9)) == 0:
        return bytes(data[: draw(st.integers(0, 16))]) + draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([1, 2, 4, 8, 64, 5000])))
        accident = draw(st.sampled_from(["new", "flip", "insert", "cut", "repeat"]))
        if accident == "new":
            data[start : start + 8] = draw(st.binary(min_size=1, max_size=8))
        elif accident == "flip" and start < len(data):
            data[start] ^= 1 << draw(st.integers(0, 7))
        elif accident == "insert":
            data[start:start] = draw(st.binary(max_size=8))
        elif accident == "cut":
            del data[start:end]
        elif accident == "repeat":
            data[start:start] = data[start:end]
    return bytes(data)


def fuzz(kind: str, examples: int, chance: int | None = None) -> collections.Counter:
    """Feed one reader; count what was read and what was refused.

    Args:
        kind: A key of `READERS`.
        examples: How many files to try.
        chance: A seed; None for the same files each time.

    Returns:
        How many were `"read"` and how many `"refused"`.
    """
    counts: collections.Counter = collections.Counter()

    def check(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / NAME
            path.write_bytes(data)
            try:
                READERS[kind].read(path)
            except InputError as error:
                message = str(error)
            else:
                message = None
            counts["refused" if message else "read"] += 1
            assert message is None or NAME in message
            assert message is None or "\n" not in message

    check = given(spoiled(kind))(check)
    if chance is not None:
        check = seed(chance)(check)
    check = settings(
        max_examples=examples,
        derandomize=chance is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )(check)
    with warnings.catch_warnings():  # pickletools decodes escapes that are none
        warnings.simplefilter("ignore")
        check()
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10)
    minutes = parser.parse_args().minutes
    for kind in READERS:
        counts: collections.Counter = collections.Counter()
        end, chance = time.monotonic() + minutes * 60 / len(READERS), 0
        while time.monotonic() < end:
            chance += 1
            counts += fuzz(kind, 500, chance)
        print(f"{kind:8} {counts.total():7} files: {dict(counts)}", flush=True)


if __name__ == "__main__":
    main()
