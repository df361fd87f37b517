"""Who is neither cat nor dog: a rabbit, a mouse, an owl, and the portrait of a person.

Drawn with the same pen, in the same coats, places and light as the pets, for the
question whether a classifier that knows two kinds says so when it meets another.
"""

from __future__ import annotations

import numpy as np

from helpers.pets.animals import Animal, Globe
from helpers.pets.bodies import SIDES, Build
from helpers.pets.coats import BLACK, WHITE
from helpers.pets.pen import (
    Color,
    Pen,
    any_color,
    ellipse,
    hull,
    limb,
    mirrored,
    mixed,
    smooth,
)

PINK = (222, 150, 145)
HORN = ((214, 178, 92), (120, 112, 104), (64, 58, 54))  # of an owl's beak and claws
OWL_EYES = ((236, 188, 40), (240, 150, 40), (92, 58, 34))
SKINS = (
    (244, 212, 188),
    (226, 180, 146),
    (196, 144, 108),
    (150, 100, 70),
    (98, 64, 46),
)
IRISES = ((84, 52, 30), (60, 38, 26), (96, 130, 160), (104, 124, 84))


class Rabbit(Animal):
    """Long ears, eyes at the sides of its head, a split lip, a tail like a tuft.

    Example:
        >>> from helpers.pets.bodies import Pose
        >>> from helpers.pets.coats import Coat
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> pen = Pen(Layer((60, 60), (0.6, -0.8), rng), x=60, y=100, scale=20)
        >>> rabbit = Rabbit(pen, Coat.drawn(rng), Pose.drawn(rng))
        >>> rabbit.build.tail_length < 0.7
        True
    """

    slant = 0.1

    def grown(self) -> Build:
        r = self.rng.uniform
        return Build(
            head=r(0.95, 1.15),
            leg=r(0.5, 0.75),
            length=r(1.7, 2.2),
            girth=r(0.9, 1.1),
            loin=r(1.05, 1.25),
            neck=r(0, 0.1),
            thigh=r(1.2, 1.4),
            foot=r(0.22, 0.3),
            tail=(0.34, 0.4, 0.4, 0.3),
            tail_length=r(0.4, 0.6),
            tail_curl=0,
        )

    def head(self, pen: Pen) -> None:
        r, globe = self.rng.uniform, Globe(self.pose)
        self._ears(pen, globe)
        wide, high, cheek = r(0.84, 0.95), r(0.9, 1), r(0, 0.12)
        crown = [(0, -high), (0.6 * wide, -0.8 * high), (wide, -0.15)]
        skull = mirrored([*crown, (wide + cheek, 0.4), (0.5, 0.85), (0, 0.98)])
        self.part(skull, "head", pen=pen, shadow=0.35)
        dark = ((46, 30, 24), (84, 52, 30), (150, 40, 44))
        iris = dark[self.rng.integers(len(dark))]
        at = (r(38, 46), r(4, 12))
        self.eyes(pen, globe, at, r(0.16, 0.2), iris, 0.7)
        self._mouth(pen, globe)

    def _ears(self, pen: Pen, globe: Globe) -> None:
        r = self.rng.uniform
        tall, lean = r(2.3, 2.9), r(-8, 14)
        inside = mixed(self.coat.at("ear"), PINK, 0.7)
        for s in SIDES:
            east = np.array([12, 20, 36, 58, 62]) + lean
            out = 1 + np.array([0.25, 0.75, 1, 0.7, 0.25]) * (tall - 1)
            rim = zip(s * east, (62, 72, 73, 65, 54), out, strict=True)
            outline = globe.outline([(s * 58, 42), (s * 18, 40), *rim])
            self.upright_ear(pen, outline, globe.place(s * 45, 40)[2], inside)

    def _mouth(self, pen: Pen, globe: Globe) -> None:
        r, pale = self.rng.uniform, self.coat.at("muzzle")
        for s in SIDES:
            x, y, facing = globe.place(s * 11, -32, 1.08)
            pad = ellipse(x, y, 0.26 * max(0.6, facing), 0.24)
            pen.round(pad, pale, tuft=0.03, depth=0.35)
        x, y, _ = globe.place(0, -20, 1.12)
        nose = [(x - 0.1, y - 0.06), (x + 0.1, y - 0.06), (x, y + 0.07)]
        pen.flat(smooth(nose), mixed(PINK, BLACK, 0.15))
        ink, (low_x, low_y, _) = mixed(pale, BLACK, 0.65), globe.place(0, -34, 1.1)
        pen.line([(x, y + 0.06), (low_x, low_y)], ink)
        for s in SIDES:
            lip = [(low_x + 0.1 * s, low_y + 0.12), (low_x + 0.18 * s, low_y + 0.13)]
            pen.line([(low_x, low_y), *lip], ink)
            x, y, facing = globe.place(s * 18, -30, 1.05)
            for k in (-1, 0, 1) if facing > 0.1 else ():
                end = (x + s * r(0.5, 0.8), y + 0.15 * k + r(0, 0.15))
                pen.line([(x, y), end], (150, 142, 138), 0.7)


