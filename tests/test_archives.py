"""Archives that anybody may have made: what comes out, and what is refused."""

import gzip
import io
import random
import stat
import tarfile
import zipfile

import pytest

from helpers import archives
from helpers.archives import extract
from helpers.errors import InputError


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def tarred(path, members, mode="w:gz", kind=tarfile.REGTYPE, link=""):
    with tarfile.open(path, mode) as made:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(data), kind, link
            made.addfile(info, io.BytesIO(data))
    return path


PETS = {
    "pets/cats/1.jpg": b"one",
    "pets/dogs/1.JPG": b"two",
    "pets/dogs/._1.JPG": b"what a Mac adds",
    "__MACOSX/pets/dogs/1.jpg": b"what a Mac adds",
    "pets/.hidden/2.jpg": b"what a computer adds",
    "pets/notes.txt": b"no picture",
    "pets/run.exe": b"no picture",
}


@pytest.mark.parametrize(
    "make",
    [
        lambda path: zipped(path, PETS),
        lambda path: zipped(path, PETS, compression=zipfile.ZIP_DEFLATED),
        *(
            lambda path, mode=mode: tarred(path, PETS, mode)
            for mode in ("w", "w:gz", "w:bz2", "w:xz")
        ),
    ],
)
def test_only_the_pictures_come_out(make, tmp_path):
    archive = make(tmp_path / "name.that.says.nothing")
    found = extract(archive, tmp_path / "out")
    assert {name: path.read_bytes() for name, path in found.items()} == {
        "pets/cats/1.jpg": b"one",
        "pets/dogs/1.JPG": b"two",
    }
    assert set((tmp_path / "out").iterdir()) == set(found.values())


def test_names_that_a_computer_cannot_write(tmp_path):
    names = [
        'cats/a "b": c?.jpg',
        "cats./猫.jpg",
        "a/CON.jpg",
        "a/x\ny.jpg",
        "a.jpg/b.jpg",
    ]
    names += ["a.jpg", "A.JPG", f"a/{'x' * 300}.jpg"]
    archive = zipped(tmp_path / "a.zip", {name: name.encode() for name in names})
    found = extract(archive, tmp_path / "out")
    assert [path.read_bytes().decode() for path in found.values()] == names
    assert list(found) == names


def a_link(path):
    info = zipfile.ZipInfo("cats/1.jpg")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped(path, {info: b"/etc/passwd"})


def a_zip_bomb(path):
    data = {f"cats/{n}.txt": bytes(3_000_000) for n in range(3)}
    return zipped(path, data, compression=zipfile.ZIP_DEFLATED)


def a_liar(path):
    """A zip whose directory says that its picture is small."""
    zipped(path, {"cats/1.jpg": bytes(90_000)}, compression=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def twice(path):
    return tarred(path, {"a/cat.jpg": b"one", "./a/cat.jpg": b"two"})


def a_locked_zip(path):
    zipped(path, {"cats/1.jpg": b"one"})
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    return path


def cut(path):
    zipped(path, {f"cats/{n}.jpg": bytes(1000) for n in range(9)})
    path.write_bytes(path.read_bytes()[:-200])
    return path


def noise(size):
    return random.Random(0).randbytes(size)


def cut_tar(path, mode, keep):
    """A tar archive of which a part at the end is missing."""
    tarred(path, {f"cats/{n}.jpg": noise(9_000) for n in range(9)}, mode)
    path.write_bytes(path.read_bytes()[:keep])
    return path


def spoiled_tar(path, mode):
    """A tar archive with one wrong byte in the middle."""
    tarred(path, {f"cats/{n}.jpg": noise(9_000) for n in range(9)}, mode)
    data = bytearray(path.read_bytes())
    place = data.index(b"cats/5.jpg") if mode == "w" else len(data) // 2
    data[place] ^= 0xFF
    path.write_bytes(data)
    return path


def nameless(path):
    """A zip in which one name has no letters."""
    zipped(path, {"q": b"", "notes.txt": b""})
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 28], data[place + 30] = 0, 1  # the letter becomes an extra field
    path.write_bytes(data)
    return path


