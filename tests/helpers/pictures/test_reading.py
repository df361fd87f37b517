import io
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from helpers.errors import InputError
from helpers.pictures import (
    find_pictures,
    not_read,
    open_picture,
    passed_over,
    pixels_of,
    read_picture,
    shown,
)
from helpers.plumbing import ROOT


def gradient(height=40, width=60):
    """A color picture in which left, right, top and bottom differ."""
    across = np.linspace(0, 255, width).astype(np.uint8)
    down = np.linspace(0, 255, height).astype(np.uint8)
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = across, down[:, None], 128
    return Image.fromarray(pixels)


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
    frames = [Image.new("RGB", (5, 5), color) for color in ("red", "blue")]
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


@pytest.mark.parametrize("turned", [False, True])
def test_cut_to_size_the_middle_keeps_its_proportions(tmp_path, turned):
    pixels = np.zeros((6, 18, 3), np.uint8)  # black, white, black: three squares
    pixels[:, 6:12] = 255
    if turned:
        pixels = pixels.swapaxes(0, 1)
    path = tmp_path / "three.png"
    Image.fromarray(pixels).save(path)
    cut = read_picture(path, size=(6, 6), crop=True)
    assert cut.shape == (6, 6, 3)
    assert (cut == 255).all()
    assert not (read_picture(path, size=(6, 6)) == 255).all()


@pytest.mark.skipif(not os.path.exists("/proc/version"), reason="no such files here")
def test_a_link_to_what_the_system_makes_up_is_not_read(tmp_path):
    (tmp_path / "cat.jpg").symlink_to("/proc/version")
    with pytest.raises(InputError, match=r"it is empty \(0 bytes\)"):
        read_picture(tmp_path / "cat.jpg")


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


def test_everything_that_was_not_taken_has_a_reason(tmp_path):
    names = ["cat/a.jpg", "@eaDir/a.jpg", "cat/@eaDir/x/a.jpg", "$RECYCLE.BIN/a.jpg"]
    names += ["cat/b.dng", "cat/c.jpg_large", "cat/.d.jpg.icloud", "cat/notes.txt"]
    names += ["System Volume Information/a.jpg", "lost+found/a.jpg", "#recycle/a.jpg"]
    names += ["#snapshot/a.jpg", "@Recently-Snapshot/a.jpg", "FOUND.000/a.jpg"]
    names += [".Trashes/a.jpg", "cat/._a.jpg", "cat/e.svg", "cat/f.jxl", "cat/g.JXL"]
    names += ["cat/h.mpo", "cat/i.ppm", "cat/j.TGA"]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = passed_over(tmp_path)
    assert [p.name for p in find_pictures(tmp_path)] == ["a.jpg"]
    assert len(found) == len(names) - 1
    assert found["@eaDir/"] == found["cat/@eaDir/"] == "left behind by the computer"
    assert found["$RECYCLE.BIN/"] == found["lost+found/"] == found["cat/._a.jpg"]
    assert found["#snapshot/"] == found["FOUND.000/"] == found["$RECYCLE.BIN/"]
    assert "raw picture: export it as JPEG" in found["cat/b.dng"]
    assert "rename it to .jpg" in found["cat/c.jpg_large"]
    assert "iCloud: download" in found["cat/.d.jpg.icloud"]
    assert "JPEG XL" in found["cat/f.jxl"] == found["cat/g.JXL"]
    assert "rename it to .jpg" in found["cat/h.mpo"]
    assert "not read: export it as JPEG" in found["cat/i.ppm"] == found["cat/j.TGA"]
    assert found["cat/notes.txt"] == "no picture, by its ending"


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("tom.jpg_large", ".jpg"),
        ("tom.JPG-large", ".jpg"),
        ("tom.jpeg!d", ".jpeg"),
        ("tom.png~", ".png"),
        ("tom.jpg.1", ".jpg"),  # fetched twice
        ("tom.JPG.bak", ".jpg"),  # kept by an editor
        ("tom.webp@120w", ".webp"),
    ],
)
def test_a_picture_under_another_ending_is_told(tmp_path, name, ending):
    (tmp_path / name).touch()
    assert f"rename it to {ending}" in passed_over(tmp_path)[name]
    assert name in not_read(tmp_path)


