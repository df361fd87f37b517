"""Paths as people give them, and places that overlap."""

import os
import unicodedata
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.plumbing import given_path, refuse_overlap


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my pets").mkdir()
    return tmp_path


def test_a_path_in_many_dresses(home):
    there = home / "my pets"
    for text in (there, f"{there} ", f"'{there}'", f'"{there}"', f" “{there}” "):
        assert given_path(text) == there
    for text in ("~/my pets", "'~/my pets'", there.as_uri(), f"{there.as_uri()}\n"):
        assert given_path(text) == there
    assert given_path("new") == Path("new")


def test_what_is_there_by_that_very_name_counts_first(home):
    if os.name == "nt":
        pytest.skip("no blank at the end of a name")
    (home / "'quoted' ").mkdir()
    assert given_path("'quoted' ") == Path("'quoted' ")


@pytest.mark.parametrize(("there", "given"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_accents_in_one_sign_or_in_two(home, there, given):
    (home / unicodedata.normalize(there, "José")).mkdir()
    found = given_path(unicodedata.normalize(given, "José"))
    assert found.is_dir()


@pytest.mark.parametrize("text", ["", "  ", "''", "a\0b"])
def test_no_path_at_all(text):
    with pytest.raises(InputError, match="expected the path of a file or folder, fou"):
        given_path(text)


@pytest.mark.parametrize(
    ("source", "target"),
    [("a", "a"), ("a", "a/b/c"), ("a/b", "a"), (".", "a"), ("a", "A"), ("l", "a")],
)
def test_places_that_overlap(home, source, target):
    (home / "a").mkdir()
    if source == "l":
        try:
            (home / "l").symlink_to("a", target_is_directory=True)
        except OSError:
            pytest.skip("no right to make links")
    if target == "A" and not (home / "A").exists():
        pytest.skip("a disk where capitals count")
    for one, other in ((source, target), (target, source)):
        with pytest.raises(InputError, match="lie one in the other"):
            refuse_overlap(one, other)


def test_neighbors_do_not_overlap(home):
    refuse_overlap("a", "ab")
    refuse_overlap("pets/cat", "pets/dog")
