"""Faults of one picture, met by `read_picture`; and of names, by `find_pictures`."""

from __future__ import annotations

import io
import os
import struct
import zlib

import numpy as np
from PIL import Image, PngImagePlugin

from helpers.pictures import MAX_BYTES, MAX_PIXELS, find_pictures, read_picture

from . import Scene, fault

GROUP = "pictures"


def gradient(height: int = 40, width: int = 60) -> Image.Image:
    """A color picture in which left, right, top and bottom differ."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    pixels[..., 2] = 128
    return Image.fromarray(pixels)


def _saved(form: str, image: Image.Image | None = None, **options: object) -> bytes:
    buffer = io.BytesIO()
    (image or gradient(200, 200)).save(buffer, form, **options)
    return buffer.getvalue()


def _bomb() -> bytes:
    """A PNG of a few dozen bytes that claims 100,000 by 100,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data


def _heic_bomb() -> bytes:
    """A HEIC picture that claims 30,000 by 30,000 pixels."""
    data = _saved("HEIF")
    sides = data.index(b"ispe") + 8
    return data[:sides] + struct.pack(">II", 30_000, 30_000) + data[sides + 8 :]


def _much_text() -> PngImagePlugin.PngInfo:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "prompt " * 450_000, zip=True)
    return notes


def _dng() -> bytes:
    """A thumbnail in a raw picture, as Adobe's converter writes it."""
    return _saved("TIFF", tiffinfo={50706: b"\1\4\0\0"})


NOT = r"cat\.jpg is not a picture that can be read: "
DAMAGED = r"cat\.jpg is damaged: .*Copy or download it again"
OTHER = NOT + "expected JPEG, PNG, GIF"

for name, data, sees in (
    ("empty", b"", NOT + r"it is empty \(0 bytes\)\. Copy or download it again"),
    ("a web page named .jpg", b"\n<!DOCTYPE html><title>Log in", NOT + "it is a web p"),
    ("the same with a BOM", b"\xef\xbb\xbf<html>404", NOT + "it is a web page"),
    ("a macOS ._ twin", b"\0\5\x16\7\0\2\0\0Mac OS X", NOT + "it is the twin that mac"),
    ("HEIC, cut off", b"\0\0\0\x18ftypheic\0\0\0\0mif1", NOT + ".*HEIC.*, but damaged"),
    ("HEIC without its last part", _saved("HEIF")[:-100], DAMAGED),
    ("a decompression bomb (HEIC)", _heic_bomb(), r"is too large: expected at most 89"),
    ("a film named .jpg", b"\0\0\0\x18ftypmp42\0\0\0\0", NOT + "it is a film"),
    (
        "an SVG drawing named .jpg",
        b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg">',
        NOT + "it is a drawing of lines .SVG., without pixels: export it as PNG",
    ),
    ("JPEG XL named .jpg", b"\xff\x0a\0\0", NOT + "it is a JPEG XL.*Export it as"),
    ("a raw picture (DNG)", _dng(), NOT + "it is a camera's raw picture.*Export it as"),
    (
        "a raw picture (CR2)",
        b"II*\0\x10\0\0\0CR\2\0",
        NOT + "it is a camera's raw picture",
    ),
    ("what iCloud leaves", b"bplist00\xd3", NOT + "it is what iCloud leaves.*Download"),
    ("a pointer of git", b"version https://git-lfs.github.com", NOT + ".*git lfs pull"),
    (
        "PNG with 3 MB of text",
        _saved("PNG", pnginfo=_much_text()),
        r"cat\.jpg holds more text beside its pixels than we read .*without notes",
    ),
    ("a table named .jpg", b"File Name,Label\ncat.jpg,cat\n", OTHER),
    ("PostScript named .jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n", OTHER),
    ("zeros, as a failing stick gives", bytes(5000), OTHER),
    ("a decompression bomb", _bomb(), r"is too large: expected at most 89,000,000 pix"),
    ("JPEG without its last part", _saved("JPEG")[:1000], DAMAGED),
    ("JPEG without its last bytes", _saved("JPEG")[:-200], DAMAGED),
    ("JPEG that ends in its header", _saved("JPEG")[:100], f"{DAMAGED}|{OTHER}"),
    ("PNG without its last part", _saved("PNG")[:-100], DAMAGED),
    ("PNG without pixels", _saved("PNG").replace(b"IDAT", b"IDXT"), OTHER),
    ("GIF without its last part", _saved("GIF")[:3000], DAMAGED),
    ("BMP without its last part", _saved("BMP")[:-100], DAMAGED),
    ("WebP without its last part", _saved("WEBP")[:-50], f"{DAMAGED}|{OTHER}"),
    (
        "TIFF without its last part",
        _saved("TIFF", compression="tiff_lzw")[:900],
        f"{DAMAGED}|{OTHER}",
    ),
    ("AVIF without its last part", _saved("AVIF")[:-50], f"{DAMAGED}|{OTHER}"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, data: bytes = data):
        path = scene.folder / "cat.jpg"
        path.write_bytes(data)
        return lambda: read_picture(path)


def _same(pixels: np.ndarray, image: Image.Image) -> None:
    expected = np.asarray(image.convert("RGB"), float)
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).mean() < 12  # what compression may cost


