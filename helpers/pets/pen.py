"""Colors, curves, and a pen that gives what it draws fur, roundness and a shadow.

Lengths are in the units of whoever draws: a pen knows where its frame lies on the
picture, how large a unit is and how it is turned. x grows to the right, y downwards.
An outline is an array of corners, shape (n, 2).
"""

from __future__ import annotations

import colorsys
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color = tuple[int, int, int]
Bounds = tuple[float, float]
FINE = 2  # everything is drawn at twice the final size, then halved: smooth edges
COARSE = 6  # light and shade are soft, so they are worked out at a sixth of that size


# -- colors -------------------------------------------------------------------------
def any_color(
    rng: np.random.Generator,
    light: Bounds = (0.35, 0.95),
    vivid: Bounds = (0.05, 0.55),
    hue: Bounds = (0, 1),
) -> Color:
    """A color at random, between bounds of lightness, vividness and hue (0 to 1).

    Example:
        >>> rng = np.random.default_rng(0)
        >>> any_color(rng, light=(1, 1), vivid=(0, 0))  # as light as can be, and no hue
        (255, 255, 255)
    """
    h, s, v = (rng.uniform(*bounds) for bounds in (hue, vivid, light))
    return tuple(round(255 * part) for part in colorsys.hsv_to_rgb(h, s, v))


def darker(color: Color, by: float) -> Color:
    """The color with every part multiplied by `by`.

    Example:
        >>> darker((200, 100, 50), 0.5)
        (100, 50, 25)
    """
    return tuple(min(255, round(part * by)) for part in color)


def mixed(a: Color, b: Color, share: float) -> Color:
    """A color between `a` (share 0) and `b` (share 1).

    Example:
        >>> mixed((0, 0, 0), (200, 100, 50), 0.5)
        (100, 50, 25)
    """
    return tuple(round(p + share * (q - p)) for p, q in zip(a, b, strict=True))


# -- curves --------------------------------------------------------------------------
def smooth(points: Sequence | np.ndarray, closed: bool = True) -> np.ndarray:
    """A smooth curve through points (Catmull-Rom), six steps from each to the next.

    Example:
        >>> smooth([(0, 0), (2, 0), (2, 2), (0, 2)]).shape
        (24, 2)
    """
    points = np.asarray(points, float)
    return _spline(len(points), closed) @ points


@lru_cache
def _spline(n: int, closed: bool, steps: int = 6) -> np.ndarray:
    # Each place on the curve is a weighted sum of the points: a matrix (places, n).
    points = np.eye(n)
    if not closed:  # ends repeated, so that the curve reaches them
        points = points[[0, *range(n), n - 1]]
    t = np.arange(steps)[:, None, None] / steps
    before, start, end, after = (np.roll(points, k, axis=0) for k in (1, 0, -1, -2))
    cubic = 3 * (start - end) + after - before
    square = 2 * before - 5 * start + 4 * end - after
    curve = start + 0.5 * t * (end - before + t * (square + t * cubic))
    curve = curve.transpose(1, 0, 2)  # (points, steps, n)
    if closed:
        return curve.reshape(-1, n)
    return np.concatenate([curve[1:-2].reshape(-1, n), points[-1:]])


def mirrored(half: Sequence) -> np.ndarray:
    """A smooth outline, alike left and right, from its right half, top to bottom.

    Example:
        >>> mirrored([(0, -1), (1, 0), (0, 1)]).shape
        (24, 2)
    """
    left = [(-x, y) for x, y in reversed(half) if x]
    return smooth([*half, *left])


def ellipse(x: float, y: float, a: float, b: float, turn: float = 0) -> np.ndarray:
    """An ellipse with half-axes `a` and `b`, turned by `turn` radians.

    Example:
        >>> float(ellipse(3, 0, 2, 1)[:, 0].max())
        5.0
    """
    around = np.arange(36) * (2 * math.pi / 36)
    u, v = a * np.cos(around), b * np.sin(around)
    c, s = math.cos(turn), math.sin(turn)
    return np.stack([x + c * u - s * v, y + s * u + c * v], axis=1)


def hull(*circles: tuple[float, float, float]) -> np.ndarray:
    """The outline of a band stretched around circles (x, y, radius).

    Example:
        >>> hull((0, 0, 1), (4, 0, 1)).shape
        (48, 2)
    """
    circles = np.asarray(circles, float)
    around = np.arange(48) * (2 * math.pi / 48)
    ways = np.stack([np.cos(around), np.sin(around)], axis=1)  # (48, 2)
    reach = ways @ circles[:, :2].T + circles[:, 2]  # how far each goes each way
    last = reach.argmax(axis=1)
    return circles[last, :2] + circles[last, 2:] * ways


