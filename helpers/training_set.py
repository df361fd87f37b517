"""From two folders of pictures to the layout of the 2019 article, split honestly."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import json
import random
import re
import shutil
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from helpers.errors import InputError
from helpers.files import explained, locked, sha256, whole_file, whole_folder
from helpers.pictures import find_pictures, open_picture, shown

CLASSES = ("cat", "dog")
COLUMNS = ["File Name", "Label"]
SIDE = 16  # a hash has SIDE * SIDE bits
# Of those 256 bits, mirrored copies at half the size and JPEG quality 50 differ in 41
# at most (drawn pets; 21 for photographs), pictures of different pets in 60 at least
# (the closest of 1.1 million pairs of photographs; 70 for drawn pets).
SAME = 48


def make_training_set(
    source: Path | str,
    folder: Path | str,
    train_per_class: int = 100,
    test_per_class: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Split pictures into a training set and a test set that share none.

    Of pictures that are the same, mirrored, resized or compressed again, one is taken
    and the others are left out: a copy of a training picture in the test set would be
    praised for what was learned by heart. Run again with the same pictures, it does
    nothing.

    Args:
        source: A folder with the folders `cat` and `dog`; it is only read.
        folder: Where `train` (pictures side by side), `train_labels.csv` (columns
            `File Name` and `Label`) and `test` (a folder per class) are made. An
            earlier set there is replaced; anything else of these names is an error.
        train_per_class: How many pictures of each class to learn from.
        test_per_class: How many of each class to test with.
        seed: Which pictures are drawn; the same on every computer.

    Returns:
        Counts: a row for `cat` and `dog`, the columns `train`, `test` and `copies`
        (left out because a copy of them had been taken).

    Raises:
        InputError: if a folder is missing, has too few pictures, or one and the same
            picture lies in both classes; if a picture cannot be read.

    Example:
        >>> make_training_set("no_such_folder", "data")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such folder: no_such_folder. ...
    """
    source, folder = Path(source), Path(folder)
    sizes = {"train": train_per_class, "test": test_per_class}
    if min(sizes.values()) < 1:
        raise InputError(
            f"expected at least 1 picture of each class, found {sizes}. Ask for more "
            "(--train-per-class, --test-per-class)."
        )
    found = {kind: _pictures_of(source, kind) for kind in CLASSES}
    recipe = {"sizes": sizes, "seed": seed, "pictures": _state(found)}
    done = folder / "training_set.json"
    if (counts := _finished(folder, done, recipe)) is not None:
        return counts  # no need of a lock, which a read-only disk would refuse
    with explained(folder), locked(folder / "training_set"):
        if (counts := _finished(folder, done, recipe)) is not None:
            return counts  # by the run that we waited for
        _only_replace_our_own(folder, done)
        _refuse_shared(found)
        chosen, copies = _choose(found, sizes, seed)
        with whole_file(done) as unfinished:
            unfinished.write_text("{}")  # ours, and from here to the end unfinished
        _write(folder, chosen, sizes, seed)
        counts = {kind: {**sizes, "copies": copies[kind]} for kind in CLASSES}
        with whole_file(done) as unfinished:
            text = json.dumps({"recipe": recipe, "counts": counts}, indent=1)
            unfinished.write_text(text + "\n", encoding="utf-8")
    return pd.DataFrame(counts).T


def _pictures_of(source: Path, kind: str) -> list[Path]:
    found = find_pictures(source)  # says it if there is no such folder
    pictures = [p for p in found if p.relative_to(source).parts[0] == kind]
    if not pictures:
        folders = sorted(p.name for p in source.iterdir() if p.is_dir())
        raise InputError(
            f"expected pictures in {shown(source / kind)}, found none. There are the "
            f"folders {folders}. Pass the folder that holds cat and dog "
            "(data_scripts.get_photos makes one from any archive)."
        )
    return pictures


def _state(found: dict[str, list[Path]]) -> str:
    """A digest of names, sizes and dates: has anything in the folders changed?"""
    digest = hashlib.sha256()
    for kind, pictures in found.items():
        for picture in pictures:
            try:
                status = picture.stat()
            except OSError:  # a link that leads nowhere
                raise InputError(
                    f"no such file: {shown(picture)}. Take the link out of the folder."
                ) from None
            line = f"{kind} {picture.name} {status.st_size} {status.st_mtime_ns}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _finished(folder: Path, done: Path, recipe: dict) -> pd.DataFrame | None:
    """The counts of the set that is there, if it is this one and complete."""
    try:
        written = json.loads(done.read_text(encoding="utf-8"))
        sides = {side: len(find_pictures(folder / side)) for side in recipe["sizes"]}
        wanted = {side: 2 * size for side, size in recipe["sizes"].items()}
        table = folder / "train_labels.csv"
        if written["recipe"] == recipe and sides == wanted and table.is_file():
            return pd.DataFrame(written["counts"]).T
    except (OSError, ValueError, KeyError, TypeError):  # not there, or spoiled
        pass
    return None


