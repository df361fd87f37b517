"""Faults of an archive of one's own, met by `get_photos`."""

from __future__ import annotations

import gzip
import io
import random
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from helpers.pictures import find_pictures
from helpers.sources import archives, get_photos

from . import Scene, fault, script
from .folders import draw

GROUP = "archives"


def zipped(path: Path, members: dict, **options: int) -> None:
    with zipfile.ZipFile(path, "w", **options) as made:
        for name, data in members.items():
            made.writestr(name, data)


def tarred(path: Path, members: dict, kind: bytes = tarfile.REGTYPE, link: str = ""):
    with tarfile.open(path, "w:gz") as made:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, link
            made.addfile(info, io.BytesIO(data))


def _picture(seed: int) -> bytes:
    buffer = io.BytesIO()
    draw(seed).save(buffer, "JPEG")
    return buffer.getvalue()


PETS = {
    "pets/train/cats/1.jpg": _picture(1),
    "pets/train/dogs/1.JPG": _picture(2),
    "pets/dogs/._1.JPG": b"what a Mac adds",
    "__MACOSX/pets/dogs/1.jpg": b"what a Mac adds",
    "pets/.hidden/2.jpg": b"what a computer adds",
    "pets/run.exe": b"no picture",
}


def _spoiled(path: Path, change: Callable[[bytearray], object], **members) -> None:
    zipped(path, members or {"cats/1.jpg": bytes(1000), "dogs/1.jpg": b"two"})
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)


def _lock(data: bytearray) -> None:
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1


def _flip(data: bytearray) -> None:
    data[200] ^= 1


def _cut(data: bytearray) -> None:
    del data[-60:]


def _unknown_method(data: bytearray) -> None:
    for mark, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        data[data.index(mark) + offset] = 97


