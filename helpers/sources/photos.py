"""Photographs of cats and dogs: fetched, or taken from a disk, and checked."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import os
import re
import shutil
from multiprocessing.pool import ThreadPool
from pathlib import Path, PurePosixPath

from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.pictures import find_pictures, open_picture, shown
from helpers.plumbing import DATA, explained, locked, sha256, whole_folder
from helpers.sources.archives import extract
from helpers.sources.downloads import SETS, checksum_of, download

SOURCE = DATA / "photos" / "source"
OWN = "whatever its owner says of its use"
OXFORD_CATS = {
    *("Abyssinian", "Bengal", "Birman", "Bombay", "British_Shorthair", "Egyptian_Mau"),
    *("Maine_Coon", "Persian", "Ragdoll", "Russian_Blue", "Siamese", "Sphynx"),
}


def get_photos(
    source: str | Path = "filtered",
    folder: Path | str = SOURCE,
    timeout: float = 20,
    progress: bool = True,
) -> dict[str, int]:
    """Put photographs of cats and dogs in place, each of them decoded once.

    What cannot be read is set aside with its reason, never deleted. The new set is
    there when it is complete, and not before. Run again with the same source, it does
    nothing.

    Args:
        source: `"filtered"` (2,000 + 1,000 photographs, 65 MB), `"microsoft"`
            (25,000, 787 MB), `"oxford"` (7,400 of 37 breeds, 755 MB); or the path or
            address of a zip or tar archive; or a folder. An archive or folder of your
            own is only read. Its classes show in folders named cat, cats, dog or dogs,
            or in file names that begin so.
        folder: Where to put them: the folders `cat` and `dog`, `provenance.json`, and,
            if need be, `set_aside` with `set_aside.csv`. An earlier set there is
            replaced; anything else there is not touched, but an error.
        timeout: How many seconds to wait for a server to answer.
        progress: Show progress bars, and say so if there is nothing to do.

    Returns:
        How many `cat`, `dog` and `set_aside` there are.

    Raises:
        InputError: if the source cannot be had or is not what it should be.

    Example:
        >>> get_photos("no_such_archive.zip")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected filtered, microsoft, oxford, an address, ...
    """
    folder = Path(folder)
    source = str(source)
    with explained(folder), locked(folder):
        known, archive = source, None
        ours = source in SETS or _is_address(source)  # to be downloaded
        if not ours:
            known, archive = _identity(source)
            _keep_apart(archive, folder)
        if (counts := _finished(folder, known)) is not None:
            if progress:
                print(f"The photographs of {shown(source)} are in place already.")
            return counts
        _only_replace_our_own(folder)
        if archive is None:
            archive = download(source, timeout=timeout, progress=progress)
        with whole_folder(folder) as unfinished:
            try:
                counts = _fill(unfinished, archive, progress)
            except InputError:
                if ours and not checksum_of(source):  # spoiled on the way, perhaps:
                    archive.unlink()  # let the next run fetch it anew
                raise
            checksum = sha256(archive) if archive.is_file() else None
            provenance = {
                "source": source,
                "identity": known,
                "sha256": checksum,
                "date": datetime.date.today().isoformat(),
                "licence": _licence(source, checksum),
                "counts": counts,
            }
            with open(unfinished / "provenance.json", "w", encoding="utf-8") as file:
                json.dump(provenance, file, indent=2, ensure_ascii=True)
    return counts


def _is_address(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _identity(source: str) -> tuple[str, Path]:
    """What an archive or folder of one's own is known by, and its path."""
    path = Path(source)
    if os.path.isdir(path):
        digest = hashlib.sha256()
        for picture in find_pictures(path):
            name = picture.relative_to(path).as_posix()
            try:
                status = picture.stat()
                line = f"{name} {status.st_size} {status.st_mtime_ns}\n"
            except OSError:  # a link that leads nowhere
                line = f"{name}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest(), path
    if os.path.isfile(path):
        with explained(path):
            return sha256(path), path
    raise InputError(
        f"expected {', '.join(SETS)}, an address, or the path of an archive or a "
        f"folder, found {shown(path)}, and no such path. Check the spelling, and that "
        "the disk or share is connected."
    )


def _keep_apart(archive: Path, folder: Path) -> None:
    """Refuse a source that replacing `folder` would delete or change."""
    ours, theirs = folder.resolve(), archive.resolve()
    if ours == theirs or ours in theirs.parents or theirs in ours.parents:
        raise InputError(
            f"{shown(archive)} and {shown(folder)} lie one in the other, and the first "
            "is only to be read. Name another place for the photographs (--folder)."
        )


