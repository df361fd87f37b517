"""Photographs of cats and dogs: fetched, or taken from a disk, and checked."""

from __future__ import annotations

import csv
import datetime
import hashlib
import json
import os
import re
import shutil
import tarfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests
from tqdm.auto import tqdm

from helpers.archives import extract, looks_like
from helpers.errors import InputError
from helpers.files import DATA, explained, locked, sha256, whole_folder
from helpers.pictures import find_pictures, open_picture, shown

SOURCE = DATA / "photos" / "source"
DOWNLOADS = DATA / "downloads"


@dataclass(frozen=True)
class PhotoSet:
    """A published set of photographs.

    Attributes:
        addresses: Where it is to be had; the next one is tried when one fails.
        sha256: Its published checksum, or None where none was found.
        megabytes: How large the archive is.
        licence: What its publisher says of its use.
    """

    addresses: tuple[str, ...]
    sha256: str | None
    megabytes: int
    licence: str


SETS = {
    "filtered": PhotoSet(
        ("https://storage.googleapis.com/mledu-datasets/cats_and_dogs_filtered.zip",),
        None,
        65,
        "no licence published; an excerpt of Asirra, for teaching and research",
    ),
    "microsoft": PhotoSet(
        (
            "https://download.microsoft.com/download/3/E/1/"
            "3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
        ),
        "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
        787,
        "Asirra, Microsoft Research; see the licence text in the archive",
    ),
    "oxford": PhotoSet(
        (
            "https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz",
            "https://thor.robots.ox.ac.uk/~vgg/data/pets/images.tar.gz",
        ),
        "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
        755,
        "CC BY-SA 4.0, the Oxford-IIIT Pet Dataset",
    ),
}
OWN = "whatever its owner says of its use"


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
            if need be, `set_aside` with `set_aside.csv`.
        timeout: How many seconds to wait for a server to answer.
        progress: Show progress bars.

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
    with locked(folder):
        known, archive = source, None
        if source not in SETS and not _is_address(source):
            known, archive = _identity(Path(source))
        if (counts := _finished(folder, source, known)) is not None:
            return counts
        if archive is None:
            archive = download(source, timeout=timeout, progress=progress)
        with whole_folder(folder) as unfinished:
            facts = _fill(unfinished, archive, progress)
            published = SETS.get(source)
            provenance = {
                "source": source,
                "identity": known,
                "sha256": sha256(archive) if archive.is_file() else None,
                "date": datetime.date.today().isoformat(),
                "licence": published.licence if published else OWN,
                "counts": facts,
            }
            with open(unfinished / "provenance.json", "w", encoding="utf-8") as file:
                json.dump(provenance, file, indent=2)
    return facts


def download(source: str, timeout: float = 20, progress: bool = True) -> Path:
    """Download an archive, whole or not at all, and check it where it can be checked.

    Args:
        source: The name of a published set, or an address.
        timeout: How many seconds to wait for a server to answer.
        progress: Show a progress bar.

    Returns:
        The path of the archive in `data/downloads`; a second call finds it there.

    Raises:
        InputError: if no address answers with the archive.

    Example:
        >>> download("http://127.0.0.1:9/photos.zip", progress=False)
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: could not download http://127.0.0.1:9/photos.zip: ...
    """
    addresses = SETS[source].addresses if source in SETS else (source,)
    checksum = SETS[source].sha256 if source in SETS else None
    faults = []
    for address in addresses:
        # Two archives may have one name, such as images.zip, at two addresses.
        mark = hashlib.sha256(source.encode()).hexdigest()[:8]
        name = f"{mark}-{os.path.basename(urlsplit(address).path) or 'photos'}"
        fetch = pooch.HTTPDownloader(progressbar=progress, timeout=timeout)
        try:
            with explained(DOWNLOADS / name):
                path = Path(
                    pooch.retrieve(address, checksum, name, DOWNLOADS, downloader=fetch)
                )
        except (requests.RequestException, ValueError) as error:
            faults.append(f"could not download {address}: {_reason(error)}")
            continue
        if zipfile.is_zipfile(path) or tarfile.is_tarfile(path):
            return path
        reason = looks_like(path)
        path.unlink()  # or the next run would find it and believe it
        faults.append(f"{address} sent no archive: {reason}")
    raise InputError(
        "\n".join(faults)
        + "\nOr take an archive from a disk: name its path in place of the address."
    )


