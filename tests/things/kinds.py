"""Twenty things, drawn: each about two units high or wide, around the pen's origin."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from helpers.pets.pen import Pen, darker, ellipse, hull, limb, mirrored
from helpers.pets.pen import any_color as any_color

Generator = np.random.Generator


def _color(rng: Generator) -> tuple[int, int, int]:
    return any_color(rng, (0.3, 1), (0, 0.9))


def _box(left: float, top: float, right: float, bottom: float) -> list:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _mug(pen: Pen, rng: Generator) -> None:
    color, wide = _color(rng), rng.uniform(0.55, 0.8)
    tall, narrow = rng.uniform(0.6, 0.95), rng.uniform(0.8, 1)
    handle = [(wide - 0.1, -0.5), (wide + 0.5, -0.4), (wide + 0.4, 0.3), (0.5, 0.4)]
    pen.round(limb(handle, [0.11, 0.12, 0.11]), color)
    side = [
        (-wide, -tall),
        (wide, -tall),
        (narrow * wide, tall),
        (-narrow * wide, tall),
    ]
    stripe = (_box(-1, *np.sort(rng.uniform(-0.7, 0.7, 2))[[0]], 1, 0.4), _color(rng))
    pen.round(side, color, [stripe] if rng.random() < 0.5 else [], shadow=0.4)
    pen.flat(ellipse(0, -tall, wide, 0.17), darker(color, 0.8))
    pen.flat(ellipse(0, -tall + 0.03, 0.85 * wide, 0.12), any_color(rng, (0.1, 0.5)))


def _cactus(pen: Pen, rng: Generator) -> None:
    green = any_color(rng, (0.3, 0.75), (0.3, 0.8), (0.2, 0.45))
    for side in (-1, 1):
        y = rng.uniform(-0.5, 0.1)
        if rng.random() < 0.8:
            arm = [(0, y + 0.2), (0.5 * side, y + 0.15), (0.55 * side, y - 0.4)]
            pen.round(limb(arm, [0.13, 0.16, 0.13]), green)
    thick = rng.uniform(0.2, 0.4)
    pen.round(hull((0, -0.75, thick), (0, 0.4, thick)), green, shadow=0.4)
    for x in np.linspace(-0.7, 0.7, 4) * thick:
        pen.line([(x, -0.9), (x, 0.3)], darker(green, 0.6))
    pot = [(-0.55, 0.3), (0.55, 0.3), (0.4, 1), (-0.4, 1)]
    pen.round(pot, _color(rng), depth=0.6)


def _key(pen: Pen, rng: Generator) -> None:
    metal = any_color(rng, (0.4, 0.95), (0, 0.6), (0.05, 0.17))
    head, x = rng.uniform(0.3, 0.42), rng.uniform(-0.62, -0.5)
    thick = rng.uniform(0.07, 0.12)
    teeth = [(1, thick)]
    for right in (0.95, 0.75, 0.55)[: rng.integers(2, 4)]:
        depth = rng.uniform(0.2, 0.4)
        teeth += [(right, thick), (right, depth), (right - 0.1, depth)]
        teeth += [(right - 0.1, thick)]
    pen.round([(x, -thick), (1, -thick), *teeth, (x, thick)], metal, depth=0.4)
    pen.round(ellipse(x, 0, head, head * rng.uniform(0.8, 1.2)), metal, depth=0.4)
    pen.flat(ellipse(x - 0.08, 0, 0.35 * head, 0.4 * head), any_color(rng, (0.1, 0.6)))


def _bottle(pen: Pen, rng: Generator) -> None:
    color, wide, neck = _color(rng), rng.uniform(0.28, 0.42), rng.uniform(-0.45, -0.1)
    half = [(0.12, -0.95), (0.12, neck - 0.2), (wide, neck + 0.1), (wide, 1)]
    pen.round([*half, *[(-x, y) for x, y in reversed(half)]], color, shadow=0.4)
    pen.flat(_box(-0.14, -1.05, 0.14, -0.85), _color(rng))
    pen.flat(_box(-wide, 0.25, wide, 0.7), _color(rng))


def _teapot(pen: Pen, rng: Generator) -> None:
    color, tall = _color(rng), rng.uniform(0.5, 0.7)
    pen.round(limb([(0.4, 0.3), (0.8, 0.1), (1.1, -0.4)], [0.2, 0.12, 0.07]), color)
    handle = [(-0.5, -0.3), (-1, -0.3), (-1, 0.25), (-0.5, 0.35)]
    pen.round(limb(handle, [0.08, 0.1, 0.08]), color)
    pen.round(ellipse(0, 0.1, 0.72, tall), color, shadow=0.4, depth=0.7)
    pen.round(ellipse(0, 0.12 - tall, 0.35, 0.12), darker(color, 0.8))
    pen.round(ellipse(0, -0.05 - tall, 0.1, 0.1), darker(color, 0.7))


def _hammer(pen: Pen, rng: Generator) -> None:
    wood, metal = _color(rng), any_color(rng, (0.3, 0.8), (0, 0.15))
    pen.round(limb([(0, -0.7), (0, 0.1), (0, 1)], [0.08, 0.09, 0.13]), wood)
    claw = [(-0.1, -0.9), (0.4, -0.88), (0.7, -0.55)]
    pen.round(limb(claw, [0.16, 0.12, 0.03]), metal)
    pen.round(_box(-0.55, -0.98, 0.15, -0.62), metal, shadow=0.3)
    pen.round(_box(-0.65, -1.02, -0.5, -0.58), metal)


def _scissors(pen: Pen, rng: Generator) -> None:
    metal, handles = any_color(rng, (0.5, 0.95), (0, 0.12)), _color(rng)
    opened = rng.uniform(0.12, 0.5)
    for side in (-1, 1):
        half = pen.at(0, 0, turn=side * opened)
        half.round([(-0.1, 0.2), (0, -1.05), (0.12, 0.2)], metal, depth=0.3)
        half.round(limb([(0, 0.1), (side * 0.1, 0.4)], [0.09, 0.09]), handles)
        ring = ellipse(side * 0.2, 0.7, 0.26, 0.34)
        hole = (ellipse(side * 0.2, 0.7, 0.14, 0.21), any_color(rng, (0.1, 0.5)))
        half.round(ring, handles, [hole])
    pen.flat(ellipse(0, 0, 0.06, 0.06), darker(metal, 0.5))


def _spoon(pen: Pen, rng: Generator) -> None:
    metal = any_color(rng, (0.4, 0.95), (0, 0.5), (0.05, 0.15))
    pen.round(limb([(0, -0.4), (0, 0.3), (0, 1)], [0.06, 0.06, 0.11]), metal)
    wide, long = rng.uniform(0.24, 0.34), rng.uniform(0.36, 0.46)
    pen.round(ellipse(0, -0.65, wide, long), metal, shadow=0.3)
    pen.round(ellipse(0, -0.63, 0.75 * wide, 0.78 * long), darker(metal, 0.7))


def _lamp(pen: Pen, rng: Generator) -> None:
    foot = _color(rng)
    pen.round(ellipse(0, 0.92, 0.45, 0.12), foot)
    pen.round(limb([(0, -0.2), (0, 0.4), (0, 0.9)], [0.05, 0.09, 0.05]), foot)
    narrow, wide = rng.uniform(0.25, 0.45), rng.uniform(0.65, 0.85)
    shade = [(-narrow, -1), (narrow, -1), (wide, -0.1), (-wide, -0.1)]
    pen.round(shade, _color(rng), depth=0.35)


def _umbrella(pen: Pen, rng: Generator) -> None:
    color, other = _color(rng), _color(rng)
    stick = [(0, -0.9), (0, 0.7), (0.12, 0.95), (0.28, 0.8)]
    pen.line(stick, any_color(rng, (0.1, 0.5)), rng.uniform(2, 5))
    over = [(-math.cos(a), -0.1 - 0.8 * math.sin(a)) for a in np.linspace(0, 3.14, 24)]
    under = [
        (x, -0.1 - 0.12 * abs(math.sin(x * 3 * math.pi / 2)))
        for x in np.linspace(1, -1, 25)
    ]
    panels = [([(0, -1), (x, 0.1), (x + 0.35, 0.1)], other) for x in (-0.9, -0.2, 0.5)]
    pen.round([*over, *under], color, panels if rng.random() < 0.6 else [])


def _clock(pen: Pen, rng: Generator) -> None:
    rim, face = _color(rng), any_color(rng, (0.75, 1), (0, 0.2))
    radius = rng.uniform(0.75, 0.95)
    pen.round(ellipse(0, 0, radius, radius), rim, shadow=0.4)
    pen.flat(ellipse(0, 0, 0.84 * radius, 0.84 * radius), face)
    dark = any_color(rng, (0.05, 0.4))
    for hour in np.arange(12) * math.pi / 6:
        x, y = 0.72 * radius * math.cos(hour), 0.72 * radius * math.sin(hour)
        pen.flat(ellipse(x, y, 0.05, 0.05), dark)
    for long, wide in ((0.6, 1.5), (0.4, 3)):
        way = rng.uniform(0, 2 * math.pi)
        tip = (long * radius * math.cos(way), long * radius * math.sin(way))
        pen.line([(0, 0), tip], dark, wide)


def _wine_glass(pen: Pen, rng: Generator) -> None:
    glass, wide = any_color(rng, (0.6, 1), (0, 0.3)), rng.uniform(0.38, 0.52)
    pen.round(ellipse(0, 0.95, 0.42, 0.09), glass, depth=0.3)
    pen.round(limb([(0, -0.1), (0, 0.95)], [0.05, 0.05]), glass, depth=0.3)
    half = [(0, -0.97), (0.8 * wide, -1), (wide, -0.5), (0.6 * wide, -0.1), (0, 0.05)]
    wine = (_box(-1, rng.uniform(-0.7, -0.4), 1, 1), any_color(rng, (0.3, 0.9)))
    pen.round(mirrored(half), glass, [wine], depth=0.35)


def _hat(pen: Pen, rng: Generator) -> None:
    color, wide, tall = _color(rng), rng.uniform(0.45, 0.6), rng.uniform(0.5, 0.9)
    pen.round(ellipse(0, 0.35, 1.05, rng.uniform(0.16, 0.28)), color)
    crown = [(0, -tall + 0.08), (0.7 * wide, -tall), (wide, 0), (wide, 0.35), (0, 0.45)]
    band = (_box(-1, 0.08, 1, 0.3), _color(rng))
    pen.round(mirrored(crown), color, [band], shadow=0.5)


def _boot(pen: Pen, rng: Generator) -> None:
    color, top = _color(rng), rng.uniform(-1, -0.6)
    shape = [
        (-0.5, top),
        (0.15, top),
        (0.15, 0.1),
        (0.8, 0.35),
        (0.95, 0.75),
        (-0.5, 0.75),
    ]
    pen.round(shape, color, shadow=0.3)
    pen.flat([(-0.55, 0.72), (1, 0.72), (1, 0.9), (-0.55, 0.9)], darker(color, 0.4))
    for y in np.arange(top + 0.2, 0.2, 0.22):
        pen.line([(-0.15, y), (0.15, y + 0.06)], any_color(rng, (0.7, 1)), 2)


def _guitar(pen: Pen, rng: Generator) -> None:
    wood = any_color(rng, (0.3, 0.95), (0.2, 0.9), (0, 0.14))
    pen.round(_box(-0.08, -1.1, 0.08, 0.3), any_color(rng, (0.1, 0.4)), depth=0.3)
    pen.round(_box(-0.13, -1.25, 0.13, -1), darker(wood, 0.7))
    half = [(0, -0.1), (0.36, 0), (0.28, 0.35), (0.5, 0.7), (0.3, 1.05), (0, 1.1)]
    pen.round(mirrored(half), wood, shadow=0.3)
    pen.flat(ellipse(0, 0.35, 0.15, 0.15), (30, 20, 15))
    pen.flat(_box(-0.2, 0.75, 0.2, 0.82), (40, 30, 25))
    for x in (-0.04, 0, 0.04):
        pen.line([(x, -1.1), (x, 0.78)], (220, 215, 200), 0.5)


def _toy_car(pen: Pen, rng: Generator) -> None:
    color, front = _color(rng), rng.uniform(0.3, 0.6)
    cabin = [(-0.6, -0.1), (-0.4, -0.55), (front - 0.1, -0.55), (front + 0.2, -0.1)]
    windows = (
        _box(-0.35, -0.45, front - 0.05, -0.15),
        any_color(rng, (0.5, 1), (0, 0.3)),
    )
    pen.round(cabin, color, [windows], depth=0.3)
    pen.round(hull((-0.85, 0.08, 0.2), (0.85, 0.1, 0.2), (0.8, 0.2, 0.2)), color)
    for x in (-0.55, 0.55):
        pen.round(ellipse(x, 0.35, 0.25, 0.25), (35, 33, 36))
        pen.flat(ellipse(x, 0.35, 0.1, 0.1), any_color(rng, (0.5, 1), (0, 0.2)))


def _mushroom(pen: Pen, rng: Generator) -> None:
    stem = any_color(rng, (0.7, 1), (0, 0.25), (0.05, 0.15))
    pen.round(limb([(0, -0.2), (0, 0.3), (0, 0.9)], [0.18, 0.2, 0.3]), stem)
    cap = [(0, rng.uniform(-1, -0.7)), (0.6, -0.6), (0.85, -0.05), (0.4, 0.05), (0, 0)]
    dots = [
        (ellipse(*rng.uniform((-0.7, -0.9), (0.7, 0)), 0.1, 0.08), (240, 235, 225))
        for _ in range(rng.integers(0, 12))
    ]
    pen.round(mirrored(cap), _color(rng), dots, shadow=0.4)


def _pencil(pen: Pen, rng: Generator) -> None:
    color, thick = _color(rng), rng.uniform(0.09, 0.15)
    pen.round(_box(-1, -thick, 0.7, thick), color, depth=0.4)
    pen.line([(-0.9, 0), (0.68, 0)], darker(color, 0.75))
    wood = (225, 190, 145)
    pen.round([(0.7, -thick), (1.1, 0), (0.7, thick)], wood, depth=0.3)
    pen.flat([(0.97, -0.3 * thick), (1.1, 0), (0.97, 0.3 * thick)], darker(color, 0.4))
    pen.flat(_box(-1.12, -thick, -0.9, thick), any_color(rng, (0.5, 0.9)))


def _apple(pen: Pen, rng: Generator) -> None:
    color = any_color(rng, (0.5, 1), (0.4, 0.9))
    half = [(0, -0.55), (0.35, -0.75), (0.85, -0.3), (0.6, 0.6), (0.2, 0.8), (0, 0.72)]
    pen.round(mirrored(half), color, depth=0.65)
    pen.line([(0, -0.5), (0.04, -0.75), (0.15, -0.98)], (70, 50, 35), 3)
    if rng.random() < 0.6:
        leaf = limb([(0.08, -0.75), (0.35, -0.95), (0.6, -0.9)], [0.03, 0.14, 0.02])
        pen.round(leaf, any_color(rng, (0.3, 0.7), (0.4, 0.8), (0.2, 0.4)))


def _chair(pen: Pen, rng: Generator) -> None:
    color, wide = _color(rng), rng.uniform(0.4, 0.55)
    seat = rng.uniform(0, 0.25)
    for x in (-wide, wide - 0.1, 0.12 - wide, wide - 0.24):
        bottom = 1 if abs(x + 0.05) > wide - 0.1 else 0.85
        pen.round(_box(x, seat, x + 0.09, bottom), darker(color, 0.8), depth=0.3)
    for x in (-wide, wide - 0.1):
        pen.round(_box(x, -1, x + 0.1, seat), color, depth=0.3)
    for y in np.linspace(-0.9, seat - 0.35, rng.integers(2, 5)):
        pen.round(_box(-wide, y, wide, y + 0.14), color, depth=0.3)
    lip = [(-wide, seat - 0.1), (wide, seat - 0.1), (wide + 0.12, seat + 0.1)]
    pen.round([*lip, (-wide - 0.12, seat + 0.1)], color, shadow=0.3)


KINDS: dict[str, tuple[Callable, bool]] = {  # what draws it, does it stand upright
    "mug": (_mug, True),
    "potted cactus": (_cactus, True),
    "clé": (_key, False),
    "bottle": (_bottle, True),
    "Teekännchen": (_teapot, True),
    "hammer": (_hammer, False),
    "scissors": (_scissors, False),
    "勺子": (_spoon, False),
    "table lamp": (_lamp, True),
    "зонт": (_umbrella, True),
    "clock": (_clock, False),
    "wine glass": (_wine_glass, True),
    "hat": (_hat, True),
    "boot": (_boot, True),
    "guitar": (_guitar, False),
    "toy car": (_toy_car, True),
    "mushroom": (_mushroom, True),
    "lápiz": (_pencil, False),
    "apple": (_apple, True),
    "chair": (_chair, True),
}
