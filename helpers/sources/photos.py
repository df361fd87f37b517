"""Photographs of cats and dogs: fetched, or taken from a disk, and checked."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Mapping
from pathlib import Path

from helpers.errors import InputError
from helpers.pictures import find_pictures, not_read, shown
from helpers.plumbing import (
    DATA,
    PYTHON,
    ROOT,
    Place,
    explained,
    given_path,
    identity,
    locked,
    read_json,
    refuse_inside_set,
    refuse_overlap,
    resolved,
    sha256,
    whole_folder,
)
from helpers.sources.checked import fill, leads_out
from helpers.sources.downloads import (
    SETS,
    checksum_of,
    download,
    mark,
    public,
    server_stamp,
    stamp_of,
)

PHOTOS = DATA / "photos" / "source"
RECORD = "provenance.json"
OWN = "whatever its owner says of its use"


def get_photos(
    source: str | Path = "filtered",
    folder: Path | str = PHOTOS,
    timeout: float = 20,
    progress: bool = True,
    least: int = 1,
) -> dict[str, int]:
    """Put photographs of cats and dogs in place, each of them decoded once.

    What cannot be read is set aside with its reason, never deleted. The new set is
    there when it is complete, and not before. Run again with the same source, it does
    nothing; what somebody has changed in the set meanwhile stays, and a sentence says
    so.

    Args:
        source: `"filtered"` (2,000 + 1,000 photographs, 69 MB), `"microsoft"`
            (25,000, 825 MB), `"oxford"` (7,400 of 37 breeds, 792 MB); or the path or
            address of a zip or tar archive; or a folder. An archive or folder of your
            own is only read, and links that lead out of it are not followed. Its
            classes show in folders named cat, cats, dog or dogs, or in file names that
            begin so.
        folder: Where to put them: the folders `cat` and `dog`, `provenance.json`, and,
            if need be, `set_aside` with `set_aside.csv`. An earlier set there is
            replaced if nobody has changed it; anything else there is not touched, but
            an error. Of a link, what it leads to.
        timeout: How many seconds to wait for a server to answer.
        progress: Show progress bars, and say so if there is nothing to do.
        least: How many of each class there have to be; an earlier set is not replaced
            by one that has fewer.

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
    refuse_inside_set(folder)
    source, place = str(source), Place(resolved(folder), RECORD, ("cat", "dog"))
    fetched = source in SETS or _is_address(source)
    archive = None if fetched else _given(source, place.folder)
    recipe, seen = _recipe(source, archive, place, timeout)
    if _stands(place, recipe, seen):
        if progress:
            print(f"The photographs of {public(source)} are in place already.")
        return _counted(place)
    with locked(place.folder):
        if _stands(place, recipe, seen):  # by the run that we waited for
            return _counted(place)
        if fetched:
            archive = download(source, timeout=timeout, progress=progress)
            if source not in SETS:
                recipe = {"address": mark(source), "stamp": stamp_of(archive)}
        with whole_folder(place.folder) as unfinished:
            try:
                counts = fill(unfinished, archive, progress)
            except InputError as error:
                # Spoiled on the way, perhaps: let the next run fetch it anew. But not
                # for a full disk.
                full = getattr(error.__cause__, "errno", None) is not None
                if fetched and not full and not checksum_of(source):
                    archive.unlink()
                raise
            _need(least, counts, archive)
            checksum = sha256(archive) if archive.is_file() else None
            place._replace(folder=unfinished).write_record(
                recipe,
                source=public(source),
                seen=seen,
                sha256=checksum,
                date=datetime.date.today().isoformat(),
                licence=_licence(source, checksum),
                counts=counts,
            )
            place.refuse_theirs()  # it may have come meanwhile
    if progress and archive.is_dir() and (told := not_read(archive)):
        print(told.strip())
    return counts


def _is_address(source: str) -> bool:
    return re.match("https?://", source, re.IGNORECASE) is not None


def _given(source: str, folder: Path) -> Path:
    """The archive or folder of one's own, if it can be a source."""
    path = given_path(source)
    if not os.path.isdir(path) and not os.path.isfile(path):
        if re.match(r"\w+://|www\.", source):
            raise InputError(
                f"expected an address that begins with https:// or http://, found "
                f"{public(source)}. Open it in a browser, save the archive from there, "
                "and name the file."
            )
        raise InputError(
            f"expected {', '.join(SETS)}, an address, or the path of an archive or a "
            f"folder, found {public(source)}, and no such path. Check the spelling, "
            "and that the disk or share is connected."
        )
    if path.resolve() in (ROOT, *ROOT.parents):
        raise InputError(
            f"{shown(path)} is the folder of the whole project, or one above it. Name "
            "the folder that holds your cats and dogs."
        )
    refuse_overlap(path, folder)
    return path


def _recipe(
    source: str, archive: Path | None, place: Place, timeout: float
) -> tuple[dict[str, object], dict[str, str]]:
    """What is asked for, and, of a folder, what it looks like now."""
    if source in SETS:
        return {"set": source}, {}
    if archive is None:
        before = place.look().recipe
        recipe = {"address": mark(source), "stamp": None}
        if isinstance(before, dict) and before.get("address") == recipe["address"]:
            recipe["stamp"] = server_stamp(source, timeout)
            if not recipe["stamp"]:
                print(f"Whether {public(source)} has changed could not be checked.")
                recipe["stamp"] = before.get("stamp")
            elif recipe != before:
                print(f"{public(source)} has changed since it was fetched.")
        return recipe, {}
    if archive.is_dir():
        files = {p.relative_to(archive).as_posix(): p for p in find_pictures(archive)}
        inside = {name: p for name, p in files.items() if not leads_out(p, archive)}
        seen = identity(inside, place.look().facts.get("seen"))
        return {"folder": seen["content"]}, seen
    with explained(archive):
        return {"archive": sha256(archive)}, {}


def _stands(place: Place, recipe: Mapping[str, object], seen: dict[str, str]) -> bool:
    # Before records held digests, they held this. Such a set is used if it is complete;
    # it is not replaced, for nobody can tell what in it is ours.
    old = read_json(place.folder / RECORD)
    if isinstance(old, dict) and isinstance(old.get("identity"), str):
        known = (seen.get("quick"), recipe.get("archive"), recipe.get("set"))
        if old["identity"] in known and old.get("counts") == _counted(place):
            return True
    return place.reuse(recipe) is not None


def _counted(place: Place) -> dict[str, int]:
    counts = {}
    for kind in ("cat", "dog"):
        there = (place.folder / kind).is_dir()
        counts[kind] = len(find_pictures(place.folder / kind)) if there else 0
    table = place.folder / "set_aside.csv"
    rows = table.read_bytes().count(b"\n") if table.is_file() else 1
    return {**counts, "set_aside": max(0, rows - 1)}


def _need(least: int, counts: dict[str, int], archive: Path) -> None:
    for kind in ("cat", "dog"):
        if counts[kind] < least:
            raise InputError(
                f"expected at least {least} pictures of a {kind} in {shown(archive)}, "
                f"found {counts[kind]}. Add pictures, or train with what is there: "
                f"`{PYTHON} -m data_scripts.train_classifier FOLDER` takes five of a "
                "class. An earlier set was not replaced."
            )


def _licence(source: str, checksum: str | None) -> str:
    """The licence of a published set, also when its archive comes from a disk."""
    file = os.path.basename(source)
    for name, photos in SETS.items():
        files = {os.path.basename(address) for address in photos.addresses}
        if source == name or checksum == (photos.sha256 or "") or file in files:
            return photos.licence
    return OWN
