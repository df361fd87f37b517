"""A folder of somebody's own classes: found, read, checked, copies left out."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.pool import ThreadPool
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.pictures import (
    find_pictures,
    not_read,
    open_picture,
    passed_over,
    shown,
)
from helpers.plumbing import explained, sha256
from helpers.sources import describe, find_copies, read_label_table

LONGEST = 200  # letters of a class's name
FEWEST = 5  # pictures of a class: four to learn from, one to test with
# Folders of these names divide a set; what lies in them are the classes.
PARTS = {"train", "training", "val", "valid", "validation", "test", "testing"}
NOT_CLASSES = {"set_aside"}  # where helpers.sources puts what it could not read


@dataclass(frozen=True)
class Collection:
    """Pictures to learn from and to test with, each with its class.

    Attributes:
        folder: Where they lie.
        names: For each picture its place below `folder`, with `/` on every system.
        digests: For each picture the SHA-256 of its file, as hexadecimal digits.
        labels: For each picture its class number: an int64 array, shape (pictures,).
        class_names: A name for each class number, in alphabetical order.
        copies: Pairs of names: a picture that was taken, and one left out because it
            is the same, resized, mirrored, recompressed or with a border.
        set_aside: Name and reason of each picture that was looked at and not taken.
        passed_over: What was not looked at (other files, links), and why.
        table: The label table that names the classes, or None.

    Example:
        >>> names, labels = ["mug/1.jpg", "key/1.jpg"], np.array([1, 0])
        >>> few = Collection(Path("things"), names, ["0a", "b"], labels, ["key", "mug"])
        >>> [path.as_posix() for path in few.paths]
        ['things/mug/1.jpg', 'things/key/1.jpg']
    """

    folder: Path
    names: list[str]
    digests: list[str]
    labels: np.ndarray
    class_names: list[str]
    copies: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    table: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """The pictures' paths, in the order of `labels`."""
        return [self.folder / name for name in self.names]


def read_collection(
    folder: Path | str, table: Path | str | None = None, progress: bool = False
) -> Collection:
    """Find the pictures of a folder and their classes; decode each of them once.

    The folder is only read. It holds a folder for each class (at any depth below, and
    if need be inside `train`, `validation`, `test`, which are put together again), or
    pictures side by side and a table that names their classes.

    Args:
        folder: Where the pictures lie.
        table: A label table with the columns `File Name` and `Label`. Without one, a
            single `.csv` beside pictures that lie in no folder is taken.
        progress: Show a bar with the rate and the time left.

    Returns:
        The pictures that can be used, two classes or more with five pictures each or
        more, and all that was left out with its reason.

    Raises:
        InputError: if there are no such classes; the message says what was found.

    Example:
        >>> read_collection("no_such_folder")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such folder: no_such_folder. ...
    """
    folder = Path(folder)
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise InputError(
            f"expected a folder with a folder for each class, found a file: "
            f"{shown(folder)}. If it is an archive, unpack it and name the folder."
        )
    left_out = passed_over(folder) if os.path.isdir(folder) else {}
    found = [p.relative_to(folder).as_posix() for p in find_pictures(folder)]
    if table is None and found and all("/" not in name for name in found):
        table = _only_table(folder, found)
    classes, set_aside = _classes(folder, found, table, left_out)
    _refuse_names(folder, set(classes.values()))
    if table is None:
        left_out |= _empty(folder, found)
    names = sorted(classes)
    looked_at = _look_at(folder, names, progress)
    set_aside += [(n, look) for n, look in looked_at.items() if isinstance(look, str)]
    names = [name for name in names if not isinstance(looked_at[name], str)]
    groups = find_copies(np.stack([looked_at[n][1] for n in names])) if names else []
    names, copies, torn = _one_of_each(names, groups, classes)
    set_aside += torn
    class_names = sorted(set(classes.values()))
    counts = Counter(classes[n] for n in names)
    _need_enough(folder, class_names, counts, copies, set_aside)
    return Collection(
        folder,
        names,
        [looked_at[name][0] for name in names],
        np.array([class_names.index(classes[name]) for name in names]),
        class_names,
        copies,
        sorted(set_aside),
        sorted(left_out.items()),
        table=None if table is None else Path(table),
    )


