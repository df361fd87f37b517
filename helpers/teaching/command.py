"""What `data_scripts.train_classifier` does, and what it says on the way."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from helpers.classifier_file import model_path
from helpers.errors import InputError
from helpers.pictures import open_picture, shown
from helpers.plumbing import DATA, ROOT, given_path
from helpers.teaching.advice import accuracy_sentence, three_sentences
from helpers.teaching.collection import Collection, read_collection
from helpers.teaching.report import write_report
from helpers.teaching.train import train_classifier

REPORTS = DATA / "reports"
THUMBNAIL = 160  # pixels of the longer side, in the report


def teach(folder: str, table: str | None = None, name: str | None = None) -> Path:
    """Train a classifier on a folder, write its report, and say how it went.

    Args:
        folder: As for `helpers.teaching.read_collection`.
        table: A label table, or None.
        name: What the classifier is called; the folder's name if None.

    Returns:
        The path of the report.

    Raises:
        InputError: if the folder holds no classes that can be learned, or something
            cannot be written. Nothing is left half-written.
    """
    place = given_path(folder)
    collection = read_collection(
        place, given_path(table) if table else None, progress=True
    )
    for line in what_was_found(collection):
        print(line)
    name = file_name(name or place.resolve().name)
    model = model_path().with_name(f"{name}.keras")
    trained = train_classifier(collection, model, progress=True)
    facts = {**trained.facts, "model": _short(trained.path)}
    facts["next"] = three_sentences(facts)
    report = write_report(
        facts, lambda picture: thumbnail(place / picture), REPORTS / f"{name}.html"
    )
    print(f"\n{accuracy_sentence(facts)}")
    print(*facts["next"], sep="\n")
    print(f"\nclassifier: {_short(trained.path)}\nreport:     {_short(report)}")
    return report


def _short(path: Path) -> str:
    return shown(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def what_was_found(collection: Collection) -> list[str]:
    """Tell what is learned from, and all that was left out.

    Args:
        collection: What `read_collection` gave.

    Returns:
        Lines for a terminal: one, and one more for each kind of thing left out.
    """
    classes = collection.class_names
    named = ", ".join(map(shown, classes[:8])) + (", …" if len(classes) > 8 else "")
    lines = [f"{len(collection.names)} pictures of {len(classes)} classes: {named}"]
    if collection.copies:
        lines.append(f"{len(collection.copies)} copies of these are left out.")
    for title, rows in (
        ("set aside", collection.set_aside),
        ("not looked at", collection.passed_over),
    ):
        if rows:
            lines.append(f"{len(rows)} {title}, such as {_example(rows)}")
    return lines


def _example(rows: Sequence[tuple[str, str]]) -> str:
    name, reason = rows[0]
    return f"{shown(name)}: {reason}"


def file_name(name: str) -> str:
    """A name that every system can give to a file, as near as can be.

    Example:
        >>> file_name("Tom's mugs/2026?"), file_name("键 和 杯")
        ("Tom's_mugs_2026_", '键_和_杯')
    """
    name = re.sub(r'[\s<>:"/\\|?*\x00-\x1f]+', "_", unicodedata.normalize("NFC", name))
    name = name.strip(". ")[:80]
    if not name.strip("_") or re.fullmatch(r"(?i)con|prn|aux|nul|(com|lpt)\d", name):
        raise InputError(
            f"expected a name for the classifier, found {shown(name)!r}. Give one with "
            "letters or digits (--name)."
        )
    return name


def thumbnail(picture: Path) -> bytes | None:
    """A small copy of a picture as JPEG, or None if it can no longer be read."""
    try:
        image = open_picture(picture)
    except InputError:
        return None
    image.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
