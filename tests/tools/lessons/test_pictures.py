"""Which pictures the lessons see, as the reader wishes and as they can be had."""

import pytest

from helpers.errors import InputError
from helpers.sources.downloads import SETS
from tools.lessons import pictures
from tools.lessons.pictures import choose_pictures


class Photos:
    """Stands for the two functions that fetch and split photographs."""

    def __init__(self, monkeypatch, folder, fault=None):
        self.asked, self.split, self.opened = [], [], []
        self.fault = fault
        monkeypatch.setattr(pictures, "PHOTOS", folder / "source")
        monkeypatch.setattr(pictures, "get_photos", self.get)
        monkeypatch.setattr(pictures, "open_pictures", self.opened.append)
        monkeypatch.setattr(
            pictures,
            "make_training_set",
            lambda *folders: self.split.append(folders),
        )

    def get(self, source="filtered", timeout=20, least=1):
        assert least == 300  # as many as the lessons split
        self.asked.append((source, timeout))
        if self.fault:
            raise InputError(self.fault)


def test_photographs_that_were_asked_for_are_put_in_place(monkeypatch, tmp_path):
    photos = Photos(monkeypatch, tmp_path)
    assert choose_pictures("pets.zip", offline=True) == "photos"
    assert photos.asked == [("pets.zip", 20)]
    assert photos.split == [(tmp_path / "source", tmp_path)]


def test_photographs_that_cannot_be_had_are_an_error_if_asked_for(
    monkeypatch, tmp_path
):
    Photos(monkeypatch, tmp_path, fault="no such archive: pets.zip")
    with pytest.raises(InputError, match="no such archive"):
        choose_pictures("pets.zip", offline=False)


def test_without_a_wish_the_real_set_is_tried_once_and_shortly(
    monkeypatch, tmp_path, capsys
):
    photos = Photos(monkeypatch, tmp_path, "no way to the server.\nOr take an archive.")
    assert choose_pictures(None, offline=False) == "drawn"
    assert photos.asked == [("filtered", 5)]
    assert photos.split == []
    size = SETS["filtered"].megabytes
    assert capsys.readouterr().out.splitlines() == [
        f"Looking for the real photographs ({size} MB, once) ...",
        "The lessons use drawn pets: no way to the server.",
    ]


def test_photographs_that_are_there_are_used_and_never_replaced(monkeypatch, tmp_path):
    """They may be the reader's own, which no run may overwrite with the real set."""
    photos = Photos(monkeypatch, tmp_path)
    (tmp_path / "source").mkdir()
    assert choose_pictures(None, offline=False) == "photos"
    assert photos.asked == photos.split == []
    assert photos.opened == ["photos"]  # as they were split before


def test_offline_nothing_is_fetched(monkeypatch, tmp_path):
    photos = Photos(monkeypatch, tmp_path)
    assert choose_pictures(None, offline=True) == "drawn"
    assert photos.asked == []
