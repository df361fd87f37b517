"""From two folders of pictures to the layout of the 2019 article, split honestly."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pandas as pd
from PIL import Image

from helpers.errors import InputError
from helpers.pictures import find_pictures, open_picture, shown
from helpers.plumbing import (
    PYTHON,
    Place,
    Standing,
    explained,
    identity,
    locked,
    refuse_inside_set,
    refuse_overlap,
    resolved,
    sha256,
    whole_file,
    whole_folder,
)
from helpers.sources.copies import Taken
from helpers.sources.label_table import CLASSES, COLUMNS, read_label_table


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
    nothing; what somebody has changed in the set meanwhile (a corrected label, a
    picture more or less) stays, and a sentence says so.

    Args:
        source: A folder with the folders `cat` and `dog`; it is only read.
        folder: Where `train` (pictures side by side), `train_labels.csv` (columns
            `File Name` and `Label`) and `test` (a folder per class) are made. An
            earlier set there is replaced if nobody has changed it; anything else of
            these names is an error.
        train_per_class: How many pictures of each class to learn from.
        test_per_class: How many of each class to test with.
        seed: Which pictures are drawn; the same on every computer.

    Returns:
        Counts: a row for `cat` and `dog`, the columns `train`, `test` and `copies`
        (left out because a copy of them had been taken).

    Raises:
        InputError: if a folder is missing, has too few pictures, or one and the same
            picture, or a copy of it, lies in both classes; if a picture cannot be read.

    Example:
        >>> make_training_set("no_such_folder", "data")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such folder: no_such_folder. ...
    """
    source, place = Path(source), place_of(folder)
    sizes = {"train": int(train_per_class), "test": int(test_per_class)}
    if min(sizes.values()) < 1:
        raise InputError(
            f"expected at least 1 picture of each class, found {sizes}. Ask for more."
        )
    refuse_inside_set(place.folder)
    for part in place.parts:
        refuse_overlap(source, place.folder / part)
    found = {kind: _pictures_of(source, kind) for kind in CLASSES}
    seen = _seen(found, place.look().facts.get("seen"))
    recipe = {"sizes": sizes, "seed": int(seed), "pictures": seen["content"]}
    if place.reuse(recipe, ", ".join(place.parts)):
        return _counts(place)  # no need of a lock, which a read-only disk would refuse
    with locked(place.folder / "training_set"):
        if place.reuse(recipe, ", ".join(place.parts)):
            return _counts(place)  # by the run that we waited for
        _refuse_shared(found)
        chosen, copies = _choose(found, sizes, seed)
        _write(place, chosen, sizes, seed)
        facts = {"source": str(source), "seen": seen, "copies": copies}
        place.write_record(recipe, **facts)
    return _counts(place)


def place_of(folder: Path | str) -> Place:
    """Where a training set stands, its record, and what belongs to it.

    Example:
        >>> place_of("pets").record
        'training_set.json'
    """
    needs = ("train", "test/cat", "test/dog", "train_labels.csv")
    parts = ("train", "test", "train_labels.csv")
    return Place(resolved(folder), "training_set.json", needs, parts)


def changed_since(source: Path | str, standing: Standing) -> bool:
    """Whether the pictures are others now than when a training set was made of them.

    Args:
        source: The folder with the folders `cat` and `dog`.
        standing: The training set, as `place_of(folder).look()` finds it.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from helpers.pets import draw_pets
        >>> with TemporaryDirectory() as name:
        ...     source = Path(name, "source")
        ...     _ = draw_pets(source, per_class=2)
        ...     _ = make_training_set(source, name, 1, 1)
        ...     standing = place_of(name).look()
        ...     before = changed_since(source, standing)
        ...     next((source / "cat").iterdir()).unlink()
        ...     before, changed_since(source, standing)
        (False, True)
    """
    before = standing.facts.get("seen")
    try:
        found = {kind: _pictures_of(Path(source), kind) for kind in CLASSES}
        now = _seen(found, before)
    except InputError:  # they are gone
        return True
    return not isinstance(before, dict) or now["content"] != before.get("content")


def _seen(found: dict[str, list[Path]], before: object) -> dict[str, str]:
    files = {
        f"{kind}/{number} {path.name}": path
        for kind, pictures in found.items()
        for number, path in enumerate(pictures)
    }
    for path in files.values():
        try:
            path.stat()
        except OSError:  # a link that leads nowhere
            raise InputError(
                f"no such file: {shown(path)}. Take the link out of the folder."
            ) from None
    return identity(files, before)


def _counts(place: Place) -> pd.DataFrame:
    """How many pictures of each class there are, whoever put them there."""
    standing = place.look()
    copies = standing.facts.get("copies")
    table = read_label_table(place.folder / "train_labels.csv", place.folder / "train")
    rows = {
        kind: {
            "train": int((table["Label"] == kind).sum()),
            "test": len(find_pictures(place.folder / "test" / kind)),
            "copies": copies.get(kind, 0) if isinstance(copies, dict) else 0,
        }
        for kind in CLASSES
    }
    return pd.DataFrame(rows).T