def _reason(error: Exception) -> str:
    """What a failed download means, and what to do about it."""
    text = str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return (
            "the server's certificate is not trusted. A school's or company's proxy "
            "opens encrypted connections: ask its administrator for the certificate, "
            "and name the file in REQUESTS_CA_BUNDLE. Never switch the check off."
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy refuses. Check HTTPS_PROXY, or ask its administrator."
    if isinstance(error, requests.exceptions.HTTPError):
        status = error.response.status_code
        return f"the server answers {status}. Has the file moved? Open it in a browser."
    if isinstance(error, requests.exceptions.Timeout):
        return "the server does not answer in time. Try again, or from another network."
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke. Nothing is kept of it; try again."
    if isinstance(error, requests.exceptions.ConnectionError):
        if "IncompleteRead" in text or "Read timed out" in text:
            return "the connection broke. Nothing is kept of it; try again."
        return "there is no way to the server. Are you online?"
    if "does not match the known hash" in text:
        return (
            "what came is not what was published (its SHA-256 differs). Nothing is "
            "kept of it; try again, or from another network."
        )
    return text.splitlines()[0]


def _is_address(source: str) -> bool:
    return source.startswith(("https://", "http://"))


def _identity(path: Path) -> tuple[str, Path]:
    """What an archive or folder of one's own is known by, and its path."""
    if path.is_dir():
        digest = hashlib.sha256()
        for picture in find_pictures(path):
            status = picture.stat()
            name = picture.relative_to(path).as_posix()
            line = f"{name} {status.st_size} {status.st_mtime_ns}\n"
            digest.update(line.encode("utf-8", "surrogateescape"))
        return digest.hexdigest(), path
    if path.is_file():
        with explained(path):
            return sha256(path), path
    raise InputError(
        f"expected {', '.join(SETS)}, an address, or the path of an archive or a "
        f"folder, found {shown(path)}, and no such path. Check the spelling, and that "
        "the disk or share is connected."
    )


def _finished(folder: Path, source: str, known: str | None) -> dict[str, int] | None:
    """The counts of the set that is there, if it is this one and complete."""
    try:
        written = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        there = {kind: len(find_pictures(folder / kind)) for kind in ("cat", "dog")}
    except (FileNotFoundError, ValueError):  # InputError too: no such folder
        return None
    same = (written["source"], written["identity"]) == (source, known)
    if known is not None:  # an archive may have been moved; its content counts
        same = written["identity"] == known
    complete = all(written["counts"][kind] == n for kind, n in there.items())
    return written["counts"] if same and complete else None


def _fill(unfinished: Path, archive: Path, progress: bool) -> dict[str, int]:
    """Copy every picture to its class, or set it aside; count them."""
    if archive.is_dir():
        root, pictures = archive, find_pictures(archive)
    else:
        root = unfinished / "extracted"
        pictures = sorted(extract(archive, root))
    kinds = _kinds([picture.relative_to(root) for picture in pictures])
    if not any(kinds):
        folders = sorted({p.relative_to(root).parts[0] for p in pictures})[:8]
        raise InputError(
            f"expected folders named cat and dog, or file names that begin so, in "
            f"{shown(archive)}, found {len(pictures)} pictures under {folders}. "
            "Rename the folders."
        )
    missing = {"cat", "dog"} - set(kinds)
    if missing:
        raise InputError(
            f"expected cats and dogs in {shown(archive)}, found no {missing.pop()}. "
            "Add them, in a folder of that name."
        )
    counts = {"cat": 0, "dog": 0, "set_aside": 0}
    set_aside = []
    with ThreadPoolExecutor() as pool:
        faults = tqdm(
            pool.map(_fault, pictures),
            total=len(pictures),
            desc="checking",
            unit="picture",
            disable=not progress,
        )
        for picture, kind, fault in zip(pictures, kinds, faults, strict=True):
            if not kind:
                fault = "neither cat nor dog in its name or its folder"
            group = "set_aside" if fault else kind
            target = unfinished / group
            target.mkdir(exist_ok=True)
            name = f"{kind or 'picture'}.{counts[group]:05}{picture.suffix.lower()}"
            shutil.copyfile(picture, target / name)
            counts[group] += 1
            if fault:
                original = picture.relative_to(root).as_posix()
                set_aside.append((name, original, fault))
    if set_aside:
        with open(
            unfinished / "set_aside.csv", "w", encoding="utf-8", newline=""
        ) as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(("File Name", "Original", "Reason"))
            rows.writerows([[shown(cell) for cell in row] for row in set_aside])
    shutil.rmtree(unfinished / "extracted", ignore_errors=True)
    return counts


def _fault(picture: Path) -> str | None:
    """Decode a picture to its last byte; what is wrong with it, or None."""
    try:
        open_picture(picture)
    except InputError as error:
        return str(error).removeprefix(f"{shown(picture)} ")
    return None


def _kinds(names: list[Path]) -> list[str | None]:
    """Cat, dog or None for each picture, from its folders, else from its name."""
    kinds = [_kind(name) for name in names]
    breed = re.compile(r"[A-Za-z_]+_\d+\.\w+$")  # as the Oxford set names them
    if not any(kinds) and all(breed.match(name.name) for name in names):
        kinds = ["cat" if name.name[0].isupper() else "dog" for name in names]
    return kinds


def _kind(name: Path) -> str | None:
    for folder in reversed(name.parts[:-1]):  # the nearest folder decides
        if match := re.fullmatch(r"(cat|dog)s?", folder, flags=re.IGNORECASE):
            return match[1].lower()
    match = re.match(r"(cat|dog)s?(?![a-z])", name.name, flags=re.IGNORECASE)
    return match[1].lower() if match else None
