"""Copies are recognized; pictures that only look alike are not.

`benchmarks.copies` measures both on many more pictures.
"""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from benchmarks.lookalikes import CHANGES, KINDS, changed
from helpers.sources.copies import (
    BLOCK,
    SIZE,
    Taken,
    are_copies,
    describe,
    find_copies,
)

PLANTED = ("a third of the size", "mirrored", "JPEG at quality 50", "a border of 5%")


def blobs(seed, size=(120, 90)):
    rng = np.random.default_rng(seed)
    image = Image.fromarray(rng.integers(0, 256, (6, 8, 3)).astype(np.uint8))
    return image.resize(size, Image.Resampling.BICUBIC)


def disk(x, y, radius, color, size=(300, 300)):
    image = Image.new("RGB", size, "white")
    box = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(image).ellipse(box, color)
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_found_among_look_alikes(kind):
    draw = KINDS[kind]
    pictures = [draw(np.random.default_rng([7, n])) for n in range(6)]
    copies = [
        changed(picture, change, np.random.default_rng(3))
        for picture in pictures[:2]
        for change in PLANTED
    ]
    described = np.stack([describe(picture) for picture in [*pictures, *copies]])
    expected = [*range(6), *[0] * len(PLANTED), *[1] * len(PLANTED)]
    assert find_copies(described).tolist() == expected


def test_things_on_white_differ_in_color_or_place():
    red = describe(disk(150, 150, 40, (200, 60, 50)))
    others = [
        disk(150, 150, 40, (200, 90, 50)),
        disk(150, 150, 40, (50, 90, 200)),
        disk(90, 150, 40, (200, 60, 50)),
        disk(90, 150, 65, (200, 60, 50)),
        disk(150, 220, 40, (200, 60, 50)),
    ]
    assert not any(are_copies(red, describe(other)) for other in others)


def test_bars_that_were_added_are_taken_off():
    image = blobs(4, (240, 160))
    wide = Image.new("RGB", (240, 240))
    wide.paste(image, (0, 40))
    assert are_copies(describe(image), describe(wide))


@pytest.mark.parametrize("color", ["white", (238, 240, 244), "black"])
def test_a_border_like_the_ground_leaves_a_soft_shadow_as_it_was(color):
    image = KINDS["things on white"](np.random.default_rng([1, 61]))
    wide = ImageOps.expand(image, 24, color)
    assert are_copies(describe(image), describe(wide))


def test_a_border_may_end_within_a_line_of_the_smaller_picture():
    image = Image.new("RGB", (640, 480), (30, 30, 30))  # a dark window of text
    pen, rng = ImageDraw.Draw(image), np.random.default_rng(0)
    for y in range(18, 470, 21):
        x = int(rng.integers(70, 170))
        pen.line((x, y, x + rng.integers(20, 170), y), (190, 180, 130), 7)
    for color in ("white", (121, 176, 166)):
        wide = ImageOps.expand(image, 32, color)
        assert are_copies(describe(image), describe(wide))


@pytest.mark.parametrize("change", CHANGES)
def test_copies_are_recognized(change):
    pictures = [blobs(seed, (240, 180)) for seed in range(4)]
    copies = [changed(p, change, np.random.default_rng(1)) for p in pictures]
    described = np.stack([describe(p) for p in [*pictures, *copies]])
    assert find_copies(described).tolist() == [0, 1, 2, 3] * 2


def test_a_description_is_small_and_leaves_the_picture_alone():
    image = blobs(0)
    before = image.tobytes()
    described = describe(image)
    assert described.dtype == np.uint8
    assert described.shape == (SIZE,)
    assert image.tobytes() == before


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1", "I;16"])
def test_any_mode_and_size_is_described(mode):
    assert describe(Image.new(mode, (3, 500))).shape == (SIZE,)
    assert describe(Image.new(mode, (1, 1))).shape == (SIZE,)


def test_blank_pictures_are_copies_if_of_one_color():
    white, black = (describe(Image.new("RGB", (90, 60), c)) for c in ("white", "black"))
    smaller = describe(Image.new("RGB", (30, 30), "white"))
    assert are_copies(white, smaller)
    assert not are_copies(white, black)
    spot = Image.new("RGB", (90, 60), "white")
    spot.paste((90, 90, 90), (40, 20, 60, 40))
    assert not are_copies(white, describe(spot))


def test_a_part_and_another_way_up_are_no_copies():
    image = blobs(1)
    for other in (image.crop((0, 0, 80, 60)), image.rotate(180), ImageOps.flip(image)):
        assert not are_copies(describe(image), describe(other))


def test_comparing_works_both_ways():
    image = blobs(2)
    other = ImageOps.expand(ImageOps.mirror(image), 6, "black")
    a, b = describe(image), describe(other)
    assert are_copies(a, b)
    assert are_copies(b, a)


def test_groups_reach_across_blocks_and_are_numbered_as_they_come():
    rng = np.random.default_rng(0)
    others = rng.integers(0, 256, (2 * BLOCK + 5, SIZE)).astype(np.uint8)
    a, b = describe(blobs(3)), describe(ImageOps.mirror(blobs(3)))
    descriptions = np.concatenate([others[:1], a[None], others[1:], b[None]])
    found = find_copies(descriptions)
    assert found[:3].tolist() == [0, 1, 2]
    assert found[-1] == 1
    assert len(set(found)) == len(others) + 1


def test_no_pictures_have_no_groups():
    assert find_copies(np.zeros((0, SIZE), np.uint8)).tolist() == []


def test_a_copy_is_told_with_the_picture_that_was_taken(tmp_path):
    for number in range(70):  # more than there is room for at first
        blobs(number).save(tmp_path / f"{number}.png")
    blobs(5).resize((60, 45)).save(tmp_path / "copy.png")
    taken = Taken()
    assert all(taken.add(tmp_path / f"{number}.png") for number in range(70))
    assert taken.taken_as(tmp_path / "copy.png") == tmp_path / "5.png"
    assert not taken.add(tmp_path / "copy.png")
