"""Archives that anybody may have made: what comes out, and what is refused."""

import gzip
import io
import random
import subprocess
import sys
import tarfile
import zipfile

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT
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


# -- bombs: refused with little memory, whatever their headers claim -----------------


def header(name, size, kind=tarfile.REGTYPE):
    """A tar header whose size may be anything."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def pax(records, kind=tarfile.XGLTYPE):
    """A pax header of these texts."""
    body = b""
    for key, value in records.items():
        line = f" {key}={value}\n".encode()
        size = len(line)
        while size != len(line) + len(str(size)):
            size = len(line) + len(str(size))
        body += str(size).encode() + line
    return header("pax", len(body), kind) + body + bytes(-len(body) % 512)


END = bytes(1024)
CAT = header("cat.jpg", 3) + b"cat".ljust(512, b"\0")


def bombs():
    """Unpacked tar archives, a piece at a time, each with its name."""
    many = {f"k{n}": "" for n in range(2_000)}
    yield "negative size for all", [pax({"size": "-10000000"}), CAT * 800, END]
    yield "negative size of one", [CAT, header("a.jpg", -512), CAT, END]
    yield "negative header", [CAT, header("x", -512, tarfile.XHDTYPE), CAT, END]
    for kind in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME):
        name = f"a header of 3 GB ({kind})"
        yield name, [header("x", 3 << 30, kind), *3 * [bytes(1 << 24)], CAT, END]
    yield "a header for all", [pax(many), CAT * 50_000, END]
    yield "endless digits", [pax({"comment": "1" * 900_000}), CAT, END]
    yield "headers in headers", [pax({"a": "b"}, tarfile.XHDTYPE) * 9_000, CAT, END]
    yield "nothing else", [CAT, *150 * [bytes(1 << 20)], END]


MEASURE = """
import sys, resource
from helpers.errors import InputError
from helpers.sources import extract
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    extract(sys.argv[1], sys.argv[2])
except InputError as error:
    print(error)
used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(used // 1024 if sys.platform == "linux" else used >> 20)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "pieces"), [pytest.param(*b, id=b[0]) for b in bombs()]
)
def test_a_bomb_is_refused_with_little_memory(name, pieces, tmp_path):
    pytest.importorskip("resource")
    with gzip.open(tmp_path / "a.tar.gz", "wb", compresslevel=1) as file:
        for piece in pieces:
            file.write(piece)
    command = [sys.executable, "-c", MEASURE, tmp_path / "a.tar.gz", tmp_path / "out"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    message, megabytes = done.stdout.rsplit("\n", 2)[:2]
    assert message.startswith(("refused ", f"{tmp_path}"))
    assert int(megabytes) < 300
    assert not (tmp_path / "out").exists()


def test_two_archives_joined_are_not_one(tmp_path):
    data = b"".join(
        tarred(tmp_path / name, {f"cats/{name}.jpg": b"cat"}, "w").read_bytes()
        for name in "ab"
    )
    (tmp_path / "both.tar").write_bytes(data)
    with pytest.raises(InputError, match="a second archive follows behind its end"):
        extract(tmp_path / "both.tar", tmp_path / "out")


def test_backslashes_between_folders(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"pets\\cat\\1.jpg": b"cat"})
    if b"pets\\cat" not in archive.read_bytes():  # Windows writes slashes
        archive.write_bytes(archive.read_bytes().replace(b"pets/cat/", b"pets\\cat\\"))
    assert list(extract(archive, tmp_path / "out")) == ["pets/cat/1.jpg"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_ways_of_packing_are_unpacked(tmp_path, method):
    data = noise(300_000)
    archive = zipped(tmp_path / "a.zip", {"cats/1.jpg": data}, compression=method)
    (found,) = extract(archive, tmp_path / "out").values()
    assert found.read_bytes() == data


def test_a_list_of_members_that_is_too_long_is_not_read(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "a.zip", {f"cats/{n}.jpg": b"" for n in range(500)})
    monkeypatch.setattr("helpers.sources.archives.MAX_DIRECTORY", 9_999)
    with pytest.raises(InputError, match="list of members is too long"):
        extract(archive, tmp_path / "out")
