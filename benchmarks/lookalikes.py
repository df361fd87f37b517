"""Different pictures that look alike at a glance, and what becomes of a copy.

Scans of one book share their margins, product photographs their white ground, films
their black bars. Whoever recognizes copies must tell these apart; `benchmarks.copies`
measures it.
"""

from __future__ import annotations

import io
import string
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from helpers.pets import draw_pet
from helpers.pets.bodies import Pose
from helpers.pets.coats import Coat
from helpers.pets.kinds import draw_animal
from helpers.pets.pen import FINE, Layer, Pen, any_color
from helpers.pets.scenes import draw_thing

Rng = np.random.Generator


def animal_on_white(rng: Rng) -> Image.Image:
    """An animal alone on a white ground, a third as large as the picture."""
    pose, coat = Pose.drawn(rng), Coat.drawn(rng)
    size, unit = (400, 300), 300 / 3 / 5
    layer = Layer(size, (0.5, -0.8), rng)
    pen = Pen(layer, 200 * FINE, 200 * FINE, unit * FINE, mirror=pose.mirror)
    draw_animal(("cat", "dog")[rng.integers(2)], pen, coat, pose)
    return _on(Image.new("RGB", size, "white"), layer)


def thing_on_white(rng: Rng) -> Image.Image:
    """A product photograph: a thing in the middle of a white table, with a shadow."""
    size = (480, 480)
    layer = Layer(size, (0.4, -0.9), rng)
    draw_thing(Pen(layer, 240 * FINE, 300 * FINE, 70 * FINE), rng)
    ground = ImageOps.invert(Image.radial_gradient("L").resize((480, 120)))
    image = Image.new("RGB", size, (250, 250, 250))
    shade = ground.point(lambda value: value // 5)
    image.paste((60, 60, 60), (0, 245), shade)
    return _on(image, layer)


def mug(rng: Rng) -> Image.Image:
    """The same white mug on the same table, with another print each time."""
    image = Image.new("RGB", (500, 375), (246, 246, 244))
    pen = ImageDraw.Draw(image)
    pen.ellipse((120, 270, 400, 310), (222, 222, 220))
    pen.ellipse((300, 130, 390, 240), (225, 225, 228), (190, 190, 194), 4)
    pen.ellipse((318, 150, 372, 220), (246, 246, 244), (190, 190, 194), 3)
    pen.rectangle((170, 90, 330, 290), (235, 235, 238), (200, 200, 204), 2)
    pen.ellipse((170, 75, 330, 105), (215, 215, 220), (200, 200, 204), 2)
    for _ in range(rng.integers(1, 5)):
        shape = (pen.ellipse, pen.rectangle)[rng.integers(2)]
        x, y = rng.integers((185, 125), (270, 230))
        wide, high = rng.integers(15, 50, 2)
        shape((x, y, x + wide, y + high), any_color(rng, (0.3, 1), (0.3, 1)))
    return image


def letterboxed(rng: Rng) -> Image.Image:
    """A frame of a film between two black bars."""
    frame = draw_pet(("cat", "dog")[rng.integers(2)], int(rng.integers(1 << 30)))
    image = Image.new("RGB", (480, 360), "black")
    image.paste(ImageOps.fit(frame, (480, 204)), (0, 78))
    return image


def text_page(rng: Rng) -> Image.Image:
    """A page of a book: the same margins and lines, other words."""
    image = Image.new("RGB", (620, 877), (252, 251, 248))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    pen.text((300, 820), str(rng.integers(10, 400)), "black", font)
    x, y = 90.0, 70
    while y < 790:
        word = _word(rng) + " "
        ends = rng.random() < 0.012  # a paragraph
        if x + pen.textlength(word, font) > 540 or ends:
            x, y = 90.0 + 20 * ends, y + 19
        pen.text((x, y), word, (25, 25, 25), font)
        x += pen.textlength(word, font)
    return image


def screenshot(rng: Rng) -> Image.Image:
    """A window of the same program, with other files in its list."""
    image = Image.new("RGB", (640, 480), (250, 250, 250))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(12)
    pen.rectangle((0, 0, 640, 28), (70, 90, 120))
    pen.text((10, 7), f"{_word(rng)} {_word(rng)}", "white", font)
    pen.rectangle((0, 28, 640, 52), (230, 230, 232))
    for place, name in enumerate(("File", "Edit", "View", "Go", "Help")):
        pen.text((10 + 50 * place, 33), name, (30, 30, 30), font)
    pen.rectangle((0, 52, 150, 480), (240, 242, 245))
    for place, name in enumerate(("Home", "Desktop", "Music", "Pictures", "Trash")):
        pen.text((14, 64 + 24 * place), name, (50, 50, 50), font)
    for row in range(rng.integers(6, 16)):
        y = 64 + 24 * row
        pen.rectangle((164, y, 178, y + 14), any_color(rng, (0.4, 0.9), (0.2, 0.9)))
        pen.text((190, y), f"{_word(rng)} {_word(rng)}.{_word(rng)[:3]}", "black", font)
        pen.text((480, y), f"{rng.integers(1, 9999)} kB", (90, 90, 90), font)
    return image


def drawn_pet(rng: Rng) -> Image.Image:
    """One of the lessons' pets."""
    return draw_pet(("cat", "dog")[rng.integers(2)], int(rng.integers(1 << 30)))


KINDS: dict[str, Callable[[Rng], Image.Image]] = {
    "animals on white": animal_on_white,
    "things on white": thing_on_white,
    "one mug, other prints": mug,
    "letterboxed": letterboxed,
    "pages of text": text_page,
    "screenshots": screenshot,
    "drawn pets": drawn_pet,
}


# -- copies --------------------------------------------------------------------------
def smaller(image: Image.Image, rng: Rng) -> Image.Image:
    """A third as wide and as high."""
    size = (max(image.width // 3, 1), max(image.height // 3, 1))
    return image.resize(size, Image.Resampling.BICUBIC)


def mirrored(image: Image.Image, rng: Rng) -> Image.Image:
    """Left and right exchanged."""
    return ImageOps.mirror(image)


def compressed(image: Image.Image, rng: Rng) -> Image.Image:
    """Through JPEG at quality 50."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=50)
    return Image.open(buffer).convert("RGB")


def bordered(image: Image.Image, rng: Rng) -> Image.Image:
    """With a border, a twentieth of the longer side: white, black or any color."""
    colors = ("white", "black", any_color(rng))
    return ImageOps.expand(image, max(image.size) // 20, colors[rng.integers(3)])


CHANGES: dict[str, tuple[Callable, ...]] = {
    "a third of the size": (smaller,),
    "mirrored": (mirrored,),
    "JPEG at quality 50": (compressed,),
    "a border of 5%": (bordered,),
    "smaller, mirrored": (smaller, mirrored),
    "smaller, JPEG": (smaller, compressed),
    "smaller, border": (smaller, bordered),
    "mirrored, JPEG": (mirrored, compressed),
    "mirrored, border": (mirrored, bordered),
    "border, JPEG": (bordered, compressed),
}


def changed(image: Image.Image, change: str, rng: Rng) -> Image.Image:
    """Apply one of `CHANGES`."""
    for step in CHANGES[change]:
        image = step(image, rng)
    return image


def _on(image: Image.Image, layer: Layer) -> Image.Image:
    color, alpha = layer.finished()
    image.paste(color, mask=alpha)
    return image


def _word(rng: Rng) -> str:
    letters = rng.choice(list(string.ascii_lowercase), rng.integers(2, 10))
    return "".join(letters)
