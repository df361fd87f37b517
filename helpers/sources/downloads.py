"""Published sets of photographs, and how an archive is downloaded."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.plumbing import DATA, explained, locked, sha256, shown, whole_file
from helpers.sources.connections import TooLarge, answered, reason
from helpers.sources.looks import looks_like

DOWNLOADS = DATA / "downloads"
LARGEST = 4_000_000_000  # bytes of an archive at an address of one's own
SCHEME = r"^(\w{2,}:[\\/]*)"  # whichever way the slashes lean, and however many
EARLIER = 2  # archives of an address are kept: another run may still read the first
MARGIN = 1.5  # a published archive may have grown by so much


@dataclass(frozen=True)
class PhotoSet:
    """A published set of photographs.

    Attributes:
        addresses: Where it is to be had; the next one is tried when one fails.
        sha256: Its published checksum, or None where none was found.
        megabytes: How large the archive is, in millions of bytes.
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
        69,
        "no licence published; an excerpt of Asirra, for teaching and research",
    ),
    "microsoft": PhotoSet(
        (
            "https://download.microsoft.com/download/3/E/1/"
            "3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
        ),
        "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
        825,
        "Asirra, Microsoft Research; see the licence text in the archive",
    ),
    "oxford": PhotoSet(
        (
            "https://www.robots.ox.ac.uk/~vgg/data/pets/data/images.tar.gz",
            "https://thor.robots.ox.ac.uk/~vgg/data/pets/images.tar.gz",
        ),
        "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d",
        792,
        "CC BY-SA 4.0, the Oxford-IIIT Pet Dataset",
    ),
}


def download(source: str, timeout: float = 20, progress: bool = True) -> Path:
    """Download an archive, whole or not at all, and check it where it can be checked.

    Args:
        source: The name of a published set, or an address.
        timeout: How many seconds to wait for a server to answer.
        progress: Show a progress bar.

    Returns:
        The path of the archive in `data/downloads`. A second call finds it there,
        unless the server says that it has another one now. Of an address, the last two
        archives are kept.

    Raises:
        InputError: if no address answers with the archive. No password and no token of
            an address is shown.

    Example:
        >>> download("http://127.0.0.1:9/photos.zip", progress=False)
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: could not download http://127.0.0.1:9/photos.zip: ...
    """
    addresses = SETS[source].addresses if source in SETS else (source,)
    faults = []
    with locked(DOWNLOADS):
        for address in addresses:
            try:
                path = _fetch(source, address, timeout, progress)
            except InputError:
                raise  # the disk is full: so it is for the next address
            except (requests.RequestException, ValueError, TooLarge) as error:
                faults.append(f"could not download {public(address)}: {reason(error)}")
                continue
            if (fault := looks_like(path)) is None:
                for old in _kept(source)[:-EARLIER]:
                    old.unlink(missing_ok=True)
                return path
            path.unlink()  # or the next run would find it and believe it
            faults.append(f"{public(address)} sent no archive: {fault}")
    if kept := _kept(source):
        print(f"{faults[0]} What was downloaded on {_day(kept[-1])} is used.")
        return kept[-1]
    raise InputError(
        "\n".join(faults)
        + "\nOr take an archive from a disk: name its path in place of the address."
    )


def server_stamp(address: str, timeout: float = 20) -> str | None:
    """What a server says that changes with an archive, as 8 digits.

    Args:
        address: Where the archive is.
        timeout: How many seconds to wait for the server to answer.

    Returns:
        A digest of ETag, date and size; `""` if it tells none of them; None if there is
        no answer.
    """
    try:
        with answered(address, timeout) as (response, _):
            return _stamp(response)
    except (requests.RequestException, ValueError):
        return None


def stamp_of(archive: Path) -> str:
    """The stamp that a downloaded archive carries in its name."""
    return archive.name.split("-")[1]


def mark(source: str) -> str:
    """Eight digits for a source: two archives at two addresses may have one name."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def public(address: str) -> str:
    """An address without what may be a secret: name, password, query, session.

    Example:
        >>> public("https://me:secret@example.org/pets.zip;session=1?token=1")
        'https://example.org/pets.zip'
        >>> public("https://me:se/cr?et@example.org/pets.zip")
        'https://example.org/pets.zip'
        >>> public("http:/me:secret@example.org:80/pets.zip")
        'http:/example.org:80/pets.zip'
    """
    plain = re.sub(rf"{SCHEME}[^\\/?#]*@", r"\1", address)
    # A password with a slash in it, say: a colon that no port follows.
    plain = re.sub(rf"{SCHEME}[^\\/?#:]*:(?!\d*([\\/?#]|$)).*@", r"\1", plain)
    return shown(re.split(r"[?#;]", plain)[0])


def checksum_of(source: str) -> str | None:
    return SETS[source].sha256 if source in SETS else None


def _fetch(source: str, address: str, timeout: float, progress: bool) -> Path:
    name = urlsplit(address).path.partition(";")[0].rpartition("/")[2]
    name = re.sub(r"[^\w.-]", "_", name)[-80:]
    name = name.encode()[-160:].decode(errors="ignore") or "photos"
    checksum = checksum_of(source)
    if source in SETS:
        path = DOWNLOADS / f"{mark(source)}-{name}"
        if path.is_file() and checksum in (None, sha256(path)):
            return path
    with answered(address, timeout) as (response, watch):
        if source not in SETS:
            path = DOWNLOADS / f"{mark(source)}-{_stamp(response)}-{name}"
            if path.is_file() and _stamp(response):
                return path
        limit = SETS[source].megabytes * 1e6 * MARGIN if source in SETS else LARGEST
        length = watch.expect(response, limit)
        bar = tqdm(total=length, unit="B", unit_scale=True, disable=not progress)
        with whole_file(path) as unfinished, bar:
            with open(unfinished, "wb") as file:
                for piece in watch.pieces(response, limit):
                    file.write(piece)
                    bar.update(len(piece))
            if checksum not in (None, sha256(unfinished)):
                raise ValueError("does not match the published SHA-256")
    return path


def _stamp(response: requests.Response) -> str:
    told = [
        response.headers.get(name, "")
        for name in ("ETag", "Last-Modified", "Content-Length")
    ]
    return mark("\n".join(told)) if any(told) else ""


def _kept(source: str) -> list[Path]:
    """What was downloaded from an address of one's own, the newest last."""
    if source in SETS:
        return []
    ours = rf"{mark(source)}-([0-9a-f]{{8}})?-[\w.-]+"
    with explained(DOWNLOADS):
        found = DOWNLOADS.glob(f"{mark(source)}-*")
        found = [path for path in found if re.fullmatch(ours, path.name)]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def _day(path: Path) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(path.stat().st_mtime))