def limb(points: Sequence, widths: Sequence[float]) -> np.ndarray:
    """A leg, a tail, a blade: a smooth line with a half-width at each of its points.

    Example:
        >>> limb([(0, 0), (0, 1), (1, 2)], [0.3, 0.2, 0.1]).shape
        (32, 2)
    """
    line = smooth(points, closed=False)
    at = np.linspace(0, len(widths) - 1, len(line))
    width = np.interp(at, np.arange(len(widths)), widths)[:, None]
    along = np.gradient(line, axis=0)
    along /= np.hypot(*along.T)[:, None] + 1e-9
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * width
    end = line[-1:] + along[-1:] * width[-1:] * [[0.55], [0.9], [0.55]]  # round ends
    end += across[-1:] * [[0.8], [0], [-0.8]]
    start = line[:1] - along[:1] * width[:1] * [[0.55], [0.9], [0.55]]
    start += across[:1] * [[-0.8], [0], [0.8]]
    return np.concatenate([line + across, end, (line - across)[::-1], start])


def _tufted(outline: np.ndarray, fur: float, rng: np.random.Generator) -> np.ndarray:
    # The outline as a zigzag of tufts about `fur` long; all in pixels.
    closed = np.concatenate([outline, outline[:1]])
    steps = closed[1:] - closed[:-1]
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*steps.T))])
    at = np.linspace(0, way[-1], max(12, int(way[-1] / 6)), endpoint=False)
    even = np.stack([np.interp(at, way, closed[:, k]) for k in (0, 1)], axis=1)
    along = np.roll(even, -1, axis=0) - np.roll(even, 1, axis=0)
    along /= np.hypot(*along.T)[:, None] + 1e-9
    area = np.sum(closed[:-1, 0] * steps[:, 1] - closed[:-1, 1] * steps[:, 0])
    outwards = np.stack([along[:, 1], -along[:, 0]], axis=1) * np.sign(area)
    length = fur * rng.random(len(even))
    length[::2] *= -0.3
    return even + length[:, None] * (outwards + 0.5 * along)


# -- the pen -------------------------------------------------------------------------
class Layer:
    """A see-through sheet on which pens draw, `FINE` times as large as the picture.

    Args:
        size: Width and height of the final picture, in pixels.
        light: Where the light comes from: (x, y), about 1 long.
        rng: Draws the tufts and the hairs.

    Example:
        >>> layer = Layer((60, 40), (0.6, -0.8), np.random.default_rng(0))
        >>> color, alpha = layer.finished()
        >>> color.size, alpha.getextrema()  # nothing is drawn yet
        ((60, 40), (0, 0))
    """

    def __init__(
        self, size: tuple[int, int], light: Bounds, rng: np.random.Generator
    ) -> None:
        self.size = (size[0] * FINE, size[1] * FINE)
        self.light, self.rng = np.array(light), rng
        self.color = Image.new("RGB", self.size, (60, 50, 45))
        self.shade = Image.new("L", self.size, 255)  # how much light falls on it
        self.alpha = Image.new("L", self.size, 0)  # where it is not see-through

    def finished(self) -> tuple[Image.Image, Image.Image]:
        """The sheet at its final size: lit colors (RGB) and where they cover (L)."""
        color, shade, alpha = (
            sheet.reduce(FINE) for sheet in (self.color, self.shade, self.alpha)
        )
        hairs = self.rng.integers(190, 256, (64, 128), dtype=np.uint8)
        hairs = Image.fromarray(hairs).resize(shade.size, Image.Resampling.BILINEAR)
        return multiplied(color, ImageChops.multiply(shade, hairs)), alpha


def multiplied(image: Image.Image, light: Image.Image) -> Image.Image:
    """An RGB picture under a light (L, of the same size): 255 leaves it as it is.

    Example:
        >>> white = Image.new("RGB", (4, 4), "white")
        >>> multiplied(white, Image.new("L", (4, 4), 51)).getpixel((0, 0))
        (51, 51, 51)
    """
    return ImageChops.multiply(image, Image.merge("RGB", (light, light, light)))


