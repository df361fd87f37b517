"""Published sets of photographs, and how an archive is downloaded."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pooch
import requests

from helpers.errors import InputError
from helpers.pictures import shown
from helpers.plumbing import DATA, explained, locked
from helpers.sources.looks import looks_like

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

PACE = 10_000  # bytes a second; a server that is slower all along is given up


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
    checksum = checksum_of(source)
    pooch.get_logger().setLevel("WARNING")  # the progress bar says enough
    faults = []
    for address in addresses:
        try:
            with explained(DOWNLOADS), locked(DOWNLOADS):
                for left in DOWNLOADS.glob("tmp*"):  # by a killed run
                    left.unlink()
                path = _fetch(source, address, checksum, timeout, progress)
        except InputError:
            raise  # the disk is full: so it is for the next address
        except (requests.RequestException, ValueError) as error:
            faults.append(f"could not download {shown(address)}: {_reason(error)}")
            continue
        if (reason := looks_like(path)) is None:
            return path
        path.unlink()  # or the next run would find it and believe it
        faults.append(f"{shown(address)} sent no archive: {reason}")
    raise InputError(
        "\n".join(faults)
        + "\nOr take an archive from a disk: name its path in place of the address."
    )


def _fetch(
    source: str, address: str, checksum: str | None, timeout: float, progress: bool
) -> Path:
    # Two archives may have one name, such as images.zip, at two addresses.
    mark = hashlib.sha256(source.encode()).hexdigest()[:8]
    name = f"{mark}-{os.path.basename(urlsplit(address).path) or 'photos'}"
    with _in_time(timeout) as watch:
        fetch = pooch.HTTPDownloader(
            progressbar=progress,
            timeout=timeout,
            # A server that packs once more on the way would spoil the checksum.
            headers={"Accept-Encoding": "identity"},
            hooks={"response": watch},
        )
        path = pooch.retrieve(address, checksum, name, DOWNLOADS, downloader=fetch)
    return Path(path)


@contextlib.contextmanager
def _in_time(timeout: float) -> Iterator[Callable[..., None]]:
    """Give a hook that ends a response which drips: always in time, never done."""
    timers: list[threading.Timer] = []
    late = threading.Event()

    def watch(response: requests.Response, **_: object) -> None:
        def end() -> None:
            late.set()
            with contextlib.suppress(ValueError, RuntimeError):  # done this moment
                response.raw.shutdown()  # wakes whoever reads from it

        length = int(response.headers.get("Content-Length") or 3600 * PACE)
        timers.append(threading.Timer(timeout + length / PACE, end))
        timers[-1].daemon = True
        timers[-1].start()

    try:
        yield watch
    except requests.RequestException as error:
        if late.is_set():
            raise requests.Timeout(error) from error
        raise
    finally:
        for timer in timers:
            timer.cancel()


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
        if re.search("IncompleteRead|Read timed out|Connection aborted", text):
            return "the connection broke. Nothing is kept of it; try again."
        return "there is no way to the server. Are you online?"
    if "does not match the known hash" in text:
        return (
            "what came is not what was published (its SHA-256 differs). Nothing is "
            "kept of it; try again, or from another network."
        )
    return f"{text.partition(chr(10))[0].rstrip('.') or type(error).__name__}."


def checksum_of(source: str) -> str | None:
    return SETS[source].sha256 if source in SETS else None
