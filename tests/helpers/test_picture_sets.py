"""A lesson finds its pictures, or makes them, or says where to get them."""

import json
import shutil

import pandas as pd
import pytest

from helpers import picture_sets
from helpers.errors import InputError
from helpers.pets import draw_pets, drawing
from helpers.picture_sets import open_pictures
from helpers.pictures import find_pictures
from helpers.sources import make_training_set


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder of its own, with fewer pets to draw."""
    monkeypatch.delenv("PICTURES", raising=False)
    monkeypatch.setattr(picture_sets, "DATA", tmp_path)
    monkeypatch.setattr(picture_sets, "draw_pets", lambda f: draw_pets(f, per_class=3))

    def split(source, folder, train=1, test=2, seed=0):
        return make_training_set(source, folder, train, test, seed)

    monkeypatch.setattr(picture_sets, "make_training_set", split)
    return tmp_path


def test_drawn_pets_are_made_once_and_said_once(data, capsys):
    pictures = open_pictures()
    assert capsys.readouterr().out.startswith("Drawing 600 pets, once")
    table = pd.read_csv(pictures.train_table)
    assert sorted(table["Label"]) == ["cat", "dog"]
    assert all((pictures.train_folder / name).is_file() for name in table["File Name"])
    assert len(find_pictures(pictures.test_folder / "dog")) == 2
    paths, labels = pictures.training_set()
    assert [path.name for path in paths] == table["File Name"].tolist()
    assert (labels == (table["Label"] == "dog")).all()
    paths, labels = pictures.test_set()
    assert [path.parent.name for path in paths] == ["cat", "cat", "dog", "dog"]
    assert labels.tolist() == [0, 0, 1, 1]
    assert open_pictures() == pictures
    assert capsys.readouterr().out == ""


def test_photographs_must_be_there(data):
    with pytest.raises(InputError, match=r"expected photographs in .*get_photos"):
        open_pictures("photos")
    draw_pets(data / "photos" / "source", per_class=3, seed=7)
    assert open_pictures("photos").train_folder == data / "photos" / "train"


def test_the_environment_goes_before_the_cell(data, monkeypatch):
    draw_pets(data / "photos" / "source", per_class=3, seed=7)
    monkeypatch.setenv("PICTURES", "photos")
    assert open_pictures("drawn").name == "photos"
    monkeypatch.setenv("PICTURES", "sketches")
    with pytest.raises(InputError, match='expected "drawn" or "photos", found "sket'):
        open_pictures()
    assert [p.name for p in data.iterdir() if p.is_dir()] == ["photos"]


def photos(data, sizes=(1, 1), seed=7):
    """Photographs in place, and split."""
    draw_pets(data / "photos" / "source", per_class=3, seed=seed)
    make_training_set(data / "photos" / "source", data / "photos", *sizes)
    return {p: p.read_bytes() for p in (data / "photos").rglob("*.*") if p.is_file()}


def test_a_set_that_stands_is_used_whatever_its_sizes(data, capsys):
    before = photos(data, sizes=(2, 1))
    assert len(open_pictures("photos").training_set()[0]) == 4
    assert {path: path.read_bytes() for path in before} == before
    assert capsys.readouterr().out == ""


def test_what_somebody_corrected_is_used_and_told(data, capsys):
    photos(data)
    table = data / "photos" / "train_labels.csv"
    table.write_text("File Name,Label\ncat.0000.jpg,cat\ndog.0000.jpg,cat\n")
    shutil.copy(data / "photos/train/cat.0000.jpg", data / "photos/test/cat/tom.jpg")
    pictures = open_pictures("photos")
    assert pictures.training_set()[1].tolist() == [0, 0]
    assert len(pictures.test_set()[0]) == 3
    said = capsys.readouterr().out
    assert "train_labels.csv changed, test/cat/tom.jpg added. To begin anew" in said


def test_other_photographs_since_then_are_told(data, capsys):
    before = photos(data)
    draw_pets(data / "photos" / "source", per_class=2, seed=8)
    open_pictures("photos")
    assert "are others since they were split" in capsys.readouterr().out
    kept = {p: p.read_bytes() for p in before if "source" not in p.parts}
    assert all(before[path] == data for path, data in kept.items())
    shutil.rmtree(data / "photos" / "source")
    assert open_pictures("photos").name == "photos"


def test_pets_of_a_new_drawing_are_split_anew(data, capsys, monkeypatch):
    open_pictures()
    first = open_pictures().training_set()[0][0].read_bytes()
    monkeypatch.setattr(drawing, "DRAWING", drawing.DRAWING + 1)
    monkeypatch.setattr(drawing, "draw_pet", lambda kind, n: pet(kind, n + 50))
    assert open_pictures().training_set()[0][0].read_bytes() != first
    assert capsys.readouterr().out.count("\n") == 1  # that they were drawn at first


pet = drawing.draw_pet


def test_sets_without_digests_and_sets_of_somebody(data, capsys):
    before = photos(data)
    record = data / "photos" / "training_set.json"
    for text, said in (
        (json.dumps({"recipe": {"sizes": {}}, "counts": {}}), ""),  # as they once were
        ("mine", "a training set of somebody's: it is used as it is"),
    ):
        record.write_text(text)
        open_pictures("photos")
        out = capsys.readouterr().out
        assert said in out
        assert bool(said) == bool(out)
    assert all(p.read_bytes() == before[p] for p in before if p != record)


def test_killed_while_it_was_replaced_it_is_made_again(data, capsys):
    photos(data)
    record = data / "photos" / "training_set.json"
    found = json.loads(record.read_text())
    record.write_text(json.dumps({**found, "recipe": "unfinished"}))
    shutil.rmtree(data / "photos" / "test")
    assert len(open_pictures("photos").test_set()[0]) == 4
    assert capsys.readouterr().out == ""
