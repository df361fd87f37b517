"""A lesson finds its pictures, or makes them, or says where to get them."""

import pandas as pd
import pytest

from helpers import picture_sets
from helpers.errors import InputError
from helpers.pets import draw_pets
from helpers.picture_sets import open_pictures
from helpers.pictures import find_pictures
from helpers.sources import make_training_set


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder of its own, with fewer pets to draw."""
    monkeypatch.delenv("PICTURES", raising=False)
    monkeypatch.setattr(picture_sets, "DATA", tmp_path)
    monkeypatch.setattr(picture_sets, "draw_pets", lambda f: draw_pets(f, per_class=3))
    monkeypatch.setattr(
        picture_sets, "make_training_set", lambda s, f: make_training_set(s, f, 1, 2)
    )
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
