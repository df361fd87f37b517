"""Parts: the same ones each time, whole or not there, sound or computed anew."""

from pathlib import Path

import numpy as np
import pytest

from tests.parts import only_with_ray

only_with_ray()

from helpers.many import open_store, stores
from helpers.many.listing import Entry
from helpers.many.parts import (
    LEAST,
    MOST,
    Row,
    cut,
    features_of,
    key_of,
    place_of,
    read_part,
    write_part,
)
from helpers.many.stores import NoAnswer, patiently

KEY, SIZE = "ab" * 16, 5


def entries(names):
    return [Entry(f"{n}.jpg", "cat", f"/p/{n}.jpg", 0, 9, "file", 7) for n in names]


def keys(names):
    return [key_of("base", part) for part in cut(entries(names))]


def test_every_picture_is_in_one_part_in_order():
    parts = list(cut(entries(range(5000))))
    assert [entry for part in parts for entry in part] == entries(range(5000))
    assert all(LEAST <= len(part) <= MOST for part in parts[:-1])


@pytest.mark.parametrize("place", [0, 700, 2500, 4999])
def test_one_more_picture_makes_few_parts_new(place):
    names = list(range(5000))
    before, after = keys(names), keys([*names[:place], "new", *names[place:]])
    assert len(set(after) - set(before)) <= 4
    assert len(before) > 15


def test_a_change_of_size_time_or_base_is_another_part():
    part = entries(range(9))
    changed = [*part[:-1], part[-1]._replace(stamp=8)]
    longer = [*part[:-1], part[-1]._replace(length=8)]
    told = {key_of("a", part), key_of("b", part), key_of("a", changed)}
    assert len(told | {key_of("a", longer)}) == 4


@pytest.fixture
def store(tmp_path):
    rows = [
        Row("tom.jpg", "cat", bytes(range(32)), np.arange(5, dtype="float32"), ""),
        Row("bad.jpg", "cat", b"", None, "bad.jpg is damaged"),
        Row("b\udce9.jpg", "", bytes(32), np.ones(5, "float32"), ""),
    ]
    kept = open_store(tmp_path)
    write_part(kept, KEY, rows, SIZE)
    return kept


def test_what_is_written_is_read(store):
    table = read_part(store, KEY, SIZE)
    features = features_of(table, SIZE)
    assert features.dtype == np.float32
    np.testing.assert_array_equal(features[[0, 2]], [np.arange(5), np.ones(5)])
    assert np.isnan(features[1]).all()
    assert table["digest"].to_pylist() == [bytes(range(32)), None, bytes(32)]
    assert table["problem"].to_pylist() == ["", "bad.jpg is damaged", ""]


def test_nothing_unfinished_lies_about(store, tmp_path):
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [str(path) for path in files] == [place_of(store, KEY)]


def spoil(place, at):
    data = bytearray(place.read_bytes())
    data[at] ^= 1
    place.write_bytes(data)


def test_a_changed_bit_never_changes_what_is_read(store):
    place = Path(place_of(store, KEY))
    sound, table = place.read_bytes(), read_part(store, KEY, SIZE)
    values = np.arange(5, dtype="<f4").tobytes()
    spoil(place, sound.index(values) + 6)
    assert read_part(store, KEY, SIZE) is None
    place.write_bytes(sound)
    refused = 0
    for at in range(0, len(sound), 7):
        spoil(place, at)
        found = read_part(store, KEY, SIZE)
        assert found is None or found.equals(table)
        refused += found is None
        place.write_bytes(sound)
    assert refused > 20
    for end in (0, 3, len(sound) - 1):
        place.write_bytes(sound[:end])
        assert read_part(store, KEY, SIZE) is None


def test_another_part_under_its_name_is_no_part(store):
    assert read_part(store, "cd" * 16, SIZE) is None
    rows = [Row("tom.jpg", "cat", bytes(32), np.ones(5, "float32"), "")]
    write_part(store, "cd" * 16, rows, SIZE)
    data = Path(place_of(store, "cd" * 16)).read_bytes()
    Path(place_of(store, KEY)).write_bytes(data)
    assert read_part(store, KEY, SIZE) is None


def test_a_store_that_fails_for_a_while_is_asked_again(monkeypatch):
    monkeypatch.setattr(stores, "PAUSES", (0, 0, 0))
    fails = iter([OSError("503 SlowDown"), TimeoutError("slow"), None])

    def work():
        if error := next(fails):
            raise error
        return "there"

    assert patiently("pets", work) == "there"


def test_one_that_fails_on_is_given_up_in_a_sentence(monkeypatch):
    monkeypatch.setattr(stores, "PAUSES", (0, 0))

    def work():
        raise OSError("503 SlowDown")

    with pytest.raises(NoAnswer, match=r"pets was asked for 3 times \(503 SlowDown"):
        patiently("pets", work)


def test_what_is_not_there_is_not_asked_for_twice():
    asked = []

    def work():
        asked.append(1)
        raise FileNotFoundError(2, "no such file")

    with pytest.raises(FileNotFoundError):
        patiently("pets", work)
    assert len(asked) == 1
