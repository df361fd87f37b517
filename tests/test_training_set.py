"""The split is honest, repeatable and whole; tables say which row is wrong."""

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from helpers.errors import InputError
from helpers.files import ROOT
from helpers.pictures import find_pictures, read_picture
from helpers.training_set import (
    SAME,
    make_training_set,
    picture_hash,
    read_label_table,
)


def draw(seed):
    """A picture of blobs, unlike every other one."""
    rng = np.random.default_rng(seed)
    image = Image.fromarray(rng.integers(0, 256, (6, 7, 3)).astype(np.uint8))
    return image.resize((70, 60), Image.Resampling.BICUBIC)


@pytest.fixture
def source(tmp_path):
    for first, kind in ((0, "cat"), (100, "dog")):
        (tmp_path / "source" / kind).mkdir(parents=True)
        for number in range(first, first + 12):
            draw(number).save(tmp_path / "source" / kind / f"{number}.jpg", quality=90)
    return tmp_path / "source"


def make(source, **changes):
    settings = {"train_per_class": 4, "test_per_class": 5, "seed": 0, **changes}
    return make_training_set(source, source.parent / "set", **settings)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".jpg", ".png", ".csv")
    }


def test_the_layout_is_the_articles(source):
    counts = make(source)
    assert counts.to_dict("index") == {
        "cat": {"train": 4, "test": 5, "copies": 0},
        "dog": {"train": 4, "test": 5, "copies": 0},
    }
    folder = source.parent / "set"
    data = (folder / "train_labels.csv").read_bytes()
    assert data.startswith(b"File Name,Label\n")
    assert b"\r" not in data
    table = pd.read_csv(folder / "train_labels.csv")
    assert table["Label"].value_counts().to_dict() == {"cat": 4, "dog": 4}
    assert table["Label"].tolist() != sorted(table["Label"])  # shuffled
    names = {path.name for path in (folder / "train").iterdir()}
    assert names == set(table["File Name"])
    assert all(n.startswith(k) for n, k in table.itertuples(index=False))
    assert len(find_pictures(folder / "test" / "cat")) == 5
    assert len(find_pictures(folder / "test" / "dog")) == 5


def test_no_picture_is_on_both_sides(source):
    make(source)
    data = list(contents(source.parent / "set").values())
    assert len(data) == len(set(data)) == 19


def test_a_seed_decides_and_a_rerun_does_nothing(source):
    make(source)
    folder = source.parent / "set"
    first = contents(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.jpg")}
    make(source)
    assert times == {path: path.stat().st_mtime_ns for path in folder.rglob("*.jpg")}
    make(source, seed=1)
    assert contents(folder) != first
    make(source, seed=0)
    assert contents(folder) == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "train_labels.csv").unlink(),
        lambda folder: next((folder / "train").glob("*.jpg")).unlink(),
        *(
            lambda folder, text=text: (folder / "training_set.json").write_text(text)
            for text in ("", "{", "{}", "[]", "null", '{"recipe": {}}')
        ),
    ],
)
def test_a_damaged_set_is_made_again(source, damage):
    make(source)
    folder = source.parent / "set"
    first = contents(folder)
    damage(folder)
    make(source)
    assert contents(folder) == first


def shrink(image):
    return image.resize((35, 27))


def mirror(image):
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def compress(image):
    buffer = io.BytesIO()
    image.save(buffer, "jpeg", quality=40)
    return Image.open(buffer)


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image,
        shrink,
        mirror,
        compress,
        lambda i: compress(mirror(shrink(i))),
    ],
)
def test_copies_are_left_out(source, change):
    for number in range(12):  # now each cat has a copy
        change(draw(number)).convert("RGB").save(source / "cat" / f"x{number}.png")
    counts = make(source, train_per_class=6, test_per_class=6)
    assert counts.loc["cat", "copies"] > 0
    folder = source.parent / "set"
    train = [draw_hash(p) for p in (folder / "train").iterdir()]
    for picture in find_pictures(folder / "test"):
        image = Image.open(picture).convert("RGB")
        for hashed in (picture_hash(image), picture_hash(mirror(image))):
            assert min((hashed != other).sum() for other in train) > SAME


def draw_hash(path):
    return picture_hash(Image.open(path).convert("RGB"))