def _only_replace_our_own(folder: Path) -> None:
    if not folder.exists() or (folder / "provenance.json").is_file():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise InputError(
            f"{shown(folder)} holds files that are not of an earlier set, and they "
            "would be lost. Name a new folder (--folder), or move them away."
        )


def _finished(folder: Path, known: str) -> dict[str, int] | None:
    """The counts of the set that is there, if it is this one and complete."""
    try:
        written = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        there = {kind: len(find_pictures(folder / kind)) for kind in ("cat", "dog")}
        complete = all(written["counts"][kind] == n for kind, n in there.items())
        # A source may have been moved; its content counts.
        return written["counts"] if complete and written["identity"] == known else None
    except (OSError, ValueError, KeyError, TypeError):  # not there, or spoiled
        return None


def _licence(source: str, checksum: str | None) -> str:
    """The licence of a published set, also when its archive comes from a disk."""
    file = os.path.basename(source)
    for name, photos in SETS.items():
        files = {os.path.basename(address) for address in photos.addresses}
        if source == name or checksum == (photos.sha256 or "") or file in files:
            return photos.licence
    return OWN


def _fill(unfinished: Path, archive: Path, progress: bool) -> dict[str, int]:
    """Put every picture with its class, or set it aside; count them."""
    extracted = unfinished / "extracted"
    if archive.is_dir():
        found = find_pictures(archive)
        pictures = {path.relative_to(archive).as_posix(): path for path in found}
    else:
        pictures = extract(archive, extracted, progress)
    names = sorted(pictures)
    kinds = _kinds(names)
    _need_both(archive, names, kinds)
    counts = {"cat": 0, "dog": 0, "set_aside": 0}
    set_aside = []
    with ThreadPool() as pool:
        faults = tqdm(
            pool.imap(_fault, map(pictures.get, names)),
            total=len(names),
            desc="checking",
            unit="picture",
            disable=not progress,
        )
        for name, kind, fault in zip(names, kinds, faults, strict=True):
            if not kind:
                fault = "neither cat nor dog in its name or its folder"
            group = "set_aside" if fault else kind
            (unfinished / group).mkdir(exist_ok=True)
            suffix = PurePosixPath(name).suffix.lower()
            ours = f"{kind or 'picture'}.{counts[group]:05}{suffix}"
            try:
                if extracted in pictures[name].parents:
                    os.replace(pictures[name], unfinished / group / ours)
                else:
                    shutil.copyfile(pictures[name], unfinished / group / ours)
            except (FileNotFoundError, PermissionError, shutil.SpecialFileError):
                if not fault:
                    raise
                ours = ""  # no file, or one that cannot be read: the table names it
            counts[group] += 1
            if fault:
                set_aside.append((ours, name, fault))
    for kind in ("cat", "dog"):
        if not counts[kind]:
            reasons = [f"{shown(name)}: {fault}" for _, name, fault in set_aside]
            raise InputError(
                f"expected pictures of a {kind} in {shown(archive)}, found none that "
                f"can be used. {reasons[0]}"
            )
    if set_aside:
        with open(
            unfinished / "set_aside.csv", "w", encoding="utf-8", newline=""
        ) as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("File Name", "Original", "Reason"))
            rows.writerows([[shown(cell) for cell in row] for row in set_aside])
    shutil.rmtree(extracted, ignore_errors=True)
    return counts


def _fault(picture: Path) -> str | None:
    """Decode a picture to its last byte; what is wrong with it, or None."""
    try:
        open_picture(picture)
    except InputError as error:
        return str(error).removeprefix(f"{shown(picture)} ")
    return None


def _need_both(archive: Path, names: list[str], kinds: list[str | None]) -> None:
    if not any(kinds):
        places = {str(PurePosixPath(name).parent) for name in names} - {"."} or names
        found = ", ".join(map(shown, sorted(places)[:8])) or "nothing"
        raise InputError(
            f"expected folders named cat and dog, or file names that begin so, in "
            f"{shown(archive)}, found {len(names)} pictures: {found}. "
            "Rename the folders."
        )
    missing = {"cat", "dog"} - set(kinds)
    if missing:
        raise InputError(
            f"expected cats and dogs in {shown(archive)}, found no {missing.pop()}. "
            "Add them, in a folder of that name."
        )


def _kinds(names: list[str]) -> list[str | None]:
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
