"""The file of a classifier, as far as it can be read without TensorFlow.

`cats_vs_dogs.keras` is a zip, as Keras writes it, with one member more:
`classifier.json`, the record. It tells what Keras does not keep: the names of the
classes, how pictures are read, how good the classifier is, what it was made from.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from helpers.classifier_file.record import AGAIN, parse_record
from helpers.errors import InputError
from helpers.plumbing import DATA, ROOT, ListedZip, explained, sha256, shown

MODEL = DATA / "models" / "cats_vs_dogs.keras"  # where lesson 6 saves yours
RECORD = "classifier.json"
KNOWN = "known.npz"
LARGEST = {RECORD: 1_000_000, "config.json": 20_000_000, KNOWN: 100_000_000}
MAX_MEMBERS = 1000  # Keras writes three, and a few more for each vocabulary
MAX_DIRECTORY = 4_000_000  # bytes of their list
SAME_SOURCE = ("made_by", "pictures", "data")  # facts that tell what it was made from


def model_path() -> Path:
    """Where lesson 6 saves the classifier, and where it is looked for.

    The environment variable TRANSFER_MODELS names another folder, so that a test or a
    trial does not meet your own. A relative one begins at the project's folder.

    Example:
        >>> model_path().name
        'cats_vs_dogs.keras'
    """
    folder = os.environ.get("TRANSFER_MODELS")
    return ROOT / folder / MODEL.name if folder else MODEL


def read_record(path: Path | str) -> dict:
    """Read what is known about a classifier, without loading its model.

    Args:
        path: The classifier's file. One of the first kind, with its names in a JSON
            file beside it, is read as well.

    Returns:
        The record: `class_names`; from `save_classifier` also `format`, `outputs`,
        `reading`, `versions`, `saved`, `members` and the facts that were given
        (`accuracy`, `n_pictures`, …).

    Raises:
        InputError: if there is no such file, it is damaged, or is no classifier.

    Example:
        >>> read_record("pets.keras")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a saved classifier, found no pets.keras. ...
    """
    path = Path(path)
    members = _members(path)
    if RECORD in members:
        with zipfile.ZipFile(path) as archive:
            data = archive.read(RECORD)
        record = parse_record(data, f"{RECORD} of {shown(path)}")
        _check_members(record, members, path)
        return record
    beside = path.with_suffix(".json")
    if not beside.is_file():
        raise InputError(
            f"{shown(path)} holds a model without the names of its classes; found no "
            f"{shown(beside)} either. Load the model with Keras, and save it with "
            "helpers.classifier.save_classifier and the names."
        )
    with explained(beside):
        _refuse_large(beside.name, beside.stat().st_size, LARGEST[RECORD], path)
        record = parse_record(beside.read_bytes(), shown(beside))
    if sha256(path) != record.get("sha256"):
        raise InputError(
            f"{shown(path)} is not the file that {beside.name} was written for: it is "
            f"damaged, or only half of the two was copied. {AGAIN}"
        )
    return record


def add_members(path: Path, record: Mapping, known: Path | None = None) -> None:
    """Put the record into a `.keras` file that Keras has just written.

    Args:
        path: The file, under its unfinished name.
        record: What `plain` returned, with `class_names`.
        known: The file that becomes the member `known.npz`.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "pets.keras")
        ...     with zipfile.ZipFile(path, "w") as archive:
        ...         archive.writestr("config.json", "{}")
        ...     add_members(path, {"format": 1, "class_names": ["cat", "dog"]})
        ...     zipfile.ZipFile(path).namelist()
        ['config.json', 'classifier.json']
    """
    with zipfile.ZipFile(path, "a") as archive:
        if known:
            archive.write(known, KNOWN)
        members = {name: _digest(archive, name) for name in archive.namelist()}
        text = json.dumps({**record, "members": members}, indent=2, ensure_ascii=False)
        archive.writestr(RECORD, text + "\n")


def _members(path: Path) -> dict[str, str]:
    # Every byte is read, and its checksum compared, before anybody parses anything.
    if not os.path.isfile(path):
        raise InputError(_not_there(path))
    try:
        with (
            explained(path),
            ListedZip(path, MAX_DIRECTORY) as file,
            zipfile.ZipFile(file) as archive,
        ):
            if len(archive.infolist()) > MAX_MEMBERS:
                raise zipfile.BadZipFile
            for member in archive.infolist():
                limit = LARGEST.get(member.filename, math.inf)
                packed = 1_000_000 + 100 * member.compress_size  # more is a trick
                size, limit = member.file_size, min(limit, packed)
                _refuse_large(member.filename, size, limit, path)
            return {name: _digest(archive, name) for name in archive.namelist()}
    except InputError:
        raise
    except Exception as error:  # zipfile and what unpacks have errors of all kinds
        with explained(path), open(path, "rb") as file:
            page = file.read(100).lstrip().startswith(b"<")
        what = "it is a web page" if page else "it is damaged, or half copied"
        raise InputError(
            f"{shown(path)} is not a whole .keras file: {what} "
            f"({path.stat().st_size:,} bytes). {AGAIN}"
        ) from error


def _check_members(record: Mapping, members: Mapping[str, str], path: Path) -> None:
    written = record.get("members", {})
    wrong = [name for name in written if members.get(name) != written[name]]
    if wrong:
        raise InputError(
            f"{shown(path)} was changed after it was saved: {', '.join(wrong)[:80]} is "
            f"not what {RECORD} was written for. {AGAIN}"
        )


def _not_there(path: Path) -> str:
    if os.path.isdir(path):
        return (
            f"expected a saved classifier, found a folder: {shown(path)}. A .keras "
            "file is one file; if yours was unpacked, copy the file itself again."
        )
    found = f"expected a saved classifier, found no {shown(path)}."
    if path == model_path():
        return (
            f"{found} Run lesson 6 (notebooks/06_train_cats_vs_dogs.ipynb): it saves "
            "one."
        )
    return f"{found} Check the spelling and the folder."


def _refuse_large(name: str, size: int, limit: float, path: Path) -> None:
    if size > limit:
        raise InputError(
            f"{name} in {shown(path)} is too large to be what it should: {size:,} "
            f"bytes, expected {int(limit):,} at most. Use a file whose source you know."
        )


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as member:
        while piece := member.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