def _only_replace_our_own(folder: Path, done: Path) -> None:
    for name in ("train", "test", "train_labels.csv"):
        if (folder / name).exists() and not done.is_file():
            raise InputError(
                f"{shown(folder / name)} is not of an earlier training set, and would "
                "be lost. Name another folder (--folder), or move it away."
            )


def _refuse_shared(found: dict[str, list[Path]]) -> None:
    """The same file in both classes: one of its labels is wrong, drawn or not."""
    sizes = [{picture.stat().st_size for picture in found[kind]} for kind in CLASSES]
    owners: dict[str, tuple[str, Path]] = {}
    for kind, pictures in found.items():
        for picture in pictures:
            size = picture.stat().st_size
            if not size or not all(size in both for both in sizes):
                continue  # no need to read it
            with explained(picture):
                content = sha256(picture)
            other_kind, other = owners.setdefault(content, (kind, picture))
            if other_kind != kind:
                raise InputError(
                    f"the same picture is a {other_kind} and a {kind}: {shown(other)} "
                    f"and {shown(picture)}. Look at it and delete the one that is "
                    "wrong."
                )


def _choose(
    found: dict[str, list[Path]], sizes: dict[str, int], seed: int
) -> tuple[dict[str, list[Path]], dict[str, int]]:
    """Draw pictures class by class; leave out copies of those already drawn."""
    taken, chosen, copies = _Taken(), {}, {}
    wanted = sum(sizes.values())
    for kind, pictures in found.items():
        rest = list(pictures)
        random.Random(f"{seed} {kind}").shuffle(rest)
        chosen[kind], copies[kind] = [], 0
        for picture in rest:
            if len(chosen[kind]) == wanted:
                break
            if taken.add(picture):
                chosen[kind].append(picture)
            else:
                copies[kind] += 1
        if len(chosen[kind]) < wanted:
            left_out = f" ({copies[kind]} more are copies of these)"
            raise InputError(
                f"expected {wanted} different pictures of a {kind} "
                f"({sizes['train']} to train, {sizes['test']} to test), found "
                f"{len(chosen[kind])}{left_out * bool(copies[kind])}. Add pictures, or "
                "ask for fewer (--train-per-class, --test-per-class)."
            )
    return chosen, copies