def flipped(path):
    zipped(path, {"cats/1.jpg": bytes(1000)})
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: zipped(p, {"../cat.jpg": b""}), "'../cat.jpg' is a name that leads"),
        (lambda p: zipped(p, {"/cat.jpg": b""}), "'/cat.jpg' is a name that leads out"),
        (lambda p: zipped(p, {"a\\..\\cat.jpg": b""}), "is a name that leads out"),
        (lambda p: zipped(p, {"C:/cat.jpg": b""}), "is a name that leads out"),
        (lambda p: tarred(p, {"a/../../cat.jpg": b""}), "is a name that leads out"),
        (lambda p: tarred(p, {"/cat.jpg": b""}), "is a name that leads out"),
        (a_link, "'cats/1.jpg' is a link or a device"),
        (
            lambda p: tarred(p, {"a.jpg": b""}, kind=tarfile.SYMTYPE, link="/etc"),
            "'a.jpg' is a link or a device",
        ),
        (
            lambda p: tarred(p, {"a.jpg": b""}, kind=tarfile.LNKTYPE, link="b"),
            "'a.jpg' is a link or a device",
        ),
        (lambda p: tarred(p, {"a.jpg": b""}, kind=tarfile.CHRTYPE), "or a device"),
        (a_zip_bomb, "more than pictures take up: a bomb"),
        (lambda p: tarred(p, {"a.jpg": bytes(9_000_000)}), "take up: a bomb"),
        (twice, "'./a/cat.jpg' is the same name twice"),
        (a_locked_zip, "is locked with a password. Unpack it yourself"),
        (
            cut,
            "is no zip or tar archive: its end is missing. Download or",
        ),
        *(
            (lambda p, m=mode, k=keep: cut_tar(p, m, k), "damaged archive: .*Download")
            for mode, keep in (
                *(("w", 512 * 19), ("w", 512 * 20), ("w", 512 * 171), ("w", 9_000)),
                *(("w:gz", 9_000), ("w:gz", -6), ("w:bz2", 9_000), ("w:bz2", -6)),
                *(("w:xz", 9_000), ("w:xz", -6)),
            )
        ),
        *(
            (lambda p, m=mode: spoiled_tar(p, m), "is a damaged archive: ")
            for mode in ("w", "w:gz", "w:bz2", "w:xz")
        ),
        (flipped, "is a damaged archive: Bad CRC-32"),
        (lambda p: p.write_bytes(b"") or p, "it is empty"),
        (lambda p: p.write_text("<!DOCTYPE html>") and p, "it is a web page, which"),
        (lambda p: p.write_text("hello, world") and p, "it starts with b'hello, w'"),
        (lambda p: p, "no such archive: "),
        (lambda p: zipped(p, {"notes.txt": b""}), "expected pictures in .*found none"),
        (lambda p: zipped(p, {}), "expected pictures in .*found none"),
        (lambda p: tarred(p, {".": b""}), "expected pictures in .*found none"),
        (nameless, "expected pictures in .*found none"),
        (
            lambda p: zipped(p, {"train.zip": b"", "notes.txt": b""}),
            r"It holds archives \(train\.zip\)\. Unpack it yourself",
        ),
        (lambda p: p.write_bytes(b"Rar!\x1a\x07\1\0") and p, "only its own program"),
        (lambda p: p.write_bytes(gzip.compress(b"one")) and p, "is a damaged archive"),
    ],
)
def test_what_is_refused_or_damaged(make, message, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "ROOM", 1_000_000)
    archive = make(tmp_path / "pets.zip")
    with pytest.raises(InputError, match=message) as caught:
        extract(archive, tmp_path / "out")
    assert "\n" not in str(caught.value)
    if str(caught.value).startswith("refused"):
        assert not (tmp_path / "out").exists()


def test_a_member_is_never_larger_than_it_says(tmp_path):
    with pytest.raises(InputError, match=r"a bomb|damaged"):
        extract(a_liar(tmp_path / "pets.zip"), tmp_path / "out")
    assert sum(p.stat().st_size for p in (tmp_path / "out").rglob("*.jpg")) <= 100


def test_too_many_members(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
    archive = zipped(tmp_path / "pets.zip", {f"cats/{n}.jpg": b"" for n in range(6)})
    with pytest.raises(InputError, match=r"'cats/5\.jpg' is more than pictures take"):
        extract(archive, tmp_path / "out")
