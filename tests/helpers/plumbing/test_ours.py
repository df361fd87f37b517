"""What is ours is told by its digests; what is not is never touched."""

import json
import os

import pytest

from helpers.errors import InputError
from helpers.plumbing import Place
from helpers.plumbing import ours as module

RECIPE = {"pets": 2}


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path / "pets", "made.json", ("cat", "table.csv"))
    for name in ("cat/1.jpg", "cat/2.jpg", "table.csv"):
        (made.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (made.folder / name).write_text(name)
    made.write_record(RECIPE, counts=[2])
    return made


def test_the_same_is_used_without_reading_it(place, capsys, monkeypatch):
    monkeypatch.setattr(module, "sha256", None)
    assert place.reuse(RECIPE).facts == {"counts": [2]}
    assert capsys.readouterr().out == ""


def test_a_copy_with_other_dates_is_the_same(place, capsys):
    os.utime(place.folder / "cat" / "1.jpg", (0, 0))
    assert place.reuse(RECIPE).difference() == ""
    assert capsys.readouterr().out == ""


def test_what_is_ours_may_be_replaced(place):
    (place.folder / "cat" / "Thumbs.db").write_text("left behind")
    (place.folder / "cat" / "2.jpg").unlink()
    assert place.reuse({"pets": 3}) is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda f: (f / "table.csv").write_text("Table.csv"), "table.csv changed"),
        (lambda f: (f / "cat" / "mine.jpg").touch(), "cat/mine.jpg added"),
        (lambda f: (f / "mine").symlink_to("cat"), "mine added"),
        (lambda f: (f / "notes" / "a").mkdir(parents=True), ""),
    ],
)
def test_what_somebody_did_is_used_told_and_never_replaced(place, change, what, capsys):
    try:
        change(place.folder)
    except OSError:
        pytest.skip("no right to make links")
    assert place.reuse(RECIPE).difference() == what
    assert what in capsys.readouterr().out
    if what:
        name = what.split()[0]
        with pytest.raises(InputError, match=f"found {name} of yours. Nothing was tou"):
            place.reuse({"pets": 3})


def test_what_was_changed_under_the_same_date_is_read_before_it_is_replaced(place):
    theirs = place.folder / "table.csv"
    date = theirs.stat().st_mtime_ns
    theirs.write_text("TABLE.CSV")
    os.utime(theirs, ns=(date, date))
    with pytest.raises(InputError, match=r"found table\.csv of yours"):
        place.reuse({"pets": 3})


@pytest.mark.parametrize(
    "name", ["._notes.txt", ".hidden", ".ipynb_checkpoints/mine.ipynb"]
)
def test_a_hidden_file_is_somebodys_work_as_any_other(place, name):
    (place.folder / "._1.jpg").write_bytes(module.TWIN + b"\0\2")  # macOS's own
    assert place.reuse({"pets": 3}) is None
    (place.folder / name).parent.mkdir(exist_ok=True)
    (place.folder / name).write_text("mine")
    with pytest.raises(InputError, match=f"found {name} of yours"):
        place.reuse({"pets": 3})


def test_a_removed_file_stays_removed_unless_nothing_is_left(place, capsys):
    (place.folder / "cat" / "2.jpg").unlink()
    assert place.reuse(RECIPE).removed == ["cat/2.jpg"]
    assert "used as you left it: cat/2.jpg removed. To begin" in capsys.readouterr().out
    (place.folder / "cat" / "1.jpg").unlink()
    assert place.reuse(RECIPE) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "{}", "[]", "null", "[" * 100_000, '{"tool": "another"}', "\0"),
        *(
            '{"recipe": {"pets": 2}, "facts": {}, "earlier": {}, "files": ' + files
            for files in ("[]}", '{"cat/1.jpg": 1}}', '{"cat/1.jpg": [1, 1, 1]}}')
        ),
        '{"recipe": {"pets": 2}, "facts": {}, "files": {}}',
    ],
)
def test_a_record_that_is_not_ours_makes_nothing_ours(place, text):
    (place.folder / place.record).write_text(text)
    message = r"found cat/1\.jpg and 3 more files of somebody else's"
    with pytest.raises(InputError, match=message):
        place.reuse(RECIPE)


def test_a_record_that_is_too_large_is_not_read(place, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 10)
    with pytest.raises(InputError, match="of somebody else's"):
        place.reuse(RECIPE)


def test_a_folder_for_a_record(place):
    (place.folder / place.record).unlink()
    (place.folder / place.record).mkdir()
    with pytest.raises(InputError, match="of somebody else's"):
        place.reuse(RECIPE)


def test_killed_while_parts_are_exchanged_all_of_it_is_still_ours(tmp_path):
    place = Place(tmp_path, "made.json", ("a", "b"), parts=("a", "b"))
    for part in "ab":
        (tmp_path / part).mkdir()
        (tmp_path / part / "1").write_text(f"old {part}")
    (tmp_path / "mine").touch()  # beside the parts
    place.write_record(1)
    for part in "ab":
        (tmp_path / "new" / part).mkdir(parents=True)
        (tmp_path / "new" / part / "1").write_text(f"new {part}")
    place.write_record(2, {part: tmp_path / "new" / part for part in "ab"})
    (tmp_path / "a" / "1").write_text("new a")  # and here it was killed
    assert place.reuse(2) is None
    (tmp_path / "b" / "1").write_text("mine")
    with pytest.raises(InputError, match="b/1"):
        place.reuse(2)


def test_the_record_is_plain(place):
    record = json.loads((place.folder / place.record).read_text())
    assert record["recipe"] == RECIPE
    size, date, digest = record["files"]["cat/1.jpg"]
    assert (size, type(date), len(digest)) == (9, int, 64)