class Mouse(Animal):
    """Large round ears, a snout that ends in a point, beads for eyes, a bare long tail.

    Example:
        >>> from helpers.pets.bodies import Pose
        >>> from helpers.pets.coats import Coat
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> pen = Pen(Layer((60, 60), (0.6, -0.8), rng), x=60, y=100, scale=20)
        >>> mouse = Mouse(pen, Coat.drawn(rng), Pose.drawn(rng))
        >>> mouse.build.tail_length > 2.5
        True
    """

    slant = 0

    def grown(self) -> Build:
        r = self.rng.uniform
        tail = r(0.07, 0.1)
        return Build(
            head=r(1, 1.2),
            leg=r(0.35, 0.5),
            length=r(1.7, 2.2),
            girth=r(0.85, 1),
            loin=r(1, 1.15),
            neck=0,
            thigh=r(0.8, 1),
            foot=r(0.13, 0.17),
            tail=(1.3 * tail, tail, 0.8 * tail, 0.4 * tail),
            tail_length=r(2.6, 3.6),
            tail_curl=r(0, 0.3),
        )

    def head(self, pen: Pen) -> None:
        r, coat, globe = self.rng.uniform, self.coat, Globe(self.pose)
        size, inside = r(0.5, 0.72), mixed(coat.at("ear"), PINK, 0.75)
        for s in SIDES:
            x, y, facing = globe.place(s * 52, 42, 1.2)
            wide = size * max(0.45, abs(facing) + 0.25)
            outline = ellipse(x, y, min(wide, size), size)
            self.upright_ear(pen, outline, facing, inside)
        wide = r(0.84, 0.95)
        crown = [(0, -0.86), (0.6 * wide, -0.72), (wide, 0)]
        self.part(
            mirrored([*crown, (0.62, 0.62), (0, 0.8)]), "head", pen=pen, shadow=0.35
        )
        root_x, root_y, _ = globe.place(0, -20, 0.75)
        x, y, facing = globe.place(0, -16, r(1.45, 1.75))
        snout = hull((root_x, root_y, 0.5), (x, y, 0.15))
        pen.round(snout, coat.at("muzzle"), tuft=0.3 * coat.tuft, depth=0.4, shadow=0.3)
        self.eyes(pen, globe, (r(27, 33), r(8, 16)), r(0.1, 0.13), (30, 22, 22), 0.8)
        pen.round(ellipse(x, y - 0.03, 0.13, 0.11), mixed(PINK, (200, 80, 90), 0.3))
        for s in SIDES:
            for k in (-1, 0, 1):
                end = (x + s * r(0.6, 0.95), y + 0.22 * k + r(-0.05, 0.1))
                pen.line([(x + 0.1 * s, y + 0.08), end], (120, 112, 108), 0.7)


