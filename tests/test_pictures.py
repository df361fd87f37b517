import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from helpers.errors import InputError
from helpers.pictures import MAX_PIXELS, find_pictures, read_picture, shown


def gradient(height=40, width=60):
    """A colour picture in which left, right, top and bottom differ."""
    across = np.linspace(0, 255, width).astype(np.uint8)
    down = np.linspace(0, 255, height).astype(np.uint8)
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = across, down[:, None], 128
    return Image.fromarray(pixels)


@pytest.mark.parametrize(
    ("name", "mode", "format"),
    [
        ("colour.jpg", "RGB", "JPEG"),
        ("grey.jpg", "L", "JPEG"),
        ("cmyk.jpg", "CMYK", "JPEG"),
        ("palette.png", "P", "PNG"),
        ("black_and_white.png", "1", "PNG"),
        ("alpha.png", "RGBA", "PNG"),
        ("grey_alpha.png", "LA", "PNG"),
        ("webp_as.jpg", "RGB", "WEBP"),
        ("bmp_as.jpg", "RGB", "BMP"),
        ("gif_as.png", "P", "GIF"),
        ("scan.tiff", "RGB", "TIFF"),
        ("new.avif", "RGB", "AVIF"),
        ("UPPER CASE.JPG", "RGB", "JPEG"),
        ("'quotes\" and ünïcode 猫 🐈.png", "RGB", "PNG"),
        ("x" * 246 + ".jpg", "RGB", "JPEG"),
    ],
)
def test_every_kind_becomes_rgb(tmp_path, name, mode, format):
    path = tmp_path / name
    gradient().convert(mode).save(path, format)
    pixels = read_picture(path)
    assert pixels.shape == (40, 60, 3)
    assert pixels.dtype == np.uint8
    if mode != "1":
        expected = np.asarray(gradient().convert(mode).convert("RGB"), float)
        assert np.abs(pixels - expected).mean() < 12  # what compression may cost


def test_a_newline_in_a_name_is_shown_on_one_line(tmp_path):
    path = tmp_path / "two\nlines.jpg"
    gradient().save(path)
    assert read_picture(path).shape == (40, 60, 3)
    path.write_bytes(b"")
    with pytest.raises(InputError, match=r"two\\nlines\.jpg is not a picture"):
        read_picture(path)


def test_16_bit_grey_keeps_its_upper_byte(tmp_path):
    path = tmp_path / "sixteen.png"
    Image.fromarray(np.array([[0, 256, 32768, 65535]], np.uint16)).save(path)
    assert read_picture(path)[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_pixels_without_an_agreed_range_go_from_darkest_to_brightest(tmp_path, dtype):
    path = tmp_path / "measured.tiff"
    Image.fromarray(np.array([[-1000, 0, 1000]], dtype)).save(path)
    assert read_picture(path)[0, :, 0].tolist() == [0, 127, 255]


def test_transparent_parts_lie_on_white(tmp_path):
    path = tmp_path / "sticker.png"
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (200, 0, 0, 255))
    image.save(path)
    assert read_picture(path).tolist() == [[[255, 255, 255], [200, 0, 0]]]
    palette = image.convert("P")
    palette.save(path, transparency=palette.getpixel((0, 0)))
    assert read_picture(path)[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_by_exif(tmp_path, orientation):
    upright = np.asarray(gradient())
    undo = {  # how a camera held that way sees the upright scene
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(undo(upright)).save(tmp_path / "phone.png", exif=exif)
    assert np.array_equal(read_picture(tmp_path / "phone.png"), upright)


def test_first_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (5, 5), colour) for colour in ("red", "blue")]
    for name in ("moving.gif", "moving.png", "moving.webp"):
        frames[0].save(
            tmp_path / name, save_all=True, append_images=frames[1:], lossless=True
        )
        assert read_picture(tmp_path / name)[0, 0].tolist() == [255, 0, 0]


def test_resized_to_height_and_width(tmp_path):
    path = tmp_path / "wide.png"
    gradient(30, 90).save(path)
    assert read_picture(path, size=(12, 7)).shape == (12, 7, 3)
    Image.new("RGB", (1, 1), "red").save(path)
    assert read_picture(path, size=(2, 3)).tolist() == [[[255, 0, 0]] * 3] * 2
    Image.new("RGB", (30_000, 2), "red").save(path)
    assert read_picture(path, size=(2, 2)).tolist() == [[[255, 0, 0]] * 2] * 2


