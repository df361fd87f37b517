"""What a file is that should be an archive."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

DOWNLOAD = "Download or copy it again; the first try was probably cut short."
ZEROS = f"it starts with nothing but zeros. {DOWNLOAD}"
NEITHER = (
    "Name a zip or tar archive, or a folder with pictures in it; if this was "
    "downloaded, see in a browser what its address gives."
)
UNPACK = "Unpack it yourself, and name the folder."
PICTURE = "it is a single picture. Name the folder that it lies in."
STARTS = {
    b"Rar!": f"it is one that only its own program opens (RAR or 7z). {UNPACK}",
    b"7z\xbc\xaf": f"it is one that only its own program opens (RAR or 7z). {UNPACK}",
    b"\x28\xb5\x2f\xfd": f"it is packed by Zstandard, which Python lacks. {UNPACK}",
    b"\x04\x22\x4d\x18": f"it is packed by LZ4, which Python lacks. {UNPACK}",
    b"PAR1": "it is a Parquet table. Save its pictures as files, in a folder for each "
    "class, and name the folder above them.",
    b"\x89HDF": "it is an HDF5 file. Save its pictures as files, in a folder for each "
    "class, and name the folder above them.",
    b"version https://git-lfs": "it is what git keeps in the place of a large file. "
    "Fetch the file itself with `git lfs pull`.",
    b"%PDF": "it is a PDF document. Save its pictures as files.",
    b"\xff\xd8\xff": PICTURE,
    b"\x89PNG": PICTURE,
    b"GIF8": PICTURE,
    b"RIFF": PICTURE,
}
PARTS = (
    "it is one part of a split archive. Put all parts into one folder, let the program "
    "that made them join and unpack them, and name that folder."
)


def looks_like(archive: Path) -> str | None:
    """What a file that should be an archive is instead, and what to do; or None.

    Example:
        >>> looks_like(Path(__file__))[:12]
        'it starts wi'
    """
    with open(archive, "rb") as file:
        start = file.read(512)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return f"it is empty. {DOWNLOAD}"
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        return (
            "it is a web page, which a login or a proxy sent in its place. Open the "
            "address in a browser, and save the archive from there."
        )
    for mark, what in STARTS.items():
        if start.startswith(mark):
            return what
    if re.search(r"\.(z\d\d|\d{3}|part\d+\.\w+)$", archive.name, re.IGNORECASE):
        return PARTS
    if start.startswith(b"PK"):
        if start.startswith(b"PK\7\x08") or _is_last_part(archive):
            return PARTS
        whole = zipfile.is_zipfile(archive)
        return None if whole else f"its end is missing. {DOWNLOAD}"
    packed = start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ"))
    if packed or start[257:262] == b"ustar":
        return None
    if not start.strip(b"\0"):
        return ZEROS  # by its form, an empty tar
    return f"it starts with {start[:8]!r}. {NEITHER}"


def _is_last_part(archive: Path) -> bool:
    """Whether a zip says at its end that it began on another disk."""
    with open(archive, "rb") as file:
        file.seek(max(0, archive.stat().st_size - 65_557))  # the longest end there is
        end = file.read()
    place = end.rfind(b"PK\5\6")
    return place >= 0 and end[place + 4 : place + 6] not in (b"\0\0", b"\xff\xff", b"")