class Owl(Animal):
    """A bird: a disc around each of two great eyes, a beak, wings, no legs to speak of.

    Example:
        >>> from helpers.pets.bodies import Pose
        >>> from helpers.pets.coats import Coat
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> pen = Pen(Layer((60, 60), (0.6, -0.8), rng), x=60, y=100, scale=20)
        >>> owl = Owl(pen, Coat.drawn(rng), Pose.drawn(rng))
        >>> owl.sitting()
        >>> pen.layer.alpha.getextrema()
        (0, 255)
    """

    slant = 0

    def grown(self) -> Build:
        r = self.rng.uniform
        return Build(
            head=r(1.15, 1.35),
            leg=0,
            length=0,
            girth=r(1, 1.2),
            loin=0,
            neck=r(0, 0.1),
            thigh=0,
            foot=r(0.14, 0.2),
            tail=(),
            tail_length=0,
            tail_curl=0,
        )

    def sitting(self) -> None:
        """Upright, its wings folded, its claws on the ground."""
        wide, horn = self.build.girth, HORN[self.rng.integers(len(HORN))]
        self.part(ellipse(0, -1.7, 1.1 * wide, 1.65), "body", shadow=0.2)
        self.part(ellipse(0, -1.4, 0.7 * wide, 1.15), "chest")
        for s in SIDES:
            line = [
                (0.7 * s * wide, -2.7),
                (1.1 * s * wide, -1.7),
                (0.75 * s * wide, -0.2),
            ]
            self.part(limb(line, [0.3, 0.45, 0.12]), "body", shadow=0.3)
            for toe in (-0.2, 0, 0.2):
                at = 0.4 * s + toe
                self.pen.line([(at, -0.25), (at + 0.3 * toe, 0.05)], horn, 2.5)
        self.head(self.pen.at(0, -3.35, self.build.head, self.pose.tilt))

    def head(self, pen: Pen) -> None:
        r, coat, globe = self.rng.uniform, self.coat, Globe(self.pose)
        if self.rng.random() < 0.5:  # tufts like horns
            for s in SIDES:
                tuft = [(s * 22, 55), (s * 40, 54, r(1.35, 1.6)), (s * 62, 40)]
                self.part(globe.outline(tuft), "ear", pen=pen, tuft=0.5)
        skull = ellipse(0, -0.02, r(0.98, 1.08), r(0.86, 0.95))
        self.part(skull, "head", pen=pen, shadow=0.35)
        disc, rim = mixed(coat.main, WHITE, 0.55), mixed(coat.main, BLACK, 0.4)
        for s in SIDES:
            x, y, facing = globe.place(s * 25, 0, 1)
            if facing > 0.1:
                size = 0.47 * max(0.5, facing)
                pen.flat(ellipse(x, y, 1.1 * size, 0.52), rim)
                pen.round(ellipse(x, y, size, 0.47), disc, tuft=0.03, depth=0.25)
        iris = OWL_EYES[self.rng.integers(len(OWL_EYES))]
        self.eyes(pen, globe, (25, 2), r(0.24, 0.3), iris, r(0.45, 0.65))
        x, y, _ = globe.place(0, -16, 1.15)
        horn = HORN[self.rng.integers(len(HORN))]
        beak = [
            (x - 0.14, y - 0.16),
            (x, y - 0.24),
            (x + 0.14, y - 0.16),
            (x, y + 0.26),
        ]
        pen.round(smooth(beak), horn, depth=0.4, shadow=0.3)


