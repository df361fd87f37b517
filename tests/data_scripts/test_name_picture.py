"""The script name_picture: a line, or a reason, for each picture."""

import os
import subprocess
import sys

import keras
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from helpers.classifier import name_picture, open_classifier, save_classifier
from helpers.plumbing import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("naming")
    inputs = keras.Input((8, 8, 3))
    dense = keras.layers.Dense(2, "softmax")
    model = keras.Model(inputs, dense(keras.layers.GlobalAveragePooling2D()(inputs)))
    dense.set_weights([np.full((3, 2), [-0.01, 0.01]), np.array([3.0, -3.0])])
    save_classifier(model, ["cat", "dog"], folder / "pets.keras")
    (folder / "pictures").mkdir()
    for name, value in (("bright", 240), ("猫", 10)):
        image = Image.new("RGB", (30, 20), 3 * (value,))
        image.save(folder / "pictures" / f"{name}.png")
    (folder / "pictures" / "empty.jpg").touch()
    return folder


def name(folder, *arguments, encoding="utf-8"):
    command = [sys.executable, "-m", "data_scripts.name_picture"]
    return subprocess.run(
        [*command, *map(str, arguments), "--model", str(folder / "pets.keras")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )


def test_a_fresh_process_gives_the_same_name(folder):
    bright = folder / "pictures" / "bright.png"
    done = name(folder, bright)
    classifier = open_classifier(folder / "pets.keras")
    answer, share = name_picture(classifier.model, bright, classifier.class_names)
    assert done.stdout == f"bright.png: {answer} ({share:.1%})\n", done.stderr
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_folder_is_named_to_its_end_and_put_into_a_table(folder):
    table = folder / "names.csv"
    done = name(folder, folder / "pictures", "--csv", table, encoding="ascii")
    lines = done.stdout.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        "bright.png: dog",
        "\\u732b.png: cat",
        "named 2 of 3 pictures: 1 dog, 1 cat",
    ]
    reason, end = done.stderr.splitlines()
    assert "empty.jpg is not a picture" in reason
    assert end == "error: 1 of 3 pictures could not be read, as said above."
    assert done.returncode == 2
    rows = pd.read_csv(table, keep_default_na=False)
    assert rows["name"].tolist() == ["dog", "", "cat"]
    assert rows["picture"][2].endswith("猫.png")
    assert "it is empty" in rows["problem"][1]


def test_a_table_that_is_there_is_not_touched(folder):
    mine = folder / "mine.csv"
    mine.write_text("my notes")
    done = name(folder, folder / "pictures" / "bright.png", "--csv", mine)
    assert done.returncode == 2
    assert "expected a new name for the table" in done.stderr
    assert done.stdout == ""
    assert mine.read_text() == "my notes"


def test_what_in_a_folder_is_not_read_is_told(folder, tmp_path):
    for file in ("tom.dng", "notes.txt"):
        (tmp_path / file).touch()
    (tmp_path / "dark.png").write_bytes((folder / "pictures" / "猫.png").read_bytes())
    done = name(folder, tmp_path)
    assert done.returncode == 0
    assert "dark.png: " in done.stdout
    assert "Not read here: 1, such as tom.dng (a camera's raw picture" in done.stderr
    assert "notes.txt" not in done.stdout + done.stderr
