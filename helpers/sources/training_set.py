"""From two folders of pictures to the layout of the 2019 article, split honestly."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path

import pandas as pd
from PIL import Image

from helpers.errors import InputError
from helpers.pictures import find_pictures, open_picture, shown
from helpers.plumbing import explained, locked, sha256, whole_file, whole_folder
from helpers.sources.copies import Taken
from helpers.sources.label_table import CLASSES, COLUMNS


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
            picture, or a copy of it, lies in both classes; if a picture cannot be read.

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
            left_out = f" ({copies[kind]} more are copies of these)"
            raise InputError(
                f"expected {wanted} different pictures of a {kind} "
                f"({sizes['train']} to train, {sizes['test']} to test), found "
                f"{len(chosen[kind])}{left_out * bool(copies[kind])}. Add pictures, or "
                "ask for fewer (--train-per-class, --test-per-class)."
            )
    return chosen, copies


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
