"""Which picture is a cat and which a dog, told from names; and what to say if not."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from helpers.errors import InputError
from helpers.pictures import not_read, passed_over, shown
from helpers.plumbing import PYTHON

OXFORD_CATS = {
    *("Abyssinian", "Bengal", "Birman", "Bombay", "British_Shorthair", "Egyptian_Mau"),
    *("Maine_Coon", "Persian", "Ragdoll", "Russian_Blue", "Siamese", "Sphynx"),
}
OTHER_CLASSES = (
    "For classes that are not cats and dogs there is "
    f"`{PYTHON} -m data_scripts.train_classifier FOLDER`."
)


def need_both(archive: Path, names: list[str], kinds: list[str | None]) -> None:
    """Refuse pictures among which is no cat, or no dog; say what is there instead.

    Args:
        archive: The archive or folder that they are from.
        names: Their names in it.
        kinds: What `kinds_of` said of them.

    Raises:
        InputError: as said.
    """
    if not any(kinds):
        parents = [str(PurePosixPath(name).parent) for name in names]
        places = set(parents) - {"."} or set(names)
        found = ", ".join(map(shown, sorted(places)[:8]))
        if not names:
            found = _others(archive) or "nothing"
        hint = ""
        if names:
            hint = " Rename the folders."
        if len(set(parents) - {"."}) > 1:
            hint += f" {OTHER_CLASSES}"
        raise InputError(
            "expected folders named cat and dog, or file names that begin so, in "
            f"{shown(archive)}, found {len(names)} pictures: {found}."
            f"{hint}{not_read(archive)}"
        )
    for kind in ("cat", "dog"):
        if kind not in kinds:
            raise InputError(
                f"expected cats and dogs in {shown(archive)}, found no {kind}. Add "
                f"them, in a folder of that name.{not_read(archive)}"
            )


def _others(folder: Path) -> str:
    """Some of what lies in a folder without pictures, and why it is none."""
    left = passed_over(folder) if folder.is_dir() and not not_read(folder) else {}
    few = [f"{shown(name)} ({reason})" for name, reason in left.items()][:3]
    return f"only {', '.join(few)}" if few else ""


def kinds_of(names: list[str]) -> list[str | None]:
    """Cat, dog or None for each picture, from its folders, else from its name."""
    kinds = [_kind(PurePosixPath(name)) for name in names]
    if not any(kinds):  # the Oxford set: Maine_Coon_1.jpg, and dogs in small letters
        matches = [re.search(r"([A-Za-z_]+)_\d+\.\w+$", name) for name in names]
        breeds = [match and match[1] for match in matches]
        others = {breed for breed in breeds if not breed or not breed.islower()}
        if others and others <= OXFORD_CATS:
            kinds = ["cat" if breed in OXFORD_CATS else "dog" for breed in breeds]
    return kinds


def _kind(name: PurePosixPath) -> str | None:
    for folder in reversed(name.parts[:-1]):  # the nearest folder decides
        if match := re.fullmatch(r"(cat|dog)s?", folder, flags=re.IGNORECASE):
            return match[1].lower()
    match = re.match(r"(cat|dog)s?(?![a-z])", name.name, flags=re.IGNORECASE)
    return match[1].lower() if match else None