def test_pictures_that_loaders_read_differently_become_png(tmp_path):
    for kind, first in (("cat", 0), ("dog", 50)):
        (tmp_path / "source" / kind).mkdir(parents=True)
        for number in (first, first + 1):
            image = draw(number)
            path = tmp_path / "source" / kind / f"{number}.jpg"
            if number == 0:  # turned by a note
                exif = Image.Exif()
                exif[0x0112] = 6
                image.save(path, exif=exif)
            elif number == 1:  # a WebP by another name
                image.save(path, format="webp", lossless=True)
            else:
                image.convert("CMYK" if number == 50 else "L").save(path)
    make(tmp_path / "source", train_per_class=1, test_per_class=1)
    copies = find_pictures(tmp_path / "set")
    assert sorted(p.suffix for p in copies) == [".jpg", ".png", ".png", ".png"]
    turned = read_picture(tmp_path / "source" / "cat" / "0.jpg")
    assert any(np.array_equal(np.asarray(Image.open(p)), turned) for p in copies)


def too_few(source):
    for path in sorted((source / "dog").iterdir())[8:]:
        path.unlink()


def too_few_without_copies(source):
    too_few(source)
    for number in range(100, 106):
        shrink(draw(number)).save(source / "dog" / f"x{number}.png")


def empty_class(source):
    for path in (source / "dog").iterdir():
        path.unlink()


def both_classes(source):
    for path in (source / "cat").iterdir():
        (source / "dog" / path.name).write_bytes(path.read_bytes())


def one_level_up(source):
    (source / "dog").rename(source / "hound")


def broken(source):
    for path in (source / "dog").iterdir():
        path.write_text("<html>")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (
            too_few,
            r"expected 9 different pictures of a dog \(4 to train, 5 to test\), "
            r"found 8\. Add pictures, or ask for fewer",
        ),
        (too_few_without_copies, r"found 8 \(\d more are copies of these\)"),
        (empty_class, r"expected pictures in .*dog, found none"),
        (both_classes, "the same picture is a cat and a dog: .*delete the one"),
        (one_level_up, r"found none\. There are the folders \['cat', 'hound'\]"),
        (broken, r"\d+\.jpg is not a picture that can be read: it is a web page"),
    ],
)
def test_what_is_wrong_with_the_source_is_said(source, damage, message):
    make(source)
    before = contents(source.parent / "set")
    damage(source)
    with pytest.raises(InputError, match=message):
        make(source)
    assert contents(source.parent / "set") == before  # the old set is still whole


@pytest.mark.parametrize("name", ["train/x.jpg", "test/x.jpg", "train_labels.csv"])
def test_what_somebody_else_put_there_is_not_replaced(source, name):
    theirs = source.parent / "set" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine")
    with pytest.raises(InputError, match="is not of an earlier training set"):
        make(source)
    assert theirs.read_text() == "mine"
    assert not (source.parent / "set" / "training_set.json").exists()


def test_a_link_that_leads_nowhere(source, monkeypatch):
    def fail(_):
        raise FileNotFoundError

    monkeypatch.setattr(type(source), "stat", fail)  # links need rights on Windows
    with pytest.raises(InputError, match=r"no such file: .*\.jpg\. Take the link out"):
        make(source)


