"""The two sets of pictures that the lessons can use: drawn pets, photographs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.errors import InputError
from helpers.pets import draw_pets
from helpers.pictures import find_pictures
from helpers.plumbing import DATA, PYTHON, Standing, read_json
from helpers.sources import (
    CLASSES,
    changed_since,
    make_training_set,
    place_of,
    read_label_table,
    refuse_unless_plain,
)


@dataclass(frozen=True)
class PictureSet:
    """Where a set of pictures lies, in the layout of the 2019 article.

    Attributes:
        name: `"drawn"` or `"photos"`.
        train_folder: Pictures side by side; 100 cats and 100 dogs, if nobody has asked
            for others.
        train_table: The table that names them: columns `File Name` and `Label`.
        test_folder: A folder `cat` and a folder `dog`, 200 pictures each unless asked
            otherwise; none of them is, or is a copy of, a picture in `train_folder`.

    Example:
        >>> places = (Path("pets", name) for name in ("train", "a.csv", "test"))
        >>> few = PictureSet("drawn", *places)
        >>> few.name, few.train_table.name
        ('drawn', 'a.csv')
    """

    name: str
    train_folder: Path
    train_table: Path
    test_folder: Path

    def training_set(self) -> tuple[list[Path], np.ndarray]:
        """The pictures to learn from, in the order of the table.

        Returns:
            Their paths, and their classes: an int64 array of shape (pictures,), 0 for
            a cat and 1 for a dog.

        Raises:
            InputError: if the table does not fit the folder.

        Example:
            >>> from tempfile import TemporaryDirectory
            >>> with TemporaryDirectory() as name:
            ...     folder = Path(name)
            ...     _ = draw_pets(folder / "source", per_class=2)
            ...     _ = make_training_set(folder / "source", folder, 1, 1)
            ...     parts = [folder / p for p in ("train", "train_labels.csv", "test")]
            ...     paths, labels = PictureSet("few", *parts).training_set()
            ...     print(sorted(path.name for path in paths), sorted(labels.tolist()))
            ['cat.0000.jpg', 'dog.0000.jpg'] [0, 1]
        """
        table = read_label_table(self.train_table, self.train_folder)
        paths = [self.train_folder / name for name in table["File Name"]]
        return paths, np.array([CLASSES.index(label) for label in table["Label"]])

    def test_set(self) -> tuple[list[Path], np.ndarray]:
        """The pictures to test with, all cats before all dogs.

        Returns:
            Paths and classes, as `training_set` gives them.

        Raises:
            InputError: if one of the folders is missing.

        Example:
            >>> PictureSet("none", *3 * [Path("nowhere")]).test_set()
            Traceback (most recent call last):
            ...
            helpers.errors.InputError: no such folder: nowhere/cat. ...
        """
        found = [
            (p, n)
            for n, kind in enumerate(CLASSES)
            for p in find_pictures(self.test_folder / kind)
        ]
        return [path for path, _ in found], np.array([number for _, number in found])


def open_pictures(name: str = "drawn") -> PictureSet:
    """Find a set of pictures; draw and split the drawn pets if they are not there yet.

    A training set that stands is used, whatever its sizes and whoever has changed it; a
    sentence says what differs.

    Args:
        name: `"drawn"` for the drawn pets, which every computer makes for itself in
            half a minute, or `"photos"` for photographs that `make run PHOTOS=…` or
            `data_scripts.get_photos` put in place. The environment variable
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
    standing = place_of(folder).look()
    if standing.needed:
        _say_what_changed(name, folder, standing)
    elif source.is_dir():
        make_training_set(source, folder)
    else:
        raise InputError(
            f"expected photographs in {source}, found none. Fetch them with "
            f"`{PYTHON} -m data_scripts.get_photos` (or give that command an archive "
            'or a folder of your own), or use open_pictures("drawn").'
        )
    train, table = folder / "train", folder / "train_labels.csv"
    if place_of(folder).look().theirs:
        refuse_unless_plain(table, train)
    return PictureSet(name, train, table, folder / "test")


def _say_what_changed(name: str, folder: Path, standing: Standing) -> None:
    """A training set that stands is used, whatever its sizes; what is new is told."""
    place = place_of(folder)
    if not isinstance(standing.recipe, dict):
        if standing.recipe is not None:  # killed while it was being replaced
            make_training_set(folder / "source", folder)
        elif not isinstance(read_json(folder / place.record), dict):
            print(f"{folder} holds a training set of somebody's: it is used as it is.")
        return  # or one of ours from before its record held digests
    place.say_difference(standing, ", ".join(place.parts))
    if not changed_since(folder / "source", standing):
        return
    if name == "drawn" and not standing.theirs:  # by a new version of the drawing
        sizes = standing.recipe["sizes"]
        make_training_set(
            folder / "source", folder, *sizes.values(), standing.recipe["seed"]
        )
        return
    print(
        f"The pictures in {folder / 'source'} are others since they were split. The "
        "training set of before is used; to split anew, run "
        f"`{PYTHON} -m data_scripts.make_training_set --source {folder / 'source'} "
        f"--folder {folder}`."
    )
