"""The two sets of pictures that the lessons can use: drawn pets, photographs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from helpers.drawing import draw_pets
from helpers.errors import InputError
from helpers.files import DATA
from helpers.training_set import make_training_set


@dataclass(frozen=True)
class PictureSet:
    """Where a set of pictures lies, in the layout of the 2019 article.

    Attributes:
        name: `"drawn"` or `"photos"`.
        train_folder: 200 pictures side by side, 100 cats and 100 dogs.
        train_table: The table that names them: columns `File Name` and `Label`.
        test_folder: A folder `cat` and a folder `dog`, 200 pictures each; none of them
            is, or is a copy of, a picture in `train_folder`.
    """

    name: str
    train_folder: Path
    train_table: Path
    test_folder: Path


def open_pictures(name: str = "drawn") -> PictureSet:
    """Find a set of pictures; draw and split the drawn pets if they are not there yet.

    Args:
        name: `"drawn"` for the drawn pets, which every computer makes for itself in
            half a minute, or `"photos"` for photographs that
            `python -m data_scripts.get_photos` put in place. The environment variable
            `PICTURES`, which `make run PHOTOS=…` sets, goes before it.

    Returns:
        The folders and the table of the set.

    Raises:
        InputError: if there is no such set, or the photographs are not there yet.

    Example:
        >>> pictures = open_pictures("drawings")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected "drawn" or "photos", found "drawings".
    """
    name = os.environ.get("PICTURES", name)
    if name not in ("drawn", "photos"):
        raise InputError(f'expected "drawn" or "photos", found "{name}".')
    folder = DATA / name
    source = folder / "source"
    if name == "drawn":
        if not source.is_dir():
            print("Drawing 600 pets, once; this takes about 15 seconds.")
        draw_pets(source)
    elif not source.is_dir():
        raise InputError(
            f"expected photographs in {source}, found none. Fetch them with "
            "`python -m data_scripts.get_photos` (or give that command an archive or "
            'a folder of your own), or use open_pictures("drawn").'
        )
    make_training_set(source, folder)
    return PictureSet(
        name, folder / "train", folder / "train_labels.csv", folder / "test"
    )
