"""Which picture is a cat and which a dog, told from names; and what to say if not."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path, PurePosixPath

from helpers.errors import InputError
from helpers.pictures import shown
from helpers.plumbing import PYTHON
from helpers.sources.archives import is_archive_name

OXFORD_CATS = {
    *("Abyssinian", "Bengal", "Birman", "Bombay", "British_Shorthair", "Egyptian_Mau"),
    *("Maine_Coon", "Persian", "Ragdoll", "Russian_Blue", "Siamese", "Sphynx"),
}


# Pictures and films that look like some in a file manager, and are not read here.
UNREAD = {
    *(".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".raw", ".psd"),
    *(".svg", ".jxl", ".jp2", ".jpg_large", ".icloud", ".mov", ".mp4", ".pdf"),
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
        found = ", ".join(map(shown, sorted(places)[:8])) or "nothing"
        hint = ""
        if names:
            hint = " Rename the folders."
        if len(set(parents) - {"."}) > 1:
            hint += f" {OTHER_CLASSES}"
        raise InputError(
            "expected folders named cat and dog, or file names that begin so, in "
            f"{shown(archive)}, found {len(names)} pictures: {found}."
            f"{hint}{passed_over(archive)}"
        )
    for kind in ("cat", "dog"):
        if kind not in kinds:
            raise InputError(
                f"expected cats and dogs in {shown(archive)}, found no {kind}. Add "
                f"them, in a folder of that name.{passed_over(archive)}"
            )


def passed_over(folder: Path) -> str:
    """What in a folder may have been meant and is not read; empty if nothing is.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     (Path(folder) / "tom.DNG").touch()
        ...     passed_over(Path(folder))
        ' Not read here: 1 .dng. Save such pictures as JPEG.'
    """
    endings, links, archives = Counter(), [], []
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "."]
        links += [name for name in folders if os.path.islink(os.path.join(here, name))]
        archives += [name for name in files if is_archive_name(name)]
        suffixes = [os.path.splitext(name)[1].lower() for name in files]
        endings.update(suffix for suffix in suffixes if suffix in UNREAD)
    told = ""
    if endings:
        listed = ", ".join(f"{n} {ending}" for ending, n in sorted(endings.items()))
        told += f" Not read here: {listed}. Save such pictures as JPEG."
    if links:
        listed = ", ".join(map(shown, sorted(links)[:3]))
        told += f" Links to folders are not followed: {listed}. Put the folders there."
    if archives:
        listed = ", ".join(map(shown, sorted(archives)[:3]))
        told += f" It holds archives: {listed}. Name one of them, or unpack them."
    return told


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