def _classes(
    folder: Path,
    found: Sequence[str],
    table: Path | str | None,
    left_out: Mapping[str, str],
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The class of each picture, and those that have none."""
    if not found:
        raise InputError(
            f"expected pictures in {shown(folder)}, found none.{_what_else(left_out)} "
            "Make a folder in it for each class, and put the pictures there."
        )
    if table is not None:
        rows = read_label_table(table, folder, classes=None)
        classes = dict(zip(rows["File Name"], rows["Label"], strict=True))
        others = [(n, "no row in the label table") for n in found if n not in classes]
        return classes, others
    return _by_folder(folder, found)


def _only_table(folder: Path, found: Sequence[str]) -> Path:
    tables = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv")
    if len(tables) != 1:
        raise InputError(
            f"expected a folder for each class in {shown(folder)}, found {len(found)} "
            f"pictures side by side ({shown(found[0])}, …) and {len(tables)} tables. "
            "Sort them into folders, or name the table of their classes (--labels)."
        )
    return tables[0]


def _by_folder(
    folder: Path, found: Sequence[str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    depth = _depth(found)
    classes, others = {}, []
    for name in found:
        parts = name.split("/")[:-1]
        if NOT_CLASSES & set(parts[: depth + 1]):
            others.append((name, "it was set aside before"))
        elif len(parts) <= depth:
            others.append((name, "it lies beside the folders of the classes"))
        elif not _is_text(name):
            others.append((name, "its name is in another encoding; rename it"))
        else:
            classes[name] = unicodedata.normalize("NFC", parts[depth].strip())
    return classes, others


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:  # bytes of an old disk or archive
        return False
    return True


def _empty(folder: Path, found: Sequence[str]) -> dict[str, str]:
    """Folders in which there is no picture: they become no class, and it is told."""
    used = {name.split("/")[0] for name in found}
    there = [p.name for p in folder.iterdir() if p.is_dir() and p.name[0] != "."]
    return {f"{n}/": "no picture in it: no class" for n in there if n not in used}


def _depth(found: Sequence[str]) -> int:
    """How many folders stand above those of the classes."""
    depth = 0
    found = [name for name in found if not NOT_CLASSES & set(name.split("/")[:-1])]
    while True:
        here = {tuple(name.split("/")[:-1][depth : depth + 1]) for name in found}
        folders = {parts[0] for parts in here if parts}
        below = any(len(name.split("/")) > depth + 2 for name in found)
        wrapped = len(here) == 1 and len(folders) == 1  # one folder, and all in it
        parts = folders and {name.lower() for name in folders} <= PARTS
        if not (below and (wrapped or parts)):
            return depth
        depth += 1


def _refuse_names(folder: Path, names: set[str]) -> None:
    seen: dict[str, str] = {}
    for name in sorted(names):
        if not 1 <= len(name) <= LONGEST:
            raise InputError(
                f"expected a name of 1 to {LONGEST} letters for each class in "
                f"{shown(folder)}, found {shown(name[:40])!r}. Rename the folder."
            )
        if (other := seen.setdefault(name.casefold(), name)) != name:
            raise InputError(
                f"expected one name for each class in {shown(folder)}, found two for "
                f"one: {shown(other)} and {shown(name)}. Put them together, or rename "
                "one."
            )


def _look_at(
    folder: Path, names: Sequence[str], progress: bool
) -> dict[str, tuple[str, np.ndarray] | str]:
    """For each picture its digest and description, or why it cannot be used."""

    def look(name: str) -> tuple[str, np.ndarray] | str:
        path = folder / name
        try:
            with explained(path):
                description = describe(open_picture(path))  # refuses what is no file
                return sha256(path), description
        except (InputError, OSError) as error:
            return str(error).removeprefix(f"{shown(path)} ")

    with ThreadPool() as pool:
        seen = tqdm(
            pool.imap(look, names),
            total=len(names),
            desc="reading",
            unit="picture",
            disable=not progress,
        )
        return dict(zip(names, seen, strict=True))


def _one_of_each(
    names: Sequence[str], groups: Sequence[int], classes: Mapping[str, str]
) -> tuple[list[str], list[tuple[str, str]], list[tuple[str, str]]]:
    """Of pictures that are copies keep one; of those in two classes, none."""
    members: dict[int, list[str]] = {}
    for name, group in zip(names, groups, strict=True):
        members.setdefault(int(group), []).append(name)
    kept, copies, torn = [], [], []
    for same in members.values():
        if len({classes[name] for name in same}) == 1:
            kept.append(same[0])
            copies += [(same[0], copy) for copy in same[1:]]
            continue
        for name in same:
            other = next(n for n in same if classes[n] != classes[name])
            torn.append(
                (
                    name,
                    f"the same picture is also a {classes[other]}: {other}. One of the "
                    "two labels is wrong",
                )
            )
    return sorted(kept), copies, torn


def _need_enough(
    folder: Path,
    class_names: Sequence[str],
    counts: Counter,
    copies: Sequence[tuple[str, str]],
    set_aside: Sequence[tuple[str, str]],
) -> None:
    reasons = "".join(f" {shown(n)}: {reason}." for n, reason in set_aside[:1])
    more = f" {len(set_aside)} were set aside.{reasons}" if set_aside else ""
    if copies:
        kept, copy = map(shown, copies[0])
        more += f" {len(copies)} are copies of others: {copy} of {kept}."
    more += not_read(folder)
    if len(class_names) < 2:
        raise InputError(
            f"expected two classes or more in {shown(folder)}, found "
            f"{len(class_names)} ({', '.join(map(shown, class_names))}).{more} Make a "
            "folder for each class: for “a mug or not”, one of mugs and one of "
            "whatever else there is."
        )
    few = [name for name in class_names if counts[name] < FEWEST]
    if few:
        listed = ", ".join(f"{shown(name)}: {counts[name]}" for name in few[:8])
        raise InputError(
            f"expected {FEWEST} different pictures of each class in {shown(folder)}, "
            f"found fewer ({listed}).{more} Add pictures to these, or take them out."
        )


def _what_else(left_out: Mapping[str, str]) -> str:
    shown_ones = [f"{shown(name)} ({reason})" for name, reason in left_out.items()]
    return f" It holds {', '.join(shown_ones[:3])}." if shown_ones else ""
