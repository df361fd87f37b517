"""The same faults, met by Keras's own loaders and by ours.

    python -m tests.faults.side_by_side

What both say is kept in side_by_side.json, and SIDE_BY_SIDE.md is written from it.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import tempfile
import textwrap
import warnings
from collections.abc import Callable
from pathlib import Path

import keras
import pandas as pd
import pytest
from tensorflow.keras.preprocessing.image import ImageDataGenerator

from helpers.plumbing import ROOT
from tools.records import code_of, mark, write_json

from . import FAULTS, Fault, Scene
from .__main__ import seen

PAGE = Path(__file__).with_name("SIDE_BY_SIDE.md")
RECORD = Path(__file__).with_name("side_by_side.json")


def _load_img(folder: Path) -> str:
    (path,) = folder.iterdir()
    image = keras.utils.load_img(path)
    pixel = image.getpixel((image.width // 2, image.height // 2))
    return f"{image.width} × {image.height} pixels, {pixel} in the middle"


def _from_directory(folder: Path) -> str:
    dataset = keras.utils.image_dataset_from_directory(folder, image_size=(8, 8))
    batches = sum(1 for _ in dataset)
    return f"{batches} batch, classes {dataset.class_names}"


def _pets(folder: Path) -> str:
    return _from_directory(folder / "pets")


def _home(folder: Path) -> str:
    return _from_directory(folder / "home")


def _from_dataframe(folder: Path) -> str:
    table = pd.read_csv(folder / "labels.csv")
    found = ImageDataGenerator().flow_from_dataframe(
        table,
        folder / "pictures",
        x_col="File Name",
        y_col="Label",
        class_mode="sparse",
        target_size=(8, 8),
    )
    next(found)
    return f"classes {found.class_indices}"


PAIRS: dict[tuple[str, str], Callable[[Path], str]] = {
    ("pictures", "empty"): _load_img,
    ("pictures", "a web page named .jpg"): _load_img,
    ("pictures", "a macOS ._ twin"): _load_img,
    ("pictures", "JPEG without its last part"): _load_img,
    ("pictures", "a decompression bomb"): _load_img,
    ("pictures", "turned by a note of the camera (EXIF)"): _load_img,
    ("pictures", "16 bits a pixel"): _load_img,
    ("pictures", "a folder in place of a picture"): _load_img,
    ("folders", "hidden folders, __MACOSX, ._ twins, Thumbs.db"): _pets,
    ("folders", "broken pictures among good ones"): _pets,
    ("folders", "an empty class"): _pets,
    ("folders", "one class only"): _pets,
    ("folders", "one level too high"): _home,
    ("folders", "the same picture in both classes"): _pets,
    ("tables", "semicolons, as Excel writes in many countries"): _from_dataframe,
    ("tables", "upper-case and padded headers"): _from_dataframe,
    ("tables", "labels in mixed case and padded"): _from_dataframe,
    ("tables", "GBK"): _from_dataframe,
    ("tables", "numbers for labels"): _from_dataframe,
    ("tables", "a third class"): _from_dataframe,
    ("tables", "a missing picture"): _from_dataframe,
    ("tables", "backslashes"): _from_dataframe,
    ("tables", "a picture as a cat and as a dog"): _from_dataframe,
}
LOADERS = {
    _load_img: "load_img",
    _pets: "image_dataset_from_directory",
    _home: "image_dataset_from_directory",
    _from_dataframe: "flow_from_dataframe",
}


def what_keras_says(fault: Fault, load: Callable[[Path], str]) -> str:
    """Make a fault, give it to a loader of Keras; what is printed, warned or raised."""
    printed = io.StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        contextlib.ExitStack() as later,
        contextlib.redirect_stdout(printed),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always", UserWarning)
        fault.make(Scene(Path(folder), patch, later))
        try:
            end = f"no error: {load(Path(folder))}"
        except Exception as error:
            end = f"**{type(error).__name__}**: {error}"
    lines = [printed.getvalue(), *(str(w.message) for w in warned), end]
    text = re.sub(r"\s+", " ", " ".join(lines)).replace(folder, "…")
    text = re.sub(r"0x[0-9a-f]{6,}", "0x…", text).replace("|", "\\|").strip()
    return textwrap.shorten(text, 300, placeholder=" […]")


def page(record: dict) -> str:
    """The table, as SIDE_BY_SIDE.md holds it."""
    lines = [
        "# The same fault, met by Keras and by us",
        "",
        "Written from what `.venv/bin/python -m tests.faults.side_by_side` kept, with "
        f"Keras {record['keras']}. “…” stands for a folder.",
        *filter(None, [mark(record["code"])]),
        "",
        "| fault | Keras's loader | what it says | what we say |",
        "|---|---|---|---|",
        *(f"| {fault} | `{how}` | {k} | {o} |" for fault, how, k, o in record["rows"]),
    ]
    return "\n".join(lines) + "\n"


def faults_code(root: Path = ROOT) -> dict[str, str]:
    """Which code makes the faults and gives them to Keras."""
    return code_of(["tests/faults/side_by_side.py"], root, within=("tests",))


def rendered() -> dict[Path, str]:
    """The table as it has to be (for `tools.records`)."""
    return {PAGE: page(json.loads(RECORD.read_text(encoding="utf-8")))}


def main() -> None:
    faults = {(fault.group, fault.name): fault for fault in FAULTS}
    rows = [
        [
            place[1],
            LOADERS[load],
            what_keras_says(faults[place], load),
            seen(faults[place]),
        ]
        for place, load in PAIRS.items()
    ]
    record = {"keras": keras.__version__, "rows": rows, "code": faults_code()}
    write_json(RECORD, record)
    PAGE.write_text(page(record), encoding="utf-8", newline="\n")
    print(f"{PAGE}: {len(PAIRS)} faults")


if __name__ == "__main__":
    main()
