"""Folders, archives and lists: the same pictures, in a fixed order."""

import os
import tarfile
import zipfile

import pytest
from PIL import Image

from helpers.errors import InputError
from helpers.pictures import find_pictures
from tests.parts import only_with_ray

only_with_ray()

from helpers.many import list_pictures, open_store
from helpers.many.listing import picture_of

NAMES = ["cat/tom.png", "cat-b/tim.png", "dog/a/rex.png", "dog/ida.png", "z.PNG"]


@pytest.fixture
def folder(tmp_path):
    for number, name in enumerate(NAMES):
        path = tmp_path / "pets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (9, 8), (number, 0, 0)).save(path, "PNG")
    for name in ("__MACOSX/cat/._tom.png", "notes.txt", ".hidden/a.png"):
        path = tmp_path / "pets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("...")
    return tmp_path / "pets"


def zipped(folder, method):
    place = folder.with_suffix(".zip")
    with zipfile.ZipFile(place, "w", method) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return place


def tarred(folder):
    place = folder.with_suffix(".tar")
    with tarfile.open(place, "w") as archive:
        archive.add(folder, ".")
    return place


def listed(folder):
    place = folder / "labels.csv"
    rows = [f"{name},{name[0]}" for name in NAMES]
    place.write_text("\n".join(["File Name,Label", *rows]))
    return place


def bytes_of(place, files=None):
    store, entries = list_pictures(place, files)
    return {entry.name: picture_of(store, entry) for entry in entries}


@pytest.mark.parametrize(
    "packed",
    [
        lambda folder: folder,
        lambda folder: zipped(folder, zipfile.ZIP_STORED),
        lambda folder: zipped(folder, zipfile.ZIP_DEFLATED),
        tarred,
        listed,
    ],
    ids=["folder", "zip", "packed zip", "tar", "list"],
)
def test_each_gives_the_same_pictures(folder, packed):
    expected = {name: (folder / name).read_bytes() for name in NAMES}
    assert bytes_of(packed(folder)) == expected


def test_a_folder_is_in_the_order_of_find_pictures(folder):
    _, entries = list_pictures(folder)
    here = [path.relative_to(folder).as_posix() for path in find_pictures(folder)]
    assert [entry.name for entry in entries] == here
    assert len(here) == len(NAMES)


def test_paths_keep_their_order_and_one_that_is_gone_is_told(folder):
    paths = [folder / name for name in reversed(NAMES)]
    paths[1].unlink()
    store, entries = list_pictures(paths)
    entries = list(entries)
    assert [entry.path for entry in entries] == [str(path) for path in paths]
    with pytest.raises(InputError, match=r"no such file: .*ida"):
        picture_of(store, entries[1])


def test_labels_are_folders_or_what_the_list_says(folder):
    _, entries = list_pictures(folder)
    assert {e.name: e.label for e in entries}["dog/a/rex.png"] == "a"
    _, entries = list_pictures(listed(folder))
    assert [entry.label for entry in entries] == [name[0] for name in NAMES]


def test_a_file_system_of_fsspec_will_do(folder):
    import fsspec

    files = fsspec.filesystem("file")
    assert bytes_of(folder.as_posix(), files) == bytes_of(folder)
    memory = fsspec.filesystem("memory")
    memory.pipe("/pets/cat/tom.png", (folder / NAMES[0]).read_bytes())
    found = bytes_of("memory://pets")
    assert [*found.values()] == [(folder / NAMES[0]).read_bytes()]
    memory.rm("/pets", recursive=True)


def test_a_damaged_member_is_named(folder):
    place = zipped(folder, zipfile.ZIP_STORED)
    data = bytearray(place.read_bytes())
    data[data.index(b"IDAT")] ^= 1
    place.write_bytes(data)
    store, entries = list_pictures(place)
    with pytest.raises(InputError, match=r"damaged in its archive"):
        [picture_of(store, entry) for entry in entries]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gone", "no such place: "),
        ("notes.txt", "expected a folder, an archive .* found .*notes.txt"),
        ("bad.csv", "expected columns File Name and Label in .* found a, b"),
        ("nobody://here", "expected a folder or an address .*nobody"),
    ],
)
def test_what_is_none_of_these_is_refused(folder, name, told):
    (folder / "bad.csv").write_text("a,b\n1,2\n")
    place = name if "://" in name else os.path.join(folder, name)
    with pytest.raises(InputError, match=told):
        list(list_pictures(place)[1])


def test_an_address_of_s3_is_one_of_pyarrow():
    store = open_store("s3://key:secret@pets/cat?endpoint_override=http://x:1")
    assert store.root == "pets/cat"
    assert store.files.type_name == "s3"