def test_no_such_folder(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        make(tmp_path / "source")


def test_at_least_one(source):
    with pytest.raises(InputError, match="expected at least 1 picture of each class"):
        make(source, test_per_class=0)


def test_the_script_prints_counts_and_one_sentence_of_error(source, tmp_path):
    command = [sys.executable, "-m", "data_scripts.make_training_set"]
    sizes = ["--train-per-class", "4", "--test-per-class", "5"]
    there = ["--source", source, "--folder", tmp_path / "made", *sizes]
    done = subprocess.run([*command, *there], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "4 cats and 4 dogs to learn from, 5 and 5 to test with" in done.stdout
    there[1] = tmp_path / "nowhere"
    done = subprocess.run([*command, *there], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("error: no such folder")
    assert "Traceback" not in done.stderr


# -- label tables -------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pictures").mkdir()
    for name in ("tom.jpg", "rex.jpg", "猫 1.jpg"):
        draw(len(name)).save(tmp_path / "pictures" / name)
    (tmp_path / "pictures" / "below").mkdir()
    draw(0).save(tmp_path / "pictures" / "below" / "deep.jpg")
    return tmp_path / "pictures"


GOOD = "File Name,Label\ntom.jpg,cat\nrex.jpg,dog\n猫 1.jpg,cat\n"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.replace("File Name,Label", " FILE NAME , label "),
        GOOD.replace(",cat", ", Cat "),
        GOOD.replace("\n", ",extra\n"),
        GOOD.replace("jpg,cat", "jpg,cat,"),  # a comma too many, but not in the header
        GOOD.replace("\n", "\n\n,\n"),
    ],
)
def test_tables_as_people_write_them(folder, tmp_path, text):
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8", newline="")
    table = read_label_table(tmp_path / "labels.csv", folder)
    assert table.columns.tolist() == ["File Name", "Label"]
    assert table["File Name"].tolist() == ["tom.jpg", "rex.jpg", "猫 1.jpg"]
    assert table["Label"].tolist() == ["cat", "dog", "cat"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("rex.jpg,dog", "rex.jpg,cow"), "found 'cow' in row 3"),
        (GOOD.replace("rex.jpg,dog", "rex.jpg,1"), "found '1' in row 3"),
        (GOOD.replace("rex.jpg,dog", "rex.jpg,"), "found '' in row 3"),
        (GOOD + "tom.jpg,cat\n", "found 'tom.jpg' in rows 2 and 5"),
        (GOOD.replace("rex.jpg,dog", "rex.jpg"), "found '' in row 3"),
        (GOOD.replace("rex.jpg,dog", "rex.jpg,=A1"), "found '=A1' in row 3"),
        ("\n" + GOOD + "\n\nx.jpg,cow\n", "found 'cow' in row 8"),
        (
            GOOD.replace("rex.jpg", "rex"),
            r"found 1 of 3 missing: 'rex' \(row 3\)\. The nearest name there is "
            r"'rex\.jpg'",
        ),
        (GOOD.replace("rex.jpg", "REX.JPG"), r"missing: 'REX\.JPG' \(row 3\)"),
        (GOOD.replace("rex.jpg", "a\\rex.jpg"), "no folder before them"),
        (GOOD.replace("Label", "Class"), "found 'File Name', 'Class'"),
        (GOOD.replace("Label", "Label,label", 1), "Name each of them once"),
        (GOOD.replace("tom.jpg", '"tom.jpg'), "a file that is no table: "),
        (GOOD.replace("rex.jpg", "deep.jpg"), r"'deep\.jpg' \(row 3\)"),
        (GOOD.replace("rex.jpg", "../rex.jpg"), r"is 'rex\.jpg'\. Names need their"),
        (GOOD.replace("rex.jpg", "C:\\pets\\REX.JPG"), r"nearest .* is 'rex\.jpg'"),
        ("File Name,Label\n", "found the header alone"),
        ("", "found none. Name each of them once"),
        (" \n\n", "found none. Name each of them once"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(folder, tmp_path, text, message):
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_label_table(tmp_path / "labels.csv", folder)


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("gbk", "found another encoding .GBK or"),
        ("utf-16", "found UTF-16"),
        ("utf-16-le", "found UTF-16"),
    ],
)
def test_other_encodings_are_named(folder, tmp_path, encoding, message):
    (tmp_path / "labels.csv").write_text(f"{GOOD}狗.jpg,dog\n", encoding=encoding)
    with pytest.raises(InputError, match=message):
        read_label_table(tmp_path / "labels.csv", folder)


def test_a_workbook_is_no_table(folder, tmp_path):
    (tmp_path / "labels.csv").write_bytes(b"PK\x03\x04\x14\0\x06\0\x84")
    with pytest.raises(InputError, match="found an Excel workbook"):
        read_label_table(tmp_path / "labels.csv", folder)


def test_names_are_the_same_however_their_accents_are_written(folder, tmp_path):
    one, two = "Jose\u0301.jpg", "Jos\u00e9.jpg"
    draw(1).save(folder / one)
    (tmp_path / "labels.csv").write_text(f"File Name,Label\n{two},cat\n", "utf-8")
    assert read_label_table(tmp_path / "labels.csv", folder)["File Name"].tolist() == [
        path.name for path in find_pictures(folder) if path.name[0] == "J"
    ]


def test_a_missing_table(folder, tmp_path):
    with pytest.raises(InputError, match="no such table"):
        read_label_table(folder, folder)
    with pytest.raises(InputError, match=r"no such table: .*labels\.csv"):
        read_label_table(tmp_path / "labels.csv", folder)
