"""Pictures of an archive or a folder, each decoded once and put with its class."""

from __future__ import annotations

import csv
import errno
import os
import shutil
from multiprocessing.pool import ThreadPool
from pathlib import Path, PurePosixPath

from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.pictures import MAX_BYTES, check_picture, find_pictures, shown
from helpers.sources.archives import extract
from helpers.sources.classes import kinds_of, need_both
from helpers.sources.looks import DOWNLOAD


def fill(unfinished: Path, archive: Path, progress: bool) -> dict[str, int]:
    """Put every picture with its class, or set it aside with its reason; count them.

    Args:
        unfinished: An empty folder; it gets `cat`, `dog`, and `set_aside` with a table.
        archive: An archive that is taken apart, or a folder that is only read.
        progress: Show progress bars.

    Returns:
        How many `cat`, `dog` and `set_aside` there are.

    Raises:
        InputError: if no cat or no dog among them can be used.
    """
    extracted = unfinished / "extracted"
    if archive.is_dir():
        found = find_pictures(archive)
        pictures = {path.relative_to(archive).as_posix(): path for path in found}
    else:
        pictures = extract(archive, extracted, progress, lambda s: _look(archive, s))
    names = sorted(pictures)
    kinds = kinds_of(names)
    need_both(archive, names, kinds)
    counts = {"cat": 0, "dog": 0, "set_aside": 0}
    set_aside = []
    with ThreadPool() as pool:
        faults = tqdm(
            pool.imap(lambda name: _fault(pictures[name], archive), names),
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
            if not _put(pictures[name], unfinished / group / ours, archive, fault):
                # No file, one that cannot be read, or too large: the table names it.
                ours = ""
            counts[group] += 1
            if fault:
                set_aside.append((ours, name, fault))
    for kind in ("cat", "dog"):
        if not counts[kind]:
            _, name, fault = set_aside[0]
            raise _none_left(kind, archive, f"{shown(name)}: {fault}")
    if set_aside:
        with open(
            unfinished / "set_aside.csv", "w", encoding="utf-8", newline=""
        ) as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("File Name", "Original", "Reason"))
            rows.writerows([[shown(cell) for cell in row] for row in set_aside])
    shutil.rmtree(extracted, ignore_errors=True)
    return counts


def _look(archive: Path, sizes: dict[str, int]) -> None:
    """Refuse what can be told from a list: it takes long to write 100,000 files."""
    names = sorted(sizes)
    kinds = kinds_of(names)
    need_both(archive, names, kinds)
    for kind in ("cat", "dog"):
        theirs = [name for name, own in zip(names, kinds, strict=True) if own == kind]
        if not any(sizes[name] for name in theirs):
            why = "it is empty, as all of them are"
            raise _none_left(kind, archive, f"{shown(theirs[0])}: {why}. {DOWNLOAD}")


def _none_left(kind: str, archive: Path, why: str) -> InputError:
    return InputError(
        f"expected pictures of a {kind} in {shown(archive)}, found none that can be "
        f"used. {why}"
    )


def _put(picture: Path, target: Path, archive: Path, fault: str | None) -> bool:
    """Move what was extracted, copy what is somebody's; whether that was possible."""
    if not archive.is_dir():
        os.replace(picture, target)
        return True
    if fault and (
        leads_out(picture, archive)
        or not os.path.isfile(picture)
        or os.path.getsize(picture) > MAX_BYTES  # a disk is soon full of such
    ):
        return False
    try:
        shutil.copyfile(picture, target)
        if fault and os.name == "posix":
            shutil.copymode(picture, target)  # nobody has looked at what is in it
    except OSError as error:  # such as one that a cloud drive does not hand over
        if not fault or error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        target.unlink(missing_ok=True)
        return False
    return True


def leads_out(picture: Path, folder: Path) -> bool:
    """Whether a picture is a link to somewhere outside of the folder."""
    # Of a link that leads to itself, this is the link.
    target, inside = Path(os.path.realpath(picture)), Path(os.path.realpath(folder))
    return os.path.islink(picture) and inside not in target.parents


def _fault(picture: Path, archive: Path) -> str | None:
    """Decode a picture to its last byte; what is wrong with it, or None."""
    if archive.is_dir() and leads_out(picture, archive):
        return "is a link that leads out of the folder. Put the picture itself there."
    try:
        check_picture(picture)
    except InputError as error:
        return str(error).removeprefix(f"{shown(picture)} ")
    return None
