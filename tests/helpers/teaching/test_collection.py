"""Any classes, however the folder is laid out; nothing is passed over silently."""

import os

import numpy as np
import pytest
from PIL import Image

from helpers.errors import InputError
from helpers.teaching import read_collection


def draw(path, seed, size=(60, 50)):
    """A picture like no other: large colored squares, by the seed."""
    rng = np.random.default_rng(seed)
    squares = rng.integers(0, 255, (6, 6, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(squares).resize(size, Image.Resampling.NEAREST).save(path)
    return path


def fill(folder, classes, per_class=5, start=0):
    for number, name in enumerate(classes):
        for n in range(per_class):
            draw(folder / name / f"{n}.png", start + 100 * number + n)
    return folder


def test_folders_are_classes_in_alphabetical_order(tmp_path):
    found = read_collection(fill(tmp_path, ["plant", "键", "a mug"]))
    assert found.class_names == ["a mug", "plant", "键"]
    assert np.bincount(found.labels).tolist() == [5, 5, 5]
    assert found.names[0] == "a mug/0.png"
    assert [path.is_file() for path in found.paths] == [True] * 15
    assert found.set_aside == found.copies == []


def test_folders_below_a_class_belong_to_it(tmp_path):
    fill(tmp_path, ["mug/kitchen", "key"])
    fill(tmp_path, ["mug/office"], start=700)
    found = read_collection(tmp_path)
    assert found.class_names == ["key", "mug"]
    assert np.bincount(found.labels).tolist() == [5, 10]


@pytest.mark.parametrize("wrapper", ["", "my things/"])
def test_train_and_test_are_put_together_again(tmp_path, wrapper):
    fill(tmp_path, [f"{wrapper}train/mug", f"{wrapper}train/key"])
    fill(tmp_path, [f"{wrapper}Validation/mug", f"{wrapper}Validation/key"], start=900)
    found = read_collection(tmp_path)
    assert found.class_names == ["key", "mug"]
    assert np.bincount(found.labels).tolist() == [10, 10]


def test_a_table_names_the_classes_of_pictures_side_by_side(tmp_path):
    rows = ["File Name,Label"]
    for n in range(12):
        draw(tmp_path / f"{n}.png", n)
        rows.append(f"{n}.png,{'key' if n % 2 else 'mug'}")
    (tmp_path / "labels.csv").write_text("\n".join(rows[:-1]), encoding="utf-8")
    found = read_collection(tmp_path)
    assert found.class_names == ["key", "mug"]
    assert np.bincount(found.labels).tolist() == [5, 6]
    assert found.set_aside == [("11.png", "no row in the label table")]
    assert read_collection(tmp_path, tmp_path / "labels.csv").names == found.names


def test_what_cannot_be_read_is_told_and_the_others_are_taken(tmp_path):
    fill(tmp_path, ["mug", "key"], per_class=6)
    (tmp_path / "mug" / "0.png").write_bytes(b"no picture")
    (tmp_path / "key" / "notes.txt").write_text("found in the kitchen")
    draw(tmp_path / "beside.png", 999)
    found = read_collection(tmp_path)
    assert len(found.names) == 11
    reasons = dict(found.set_aside)
    assert reasons.keys() == {"mug/0.png", "beside.png"}
    assert "not a picture" in reasons["mug/0.png"]
    assert "beside the folders" in reasons["beside.png"]
    assert "key/notes.txt" in dict(found.passed_over)


def test_copies_are_left_out_and_named(tmp_path):
    fill(tmp_path, ["mug", "key"], per_class=6)
    with Image.open(tmp_path / "mug" / "1.png") as image:
        image.resize((image.width // 2, image.height // 2)).save(
            tmp_path / "mug" / "smaller.png"
        )
    found = read_collection(tmp_path)
    assert found.copies == [("mug/1.png", "mug/smaller.png")]
    assert "mug/smaller.png" not in found.names


def test_too_few_pictures_say_what_was_not_counted(tmp_path):
    fill(tmp_path, ["mug", "key"], per_class=5)
    (tmp_path / "key" / "4.png").rename(tmp_path / "key" / "4.dng")
    with pytest.raises(InputError, match=r"key: 4\)\. Not read here: 1, such as key/4"):
        read_collection(tmp_path)
    with Image.open(tmp_path / "key" / "3.png") as image:
        image.resize((image.width // 2, image.height // 2)).save(
            tmp_path / "key" / "smaller.png"
        )
    found = r"key: 4\)\. 1 are copies of others: key/smaller\.png of key/3\.png\. Not"
    with pytest.raises(InputError, match=found):
        read_collection(tmp_path)


def test_a_picture_in_two_classes_is_in_neither(tmp_path):
    fill(tmp_path, ["mug", "key"], per_class=6)
    draw(tmp_path / "key" / "again.png", 0)
    found = read_collection(tmp_path)
    reasons = dict(found.set_aside)
    assert reasons.keys() == {"mug/0.png", "key/again.png"}
    assert "also a key: key/again.png" in reasons["mug/0.png"]
    assert not {"mug/0.png", "key/again.png"} & set(found.names)


@pytest.mark.parametrize(
    ("classes", "per_class", "message"),
    [
        (["mug"], 5, "expected two classes or more"),
        (["mug", "key"], 4, r"fewer \(key: 4, mug: 4\)"),
        (["mug", "Mug"], 5, "two for one: Mug and mug"),
        ([], 0, "found none. Make a folder in it for each class"),
    ],
)
def test_what_is_no_collection_is_refused(tmp_path, classes, per_class, message):
    fill(tmp_path, classes, per_class)
    if len(list(tmp_path.iterdir())) < len(classes):
        pytest.skip("this file system does not tell Mug from mug")
    with pytest.raises(InputError, match=message):
        read_collection(tmp_path)


def test_pictures_side_by_side_without_a_table_are_refused(tmp_path):
    for n in range(3):
        draw(tmp_path / f"{n}.png", n)
    with pytest.raises(InputError, match=r"3 pictures side by side .*--labels"):
        read_collection(tmp_path)


def test_what_was_set_aside_before_is_no_class_and_no_part(tmp_path):
    fill(tmp_path, ["train/mug", "train/key", "set_aside"])
    fill(tmp_path, ["test/mug", "test/key"], start=900)
    found = read_collection(tmp_path)
    assert found.class_names == ["key", "mug"]
    assert {reason for _, reason in found.set_aside} == {"it was set aside before"}


def test_a_folder_without_pictures_is_told(tmp_path):
    fill(tmp_path, ["mug", "key"])
    (tmp_path / "plant").mkdir()
    assert dict(read_collection(tmp_path).passed_over)["plant/"].startswith("no pict")


def test_two_spellings_in_a_table_are_refused(tmp_path):
    rows = ["File Name,Label"]
    for n in range(10):
        draw(tmp_path / f"{n}.png", n)
        rows.append(f"{n}.png,{['mug', 'key', 'Mug', 'key'][n % 4]}")
    (tmp_path / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(InputError, match="two for one: Mug and mug"):
        read_collection(tmp_path)


def test_a_name_that_is_no_name_is_refused(tmp_path):
    fill(tmp_path, ["mug", "k" * 201])
    with pytest.raises(InputError, match="a name of 1 to 200 letters"):
        read_collection(tmp_path)


def test_an_archive_is_to_be_unpacked(tmp_path):
    (tmp_path / "mugs.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match=r"found a file: .*mugs\.zip\. If it is"):
        read_collection(tmp_path / "mugs.zip")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_what_never_ends_is_not_read(tmp_path):
    fill(tmp_path, ["mug", "key"])
    os.mkfifo(tmp_path / "mug" / "endless.jpg")
    os.symlink("/dev/zero", tmp_path / "key" / "zeros.jpg")
    found = read_collection(tmp_path)
    assert len(found.names) == 10
    told = dict(found.set_aside) | dict(found.passed_over)
    assert {"mug/endless.jpg", "key/zeros.jpg"} <= told.keys()


def test_nothing_in_the_folder_is_changed(tmp_path):
    folder = fill(tmp_path, ["mug", "key"])
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    read_collection(folder)
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before
