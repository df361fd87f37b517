"""The record is read without TensorFlow, and trusts nothing in the file."""

import contextlib
import json
import subprocess
import sys
import zipfile
from pathlib import PurePosixPath

import pytest

from helpers.classifier_file import add_members, model_path, read_record
from helpers.classifier_file.record import check_class_names, parse_record, plain
from helpers.errors import InputError
from helpers.plumbing import ROOT


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "pets.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.h5", b"weights")
    add_members(path, {"format": 1, "class_names": ["猫", "狗"], "accuracy": 0.5})
    return path


def test_the_record_comes_back(saved):
    record = read_record(saved)
    assert record["class_names"] == ["猫", "狗"]
    assert record["accuracy"] == 0.5
    assert set(record["members"]) == {"config.json", "model.weights.h5"}


def test_it_is_read_without_tensorflow(saved):
    code = (
        "import sys; from helpers.classifier_file import read_record; "
        "print(read_record(sys.argv[1])['accuracy'], "
        "{'keras', 'tensorflow', 'scipy', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, saved], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "0.5 set()\n", done.stderr


@pytest.mark.parametrize("place", [50, 120, -30])
def test_no_flipped_bit_is_passed_over(saved, place):
    whole, data = read_record(saved), bytearray(saved.read_bytes())
    data[place] ^= 1
    saved.write_bytes(data)
    with contextlib.suppress(InputError):  # or the bit meant nothing
        assert read_record(saved) == whole


def test_half_a_file_is_not_a_classifier(saved):
    data = saved.read_bytes()
    for end in range(0, len(data) - 1, 37):
        saved.write_bytes(data[:end])
        with pytest.raises(InputError, match=r"is not a whole \.keras file: it is dam"):
            read_record(saved)


def test_a_relative_folder_begins_at_the_project(monkeypatch):
    monkeypatch.setenv("TRANSFER_MODELS", "build/models")
    assert model_path() == ROOT / "build" / "models" / "cats_vs_dogs.keras"


@pytest.mark.parametrize(
    "names",
    ["cat", None, ["cat"], ["cat", 3], ["cat", " "], ["cat", "x" * 201], {"cat": 0}],
)
def test_what_is_no_list_of_names_is_refused(names):
    with pytest.raises(InputError, match=r"^expected class_names in it to be a list"):
        check_class_names(names, "it")


@pytest.mark.parametrize("other", ["cat ", "ca\u0301t", " c\u00e1t"])
def test_names_that_look_the_same_are_one(other):
    first = "cat" if other.isascii() else "c\u00e1t"
    with pytest.raises(InputError, match=r"^expected class_names in it to differ, fou"):
        check_class_names([first, "dog", other], "it")


@pytest.mark.parametrize(
    "fields",
    [
        {"format": 2},
        {"format": True},
        {"outputs": "relu"},
        {"reading": {"size": [8, 8]}},
        {"reading": {"size": [8, 1e9], "crop": False}},
        {"reading": {"size": [8, 0], "crop": False}},
        {"versions": ["3.15"]},
        {"members": {"config.json": 5}},
    ],
)
def test_a_field_of_another_kind_is_refused(fields):
    (name,) = fields
    data = json.dumps({"class_names": ["cat", "dog"], **fields}).encode()
    with pytest.raises(InputError, match=f"^cannot use {name} in it: found"):
        parse_record(data, "it")


def test_a_path_whose_bytes_are_no_text_is_kept_as_text():
    path = PurePosixPath("pets/b\udcff")  # so Python reads a name in another encoding
    for value in (path, str(path)):
        assert plain(value, "pictures") == r"pets/b\udcff"


def test_plain_says_where_the_bad_value_is():
    with pytest.raises(InputError, match=r"^expected facts\['a'\]\[1\] to be a number"):
        plain({"a": [1, float("nan")]}, "facts")
