"""Archives that anybody may have made: what comes out, and what is refused."""

import io
import random
import tarfile
import zipfile

import pytest

from helpers.errors import InputError
from helpers.sources import extract


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


def a_liar(path):
    """A zip whose directory says that its picture is small."""
    zipped(path, {"cats/1.jpg": bytes(90_000)}, compression=zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02") + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    path.write_bytes(data)
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


@pytest.mark.parametrize(
    ("make", "message"),
    [
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
        (lambda p: tarred(p, {".": b""}), "expected pictures in .*found none"),
        (nameless, "expected pictures in .*found none"),
        (lambda p: p, "no such archive: "),
    ],
)
def test_a_fault_wherever_it_is(make, message, tmp_path):
    archive = make(tmp_path / "pets.zip")
    with pytest.raises(InputError, match=message) as caught:
        extract(archive, tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_a_member_is_never_larger_than_it_says(tmp_path):
    with pytest.raises(InputError, match=r"a bomb|damaged"):
        extract(a_liar(tmp_path / "pets.zip"), tmp_path / "out")
    assert sum(p.stat().st_size for p in (tmp_path / "out").rglob("*.jpg")) <= 100