for name, file, mode, form in (
    ("gray", "gray.jpg", "L", "JPEG"),
    ("CMYK, as printers want it", "cmyk.jpg", "CMYK", "JPEG"),
    ("palette", "palette.png", "P", "PNG"),
    ("black and white", "bits.png", "1", "PNG"),
    ("transparent", "alpha.png", "RGBA", "PNG"),
    ("gray and transparent", "alpha.png", "LA", "PNG"),
    ("WebP named .jpg", "webp.jpg", "RGB", "WEBP"),
    ("BMP named .jpg", "bmp.jpg", "RGB", "BMP"),
    ("GIF named .png", "gif.png", "P", "GIF"),
    ("TIFF from a scanner", "scan.tiff", "RGB", "TIFF"),
    ("AVIF", "new.avif", "RGB", "AVIF"),
    ("HEIC, as iPhones save it", "IMG_0001.HEIC", "RGB", "HEIF"),
    ("HEIC named .jpg", "IMG_0001.jpg", "RGB", "HEIF"),
    ("upper-case ending and a space in the name", "UPPER CASE.JPG", "RGB", "JPEG"),
    ("emoji, quotes and 猫 in the name", "'it''s' 猫 🐈.png", "RGB", "PNG"),
    ("a name of 250 characters", "x" * 246 + ".jpg", "RGB", "JPEG"),
):

    @fault(GROUP, name, "works: read as RGB")
    def _(scene: Scene, file: str = file, mode: str = mode, form: str = form):
        image = gradient().convert(mode)
        image.save(scene.folder / file, form)

        def call() -> None:
            (found,) = find_pictures(scene.folder)
            pixels = read_picture(found)
            _same(pixels, image if mode != "1" else Image.fromarray(pixels))

        return call


@fault(GROUP, "16 bits a pixel", "works: the upper eight bits count")
def _(scene: Scene):
    path = scene.folder / "sixteen.png"
    Image.fromarray(np.array([[0, 256, 32768, 65535]], np.uint16)).save(path)

    def call() -> None:
        assert read_picture(path)[0, :, 0].tolist() == [0, 1, 128, 255]

    return call


@fault(GROUP, "turned by a note of the camera (EXIF)", "works: turned upright")
def _(scene: Scene):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = gradient().transpose(Image.Transpose.ROTATE_90)
    turned.save(scene.folder / "phone.jpg", exif=exif)
    return lambda: _same(read_picture(scene.folder / "phone.jpg"), gradient())


