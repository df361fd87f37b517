"""Files that anybody may give: tables, archives, pictures, weights."""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import random
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.backbones import read_state_dict
from helpers.pictures import read_picture
from helpers.sources import CLASSES, extract, read_label_table
from tests.helpers.backbones.test_torch_file import table, tensor, weights_file

from .spoil import NUMBERS, spoiled_bytes

NAME = "fuzzed.file"


@functools.cache
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


@functools.cache
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


@functools.cache
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


@functools.cache
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


# -- what somebody would make on purpose -----------------------------------------------
def _tar_that_lies(rng: random.Random) -> bytes:
    """A tar whose headers claim anything, with checksums that are right."""
    made = io.BytesIO()
    for _ in range(rng.randint(1, 5)):
        info = tarfile.TarInfo(rng.choice(NAMES))
        info.type = rng.choice(TYPES)
        info.linkname = rng.choice(NAMES)
        data = rng.randbytes(rng.randint(0, 2000))
        if info.type in (tarfile.XHDTYPE, tarfile.XGLTYPE):
            key = rng.choice((b"size", b"path", b"GNU.sparse.size", b"mtime", b"x"))
            value = rng.choice((b"-1", b"1e9", b"9" * 50, b"/etc/x", b"", b"a" * 900))
            line = b" " + key + b"=" + value + b"\n"
            data = b"%d" % rng.choice((len(line) + 2, 99, 10**9, 0)) + line
        claims = (len(data), 0, 1, 10**6, 8**11 - 1, 2**62)
        info.size = len(data) if rng.random() < 0.5 else rng.choice(claims)
        made.write(info.tobuf(tarfile.GNU_FORMAT))
        made.write(data + bytes(-len(data) % 512))
    if rng.random() < 0.7:
        made.write(bytes(1024))
    pack = rng.choice((bytes, gzip.compress, bz2.compress, lzma.compress))
    return pack(made.getvalue())


def _zip_that_lies(rng: random.Random) -> bytes:
    """A zip in whose list numbers are others, or with names that lead anywhere."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in rng.sample(NAMES, rng.randint(1, 4)):
            archive.writestr(zipfile.ZipInfo(name), rng.randbytes(300))
    data = bytearray(made.getvalue())
    for _ in range(rng.randint(0, 2)):
        mark = rng.choice((b"PK\1\2", b"PK\3\4", b"PK\5\6"))
        place = data.find(mark, rng.randrange(len(data)))
        if place >= 0:
            start = place + rng.randrange(4, 46, 2)
            data[start : start + 4] = struct.pack("<I", rng.choice(NUMBERS))
    return bytes(data)


@functools.cache
def _bombs() -> list[bytes]:
    """Much from little: zeros in a member, in a name, in a header for all."""
    found = []
    for pack in (gzip.compress, bz2.compress):
        zeros = pack(bytes(10_000_000)) * 120  # parts that are read as one
        for kind in (tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE):
            info = tarfile.TarInfo("pets/cats/1.jpg")
            info.type, info.size = kind, 1_200_000_000
            found.append(pack(info.tobuf(tarfile.GNU_FORMAT)) + zeros)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pets/cats/1.jpg", bytes(150_000_000))
    return [*found, made.getvalue()]


TYPES = (
    *(tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE),
    *(tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE),
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME),
)
NAMES = (
    *("pets/cats/1.jpg", "pets/dogs/1.jpg", "../out.jpg", "/etc/1.jpg", "C:\\1.jpg"),
    *("a\0b.jpg", "cats/" + "n" * 300 + ".jpg", "猫/1.jpg", "cats\\1.jpg", "CON.jpg"),
    *("./cats//1.jpg", "cats/1.jpg/", "cats/\x1b[31m.jpg", "d/" * 300 + "1.jpg", "."),
)


def _picture_that_boasts(rng: random.Random) -> bytes:
    """A small file of many pixels, as far as its header goes and farther."""
    side = rng.choice((1, 2, 300, 9000, 9500, 40_000, 65_500, 2**31 - 1, 89_000_000))
    other = rng.choice((1, 300, 9000, side))
    if rng.random() < 0.5:
        header = struct.pack(
            ">IIBBBBB", side, other, rng.choice((1, 8, 16)), 2, 0, 0, 0
        )
        parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))))
        chunks = [
            struct.pack(">I", len(data))
            + name
            + data
            + struct.pack(">I", zlib.crc32(name + data))
            for name, data in (*parts, (b"IEND", b""))
        ]
        return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    data = bytearray(rng.choice(_pictures()))
    if data.startswith(b"\xff\xd8"):  # JPEG: height and width follow SOF
        place = max(data.find(b"\xff\xc0"), data.find(b"\xff\xc2"))
        data[place + 5 : place + 9] = struct.pack(">HH", side % 65536, other % 65536)
    elif data.startswith(b"GIF"):
        data[6:10] = struct.pack("<HH", side % 65536, other % 65536)
    elif data.startswith(b"BM"):
        data[18:26] = struct.pack("<II", side, other)
    scan = data.find(b"\xff\xda")
    if scan > 0 and rng.random() < 0.1:  # what decoders take byte by byte
        data[2:2] = rng.choice((b"\xff", b"a")) * 20_000_000
    elif scan > 0 and rng.random() < 0.5:
        data[scan:scan] = data[scan : scan + 200] * rng.choice((10, 1000))
    return bytes(data)


# -- kinds -----------------------------------------------------------------------------
def _written(folder: Path, data: bytes) -> Path:
    path = folder / NAME
    path.write_bytes(data)
    return path


def of_table(rng: random.Random, folder: Path) -> Callable[[], None]:
    data = spoiled_bytes(rng.choice(_tables()), rng)
    if rng.random() < 0.02:
        data = rng.choice((b"a", b",", b"\n", b'"', b"a,b\n", b"\0")) * 3_000_000
    elif rng.random() < 0.01:  # a wide header over many short rows
        columns = b"," * rng.choice((1000, 1_000_000)) + b"Label\n"
        data = b"File Name" + columns + b"a.jpg\n" * rng.choice((3, 50_000))
    path = _written(folder, data)
    return lambda: _read_table(path)


def of_archive(rng: random.Random, folder: Path) -> Callable[[], None]:
    chance = rng.random()
    if chance < 0.01:
        data = rng.choice(_bombs())
    elif chance < 0.5:
        data = rng.choice((_tar_that_lies, _zip_that_lies))(rng)
    else:
        data = spoiled_bytes(rng.choice(_archives()), rng)
    path = _written(folder, data)
    return lambda: _read_archive(path)


def of_weights(rng: random.Random, folder: Path) -> Callable[[], None]:
    path = _written(folder, spoiled_bytes(rng.choice(_weights()), rng))
    return lambda: _read_weights(path)


def of_picture(rng: random.Random, folder: Path) -> Callable[[], None]:
    boasts = rng.random() < 0.2
    good = _picture_that_boasts(rng) if boasts else rng.choice(_pictures())
    path = _written(folder, good if boasts else spoiled_bytes(good, rng))
    return lambda: _read_picture(path)
