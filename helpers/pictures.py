"""One picture, read the same way everywhere, and the pictures of a folder."""

from __future__ import annotations

import contextlib
import os
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from helpers.errors import InputError
from helpers.plumbing import explained

SUFFIXES = {
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp", ".tif"),
    *(".tiff", ".avif", ".heic", ".heif"),  # the last two only to be explained
}
# Pillow reads forty more formats: some start other programs, none holds photographs.
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "AVIF")
MAX_PIXELS = 89_000_000  # 270 MB once decoded; a telephone's 50 megapixels fit
AGAIN = "Copy or download it again, or take it out of the folder."

# What Pillow only warns about is either refused below with a sentence (size), or does
# not touch the pixels (a camera's careless notes in the EXIF block).
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module="PIL")


def read_picture(
    path: Path | str, size: tuple[int, int] | None = None, crop: bool = False
) -> np.ndarray:
    """Read any picture file as upright RGB pixels.

    Pictures from telephones, scanners and the web differ in more than what they show.
    Here each becomes what a network expects: turned as its EXIF note says; grey, CMYK,
    palette and 16-bit made RGB; transparent parts laid on white; of an animation the
    first frame. The file is decoded to its last byte, so a damaged one never passes.

    Args:
        path: A JPEG, PNG, GIF, BMP, WebP, TIFF or AVIF file, whatever its name says.
        size: (height, width) to resize to, bilinear. None keeps the picture's own size.
        crop: Keep proportions, and cut off on two sides what is then too long. Without
            it the picture is squeezed to the size, as Keras's generators do.

    Returns:
        A uint8 array of shape (height, width, 3), values 0 to 255.

    Raises:
        InputError: if there is no such file, or it is not a picture, damaged, or larger
            than 89 million pixels. The message names the file.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "grey.png"
        >>> Image.new("L", (40, 30), 200).save(path)
        >>> read_picture(path).shape
        (30, 40, 3)
        >>> read_picture(path, size=(224, 224)).shape
        (224, 224, 3)
    """
    image = open_picture(path)
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
        >>> path = Path(tempfile.mkdtemp()) / "turned.jpg"
        >>> exif = Image.Exif()
        >>> exif[0x0112] = 6  # "turn me by a quarter"
        >>> Image.new("RGB", (40, 30)).save(path, exif=exif)
        >>> open_picture(path).size
        (30, 40)
    """
    if not os.path.isfile(path):
        raise InputError(_not_a_file(path))
    try:
        with explained(path), open(path, "rb") as file:
            head = file.read(512)
            file.seek(0)
            return _decode(file)
    except (InputError, KeyboardInterrupt):
        raise
    except (Image.DecompressionBombError, _TooLarge):
        raise InputError(
            f"{shown(path)} is too large: expected at most {MAX_PIXELS:,} pixels "
            "(270 MB of memory). Save it smaller, or take it out of the folder."
        ) from None
    except MemoryError:
        raise InputError(
            f"{shown(path)} does not fit into this computer's memory. Close other "
            "programs or save the picture smaller."
        ) from None
    except Image.UnidentifiedImageError:
        raise InputError(_not_a_picture(path, head)) from None
    except Exception as error:  # each of Pillow's decoders has errors of its own
        raise InputError(
            f"{shown(path)} is damaged: part of the picture is missing or spoiled "
            f"({error or type(error).__name__}). {AGAIN}"
        ) from error


def find_pictures(folder: Path | str) -> list[Path]:
    """List the picture files in a folder and the folders below it.

    A file counts by its ending, in upper or lower case. What a computer leaves behind
    does not: hidden files and folders (`.DS_Store`, `._cat.jpg`, `.ipynb_checkpoints`)
    and `__MACOSX`.

    Args:
        folder: Where to look.

    Returns:
        Paths that begin with `folder`, in the same order on every computer.

    Raises:
        InputError: if there is no such folder or it may not be read.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> for name in ["dog.JPG", "cat.png", "._cat.png", "notes.txt"]:
        ...     (folder / name).touch()
        >>> [path.name for path in find_pictures(folder)]
        ['cat.png', 'dog.JPG']
    """
    folder = Path(folder)
    if not os.path.isdir(folder):
        raise InputError(
            f"no such folder: {shown(folder)}. Expected a folder with pictures; check "
            "the spelling, and that the disk or share is connected."
        )
    found = []
    with explained(folder):
        for here, folders, files in os.walk(folder, onerror=_raise):
            folders[:] = [f for f in folders if f[0] != "." and f != "__MACOSX"]
            found += [Path(here, name) for name in files if is_picture_name(name)]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def is_picture_name(name: str) -> bool:
    """Whether a file of this name should be a picture: not hidden, a known ending.

    Example:
        >>> is_picture_name("猫.JPEG"), is_picture_name("._cat.jpg")
        (True, False)
    """
    return name[0] != "." and os.path.splitext(name)[1].lower() in SUFFIXES


def shown(path: Path | str) -> str:
    """A path as a message shows it: on one line, whatever is in the name.

    Example:
        >>> print(shown("two\\nlines.jpg"))
        two\\nlines.jpg
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(path))


class _TooLarge(Exception):
    pass


def _decode(file) -> Image.Image:
    with Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _TooLarge
        image.load()
        with contextlib.suppress(Exception):  # damaged EXIF notes spoil no picture
            ImageOps.exif_transpose(image, in_place=True)
        return _rgb(image)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16"):  # 16 bits of grey: keep the upper eight
        image = Image.fromarray((np.asarray(image) // 256).astype(np.uint8))
    elif image.mode in ("I", "F"):  # no agreed range: from the darkest to the brightest
        pixels = np.nan_to_num(np.asarray(image, dtype=np.float64))
        span = max(pixels.max() - pixels.min(), 1e-9)
        pixels = (pixels - pixels.min()) / span * 255
        image = Image.fromarray(pixels.astype(np.uint8))
    elif image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _not_a_file(path: Path | str) -> str:
    if os.path.isdir(path):
        return (
            f"{shown(path)} is a folder; expected one picture file. Name a file in it."
        )
    if os.path.lexists(path):
        return (
            f"{shown(path)} is not a picture file: it is a broken link or a device. "
            "Put the picture itself there."
        )
    return (
        f"no such file: {shown(path)}. Check the spelling, the ending and the folder."
    )


def _not_a_picture(path: Path | str, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        what = f"it is empty (0 bytes). {AGAIN}"
    elif start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        what = (
            "it is a web page under a picture's name, as a download leaves it that "
            "needed a login or went wrong. Download the picture itself again."
        )
    elif head.startswith(b"\x00\x05\x16\x07"):
        what = (
            "it is the twin that macOS keeps beside a file, without any pixels. "
            "Delete it; the picture is the file without '._'."
        )
    elif head[4:8] == b"ftyp":
        what = (
            "it is a HEIC picture or a film, as telephones save them. Export it as "
            "JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."
        )
    else:
        what = f"expected JPEG, PNG, GIF, BMP, WebP, TIFF or AVIF. {AGAIN}"
    return f"{shown(path)} is not a picture that can be read: {what}"


def _raise(error: OSError) -> None:
    raise error
