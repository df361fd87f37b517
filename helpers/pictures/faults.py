"""What is wrong with a file that should be a picture, and what to do about it."""

from __future__ import annotations

import os
from pathlib import Path

from helpers.errors import InputError
from helpers.pictures.files import OTHERS, RAW
from helpers.plumbing import shown

AGAIN = "Copy or download it again, or take it out of the folder."
JPEG = "Export it as JPEG, with the program that shows it to you."
HEIC = f"it is a HEIC picture, but damaged. {AGAIN}"
FILM = f"it is a film. Save a picture of it: {JPEG}"
BRANDS = {  # of the family that begins with "ftyp"
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC),
    b"crx ": f"it is a camera's raw picture (CR3). {JPEG}",
    b"avif": f"it is an AVIF picture, but damaged. {AGAIN}",
    b"avis": f"it is an AVIF picture, but damaged. {AGAIN}",
}
BEGINNINGS = {
    b"\x00\x05\x16\x07": "it is the twin that macOS keeps beside a file, without any "
    "pixels. Delete it; the picture is the file without '._'.",
    b"\xff\x0a": f"it is a JPEG XL picture. {JPEG}",
    b"\0\0\0\x0cJXL ": f"it is a JPEG XL picture. {JPEG}",
    b"\0\0\0\x0cjP  ": f"it is a JPEG 2000 picture. {JPEG}",
    b"IIRO": f"it is a camera's raw picture (ORF). {JPEG}",
    b"IIU\0": f"it is a camera's raw picture (RW2). {JPEG}",
    b"FUJIFILM": f"it is a camera's raw picture (RAF). {JPEG}",
    b"8BPS": f"it is a Photoshop file. {JPEG}",
    b"%PDF": f"it is a document (PDF). {JPEG}",
    b"PK\3\4": "it is a zip archive. Unpack it, and name the pictures in it.",
    b"bplist": "it is what iCloud leaves in the place of a picture. Download the "
    "picture itself: in Finder, right-click it and choose Download Now.",
    b"version https://git-lfs": "it is what git keeps in the place of a large file. "
    "Fetch the picture itself with `git lfs pull`.",
}


def not_a_file(path: Path | str) -> InputError:
    """The error for a path at which there is no file to read."""
    if os.path.isdir(path):
        return InputError(
            f"{shown(path)} is a folder; expected one picture file. Name a file in it."
        )
    if os.path.lexists(path):
        return InputError(
            f"{shown(path)} is not a picture file: it is a broken link or a device. "
            "Put the picture itself there."
        )
    return InputError(
        f"no such file: {shown(path)}. Check the spelling, the ending and the folder."
    )


def out_of_reach(path: Path | str, error: OSError) -> InputError:
    """The error for a file that the system names but does not hand over."""
    return InputError(
        f"{shown(path)} cannot be read just now ({error.strerror or error}). If a "
        "cloud drive keeps it (iCloud, OneDrive, Dropbox), download it to this "
        "computer first; else see that its disk or share is connected."
    )


def not_a_picture(path: Path | str, head: bytes, raw: bool = False) -> InputError:
    """The error for a file that is no picture of a format that we read.

    Args:
        path: The file.
        head: Its first 512 bytes, or all of them if there are fewer.
        raw: Whether it is known to be a camera's raw picture.
    """
    what = f"it is a camera's raw picture. {JPEG}" if raw else _what(path, head)
    return InputError(f"{shown(path)} is not a picture that can be read: {what}")


def is_raw(path: Path | str, head: bytes) -> bool:
    """Whether it is a camera's raw picture in a TIFF's clothes, to be told by its head.

    Pillow would open its thumbnail, or a preview, as if it were the picture.
    """
    tiff = head.startswith((b"II*\0", b"MM\0*"))
    raw = os.path.splitext(str(path))[1].lower() in RAW
    return tiff and (raw or head[8:10] == b"CR")


def damaged(path: Path | str, error: Exception) -> InputError:
    """The error for a picture whose decoder gave up."""
    if "MAX_TEXT" in str(error):
        return too_much_text(path, 1_000_000)
    return InputError(
        f"{shown(path)} is damaged: part of the picture is missing or spoiled "
        f"({error or type(error).__name__}). {AGAIN}"
    )


def too_much_text(path: Path | str, most: int) -> InputError:
    """The error for a picture with more notes than `most` bytes."""
    return InputError(
        f"{shown(path)} holds more text beside its pixels than we read "
        f"({most / 1e6:.0f} MB). Open it in a picture program and export it anew, "
        "without notes (metadata)."
    )


def too_long(path: Path | str, why: str) -> InputError:
    """The error for a picture that would keep its decoder busy."""
    return InputError(
        f"{shown(path)} would take minutes to decode: {why}. Open it in a picture "
        "program and export it anew."
    )


def _what(path: Path | str, head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return f"it is empty (0 bytes). {AGAIN}"
    if text.startswith((b"<svg", b"<?xml", b"<!doctype svg")) and b"<svg" in text:
        return f"it is {OTHERS['.svg']}."
    if text.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        return (
            "it is a web page under a picture's name, as a download leaves it that "
            "needed a login or went wrong. Download the picture itself again."
        )
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], FILM)
    for beginning, what in BEGINNINGS.items():
        if head.startswith(beginning):
            return what
    return f"expected JPEG, PNG, GIF, BMP, WebP, TIFF, AVIF or HEIC. {AGAIN}"