class _Taken:
    """The pictures drawn so far, to be compared with the next one."""

    def __init__(self) -> None:
        self.hashes = np.zeros((0, SIDE * SIDE), bool)

    def add(self, picture: Path) -> bool:
        """Take a picture unless it is a copy; say whether it was taken."""
        image = open_picture(picture)
        upright = picture_hash(image)
        mirrored = picture_hash(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        for hashed in (upright, mirrored):
            if ((self.hashes != hashed).sum(axis=1) <= SAME).any():
                return False
        self.hashes = np.vstack([self.hashes, upright])
        return True


def picture_hash(image: Image.Image) -> np.ndarray:
    """Describe a picture by 256 bits that survive resizing and compression.

    Each bit says whether one cell of a 16 × 17 grid is darker than its right-hand
    neighbor (the "difference hash").

    Args:
        image: A picture of any size.

    Returns:
        A bool array of shape (256,).

    Example:
        >>> image = Image.linear_gradient("L").rotate(90)
        >>> smaller = image.resize((50, 70))
        >>> int((picture_hash(image) != picture_hash(smaller)).sum())
        0
    """
    grey = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    pixels = np.asarray(grey, dtype=int)
    return (pixels[:, 1:] > pixels[:, :-1]).ravel()


def _write(
    folder: Path, chosen: dict[str, list[Path]], sizes: dict[str, int], seed: int
) -> None:
    rows: list[tuple[str, str]] = []
    with whole_folder(folder / "train") as train, whole_folder(folder / "test") as test:
        for kind, pictures in chosen.items():
            (test / kind).mkdir()
            for number, picture in enumerate(pictures):
                to_train = number < sizes["train"]
                place = train if to_train else test / kind
                # A class in the name, as in the article, and never two of the same.
                name = _copy(picture, place / f"{kind}.{number:04}")
                if to_train:
                    rows.append((name, kind))
    random.Random(seed).shuffle(rows)
    with whole_file(folder / "train_labels.csv") as unfinished:
        table = pd.DataFrame(rows, columns=COLUMNS)
        table.to_csv(unfinished, index=False, lineterminator="\n", encoding="utf-8")


def _copy(picture: Path, target: Path) -> str:
    """Copy what every loader reads alike; write the rest as PNG. The name it got."""
    with Image.open(picture) as image:
        upright = image.getexif().get(0x0112, 1) == 1
        plain = image.mode in ("RGB", "L") and upright
        suffix = {"JPEG": ".jpg", "PNG": ".png"}.get(image.format)
    if plain and suffix:
        shutil.copyfile(picture, target.with_name(target.name + suffix))
        return target.name + suffix
    # Turned by a note that Keras ignores, transparent, CMYK, WebP, …
    open_picture(picture).save(target.with_name(f"{target.name}.png"))
    return f"{target.name}.png"


def read_label_table(path: Path | str, folder: Path | str) -> pd.DataFrame:
    """Read a label table and make sure that it fits its folder of pictures.

    Keras's own loader says "Found 0 validated image filenames" where this says which
    row is wrong. Headers and labels may be padded or in capitals; columns may be
    separated by semicolons or tabs, as Excel writes them in many countries.

    Args:
        path: A text file, UTF-8, with the columns `File Name` and `Label`.
        folder: Where the pictures lie.

    Returns:
        A table with the columns `File Name` and `Label`, labels `"cat"` or `"dog"`.

    Raises:
        InputError: if the table is missing, empty, not UTF-8, lacks a column, has a
            label that is neither, names a picture twice or one that is not there.

    Example:
        >>> read_label_table("no_such_table.csv", "pictures")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such table: no_such_table.csv. ...
    """
    path, folder = Path(path), Path(folder)
    named = _rows(_text(path), path)
    side_by_side = [p.name for p in find_pictures(folder) if p.parent == folder]
    there = {_plain(name): name for name in side_by_side}
    rows, first, missing = [], {}, []
    for row, name, label in named:
        if label.lower() not in CLASSES:
            raise InputError(
                f"expected the label cat or dog in {shown(path)}, found "
                f"'{shown(label[:40])}' in row {row}. Correct it, or take the row out."
            )
        if first.setdefault(name, row) != row:
            raise InputError(
                f"expected each picture once in {shown(path)}, found '{shown(name)}' "
                f"in rows {first[name]} and {row}. Take one of the rows out."
            )
        if _plain(name) in there:
            rows.append((there[_plain(name)], label.lower()))
        else:
            missing.append((row, name))
    if missing:
        listed = ", ".join(f"'{shown(name)}' (row {row})" for row, name in missing[:3])
        raise InputError(
            f"expected the pictures of {shown(path)} in {shown(folder)}, found "
            f"{len(missing)} of {len(first)} missing: {listed}."
            f"{_nearest(missing[0][1], side_by_side)} Names need their ending and no "
            "folder before them."
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)  # macOS writes é in two signs


def _nearest(name: str, there: Iterable[str]) -> str:
    name = re.split(r"[\\/]", name)[-1].casefold()
    names = {other.casefold(): other for other in there}
    near = difflib.get_close_matches(name, names, n=1, cutoff=0)
    return f" The nearest name there is '{shown(names[near[0]])}'." if near else ""


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(
            f"no such table: {shown(path)}. Expected a text file with the columns "
            "File Name and Label."
        )
    with explained(path):
        data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" not in text:
        return text
    if data.startswith(b"PK"):
        what = "an Excel workbook"
    elif b"\0" in data:
        what = "UTF-16 (Excel's “Unicode Text”)"
    else:
        what = "another encoding (GBK or Windows-1252, perhaps)"
    raise InputError(
        f"expected {shown(path)} to be a text file in UTF-8, found {what}. In Excel: "
        "Save As, “CSV UTF-8”."
    )


def _rows(text: str, path: Path) -> list[tuple[int, str, str]]:
    """Row number as a spreadsheet counts, file name and label of each row."""
    separator = max(",;\t", key=text.strip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [
            (n, cells)
            for n, cells in enumerate(reader, 1)
            if any(map(str.strip, cells))
        ]
    except csv.Error as error:
        raise InputError(
            f"expected the columns {COLUMNS} in {shown(path)}, found a file that is no "
            f"table: {error} (row {reader.line_num}). Save it as CSV again."
        ) from None
    header = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    wanted = [column.lower() for column in COLUMNS]
    if [header.count(column) for column in wanted] != [1, 1]:
        found = ", ".join(f"'{shown(cell)}'" for cell in rows[0][1]) if rows else "none"
        raise InputError(
            f"expected the columns {COLUMNS} in {shown(path)}, found {found}. "
            "Name each of them once, in the first row."
        )
    if len(rows) == 1:
        raise InputError(
            f"expected rows in {shown(path)}, found the header alone. "
            "Add a row for each picture."
        )
    name, label = map(header.index, wanted)
    filled = [(n, [*cells, "", ""]) for n, cells in rows[1:]]  # a row may be short
    return [(n, cells[name].strip(), cells[label].strip()) for n, cells in filled]