class Person(Animal):
    """A portrait: head and shoulders; the coat is the color of the hair.

    Example:
        >>> from helpers.pets.bodies import Pose
        >>> from helpers.pets.coats import Coat
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> pen = Pen(Layer((60, 60), (0.6, -0.8), rng), x=60, y=100, scale=20)
        >>> Person(pen, Coat.drawn(rng), Pose.drawn(rng)).portrait()
        >>> pen.layer.alpha.getextrema()
        (0, 255)
    """

    slant = 0

    def grown(self) -> Build:
        self.skin = SKINS[self.rng.integers(len(SKINS))]
        r = self.rng.uniform
        return Build(
            head=r(1, 1.15),
            leg=0,
            length=0,
            girth=r(0.9, 1.15),
            loin=0,
            neck=r(0, 0.25),
            thigh=0,
            foot=0,
            tail=(),
            tail_length=0,
            tail_curl=0,
        )

    def portrait(self) -> None:
        """Head and shoulders, with clothes on."""
        b, dress = self.build, any_color(self.rng, (0.2, 0.95), (0.1, 0.8))
        low, wide = 2.6 + b.neck, 1.1 * b.girth
        x = 0.1 * np.sin(self.pose.turn)
        self._long_hair(low)
        self.pen.round(hull((0, -0.6, 0.45), (x, -low + 0.7, 0.42)), self.skin)
        shoulders = hull((-wide, 0.4, 0.75), (wide, 0.4, 0.75), (0, -0.5, 0.35))
        self.pen.round(shoulders, dress, depth=0.45)
        collar = [(-0.4, -0.85), (0, -0.25), (0.4, -0.85)]
        self.pen.flat(smooth([*collar, (0, -0.95)]), self.skin)
        self.head(self.pen.at(x, -low, b.head, self.pose.tilt))

    def _long_hair(self, low: float) -> None:
        self.long = bool(self.rng.random() < 0.5)
        if self.long:
            down = self.rng.uniform(0.6, 1.9)
            back = hull((-0.45, -low, 0.7), (0.45, -low, 0.7), (0, down - low, 0.8))
            self.pen.round(back, mixed(self.coat.main, BLACK, 0.25), tuft=0.05)

    def head(self, pen: Pen) -> None:
        r, globe, hair = self.rng.uniform, Globe(self.pose), self.coat.main
        wide, jaw = r(0.74, 0.84), r(0.45, 0.6)
        for s in SIDES:
            x, y, facing = globe.place(s * 85, -4, wide + 0.06)
            if not self.long and facing > -0.4:
                pen.round(ellipse(x, y, 0.13, 0.22), mixed(self.skin, BLACK, 0.1))
        crown = [(0, -1.05), (0.6 * wide, -0.9), (wide, -0.1)]
        face = mirrored([*crown, (0.9 * wide, 0.4), (jaw, 0.82), (0, 1.08)])
        pen.round(face, self.skin, depth=0.3, shadow=0.35)
        side = 0.5 * np.sin(self.pose.turn) + r(-0.3, 0.3)  # where it is parted
        fringe = [(wide + 0.06, -0.1), (0.7 * wide, -0.55), (side, r(-0.75, -0.5))]
        fringe += [(-0.7 * wide, -0.55), (-wide - 0.06, -0.1), (-0.95 * wide, -0.8)]
        cap = smooth([*fringe, (0, -1.28), (0.95 * wide, -0.8)])
        pen.round(cap, hair, tuft=0.03, depth=0.4)
        iris = IRISES[self.rng.integers(len(IRISES))]
        for s in SIDES:
            self._eye(pen, globe, s, iris, hair)
        self._nose_and_mouth(pen, globe)

    def _eye(self, pen: Pen, globe: Globe, s: int, iris: Color, hair: Color) -> None:
        x, y, facing = globe.place(s * 21, 4, 0.95)
        if facing < 0.15:
            return
        wide = 0.16 * min(1, 0.4 + 0.7 * facing)
        pen.flat(ellipse(x, y, wide + 0.02, 0.1), mixed(self.skin, BLACK, 0.6))
        pen.flat(ellipse(x, y + 0.01, wide, 0.08), WHITE)
        pen.flat(ellipse(x, y, 0.075, 0.08), iris)
        pen.flat(ellipse(x, y, 0.035, 0.04), BLACK)
        brow = [(x - wide - 0.05, y - 0.17), (x, y - 0.24), (x + wide + 0.05, y - 0.17)]
        pen.line(brow, mixed(hair, BLACK, 0.4), 1.6)

    def _nose_and_mouth(self, pen: Pen, globe: Globe) -> None:
        r, shade = self.rng.uniform, mixed(self.skin, BLACK, 0.35)
        (x, y, _), (top_x, top_y, _) = globe.place(0, -14, 1.12), globe.place(0, 6, 1)
        way = 0.1 if self.pose.turn <= 0 else -0.1
        nose = [(top_x + way, top_y), (x + 1.3 * way, y), (x - 0.4 * way, y + 0.07)]
        pen.line(nose, shade, 1.2)
        x, y, facing = globe.place(0, -36, 1)
        wide, smile = r(0.2, 0.3) * max(0.6, facing), r(-0.02, 0.1)
        lips = mixed(self.skin, (176, 60, 70), r(0.4, 0.8))
        ends = (x - wide, y - smile), (x + wide, y - smile)
        mouth = [ends[0], (x, y - 0.06), ends[1], (x, y + r(0.08, 0.14))]
        pen.flat(smooth(mouth), lips)
        pen.line([ends[0], (x, y + 0.02), ends[1]], mixed(lips, BLACK, 0.5), 0.8)