def _lie(path: Path) -> None:
    """A zip whose directory says that its picture is small."""
    members = {"dogs/1.jpg": b"one", "cats/1.jpg": bytes(90_000)}
    zipped(path, members, compression=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\1\2") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)


def _link(path: Path) -> None:
    info = zipfile.ZipInfo("cats/1.jpg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped(path, {info: b"/etc/passwd"})


def _bomb(path: Path) -> None:
    zeros = {f"cats/{n}.txt": bytes(3_000_000) for n in range(3)}
    zipped(path, zeros, compression=zipfile.ZIP_DEFLATED)


def _cut_tar(path: Path) -> None:
    noise = random.Random(0).randbytes(9_000)
    tarred(path, {f"cats/{n}.jpg": noise for n in range(9)})
    path.write_bytes(path.read_bytes()[:9_000])


def _joined(path: Path) -> None:
    tarred(path, {"cats/1.jpg": b"one"})
    data = gzip.decompress(path.read_bytes())
    path.write_bytes(data + data)


def _claims(path: Path, size: int, kind: bytes) -> None:
    """A tar with a header that claims a size."""
    info = tarfile.TarInfo("cats/1.jpg")
    info.type, info.size = kind, size
    path.write_bytes(gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(2048)))


def _negative(path: Path) -> None:
    _claims(path, -512, tarfile.REGTYPE)


def _endless(path: Path) -> None:
    _claims(path, 3_000_000_000, tarfile.GNUTYPE_LONGNAME)


def _zips(path: Path) -> None:
    zipped(path, {"cats/1.jpg": b"one"})
    first = path.read_bytes()
    zipped(path, {"dogs/1.jpg": b"two"})
    path.write_bytes(first + path.read_bytes())


LEADS = "^refused .*: its member '.*' is a name that leads out of the folder. Nothing w"
LINK = r"^refused .*: its member '.*' is a link or a device\. Nothing was extracted"
BOMB = r"^refused .*: (its|behind its) member '.*' (is|comes) more than pictures take "
NONE = r"^expected pictures in .*, found none\. Expected names such as cats/cat\.1\.jpg"
SYMLINK, HARDLINK, DEVICE = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE

for name, make, sees in (
    ("an empty file", lambda p: p.write_bytes(b""), "no zip or tar arc.*it is empty"),
    ("a web page", lambda p: p.write_text("<!DOCTYPE html>"), "it is a web page, whi"),
    (
        "a text",
        lambda p: p.write_text("hello, world"),
        r"it starts with b'hello, w'\. Name a zip or tar archive, or a folder with pi",
    ),
    (
        "zeros, as a download leaves them that stopped",
        lambda p: p.write_bytes(bytes(700)),
        "it starts with nothing but zeros. Download or copy it again",
    ),
    (
        "a pointer of git",
        lambda p: p.write_text("version https://git-lfs.github.com/spec/v1\noid sha25"),
        "it is what git keeps in the place of a large file. Fetch the file itself with",
    ),
    ("RAR", lambda p: p.write_bytes(b"Rar!\x1a\7\1\0"), r"\(RAR or 7z\)\. Unpack it y"),
    ("7z", lambda p: p.write_bytes(b"7z\xbc\xaf\x27\x1c"), r"\(RAR or 7z\)\. Unpack"),
    ("a zip without its end", lambda p: _spoiled(p, _cut), "its end is missing. Downl"),
    ("a tar without its end", _cut_tar, r"is a damaged archive: .*\. Download or copy"),
    ("one wrong bit", lambda p: _spoiled(p, _flip), "is a damaged archive: Bad CRC-32"),
    (
        "gzip of no tar",
        lambda p: p.write_bytes(gzip.compress(b"one")),
        "a damaged arch",
    ),
    ("a size that is a lie", _lie, "is a damaged archive|take up: a bomb"),
    (
        "a password",
        lambda p: _spoiled(p, _lock),
        "is locked with a password. Unpack it",
    ),
    (
        "a way of packing that Python lacks",
        lambda p: _spoiled(p, _unknown_method),
        "is packed in a way that Python cannot unpack: .*Unpack it yourself",
    ),
    ("a path upwards", lambda p: zipped(p, {"../cat.jpg": b""}), LEADS),
    ("the same in a tar", lambda p: tarred(p, {"a/../../cat.jpg": b""}), LEADS),
    ("an absolute path", lambda p: zipped(p, {"/cat.jpg": b""}), LEADS),
    ("an absolute path in a tar", lambda p: tarred(p, {"/cat.jpg": b""}), LEADS),
    (
        "zstd",
        lambda p: p.write_bytes(b"\x28\xb5\x2f\xfd"),
        "packed by Zstandard, which",
    ),
    (
        "a single picture",
        lambda p: p.write_bytes(_picture(1)),
        "it is a single picture. N",
    ),
    (
        "a Parquet table",
        lambda p: p.write_bytes(b"PAR1"),
        "it is a Parquet table. Save",
    ),
    (
        "a part of a split zip",
        lambda p: p.write_bytes(b"PK\7\x08"),
        "one part of a split",
    ),
    (
        "two tars, one behind the other",
        _joined,
        "a second archive follows behind its end",
    ),
    (
        "two zips, one behind the other",
        _zips,
        "a second archive stands in front of it",
    ),
    (
        "a size below zero",
        _negative,
        "^refused .*behind its member .*smaller than nothi",
    ),
    (
        "a header of gigabytes",
        _endless,
        "^refused .* comes a header of more than a megab",
    ),
    (
        "half a million packed parts with nothing in them",
        lambda p: p.write_bytes(gzip.compress(b"") * 520_000),
        "^refused .* comes more packing than content",
    ),
    ("backslashes upwards", lambda p: zipped(p, {"a\\..\\cat.jpg": b""}), LEADS),
    ("a drive letter", lambda p: zipped(p, {"C:/cat.jpg": b""}), LEADS),
    (
        "a name of a thousand letters",
        lambda p: zipped(p, {f"../{'x' * 1000}.jpg": b""}),
        r"^refused .*: its member '\.\./x{127}…x{126}\.jpg' is a name that leads out",
    ),
    ("a link in a zip", _link, LINK),
    ("a link in a tar", lambda p: tarred(p, {"a.jpg": b""}, SYMLINK, "/etc"), LINK),
    ("a hard link in a tar", lambda p: tarred(p, {"a.jpg": b""}, HARDLINK, "b"), LINK),
    ("a device in a tar", lambda p: tarred(p, {"a.jpg": b""}, DEVICE), LINK),
    ("a bomb", _bomb, BOMB),
    ("a bomb in a tar", lambda p: tarred(p, {"a.jpg": bytes(9_000_000)}), BOMB),
    (
        "a name twice",
        lambda p: tarred(p, {"a/cat.jpg": b"one", "./a/cat.jpg": b"two"}),
        r"'\./a/cat\.jpg' is the same name twice\. Nothing was extracted",
    ),
    ("no pictures in it", lambda p: zipped(p, {"notes.txt": b""}), NONE),
    ("nothing in it", lambda p: zipped(p, {}), NONE),
    (
        "archives in it",
        lambda p: zipped(p, {"train.zip": b"", "notes.txt": b""}),
        NONE + r".*It holds archives \(train\.zip\)\. Unpack it yourself",
    ),
    (
        "pictures without a class",
        lambda p: zipped(p, {"IMG_1.jpg": b"", "foto_2.jpg": b""}),
        r"found 2 pictures: IMG_1\.jpg, foto_2\.jpg\. Rename the folders",
    ),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, make: Callable[[Path], object] = make):
        scene.patch.setattr(archives, "ROOM", 1_000_000)  # a bomb may be smaller, too
        archive = scene.folder / "pets.zip"
        make(archive)
        return lambda: get_photos(archive, scene.folder / "photos", progress=False)


@fault(GROUP, "100,000 members and more", BOMB)
def _(scene: Scene):
    scene.patch.setattr(archives, "MAX_MEMBERS", 100)
    archive = scene.folder / "pets.zip"
    zipped(archive, {f"cats/{n}.jpg": b"" for n in range(101)})
    return lambda: get_photos(archive, scene.folder / "photos", progress=False)


for name, kind, sees in (
    (
        "2,000 dogs that are empty",
        "dogs",
        r"used\. dogs/0\.jpg: it is empty, as all of",
    ),
    (
        "2,000 cats and no dog",
        "cats",
        r"found no dog\. Add them, in a folder of that n",
    ),
):

    @fault(GROUP, f"{name}: nothing is unpacked", sees)
    def _(scene: Scene, kind: str = kind):
        def never(*_: object) -> None:
            raise AssertionError("something is unpacked: it could take minutes")

        scene.patch.setattr(archives.shutil, "copyfileobj", never)
        members = {f"{kind}/{n}.jpg": b"" for n in range(2000)}
        zipped(scene.folder / "pets.zip", {**members, "cat/tom.jpg": _picture(1)})
        archive = scene.folder / "pets.zip"
        return lambda: get_photos(archive, scene.folder / "photos", progress=False)


@fault(GROUP, "100,000 members, of which two are pictures", "works: in a few seconds")
def _(scene: Scene):
    archive = scene.folder / "pets.zip"
    zipped(archive, {**PETS, **{f"notes/{n}.txt": b"" for n in range(100_000)}})
    return lambda: _collected(scene, archive)


@fault(GROUP, "zipped on a Mac, a folder in a folder", "works: the Mac's own left out")
def _(scene: Scene):
    zipped(scene.folder / "pets.zip", PETS)
    return lambda: _collected(scene, scene.folder / "pets.zip")


@fault(GROUP, "zipped by Windows with backslashes", "works: they part folders")
def _(scene: Scene):
    archive = scene.folder / "pets.zip"
    names = {name.replace("/", "\\"): data for name, data in PETS.items()}
    zipped(archive, names)
    for name, other in zip(PETS, names, strict=True):  # Windows itself writes slashes
        data = archive.read_bytes().replace(name.encode(), other.encode())
        archive.write_bytes(data)
    return lambda: _collected(scene, archive)


@fault(GROUP, "a tar named .zip", "works: its content tells")
def _(scene: Scene):
    tarred(scene.folder / "pets.zip", PETS)
    return lambda: _collected(scene, scene.folder / "pets.zip")


@fault(GROUP, "names that this computer cannot write", "works: they get numbers")
def _(scene: Scene):
    names = ('cats/a "b": c?.jpg', "cats./cat.猫.jpg", "dogs/CON.jpg", "dogs/x\ny.jpg")
    names = (*names, f"dogs/{'x' * 300}.jpg")
    zipped(scene.folder / "a.zip", {n: _picture(i) for i, n in enumerate(names)})
    return lambda: _collected(scene, scene.folder / "a.zip", cats=2, dogs=3)


def _collected(scene: Scene, archive: Path, cats: int = 1, dogs: int = 1) -> None:
    found = get_photos(archive, scene.folder / "photos", progress=False)
    assert found == {"cat": cats, "dog": dogs, "set_aside": 0}
    assert len(find_pictures(scene.folder / "photos")) == cats + dogs
    assert {path.name for path in (scene.folder / "photos").iterdir()} == {
        "cat",
        "dog",
        "provenance.json",
    }


@fault(GROUP, "a bad archive where a good set is in place", "it is empty")
def _(scene: Scene):
    zipped(scene.folder / "good.zip", PETS)
    _collected(scene, scene.folder / "good.zip")
    (scene.folder / "bad.zip").write_bytes(b"")
    return lambda: get_photos(scene.folder / "bad.zip", scene.folder / "photos")


@fault(GROUP, "a web page, on the command line", "it is a web page, which a login or a")
def _(scene: Scene):
    (scene.folder / "pets.zip").write_text("<!DOCTYPE html>")
    there = ("--folder", scene.folder / "photos")
    return lambda: script("get_photos", scene.folder / "pets.zip", *there)