def _pictures_of(source: Path, kind: str) -> list[Path]:
    if not source.exists():
        raise InputError(
            f"no such folder: {shown(source)}. Check the spelling, and that the disk "
            "or share is connected. If you have no pictures yet, fetch some: "
            f"{PYTHON} -m data_scripts.get_photos."
        )
    found = find_pictures(source)
    pictures = [p for p in found if p.relative_to(source).parts[0] == kind]
    if not pictures:
        folders = sorted(p.name for p in source.iterdir() if p.is_dir())
        raise InputError(
            f"expected pictures in {shown(source / kind)}, found none. There are the "
            f"folders {folders}. Pass the folder that holds cat and dog "
            "(data_scripts.get_photos makes one from any archive)."
        )
    return pictures


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
                raise InputError(_in_both(other, picture))


def _in_both(other: Path, picture: Path) -> str:
    first, second = CLASSES
    return (
        f"the same picture is a {first} and a {second}: {shown(other)} and "
        f"{shown(picture)}. Look at it and delete the one that is wrong."
    )


def _choose(
    found: dict[str, list[Path]], sizes: dict[str, int], seed: int
) -> tuple[dict[str, list[Path]], dict[str, int]]:
    """Draw pictures class by class; leave out copies of those already drawn."""
    taken, chosen, copies = Taken(), {}, {}
    wanted = sum(sizes.values())
    for kind, pictures in found.items():
        rest = list(pictures)
        random.Random(f"{seed} {kind}").shuffle(rest)
        chosen[kind], copies[kind] = [], 0
        for picture in rest:
            if len(chosen[kind]) == wanted:
                break
            if (other := taken.taken_as(picture)) is None:
                chosen[kind].append(picture)
            elif other not in chosen[kind]:
                raise InputError(_in_both(other, picture))
            else:
                copies[kind] += 1
        if len(chosen[kind]) < wanted:
            raise _too_few(kind, len(chosen[kind]), copies[kind], sizes)
    return chosen, copies


def _too_few(kind: str, there: int, copies: int, sizes: dict[str, int]) -> InputError:
    left_out = f" ({copies} more are copies of these)" if copies else ""
    remedy = ""
    if there > 1:
        train = max(1, there // 3)
        remedy = (
            f", or ask for fewer: {PYTHON} -m data_scripts.make_training_set "
            f"--train-per-class {train} --test-per-class {there - train}"
        )
    return InputError(
        f"expected {sum(sizes.values())} different pictures of a {kind} "
        f"({sizes['train']} to train, {sizes['test']} to test), found "
        f"{there}{left_out}. Add pictures{remedy}."
    )


def _write(
    place: Place, chosen: dict[str, list[Path]], sizes: dict[str, int], seed: int
) -> None:
    rows: list[tuple[str, str]] = []
    # Of a link, what it leads to.
    parts = {part: resolved(place.folder / part) for part in place.parts}
    with (
        whole_file(parts["train_labels.csv"]) as table,
        whole_folder(parts["train"]) as train,
        whole_folder(parts["test"]) as test,
    ):
        for kind, pictures in chosen.items():
            (test / kind).mkdir()
            for number, picture in enumerate(pictures):
                to_train = number < sizes["train"]
                side = train if to_train else test / kind
                # A class in the name, as in the article, and never two of the same.
                name = _copy(picture, side / f"{kind}.{number:04}")
                if to_train:
                    rows.append((name, kind))
        random.Random(seed).shuffle(rows)
        pd.DataFrame(rows, columns=COLUMNS).to_csv(
            table, index=False, lineterminator="\n", encoding="utf-8"
        )
        place.refuse_theirs()  # it may have come meanwhile
        parts = {"train": train, "test": test, "train_labels.csv": table}
        place.write_record("unfinished", parts)


def _is_upright(image: Image.Image) -> bool:
    try:
        return image.getexif().get(0x0112, 1) == 1
    except Exception:  # damaged notes, of which Pillow has many kinds
        return False


def _copy(picture: Path, target: Path) -> str:
    """Copy what every loader reads alike; write the rest as PNG. The name it got."""
    with Image.open(picture) as image:
        plain = image.mode in ("RGB", "L") and _is_upright(image)
        suffix = {"JPEG": ".jpg", "PNG": ".png"}.get(image.format)
    if plain and suffix:
        shutil.copyfile(picture, target.with_name(target.name + suffix))
        return target.name + suffix
    # Turned by a note that Keras ignores, transparent, CMYK, WebP, …
    open_picture(picture).save(target.with_name(f"{target.name}.png"))
    return f"{target.name}.png"