class Pen:
    """Draws on a layer, in a frame of its own.

    Args:
        layer: What to draw on.
        x: Where the frame's origin lies, in pixels of the layer; so `y`.
        scale: The length of one unit, in pixels of the layer.
        turn: How far the frame is turned, clockwise, in radians.
        mirror: -1 to swap left and right.

    Example:
        >>> layer = Layer((60, 40), (0.6, -0.8), np.random.default_rng(0))
        >>> pen = Pen(layer, x=60, y=40, scale=10)
        >>> pen.pixels([(0, 0), (1, 2)]).tolist()
        [[60.0, 40.0], [70.0, 60.0]]
    """

    def __init__(
        self,
        layer: Layer,
        x: float,
        y: float,
        scale: float,
        turn: float = 0,
        mirror: int = 1,
    ) -> None:
        self.layer, self.scale, self.turn, self.mirror = layer, scale, turn, mirror
        c, s = scale * math.cos(turn), scale * math.sin(turn)
        self.frame = np.array([[c * mirror, s * mirror], [-s, c]])
        self.origin = np.array([x, y])

    def at(self, x: float, y: float, scale: float = 1, turn: float = 0) -> Pen:
        """A pen whose frame lies inside this one's: a head on a body."""
        x, y = self.pixels([(x, y)])[0]
        turn = self.turn + turn * self.mirror
        return Pen(self.layer, x, y, self.scale * scale, turn, self.mirror)

    def pixels(self, outline: Sequence | np.ndarray) -> np.ndarray:
        """Corners in units, as pixels of the layer."""
        return np.asarray(outline, float) @ self.frame + self.origin

    def flat(self, outline: Sequence | np.ndarray, color: Color) -> None:
        """A shape without light and shade: an eye, a nose, a mouth."""
        corners = _integers(self.pixels(outline))
        for sheet, fill in self._sheets(color):
            ImageDraw.Draw(sheet).polygon(corners, fill)

    def line(self, points: Sequence, color: Color, width: float = 1) -> None:
        """A smooth thin line, `width` in pixels of the final picture."""
        way = _integers(self.pixels(smooth(points, closed=False)))
        for sheet, fill in self._sheets(color):
            ImageDraw.Draw(sheet).line(way, fill, round(width * FINE))

    def _sheets(self, color: Color) -> list[tuple[Image.Image, int | Color]]:
        layer = self.layer
        return [(layer.color, color), (layer.shade, 240), (layer.alpha, 255)]

    def round(
        self,
        outline: Sequence | np.ndarray,
        color: Color,
        marks: Sequence[tuple[np.ndarray, Color]] = (),
        tuft: float = 0,
        depth: float = 0.5,
        shadow: float = 0,
    ) -> None:
        """A shape that looks round: lit on one side, dark on the other.

        Args:
            outline: Its corners, in units.
            color: Its color in full light.
            marks: Outlines and colors drawn on it and cut off at its edge.
            tuft: The length of the fur along its edge, in units.
            depth: How dark its far side becomes: 0 not at all, 1 black.
            shadow: How dark the shadow is that it throws on what was drawn before.
        """
        layer = self.layer
        outline = self.pixels(outline)
        if tuft:
            outline = _tufted(outline, tuft * self.scale, layer.rng)
        low, high = outline.min(axis=0), outline.max(axis=0)
        thick = float(min(high - low))
        reach = 6 + 0.2 * thick  # how far its shadow goes
        # The tile: the part of the layer that this shape can touch.
        margin = reach if shadow else 2
        left, top = np.maximum(0, np.floor(low - margin)).astype(int).tolist()
        right, bottom = _integers(np.minimum(layer.size, np.ceil(high + margin)))
        if right - left < 2 or bottom - top < 2:
            return  # out of the picture
        place, corner = (left, top), np.array([left, top])
        mask = Image.new("L", (right - left, bottom - top), 0)
        ImageDraw.Draw(mask).polygon(_integers(outline - corner), 255)
        # Light and shade are the shape itself: small, blurred, moved to the light.
        dark = round(255 * (1 - depth))
        start = low - 2 * reach
        soft = Image.new("L", _integers((high - low + 4 * reach) / COARSE + 1), dark)
        ImageDraw.Draw(soft).polygon(_integers((outline - start) / COARSE), 255)
        soft = soft.filter(ImageFilter.BoxBlur(0.16 * thick / COARSE))

        def moved(by: float) -> Image.Image:
            x, y = (corner - start - by * thick * layer.light) / COARSE
            box = (x, y, x + mask.width / COARSE, y + mask.height / COARSE)
            box = np.clip(box, 0, soft.size * 2).tolist()
            return soft.resize(mask.size, Image.Resampling.BILINEAR, box)

        if shadow:
            layer.shade.paste(40, place, moved(-0.12).point(_ramp(dark, shadow)))
        layer.shade.paste(moved(0.17), place, mask)
        ImageDraw.Draw(layer.alpha).polygon(_integers(outline), 255)
        if marks:
            tile = Image.new("RGB", mask.size, color)
            for shape, fill in marks:
                corners = _integers(self.pixels(shape) - corner)
                ImageDraw.Draw(tile).polygon(corners, fill)
            layer.color.paste(tile, place, mask)
        else:
            ImageDraw.Draw(layer.color).polygon(_integers(outline), color)


def _integers(numbers: np.ndarray) -> list[int]:
    return np.rint(numbers).astype(int).ravel().tolist()


@lru_cache
def _ramp(low: int, share: float) -> list[int]:
    # A table for Image.point: `low` and below become 0, 255 becomes `share` of 255.
    return [round(share * 255 * max(0, v - low) / (255 - low)) for v in range(256)]
