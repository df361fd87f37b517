"""One picture, read the same way everywhere."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from helpers.errors import InputError
from helpers.pictures.faults import (
    damaged,
    is_raw,
    not_a_file,
    not_a_picture,
    out_of_reach,
    too_long,
    too_much_text,
)
from helpers.plumbing import explained, shown

# Pillow reads forty more formats: some start other programs, none holds photographs.
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF", "HEIF")
MAX_PIXELS = 89_000_000  # a telephone's 50 megapixels fit; GIGABYTES once decoded
MAX_BYTES = 400_000_000  # of the file: what MAX_PIXELS take without any compression
MAX_SIDE = 1_000_000  # pixels: each row takes memory of its own
GIGABYTES = 1.5  # of memory that the largest takes, as measured
MAX_READS = 1_000_000  # of a file by its decoder; 400 MB of PNG, as usual, take 150,000
MAX_LISTED = 400_000  # numbers in a list of a TIFF: 89 million pixels in small tiles
MAX_NOTES = 10_000_000  # bytes of EXIF; a camera writes 0.1 million
MAX_WORK = 3_000_000_000  # pixels times scans of a progressive JPEG: some 20 seconds
DNG = 50706  # the tag of TIFF that says: raw, Adobe's way
BITS = 258  # the tag for bits a pixel
PARTS = (273, 324)  # the tags for where strips and tiles lie

# Damaged notes spoil no picture; Pillow would speak of them amid what a command says.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
# HEIC, what iPhones save. The picture alone: thumbnails in it may show something else.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def read_picture(
    path: Path | str, size: tuple[int, int] | None = None, crop: bool = False
) -> np.ndarray:
    """Read any picture file as upright RGB pixels.

    Pictures from telephones, scanners and the web differ in more than what they show.
    Here each becomes what a network expects: turned as its EXIF note says; gray, CMYK,
    palette and 16-bit made RGB; transparent parts laid on white; of an animation the
    first frame. The file is decoded to its last byte, so a damaged one never passes.

    Args:
        path: A JPEG, PNG, GIF, BMP, WebP, TIFF, AVIF or HEIC file, whatever its name
            says.
        size: (height, width) to resize to, bilinear. None keeps the picture's own size.
        crop: Keep proportions, and cut off on two sides what is then too long. Without
            it the picture is squeezed to the size, as Keras's generators do.

    Returns:
        A uint8 array of shape (height, width, 3), values 0 to 255.

    Raises:
        InputError: if there is no such file, or it is not a picture, damaged, or larger
            than 89 million pixels or 400 MB. The message names the file.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Image.new("L", (40, 30), 200).save(f"{folder}/gray.png")
        ...     read_picture(f"{folder}/gray.png").shape
        ...     read_picture(f"{folder}/gray.png", size=(224, 224)).shape
        (30, 40, 3)
        (224, 224, 3)
    """
    return pixels_of(picture_bytes(path), path, size, crop)


def picture_bytes(path: Path | str) -> bytes:
    """Read a picture's file, so that what is hashed and what is decoded are the same.

    Args:
        path: A file; folders, devices and pipes are never opened.

    Returns:
        Its bytes, not decoded yet.

    Raises:
        InputError: if there is no such file, it cannot be read, or it is larger than
            400 MB.

    Example:
        >>> len(picture_bytes(__file__)) == os.path.getsize(__file__)
        True
    """
    if not os.path.isfile(path):
        raise not_a_file(path)
    try:
        with explained(path), open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise InputError(
                    f"{shown(path)} is too large: expected at most "
                    f"{MAX_BYTES / 1e6:,.0f} MB, found {size / 1e6:,.0f} MB. Save it "
                    "smaller, or take it out of the folder."
                )
            # What the system makes up when it is read (in /proc) has no size, and may
            # have no end.
            return file.read() if size else b""
    except OSError as error:
        raise out_of_reach(path, error) from error


def pixels_of(
    data: bytes,
    path: Path | str,
    size: tuple[int, int] | None = None,
    crop: bool = False,
) -> np.ndarray:
    """Decode the bytes of a picture: the second half of `read_picture`.

    Args:
        data: What `picture_bytes` gave.
        path: Its name, for messages.
        size: (height, width), as for `read_picture`.
        crop: As for `read_picture`.

    Returns:
        A uint8 array of shape (height, width, 3), values 0 to 255.

    Raises:
        InputError: as `read_picture`.

    Example:
        >>> buffer = io.BytesIO()
        >>> Image.new("L", (4, 3), 200).save(buffer, "PNG")
        >>> pixels_of(buffer.getvalue(), "gray.png").shape
        (3, 4, 3)
    """
    # Smaller while it is decoded, if it stays twice as large as what is asked for.
    image = _opened(data, path, None if size is None else 2 * max(size))
    if size is not None:
        resize = ImageOps.fit if crop else Image.Image.resize
        image = resize(image, size[::-1], Image.Resampling.BILINEAR)
    return np.array(image)


def open_picture(path: Path | str) -> Image.Image:
    """Open any picture file as an upright RGB image of Pillow, fully decoded.

    This is `read_picture` before its pixels become an array: for what Pillow does
    better, such as drawing or saving.

    Args:
        path: A picture file, as for `read_picture`.

    Returns:
        A `PIL.Image.Image` of mode "RGB" that no longer needs the file.

    Raises:
        InputError: as `read_picture`.

    Example:
        >>> import tempfile
        >>> exif = Image.Exif()
        >>> exif[0x0112] = 6  # "turn me by a quarter"
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Image.new("RGB", (40, 30)).save(f"{folder}/turned.jpg", exif=exif)
        ...     open_picture(f"{folder}/turned.jpg").size
        (30, 40)
    """
    return _opened(picture_bytes(path), path).copy()  # of Pillow's plainest class


def check_picture(path: Path | str) -> None:
    """Make sure that a picture file can be read: decode it to its last byte.

    For whoever looks through many: nothing of the picture is kept or copied.

    Args:
        path: A picture file, as for `read_picture`.

    Raises:
        InputError: as `read_picture`.

    Example:
        >>> check_picture(__file__)
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: ...reading.py is not a picture that can be read: ...
    """
    _opened(picture_bytes(path), path)


def _opened(data: bytes, path: Path | str, least: int | None = None) -> Image.Image:
    """Decode; `least` is the side, in pixels, down to which JPEG may come smaller."""
    try:
        return _decode(data, path, least)
    except InputError:
        raise
    except (Image.DecompressionBombError, _TooLarge):
        raise InputError(
            f"{shown(path)} is too large: expected at most {MAX_PIXELS:,} pixels "
            f"({GIGABYTES} GB of memory), no more than {MAX_SIDE:,} in a row or "
            "column. Save it smaller, or take it out of the folder."
        ) from None
    except MemoryError:
        raise InputError(
            f"{shown(path)} does not fit into this computer's memory. Close other "
            "programs or save the picture smaller."
        ) from None
    except Image.UnidentifiedImageError:
        raise not_a_picture(path, data[:512]) from None
    except Exception as error:  # each of Pillow's decoders has errors of its own
        raise damaged(path, error) from error


class _TooLarge(Exception):
    pass


class _Read(io.BytesIO):
    """The bytes of a picture; who reads them one by one is stopped in time.

    Decoders take pixels in large pieces, but some take notes, and whatever else stands
    in front of the pixels, in steps of a few bytes, each of them in Python.
    """

    def __init__(self, data: bytes, path: Path | str) -> None:
        super().__init__(data)
        self._path, self._left = path, MAX_READS

    def read(self, size: int | None = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise too_long(self._path, "it has more than a million parts")
        return super().read(size)


def _decode(data: bytes, path: Path | str, least: int | None) -> Image.Image:
    if is_raw(path, data[:512]):
        raise not_a_picture(path, data[:512], raw=True)
    if _longest_list(data) > MAX_LISTED:
        raise too_long(path, f"it lists more than {MAX_LISTED:,} parts")
    with Image.open(_Read(data, path), formats=FORMATS) as image:
        pixels = image.width * image.height
        if pixels > MAX_PIXELS or max(image.size) > MAX_SIDE:
            raise _TooLarge
        if image.format == "TIFF" and DNG in image.tag_v2:
            raise not_a_picture(path, data[:512], raw=True)
        if len(image.info.get("exif") or b"") > MAX_NOTES:
            raise too_much_text(path, MAX_NOTES)
        scans = data.count(b"\xff\xda") if "progressive" in image.info else 1
        if scans * pixels > MAX_WORK:
            raise too_long(path, f"it is a JPEG in {scans} scans, and ten are usual")
        deep = _is_deep(image, data)
        if least is not None and image.format == "JPEG":
            image.draft(None, (least, least))
        image.load()
        _turn(image)
        found = _rgb(image)
        if deep and max(high for _, high in found.getextrema()) < 16:
            raise InputError(
                f"{shown(path)} would be nearly black: its 16 bits a color hold values "
                "of 12 bits at most. Save it with 8 bits a color."
            )
        # Notes may be damaged, and would be met again by whoever saves the picture.
        profile = image.info.get("icc_profile") if image.mode == "RGB" else None
        found.info = {"icc_profile": profile} if profile else {}
        return found


def _longest_list(data: bytes) -> int:
    """How many numbers a TIFF says that its longest list has, of its strips mostly.

    Pillow makes Python's numbers of a list, and more, before a picture counts as open.
    """
    order, longest = {b"II": "<", b"MM": ">"}.get(data[:2]), 0
    if order is None:
        return 0
    big = data[2:3] == b"+"  # BigTIFF
    place, count, entry = ("8xQ", "Q", "HHQ8x") if big else ("4xI", "H", "HHI4x")
    with contextlib.suppress(struct.error, OverflowError):  # it ends too early
        (start,) = struct.unpack_from(order + place, data)
        (n_entries,) = struct.unpack_from(order + count, data, start)
        start += struct.calcsize(order + count)
        for number in range(min(n_entries, MAX_READS)):
            at = start + number * struct.calcsize(order + entry)
            tag, kind, length = struct.unpack_from(order + entry, data, at)
            if kind not in (1, 2, 7) or tag in PARTS:  # bytes stay what they are
                longest = max(longest, length)
    return longest


def _is_deep(image: Image.Image, data: bytes) -> bool:
    """Whether it has 16 bits for each of three colors; Pillow keeps the upper eight."""
    if image.mode not in ("RGB", "RGBA"):
        return False
    if image.format == "TIFF":
        return max(image.tag_v2.get(BITS, (8,))) == 16
    return image.format == "PNG" and data[24] == 16


def _turn(image: Image.Image) -> None:
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except MemoryError:
        raise
    except Exception:  # damaged EXIF notes spoil no picture
        pass


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):
        image = Image.fromarray(_upper_eight_bits(np.asarray(image)))
    elif image.mode in ("I", "F"):  # no agreed range: from the darkest to the brightest
        image = Image.fromarray(_spread(np.asarray(image)))
    elif image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image)
        return white
    return image if image.mode == "RGB" else image.convert("RGB")


def _upper_eight_bits(pixels: np.ndarray) -> np.ndarray:
    """Of the bits in use: cameras and microscopes put 10, 12 or 14 into 16."""
    bits = next(b for b in (8, 10, 12, 14, 16) if pixels.max() < 1 << b)
    return (pixels >> (bits - 8)).astype(np.uint8)


def _spread(pixels: np.ndarray) -> np.ndarray:
    """Numbers of any range as 0 to 255, a million at a time to spare memory."""
    flat = pixels.reshape(-1)
    parts = [slice(n, n + 1_000_000) for n in range(0, flat.size, 1_000_000)]
    low = min(_numbers(flat[part]).min() for part in parts)
    high = max(_numbers(flat[part]).max() for part in parts)
    spread = np.empty(flat.size, np.uint8)
    for part in parts:
        spread[part] = (_numbers(flat[part]) - low) / max(high - low, 1e-9) * 255
    return spread.reshape(pixels.shape)


def _numbers(pixels: np.ndarray) -> np.ndarray:
    return np.nan_to_num(pixels.astype(np.float64))