@pytest.mark.parametrize("name", ["tom.jpg.txt", "tom.png.json", "tom.jpg.xmp", "jpg~"])
def test_notes_about_a_picture_are_none(tmp_path, name):
    (tmp_path / name).touch()
    assert passed_over(tmp_path)[name] == "no picture, by its ending"


def test_a_linked_folder_is_not_followed_but_told(tmp_path):
    (tmp_path / "pets" / "cat").mkdir(parents=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tom.jpg").touch()
    try:
        os.symlink(tmp_path / "other", tmp_path / "pets" / "cat" / "more")
    except OSError:
        pytest.skip("links need rights on Windows")
    assert find_pictures(tmp_path / "pets") == []
    (place,) = passed_over(tmp_path / "pets").items()
    assert place == (
        "cat/more/",
        "a link to another folder: move that folder here, or name it itself",
    )


def test_what_a_computer_left_behind_need_not_be_readable(tmp_path, monkeypatch):
    (tmp_path / "System Volume Information").mkdir()
    (tmp_path / "cat.jpg").touch()
    scan = os.scandir

    def refuse(folder):
        if "System" in str(folder):
            raise PermissionError(13, "Permission denied", str(folder))
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [path.name for path in find_pictures(tmp_path)] == ["cat.jpg"]


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_of_sixteen_bits_those_in_use_count(tmp_path, bits):
    path = tmp_path / "deep.png"
    values = np.array([[0, (1 << bits) // 2, (1 << bits) - 1]], np.uint16)
    Image.fromarray(values).save(path)
    assert read_picture(path)[0, :, 0].tolist() == [0, 128, 255]


def test_a_large_jpeg_is_nearly_the_same_when_it_is_decoded_smaller(tmp_path):
    path = tmp_path / "large.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    gradient(1200, 1600).save(path, quality=95, exif=exif)
    for size in ((60, 80), (150, 100)):
        whole = open_picture(path).resize(size[::-1], Image.Resampling.BILINEAR)
        found = read_picture(path, size).astype(int)
        assert np.abs(found - np.asarray(whole)).max() <= 3


def test_a_jpeg_below_twice_the_size_is_decoded_as_ever(tmp_path):
    path = tmp_path / "pet.jpg"
    noise = np.random.default_rng(0).integers(0, 256, (320, 280, 3)).astype(np.uint8)
    Image.fromarray(noise).save(path)
    whole = open_picture(path).resize((224, 224), Image.Resampling.BILINEAR)
    assert np.array_equal(read_picture(path, (224, 224)), np.asarray(whole))


def test_damaged_notes_are_met_by_nobody_later(tmp_path):
    path = tmp_path / "noted.png"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("exif", "no exif at all")
    notes.add_text("Raw profile type exif", "\nexif\n 4\nffff\n")
    gradient().save(path, pnginfo=notes)
    image = open_picture(path)
    assert image.info == {}
    assert dict(image.getexif()) == {}
    for name in ("copy.jpg", "copy.png", "copy.webp"):
        image.save(tmp_path / name)


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


def heic(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "HEIF", quality=95, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_heic_picture_is_upright(orientation):
    image = Image.new("RGB", (60, 40), "blue")
    image.paste("red", (0, 0, 60, 12))
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = pixels_of(heic(image, exif=exif.tobytes()), "IMG_1.HEIC")
    plain = io.BytesIO()
    image.save(plain, "PNG", exif=exif)
    upright = pixels_of(plain.getvalue(), "a.png")
    assert pixels.shape == upright.shape
    assert np.abs(pixels.astype(float) - upright).mean() < 6


def test_a_thumbnail_in_a_heic_picture_is_not_the_picture():
    data = heic(Image.new("RGB", (1200, 800), "blue"), thumbnails=[300])
    with Image.open(io.BytesIO(data)) as image:
        assert not image.info.get("thumbnails")  # nobody reads them
    assert pixels_of(data, "a.heic", size=(64, 64)).shape == (64, 64, 3)


def test_a_damaged_note_is_met_in_silence(tmp_path):
    image = Image.new("RGB", (8, 8))
    image.save(tmp_path / "cat.jpg", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01")
    code = "import sys; from helpers.pictures import read_picture as r; r(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path / "cat.jpg")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