@fault(GROUP, "an animation", "works: its first frame counts")
def _(scene: Scene):
    path = scene.folder / "moving.gif"
    frames = [Image.new("RGB", (5, 5), color) for color in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return lambda: _same(read_picture(path), frames[0])


for name, size in (("one pixel", (1, 1)), ("30,000 pixels wide", (30_000, 2))):

    @fault(GROUP, name, "works: resized like any other")
    def _(scene: Scene, size: tuple[int, int] = size):
        Image.new("RGB", size, "red").save(scene.folder / "cat.png")
        red = Image.new("RGB", (3, 2), "red")
        return lambda: _same(read_picture(scene.folder / "cat.png", (2, 3)), red)


@fault(GROUP, "bytes after the end, and a damaged EXIF note", "works: they do no harm")
def _(scene: Scene):
    path = scene.folder / "odd.jpg"
    gradient().save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\xff\xff\xff")
    path.write_bytes(path.read_bytes() + b"<html>advertisement</html>")
    return lambda: _same(read_picture(path), gradient())


@fault(GROUP, "more pixels than we decode", r"panorama\.png is too large: expected at")
def _(scene: Scene):
    path = scene.folder / "panorama.png"
    Image.new("1", (MAX_PIXELS // 1000 + 1, 1000)).save(path)
    return lambda: read_picture(path)


@fault(GROUP, "a row of 2 million pixels", r"large: .* 1,000,000 in a row or column")
def _(scene: Scene):
    path = scene.folder / "thread.png"
    Image.new("1", (2_000_000, 1)).save(path)
    return lambda: read_picture(path)


@fault(GROUP, "two million odd bytes before the pixels", r"more than a million parts\.")
def _(scene: Scene):
    path = scene.folder / "odd.jpg"
    data = _saved("JPEG")
    path.write_bytes(data[:2] + b"\xff" * 2_000_000 + data[2:])
    return lambda: read_picture(path)


def _strips(n: int, order: str = "<", big: bool = False) -> bytes:
    """A gray TIFF of one column, each of its rows a strip of its own."""
    size, count = ("Q", "Q") if big else ("I", "H")
    made = {"<": b"II", ">": b"MM"}[order]
    made += struct.pack(f"{order}HHHQ", 43, 8, 0, 16) if big else b""
    made += b"" if big else struct.pack(f"{order}HI", 42, 8)
    tags = {256: 1, 257: n, 258: 8, 259: 1, 262: 1, 273: 0, 277: 1, 278: 1, 279: 0}
    ends = struct.calcsize(f"{order}{count}{size}")  # a count before, a place behind
    lists = len(made) + ends + len(tags) * struct.calcsize(f"{order}HH{size}{size}")
    tags |= {273: lists, 279: lists + 4 * n}
    made += struct.pack(order + count, len(tags))
    for tag, value in tags.items():
        length = n if tag in (273, 279) else 1
        made += struct.pack(f"{order}HH{size}{size}", tag, 4, length, value)
    places = np.arange(lists + 8 * n, lists + 9 * n, dtype=f"{order}u4")
    made += bytes(struct.calcsize(size)) + places.tobytes()
    return made + np.ones(n, f"{order}u4").tobytes() + n * b"\x80"


for name, order, big in (
    ("TIFF", "<", False),
    ("TIFF of a Mac", ">", False),
    ("BigTIFF", "<", True),
):

    @fault(GROUP, f"a {name} of half a million strips", "lists more than 400,000 parts")
    def _(scene: Scene, order: str = order, big: bool = big):
        (scene.folder / "scan.tif").write_bytes(_strips(500_000, order, big))
        return lambda: read_picture(scene.folder / "scan.tif")

    @fault(GROUP, f"a {name} of 10,000 strips", "works: each is read")
    def _(scene: Scene, order: str = order, big: bool = big):
        (scene.folder / "scan.tif").write_bytes(_strips(10_000, order, big))
        gray = Image.new("L", (1, 10_000), 128)
        return lambda: _same(read_picture(scene.folder / "scan.tif"), gray)


@fault(GROUP, "a PNG with 12 MB of EXIF", r"more text beside its pixels .* \(10 MB\)")
def _(scene: Scene):
    turn = struct.pack("<HHIHH", 0x112, 3, 1, 6, 0)
    turn += struct.pack("<HHIII", 0x9000, 4, 3_000_000, 38, 0)
    exif = b"II*\0" + struct.pack("<IH", 8, 2) + turn + bytes(12_000_000)
    gradient().save(scene.folder / "phone.png", exif=exif)
    return lambda: read_picture(scene.folder / "phone.png")


@fault(GROUP, "a sparse file of 30 GB", r"hole\.jpg is too large: .* found 30,000 MB")
def _(scene: Scene):
    path = scene.folder / "hole.jpg"
    path.write_bytes(b"\xff\xd8")
    real = os.fstat

    def fstat(number: int) -> os.stat_result:  # no disk of Windows makes one unasked
        return os.stat_result((*real(number)[:6], 30_000_000_000, *real(number)[7:10]))

    assert MAX_BYTES < 30_000_000_000
    scene.patch.setattr("os.fstat", fstat)
    return lambda: read_picture(path)


@fault(GROUP, "a pipe in place of a picture", r"is not a picture file: it is a broken")
def _(scene: Scene):
    path = scene.folder / "pipe.jpg"
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        scene.later.callback(path.unlink)
    else:
        scene.patch.setattr(os.path, "lexists", lambda _: True)
    return lambda: read_picture(path)


@fault(GROUP, "a cloud drive does not hand it over", r"cannot be read just now .*downl")
def _(scene: Scene):
    path = scene.folder / "cat.jpg"
    gradient().save(path)

    def refuse(*_: object) -> None:
        raise OSError(22, "Invalid argument", str(path))

    scene.patch.setattr("builtins.open", refuse)
    return lambda: read_picture(path)


@fault(GROUP, "JPEG in thousands of scans", r"would take minutes to decode: .* anew")
def _(scene: Scene):
    path = scene.folder / "cat.jpg"
    Image.new("L", (3000, 3000)).save(path, progressive=True)
    path.write_bytes(path.read_bytes()[:-2] + 400 * b"\xff\xda\0\0" + b"\xff\xd9")
    return lambda: read_picture(path)


@fault(
    GROUP, "12 bits in 16 bits a color", r"deep\.png would be nearly black: .*8 bits"
)
def _(scene: Scene):
    def chunk(name: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    header = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    row = b"\0" + 12 * struct.pack(">H", 4000)
    (scene.folder / "deep.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(4 * row))
        + chunk(b"IEND", b"")
    )
    return lambda: read_picture(scene.folder / "deep.png")


@fault(GROUP, "a PNG with a damaged note", "works: its pixels count")
def _(scene: Scene):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("exif", "no exif at all")
    gradient().save(scene.folder / "noted.png", pnginfo=notes)
    return lambda: _same(read_picture(scene.folder / "noted.png"), gradient())


@fault(GROUP, "a broken picture with a line break in its name", r"two\\nlines\.jpg is")
def _(scene: Scene):
    if os.name == "nt":  # where no name can have one
        scene.patch.setattr(os.path, "isfile", lambda _: True)
        scene.patch.setattr("builtins.open", lambda *_: io.BytesIO())
    else:
        (scene.folder / "two\nlines.jpg").write_bytes(b"")
    return lambda: read_picture(scene.folder / "two\nlines.jpg")


@fault(
    GROUP, "no such file", r"^no such file: .*ghost\.jpg\. Check the spelling, the e"
)
def _(scene: Scene):
    return lambda: read_picture(scene.folder / "ghost.jpg")


@fault(GROUP, "a name that is too long", r"^no such file: .*xxx\.jpg\. Check the spell")
def _(scene: Scene):
    return lambda: read_picture(scene.folder / ("x" * 300 + ".jpg"))


@fault(GROUP, "a zero byte in the name", r"^no such file: a\\x00b\.jpg\. Check the sp")
def _(scene: Scene):
    return lambda: read_picture("a\0b.jpg")


@fault(
    GROUP, "a folder in place of a picture", "is a folder; expected one picture file"
)
def _(scene: Scene):
    (scene.folder / "cat.jpg").mkdir()
    return lambda: read_picture(scene.folder / "cat.jpg")


@fault(GROUP, "a broken link", r"link\.jpg is not a picture file: it is a broken link")
def _(scene: Scene):
    # Links need rights on Windows.
    scene.patch.setattr(os.path, "lexists", lambda _: True)
    return lambda: read_picture(scene.folder / "link.jpg")


@fault(GROUP, "no permission to read it", r"^no permission: .*private\.jpg\. Use a f")
def _(scene: Scene):
    path = scene.folder / "private.jpg"
    gradient().save(path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    scene.patch.setattr("builtins.open", refuse)  # chmod does not stop an administrator
    return lambda: read_picture(path)
