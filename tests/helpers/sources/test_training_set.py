"""The split is honest, repeatable and whole; tests/faults holds what goes wrong."""

import io
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from helpers.errors import InputError
from helpers.pictures import find_pictures, read_picture
from helpers.plumbing import ROOT
from helpers.sources import make_training_set
from helpers.sources.copies import copy_pairs, describe

pytestmark = pytest.mark.slow


def draw(seed):
    """A picture of blobs, unlike every other one."""
    rng = np.random.default_rng(seed)
    image = Image.fromarray(rng.integers(0, 256, (6, 7, 3)).astype(np.uint8))
    return image.resize((210, 180), Image.Resampling.BICUBIC)


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


def test_a_set_that_lost_what_it_needs_is_made_again(source):
    make(source)
    folder = source.parent / "set"
    first = contents(folder)
    (folder / "train_labels.csv").unlink()
    make(source)
    assert contents(folder) == first


def correct(folder):
    table = (folder / "train_labels.csv").read_text()
    (folder / "train_labels.csv").write_text(table.replace(",dog", ",cat", 1))


@pytest.mark.parametrize(
    ("change", "told", "cats"),
    [
        (correct, "train_labels.csv changed", (5, 5)),
        (lambda f: (f / "test/cat/cat.0004.jpg").unlink(), "cat.0004.jpg rem", (4, 4)),
        (lambda f: draw(99).save(f / "test/cat/tom.png"), "tom.png added", (4, 6)),
        (lambda f: draw(9).save(f / "train/cat.0000.jpg"), "0000.jpg chan", (4, 5)),
    ],
)
def test_what_somebody_changed_stays_and_is_told(source, change, told, cats, capsys):
    make(source)
    folder = source.parent / "set"
    change(folder)
    before = contents(folder)
    counts = make(source)
    assert tuple(counts.loc["cat", ["train", "test"]]) == cats
    assert told in capsys.readouterr().out
    assert contents(folder) == before
    if "rem" not in told:  # nothing would be lost
        with pytest.raises(InputError, match="Nothing was touched"):
            make(source, seed=1)
        assert contents(folder) == before


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"tool": "another"}', "[" * 99_999])
def test_a_record_that_is_not_ours_makes_nothing_ours(source, text):
    make(source)
    folder = source.parent / "set"
    before = contents(folder)
    (folder / "training_set.json").write_text(text)
    with pytest.raises(InputError, match="more files of somebody else's"):
        make(source)
    assert contents(folder) == before


@pytest.mark.parametrize("target", ["", "cat", "dog/deep"])
def test_a_target_in_its_source_is_refused(source, target):
    before = contents(source)
    with pytest.raises(InputError, match="lie one in the other"):
        make_training_set(source, source / target, 2, 2)
    assert contents(source) == before


def test_a_source_in_its_target_is_refused(source):
    make(source)
    before = contents(source.parent / "set")
    with pytest.raises(InputError, match="lie one in the other"):
        make_training_set(source.parent / "set" / "test", source.parent / "set", 1, 1)
    assert contents(source.parent / "set") == before


def test_a_part_on_another_disk_that_is_linked_here(source):
    folder = source.parent / "set"
    (source.parent / "disk").mkdir()
    folder.mkdir()
    try:
        (folder / "train").symlink_to(source.parent / "disk", target_is_directory=True)
    except OSError:
        pytest.skip("no right to make links")
    make(source)
    make(source, seed=1)
    assert (folder / "train").is_symlink()
    assert len(list((source.parent / "disk").iterdir())) == 8


def test_a_copied_source_is_the_same_one(source):
    make(source)
    folder = source.parent / "set"
    first = (folder / "training_set.json").read_bytes()
    for path in source.rglob("*.jpg"):
        os.utime(path, (0, 0))
    make(source)
    assert (folder / "training_set.json").read_bytes() == first


def shrink(image):
    return image.resize((70, 54))


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
    sides = [
        np.stack([describe(Image.open(p)) for p in find_pictures(folder / side)])
        for side in ("train", "test")
    ]
    assert not any(copy_pairs(*sides))


def test_a_copy_in_the_other_class_is_told_with_both_names(source):
    shrink(draw(0)).save(source / "dog" / "0.png")
    with pytest.raises(InputError, match=r"a cat and a dog: .*0\.jpg and .*0\.png"):
        make(source, train_per_class=6, test_per_class=6)
    assert not (source.parent / "set" / "train").exists()


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


def empty_class(source):
    for path in (source / "dog").iterdir():
        path.unlink()


def broken(source):
    for path in (source / "dog").iterdir():
        path.write_text("<html>")


@pytest.mark.parametrize("damage", [empty_class, broken])
def test_a_fault_leaves_the_old_set(source, damage):
    make(source)
    before = contents(source.parent / "set")
    damage(source)
    with pytest.raises(InputError):
        make(source)
    assert contents(source.parent / "set") == before  # the old set is still whole


def test_the_script_prints_counts(source, tmp_path):
    command = [sys.executable, "-m", "data_scripts.make_training_set"]
    sizes = ["--train-per-class", "4", "--test-per-class", "5"]
    there = ["--source", source, "--folder", tmp_path / "made", *sizes]
    done = subprocess.run([*command, *there], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "4 cats and 4 dogs to learn from, 5 and 5 to test with" in done.stdout
