"""Where a drawn pet is: rooms, lawns and sofas, the things that lie about, the camera.

None of this knows whether the animal is a cat or a dog.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from helpers.pets.pen import (
    Bounds,
    Color,
    Pen,
    any_color,
    darker,
    ellipse,
    limb,
    mirrored,
    multiplied,
)

Generator = np.random.Generator
BILINEAR = Image.Resampling.BILINEAR
SCENES = ("room", "sofa", "blanket", "lawn", "shore", "studio")


class Scene:
    """What is behind the animal: one of a handful of places, a little out of focus.

    Args:
        size: Width and height of the picture, in pixels.
        rng: Chooses the place and everything in it.
        name: The place, one of `SCENES`; None leaves it to `rng`.

    Attributes:
        picture: The finished background, RGB.

    Example:
        >>> Scene((320, 240), np.random.default_rng(0)).picture.size
        (320, 240)
    """

    def __init__(
        self, size: tuple[int, int], rng: Generator, name: str | None = None
    ) -> None:
        # Painted at half its size: soft when it is enlarged, and four times as fast.
        self.image = Image.new("RGB", (size[0] // 2, size[1] // 2))
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = self.image.size
        self.rng = rng
        places = (
            self.room, self.room, self.sofa, self.blanket, self.lawn, self.lawn,
            self.shore, self.studio,
        )  # fmt: skip
        place = getattr(self, name) if name else places[rng.integers(len(places))]
        place()
        soft = self.image.filter(ImageFilter.BoxBlur(rng.uniform(0, 1.6)))
        self.picture = soft.resize(size, BILINEAR)

    # -- brushes ---------------------------------------------------------------------
    def band(self, top: float, bottom: float, color: Color) -> None:
        self.draw.rectangle((0, round(top), self.width, round(bottom)), color)

    def blend(self, bottom: float, above: Color, below: Color) -> None:
        """From the top edge to `bottom`, one color passes into another."""
        size = (self.width, max(1, round(bottom)))
        slope = Image.linear_gradient("L").resize(size)
        self.image.paste(above, (0, 0, *size))
        self.image.paste(below, (0, 0, *size), slope)

    def disc(self, x: float, y: float, a: float, b: float, color: Color) -> None:
        self.draw.ellipse((x - a, y - b, x + a, y + b), color)

    def anywhere(self, top: float, bottom: float) -> Bounds:
        return self.rng.uniform(0, self.width), self.rng.uniform(top, bottom)

    def texture(
        self, top: float, bottom: float, cell: tuple[int, int], strength: float
    ) -> None:
        """Uneven light and dark, in cells as large as `cell` (width, height)."""
        box = (0, round(top), self.width, round(bottom))
        size = (box[2], box[3] - box[1])
        if size[1] < 1:
            return
        cells = (size[1] // cell[1] + 2, size[0] // cell[0] + 2)
        low = round(255 * (1 - strength))
        grain = self.rng.integers(low, 256, cells, dtype=np.uint8)
        grain = Image.fromarray(grain).resize(size, BILINEAR)
        self.image.paste(multiplied(self.image.crop(box), grain), box)

    def sky(self, bottom: float) -> None:
        above = any_color(self.rng, (0.5, 0.95), (0.05, 0.6), (0.5, 0.66))
        self.blend(bottom, above, any_color(self.rng, (0.8, 1), (0, 0.3)))
        self.texture(0, bottom, (25, 9), 0.15)  # clouds

    # -- places ----------------------------------------------------------------------
    def room(self) -> None:
        w, h, rng = self.width, self.height, self.rng
        edge = round(h * rng.uniform(0.45, 0.8))  # where wall and floor meet
        wall = any_color(rng)
        floor = any_color(rng, (0.25, 0.8), (0.15, 0.55), (0.02, 0.14))
        self.band(0, edge, wall)
        if rng.random() < 0.4:  # wallpaper
            stripe = int(rng.integers(4, 15))
            for x in range(0, w, 2 * stripe):
                self.draw.rectangle((x, 0, x + stripe, edge), darker(wall, 0.88))
        for _ in range(rng.integers(0, 4)):  # pictures, windows, shelves
            x, y = rng.integers((-10, -10), (w, edge)).tolist()
            a, b = rng.integers(14, 55, 2).tolist()
            b = min(b, edge - 2 - y)
            frame, inner = any_color(rng, (0.15, 0.9)), any_color(rng, (0.4, 1))
            if b > 8:
                self.draw.rectangle((x, y, x + a, y + b), frame)
                self.draw.rectangle((x + 2, y + 2, x + a - 2, y + b - 2), inner)
        self.band(edge, h, floor)
        covering = rng.random()
        if covering < 0.4:  # planks, which meet far behind the wall
            for x in range(-2 * w, 3 * w, int(rng.integers(10, 26))):
                far = w / 2 + (x - w / 2) / 3
                self.draw.line((far, edge, x, h), darker(floor, 0.75))
        elif covering < 0.7:  # carpet
            self.texture(edge, h, (2, 1), 0.3)
        self.band(edge - 4, edge, darker(wall, rng.choice([0.6, 1.3])))
        if rng.random() < 0.5:  # a rug
            x, r = rng.uniform(0.2, 0.8) * w, rng.uniform(0.35, 0.8) * w
            colors = [any_color(rng, vivid=(0.2, 0.8)) for _ in range(2)]
            for ring in range(4):
                a = r * (1 - 0.2 * ring)
                self.disc(x, (edge + h) / 2 + 5, a, 0.3 * a, colors[ring % 2])

    def sofa(self) -> None:
        w, h, rng = self.width, self.height, self.rng
        self.band(0, h, any_color(rng))
        cloth = any_color(rng, (0.25, 0.85), (0.1, 0.7))
        top, seat = h * rng.uniform(0.05, 0.4), h * rng.uniform(0.6, 0.85)
        step = w / rng.integers(1, 4)
        for x in np.arange(-step * rng.random(), w, step):  # the cushions of the back
            for edge, color in ((0, cloth), (3, darker(cloth, 1.12))):
                box = (x + edge, top + edge, x + step - 2 - edge, seat - edge)
                self.draw.rounded_rectangle(box, 9, color)
        for _ in range(rng.integers(0, 3)):  # loose ones, some standing on a corner
            x, r = rng.uniform(0, w), h * rng.uniform(0.12, 0.22)
            turn = math.pi / 4 if rng.random() < 0.5 else rng.uniform(-0.3, 0.3)
            corners = np.arange(4) * (math.pi / 2) + turn
            cushion = np.stack([np.cos(corners), np.sin(corners)], axis=1) * r
            cushion += (x, seat - 0.12 * h)
            color = any_color(rng, vivid=(0.1, 0.8))
            self.draw.polygon(cushion.ravel().tolist(), color)
        self.band(seat, h, darker(cloth, 0.9))
        self.band(seat - 1, seat + 1, darker(cloth, 0.55))
        self.texture(0, h, (1, 1), 0.14)

    def blanket(self) -> None:
        w, h, rng = self.width, self.height, self.rng
        self.band(0, h, any_color(rng, (0.3, 0.95), (0.05, 0.6)))
        if rng.random() < 0.5:  # checks
            gap, lean = int(rng.integers(9, 30)), rng.uniform(-0.6, 0.6)
            color = any_color(rng, vivid=(0.1, 0.8))
            for k in range(-w, 2 * w, gap):
                self.draw.line((k, 0, k + lean * h, h), color, gap // 4)
                self.draw.line((0, k, w, k - lean * w), darker(color, 0.8), gap // 4)
        self.texture(0, h, (35, 12), 0.5)  # folds
        self.texture(0, h, (1, 1), 0.12)

    def lawn(self) -> None:
        w, h, rng = self.width, self.height, self.rng
        edge = round(h * rng.uniform(0.15, 0.65))
        self.sky(edge)
        for _ in range(rng.integers(0, 26)):  # bushes and trees
            x, y = self.anywhere(edge - 0.2 * h, edge)
            r = rng.uniform(0.05, 0.2) * h
            self.disc(x, y, r, r, any_color(rng, (0.15, 0.6), (0.3, 0.7), (0.2, 0.4)))
        if rng.random() < 0.35:  # a fence
            wood = any_color(rng, (0.3, 0.95), (0.05, 0.45), (0.04, 0.12))
            gap, top = int(rng.integers(8, 18)), edge - 0.25 * h
            for x in range(-gap, w, gap):
                middle, right = x + 0.4 * gap, x + 0.8 * gap
                board = [(x, edge), (x, top), (middle, top - 4), (right, top)]
                self.draw.polygon([*board, (right, edge)], wood)
        grass = any_color(rng, (0.3, 0.75), (0.35, 0.75), (0.17, 0.36))
        self.band(edge, h, grass)
        self.texture(edge, h, (1, 3), 0.55)
        self.texture(edge, h, (30, 15), 0.3)
        for _ in range(rng.integers(0, 20)):  # flowers
            r = rng.uniform(0.8, 2)
            color = any_color(rng, (0.8, 1), (0, 0.9))
            self.disc(*self.anywhere(edge, h), r, r, color)

    def shore(self) -> None:
        h, rng = self.height, self.rng
        sea, sand = np.sort(h * rng.uniform(0.2, 0.7, 2)).tolist()
        self.sky(sea)
        self.band(sea, h, any_color(rng, (0.3, 0.7), (0.2, 0.7), (0.45, 0.65)))
        snow = (0.85, 1), (0, 0.08)
        dunes = (0.55, 0.9), (0.15, 0.45), (0.07, 0.13)
        self.band(sand, h, any_color(rng, *(snow if rng.random() < 0.3 else dunes)))
        self.texture(sea, h, (20, 2), 0.25)

    def studio(self) -> None:
        rng = self.rng
        above, below = (any_color(rng, (0.1, 1), (0, 0.8)) for _ in range(2))
        self.blend(self.height, above, below)
        for _ in range(rng.integers(0, 30)):  # lights far behind
            r = rng.uniform(2, 16)
            color = any_color(rng, (0.4, 1), (0, 0.8))
            self.disc(*self.anywhere(0, self.height), r, r, color)


# -- things --------------------------------------------------------------------------
def draw_thing(pen: Pen, rng: Generator) -> None:
    """Something that lies about, about two units large, where the pen stands.

    Example:
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> layer = Layer((60, 60), (0.6, -0.8), rng)
        >>> draw_thing(Pen(layer, x=60, y=80, scale=20), rng)
        >>> layer.alpha.getextrema()  # something covers the sheet now
        (0, 255)
    """
    things = (_ball, _plant, _box, _cushion, _bowl, _books, _grass)
    things[rng.integers(len(things))](pen, rng)


def _ball(pen: Pen, rng: Generator) -> None:
    r = rng.uniform(0.4, 0.9)
    line = [(-r, -1.3 * r), (0, -r * rng.uniform(0.7, 1.2)), (r, -1.4 * r)]
    stripe = (limb(line, [0.15 * r, 0.15 * r]), any_color(rng))
    color = any_color(rng, (0.5, 1), (0.3, 0.9))
    pen.round(ellipse(0, -r, r, r), color, [stripe], depth=0.7)


def _plant(pen: Pen, rng: Generator) -> None:
    green = any_color(rng, (0.3, 0.7), (0.3, 0.8), (0.2, 0.42))
    for way in rng.uniform(-1.3, 1.3, rng.integers(5, 10)):
        long = rng.uniform(1.2, 2.6)
        x, y = long * math.sin(way), long * math.cos(way)
        leaf = limb(
            [(0, -0.9), (0.4 * x, -1.2 - 0.7 * y), (x, -1 - y)], [0.06, 0.2, 0.02]
        )
        pen.round(leaf, darker(green, rng.uniform(0.7, 1.2)))
    pot = [(-0.6, -1.1), (0.6, -1.1), (0.45, 0), (-0.45, 0)]
    pen.round(pot, any_color(rng, (0.4, 0.9), (0.1, 0.7), (0, 0.12)), depth=0.6)


def _box(pen: Pen, rng: Generator) -> None:
    a, b = rng.uniform(0.7, 1.4, 2)
    x = rng.uniform(-0.5, 0.5)
    color = any_color(rng, (0.4, 0.9), (0.1, 0.6))
    lid = [(-a, -b), (x - a, -b - 0.4), (x + a, -b - 0.4), (a, -b)]
    pen.flat(lid, darker(color, 1.15))
    pen.round([(-a, -b), (a, -b), (a, 0), (-a, 0)], color, depth=0.3)


def _cushion(pen: Pen, rng: Generator) -> None:
    a, b = rng.uniform(0.8, 1.5), rng.uniform(0.5, 1)
    half = [(0, -0.85), (1, -1), (0.9, 0), (1, 1), (0, 0.9)]
    outline = mirrored(half) * (a, b) - (0, b)
    dots = [
        (ellipse(*rng.uniform((-a, -2 * b), (a, 0)), 0.12, 0.12), any_color(rng))
        for _ in range(9)
    ]
    pen.round(outline, any_color(rng, (0.3, 1), (0.1, 0.8)), dots, depth=0.6)


def _bowl(pen: Pen, rng: Generator) -> None:
    color = any_color(rng, (0.4, 1), (0.1, 0.9))
    side = [(-0.7, -0.55), (0.7, -0.55), (0.9, 0), (-0.9, 0)]
    pen.round(side, color, depth=0.6)
    pen.flat(ellipse(0, -0.55, 0.7, 0.16), darker(color, 0.5))


def _books(pen: Pen, rng: Generator) -> None:
    y = 0.0
    for thick in rng.uniform(0.2, 0.4, rng.integers(2, 6)):
        x, a = rng.uniform(-0.15, 0.15), rng.uniform(0.8, 1.2)
        spine = [(x - a, y - thick), (x + a, y - thick), (x + a, y), (x - a, y)]
        pen.round(spine, any_color(rng, (0.3, 0.9), (0.1, 0.8)), depth=0.3)
        y -= thick


def _grass(pen: Pen, rng: Generator) -> None:
    green = any_color(rng, (0.3, 0.7), (0.3, 0.7), (0.15, 0.36))
    for x in rng.uniform(-1.6, 1.6, rng.integers(8, 18)):
        tip, tall = x + rng.uniform(-0.5, 0.5), rng.uniform(0.6, 1.5)
        line = [(x, 0.2), ((x + tip) / 2, -0.6 * tall), (tip, -tall)]
        blade = limb(line, [0.08, 0.07, 0.01])
        pen.flat(blade, darker(green, rng.uniform(0.7, 1.25)))


# -- the camera ----------------------------------------------------------------------
def take_photograph(image: Image.Image, rng: Generator) -> Image.Image:
    """Uneven light, blur, exposure, color cast and noise, as photographs have them.

    Args:
        image: RGB.
        rng: Chooses how much of each.

    Returns:
        RGB, of the same size.

    Example:
        >>> plain = Image.new("RGB", (60, 40), "gray")
        >>> photograph = take_photograph(plain, np.random.default_rng(0))
        >>> photograph.size, len(photograph.getcolors()) > 100
        ((60, 40), True)
    """
    w, h = image.size
    darkest = round(255 * rng.uniform(0.6, 0.95))
    patches = rng.integers(darkest, 256, (3, 4), dtype=np.uint8)
    light = Image.fromarray(patches).resize((w, h), Image.Resampling.BICUBIC)
    image = multiplied(image, light)
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.BoxBlur(rng.uniform(0.2, 0.9)))
    exposure, contrast = rng.uniform(0.9, 1.45), rng.uniform(0.8, 1.25)
    warmth = rng.uniform(-0.2, 0.2)
    ramp = ((np.arange(256) - 128) * contrast + 128) * exposure
    table = [np.clip(ramp * (1 + k * warmth), 0, 255) for k in (1, 0, -1)]
    image = image.point(np.concatenate(table).astype(int).tolist())
    # Whole numbers, so that every processor gets the same.
    pixels = np.asarray(image).astype(np.int16)  # (h, w, 3)
    gray = (pixels[..., 0] + pixels[..., 1] + pixels[..., 2]) // 3
    vivid, grain = rng.integers(24, 96), int(rng.integers(2, 12))
    noise = rng.integers(-grain, grain + 1, (h, w), dtype=np.int16)
    pixels -= gray[..., None]
    pixels *= np.int16(vivid)
    pixels >>= 6
    pixels += (gray + noise)[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