def test_bytes_after_the_end_and_damaged_exif_do_no_harm(tmp_path):
    path = tmp_path / "odd.jpg"
    gradient().save(path, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\xff\xff\xff")
    path.write_bytes(path.read_bytes() + b"<html>advertisement</html>")
    assert read_picture(path).shape == (40, 60, 3)


def bomb():
    """A PNG of a few dozen bytes that claims 100,000 by 100,000 pixels."""

    def chunk(name, data):
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data


def saved(tmp_path, format, **options):
    gradient(200, 200).save(tmp_path / "whole", format, **options)
    return (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: b"", r"it is empty \(0 bytes\)\. Copy or download it again"),
        (lambda _: b"\n<!DOCTYPE html><title>Log in", "a web page under a picture's"),
        (lambda _: b"\xef\xbb\xbf<html><body>404", "a web page under a picture's"),
        (
            lambda _: b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X",
            "twin that macOS keeps",
        ),
        (lambda _: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC .* Export it as JPEG"),
        (lambda _: b"File Name,Label\ncat.jpg,cat\n", "expected JPEG, PNG, GIF"),
        (lambda _: b"%!PS-Adobe-3.0 EPSF-3.0\n", "expected JPEG, PNG, GIF"),
        (lambda _: bytes(5000), "expected JPEG, PNG, GIF"),
        (lambda _: bomb(), "is too large: expected at most 89,000,000 pixels"),
        (lambda t: saved(t, "JPEG")[:1000], r"is damaged: .*truncated.* download"),
        (lambda t: saved(t, "JPEG")[:-200], "is damaged"),
        (lambda t: saved(t, "JPEG")[:100], "is damaged|expected JPEG"),
        (lambda t: saved(t, "PNG")[:-100], "is damaged"),
        (lambda t: saved(t, "PNG").replace(b"IDAT", b"IDXT"), "expected JPEG"),
        (lambda t: saved(t, "GIF")[:3000], "is damaged"),
        (lambda t: saved(t, "BMP")[:-100], "is damaged"),
        (lambda t: saved(t, "WEBP")[:-50], "is damaged|expected JPEG"),
        (lambda t: saved(t, "TIFF", compression="tiff_lzw")[:900], "damaged|expected"),
        (lambda t: saved(t, "AVIF")[:-50], "is damaged|expected JPEG"),
    ],
)
def test_each_fault_is_one_sentence_with_the_name(tmp_path, make, message):
    path = tmp_path / "cat.7.jpg"
    path.write_bytes(make(tmp_path))
    with pytest.raises(InputError, match=message) as caught:
        read_picture(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_larger_than_we_decode_although_pillow_would(tmp_path):
    path = tmp_path / "panorama.png"
    Image.new("1", (MAX_PIXELS // 1000 + 1, 1000)).save(path)
    with pytest.raises(InputError, match=r"panorama\.png is too large"):
        read_picture(path)


def test_not_enough_memory(tmp_path, monkeypatch):
    gradient().save(tmp_path / "cat.png")

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(Image.Image, "convert", fail)
    with pytest.raises(InputError, match=r"cat\.png does not fit into .* memory"):
        read_picture(tmp_path / "cat.png")


def test_no_file_at_all(tmp_path):
    with pytest.raises(InputError, match=r"no such file: .*ghost\.jpg"):
        read_picture(tmp_path / "ghost.jpg")
    with pytest.raises(InputError, match="is a folder; expected one picture file"):
        read_picture(tmp_path)
    with pytest.raises(InputError, match=r"no such file: .*jpg"):
        read_picture(tmp_path / ("x" * 300 + ".jpg"))
    with pytest.raises(InputError, match=r"no such file: a\\x00b\.jpg"):
        read_picture("a\0b.jpg")


def test_a_link_that_leads_nowhere(tmp_path, monkeypatch):
    monkeypatch.setattr(
        os.path, "lexists", lambda _: True
    )  # links need rights on Windows
    with pytest.raises(InputError, match="broken link or a device"):
        read_picture(tmp_path / "link.jpg")


def test_no_permission(tmp_path, monkeypatch):
    path = tmp_path / "private.jpg"
    gradient().save(path)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("builtins.open", refuse)  # chmod does not stop an administrator
    with pytest.raises(InputError, match=r"no permission: .*private\.jpg"):
        read_picture(path)


def test_find_pictures_skips_what_computers_leave_behind(tmp_path):
    wanted = ["a/cat 1.JPG", "a/猫.jpeg", "b.Png", "b/c/dog.heic", "z.webp"]
    others = ["a/._cat 1.JPG", ".hidden/x.jpg", "__MACOSX/a/x.jpg", "a/Thumbs.db"]
    others += ["a/.ipynb_checkpoints/x.jpg", "notes.txt", "jpg", ".jpg", "x.jpg.part"]
    for name in wanted + others:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [path.relative_to(tmp_path).as_posix() for path in find_pictures(tmp_path)]
    assert found == sorted(wanted)


def test_find_pictures_needs_a_folder(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"no such folder: .*pets"):
        find_pictures(tmp_path / "pets")

    def refuse(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match="no permission"):
        find_pictures(tmp_path)


def test_shown_keeps_ordinary_names_and_escapes_the_rest():
    assert shown("C:\\pets\\猫 🐈 'a'.jpg") == "C:\\pets\\猫 🐈 'a'.jpg"
    assert shown("a\n\udcff.jpg") == "a\\n\\udcff.jpg"
