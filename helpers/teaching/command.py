"""What `data_scripts.train_classifier` does, and what it says on the way."""

from __future__ import annotations

import datetime
import hashlib
import io
import itertools
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.classifier_file import model_path
from helpers.errors import InputError
from helpers.features import CACHE, compute_features
from helpers.pictures import open_picture, shown
from helpers.plumbing import (
    DATA,
    ROOT,
    given_path,
    locked,
    printable,
    read_json,
    sha256,
    whole_file,
)
from helpers.teaching.advice import accuracy_sentence, three_sentences
from helpers.teaching.card import OPEN, model_card
from helpers.teaching.collection import Collection, read_collection
from helpers.teaching.report import refuse_others, write_report
from helpers.teaching.train import train_classifier

LONGEST = 120  # bytes of a name; the rest of 255 is for endings and dates
THUMBNAIL = 160  # pixels of the longer side, in the report


def teach(
    folder: str,
    table: str | None = None,
    name: str | None = None,
    cache: Path | str = CACHE,
    by: Callable[..., np.ndarray] = compute_features,
) -> Path:
    """Train a classifier on a folder, write its report and card, say how it went.

    Args:
        folder: As for `helpers.teaching.read_collection`.
        table: A label table, or None.
        name: What the classifier is called; the folder's name if None.
        cache: Where features are kept, as for `helpers.features.compute_features`.
        by: What computes them, as for `helpers.teaching.train_classifier`.

    Returns:
        The path of the report.

    Raises:
        InputError: if the folder holds no classes that can be learned, or something
            cannot be written. Nothing is left half-written.

    Example:
        >>> teach("no_such_folder")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such folder: no_such_folder. ...
    """
    place = given_path(folder)
    collection = read_collection(
        place, given_path(table) if table else None, progress=True
    )
    for line in what_was_found(collection):
        print(printable(line))
    name = file_name(name or place.resolve().name)
    model = model_path().with_name(f"{name}.keras")
    report = _reports() / f"{name}.html"
    refuse_others(report)  # now, not after the work
    # Of two runs that use one name the second waits, so that classifier and report are
    # always of the same one. (save_classifier locks the classifier by itself.)
    with locked(report):
        trained = train_classifier(collection, model, True, cache, by)
        facts = {**trained.facts, "model": _short(trained.path)}
        facts["next"] = three_sentences(facts)
        card = _card_of(facts)
        facts["card"] = hashlib.sha256(card).hexdigest()
        _keep_earlier(report, facts["source"])
        write_report(facts, lambda picture: thumbnail(place / picture), report)
        with whole_file(report.with_suffix(".md")) as unfinished:
            unfinished.write_bytes(card)
    print(f"\n{printable(accuracy_sentence(facts))}")
    print(*map(printable, facts["next"]), sep="\n")
    print(f"\nclassifier: {_short(trained.path)}\nreport:     {_short(report)}")
    print(f"card:       {_short(report.with_suffix('.md'))}, for you to complete")
    return report


def _reports() -> Path:
    """Where reports go: beside the folder of classifiers, or into one that was named.

    So a trial that keeps its classifiers elsewhere leaves your reports alone, too.
    """
    models = model_path().parent
    return models.with_name("reports") if models == DATA / "models" else models


def _card_of(facts: dict) -> bytes:
    """The model card. Where the folder lies is nobody's business but the learner's."""
    chosen = facts["chosen"]
    shape = "cut" if chosen["crop"] else "squeezed"
    text = model_card(
        facts["name"],
        facts["classes"],
        f"They are {shape} to a square. {OPEN}",
        chosen["backbone"],
    )
    # A class's name may hold bytes that are no text; they are shown by their numbers.
    return text.encode("utf-8", "backslashreplace")


def _keep_earlier(report: Path, source: str) -> None:
    """Keep what would be lost under a name of its own, and say so.

    That is a report on pictures from elsewhere with its card; or, beside a report of
    the same pictures, a card that somebody has completed.
    """
    record, card = report.with_suffix(".json"), report.with_suffix(".md")
    if not record.is_file():
        return
    facts = read_json(record)
    facts = facts if isinstance(facts, dict) else {}
    kept = _free_name(report)
    if facts.get("source") != source:  # if it is not told, too: kept
        _rename((record, card, report), kept)
        print(f"The report that was in {report.name} is kept as {kept.name}.")
    elif card.exists() and sha256(card) != facts.get("card"):
        _rename((card,), kept)
        print(f"The card that was in {card.name} is kept as {kept.stem}.md.")


def _free_name(report: Path) -> Path:
    today = datetime.date.today().isoformat()
    for number in itertools.count(1):
        kept = report.with_name(f"{report.stem}.{today}-{number}.html")
        if not any(kept.with_suffix(e).exists() for e in (".html", ".json", ".md")):
            return kept


def _rename(files: Sequence[Path], kept: Path) -> None:
    for old in files:
        if old.exists():
            old.replace(kept.with_suffix(old.suffix))


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
    name = name.strip(". ")
    while len(name.encode("utf-8", "surrogateescape")) > LONGEST:
        name = name[:-1]
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
