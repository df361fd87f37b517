"""A table of file names and labels, as people and spreadsheets write it."""

from __future__ import annotations

import csv
import difflib
import io
import os
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from helpers.errors import InputError
from helpers.pictures import find_pictures, shown
from helpers.plumbing import explained

CLASSES = ("cat", "dog")
COLUMNS = ["File Name", "Label"]
MAX_BYTES = 50_000_000
MAX_ROWS = 1_000_000
MAX_CELLS = 5 * MAX_ROWS


def read_label_table(
    path: Path | str,
    folder: Path | str,
    classes: Collection[str] | None = CLASSES,
) -> pd.DataFrame:
    """Read a label table and make sure that it fits its folder of pictures.

    Keras's own loader says "Found 0 validated image filenames" where this says which
    row is wrong. Headers and labels may be padded or in capitals; columns may be
    separated by semicolons or tabs, as Excel writes them in many countries.

    Args:
        path: A text file, UTF-8, with the columns `File Name` and `Label`.
        folder: Where the pictures lie.
        classes: The labels that may occur, in small letters; None for any.

    Returns:
        A table with the columns `File Name` and `Label`, labels `"cat"` or `"dog"`, or
        as they stand there if any may occur.

    Raises:
        InputError: if the table is missing, empty, larger than a million rows or 50 MB,
            not UTF-8, lacks a column, has a label that is neither, names a picture
            twice or one that is not there.

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
    for row, name, written in named:
        label = written.lower() if classes is not None else _plain(written)
        if not label or (classes is not None and label not in classes):
            wanted = " or ".join(classes) if classes is not None else "of a class"
            raise InputError(
                f"expected the label {wanted} in {shown(path)}, found "
                f"'{shown(written[:40])}' in row {row}. Correct it, or take the row "
                "out."
            )
        if first.setdefault(name, row) != row:
            raise InputError(
                f"expected each picture once in {shown(path)}, found '{shown(name)}' "
                f"in rows {first[name]} and {row}. Take one of the rows out."
            )
        exact = name if _plain(name) in there else name.strip()  # a blank may be meant
        if _plain(exact) in there:
            rows.append((there[_plain(exact)], label))
        else:
            missing.append((row, name))
    if missing:
        listed = ", ".join(f"'{shown(name)}' (row {row})" for row, name in missing[:3])
        raise InputError(
            f"expected the pictures of {shown(path)} in {shown(folder)}, found "
            f"{len(missing)} of {len(first)} missing: {listed}."
            f"{_nearest(missing[0][1], side_by_side)} Names need their ending and no "
            "folder before them. If a picture is gone, take its row out."
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def refuse_unless_plain(path: Path | str, folder: Path | str) -> None:
    """Make sure that `pandas.read_csv(path)` reads what is meant, as lessons call it.

    `read_label_table` understands semicolons, blanks and capitals; a lesson's own line
    does not, and would stop far from the cause.

    Args:
        path: The label table.
        folder: Where the pictures lie.

    Raises:
        InputError: if it is meant otherwise than it is read; what to change is said.

    Example:
        >>> refuse_unless_plain("no_such_table.csv", "pictures")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such table: no_such_table.csv. ...
    """
    path = Path(path)
    meant = read_label_table(path, folder)
    try:
        read = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError):
        read = pd.DataFrame()
    if [name for name in COLUMNS if name not in read.columns]:
        header = shown(_text(path).strip().partition("\n")[0].strip()[:60])
        fault = f"found '{header}' in the first row. Write File Name,Label there"
        fault += ", and commas between the columns of all rows"
    elif len(read) != len(meant):
        fault = "found empty rows, or cells too many. Take them out"
    else:
        same = (read[COLUMNS] == meant).to_numpy()
        if same.all():
            return
        row, column = divmod(int(same.argmin()), len(COLUMNS))
        found, right = read[COLUMNS].iat[row, column], meant.iat[row, column]
        fault = f"found '{shown(found[:40])}' for '{shown(right)}'"
        fault += f" as picture {row + 1}. Write it so in all rows"
    raise InputError(
        f"expected {shown(path)} as the lessons read it, with pandas.read_csv: {fault}."
    )


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name)  # macOS writes é in two signs


def _nearest(name: str, there: Iterable[str]) -> str:
    name = re.split(r"[\\/]", name)[-1].casefold()
    names = {other.casefold(): other for other in there}
    near = difflib.get_close_matches(name, names, n=1, cutoff=0)
    return f" The nearest name there is '{shown(names[near[0]])}'." if near else ""


def _text(path: Path) -> str:
    if not os.path.isfile(path):
        raise InputError(
            f"no such table: {shown(path)}. Expected a text file with the columns "
            "File Name and Label."
        )
    with explained(path), open(path, "rb") as file:
        # What the system makes up when it is read (in /proc) has no size, and may have
        # no end.
        size = os.fstat(file.fileno()).st_size
        data = file.read(MAX_BYTES + 1) if size else b""
    _refuse_too_large(path, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" not in text:
        return text
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        what = "an Excel workbook"
    elif data.startswith(b"\x1f\x8b"):
        raise InputError(
            f"expected {shown(path)} to be a text file in UTF-8, found one that is "
            "packed by gzip. Unpack it first."
        )
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) > len(data) / 4:
        what = "UTF-16 (Excel's “Unicode Text”)"
    elif b"\0" in data:
        raise InputError(
            f"expected {shown(path)} to be a text file in UTF-8, found a zero byte at "
            f"place {data.index(0) + 1:,}. It is damaged, or no text: copy it again."
        )
    else:
        what = "another encoding (GBK or Windows-1252, perhaps)"
    raise InputError(
        f"expected {shown(path)} to be a text file in UTF-8, found {what}. In Excel: "
        "Save As, “CSV UTF-8”."
    )


def _refuse_too_large(path: Path, data: bytes) -> None:
    """Refuse what would take much memory as rows and cells, while it is bytes."""
    rows = max(map(data.count, (b"\n", b"\r")))
    cells = sum(map(data.count, (b",", b";", b"\t")))
    for found, most, unit in (
        (len(data), MAX_BYTES, "bytes"),
        (rows, MAX_ROWS, "rows"),
        (cells, MAX_CELLS, "cells"),
    ):
        if found > most:
            raise InputError(
                f"{shown(path)} is too large for a label table: expected at most "
                f"{most:,} {unit}, found more. Take out what is not needed: a row for "
                f"each picture, with the columns {COLUMNS[0]} and {COLUMNS[1]}."
            )


def _rows(text: str, path: Path) -> list[tuple[int, str, str]]:
    """Row number as a spreadsheet counts, file name and label of each row."""
    first, _, rest = text.partition("\n")
    if match := re.fullmatch(r"sep=(.)\s*", first):  # Excel's own note
        separator, text = match[1], f"\n{rest}"  # rows count as before
    else:
        separator = max(",;\t", key=text.strip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    filled = ((n, row) for n, row in enumerate(reader, 1) if any(map(str.strip, row)))
    try:
        name, label = _places(next(filled, (1, []))[1], path)
        rows = []
        for n, row in filled:
            # It may be short; filled up, rows of one cell would grow to the header's.
            cells = [row[place] if place < len(row) else "" for place in (name, label)]
            rows.append((n, cells[0], cells[1].strip()))
    except csv.Error as error:
        raise InputError(
            f"expected the columns {COLUMNS} in {shown(path)}, found a file that is no "
            f"table: {error} (row {reader.line_num}). Save it as CSV again."
        ) from None
    if not rows:
        raise InputError(
            f"expected rows in {shown(path)}, found the header alone. "
            "Add a row for each picture."
        )
    return rows


def _places(header: list[str], path: Path) -> tuple[int, int]:
    """Where in a row the file name and the label stand."""
    names = [cell.strip().lower() for cell in header]
    wanted = [column.lower() for column in COLUMNS]
    if [names.count(column) for column in wanted] != [1, 1]:
        found = ", ".join(f"'{shown(cell[:40])}'" for cell in header[:8]) or "none"
        raise InputError(
            f"expected the columns {COLUMNS} in {shown(path)}, found {found}. "
            "Name each of them once, in the first row."
        )
    name, label = map(names.index, wanted)
    return name, label
