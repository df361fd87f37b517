"""What makes a cat a cat and a dog a dog: proportions, ears, eyes, muzzle."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from helpers.pets.bodies import SIDES, Body, Build, Pose
from helpers.pets.coats import BLACK, WHITE
from helpers.pets.pen import Color, Pen, ellipse, hull, limb, mirrored, mixed, smooth

SKINS = ((222, 150, 145), (196, 128, 122), (150, 104, 100))  # of a cat's nose and ears
CAT_EYES = ((206, 190, 70), (122, 170, 84), (96, 150, 196), (204, 134, 52))
DOG_EYES = ((84, 52, 30), (60, 38, 26), (46, 30, 22), (110, 70, 36), (140, 92, 44))
DOG_NOSES = ((30, 26, 28), (30, 26, 28), (84, 56, 48))
EARS = ("floppy", "floppy", "floppy", "long", "pricked", "tipped", "rose")


class Globe:
    """A head as a globe of radius 1, turned and nodded: where are its places seen?

    Example:
        >>> ahead = Pose("sitting", 1, turn=0, nod=0, tilt=0, asleep=False, collar=None)
        >>> x, y, facing = Globe(ahead).place(east=90, north=0)
        >>> round(x, 3), round(y, 3), round(facing, 3)  # the right ear, from the side
        (1.0, 0.0, 0.0)
    """

    def __init__(self, pose: Pose) -> None:
        self.turn, self.nod = pose.turn, pose.nod

    def place(
        self, east: float, north: float, out: float = 1
    ) -> tuple[float, float, float]:
        """A place given in degrees, `out` from the middle.

        Returns:
            x, y, and how much the place faces us: 1 fully, 0 from the side, less from
            behind.
        """
        east, north = math.radians(east) + self.turn, math.radians(north)
        x, y = math.cos(north) * math.sin(east), -math.sin(north)
        z = math.cos(north) * math.cos(east)
        c, s = math.cos(self.nod), math.sin(self.nod)
        return out * x, out * (c * y + s * z), c * z - s * y

    def outline(self, places: Sequence[tuple]) -> np.ndarray:
        """A smooth outline through places."""
        return smooth([self.place(*place)[:2] for place in places])


class Animal(Body):
    """What the heads of animals share.

    Example:
        >>> issubclass(Cat, Animal), issubclass(Dog, Animal)
        (True, True)
    """

    slant: float  # of the eyes, in radians

    def eyes(
        self,
        pen: Pen,
        globe: Globe,
        at: tuple[float, float],
        size: float,
        iris: Color,
        pupil: float,
    ) -> None:
        """Two eyes at the same degrees east and west; `pupil` is a share of an eye."""
        main = self.coat.main
        for s in SIDES:
            x, y, facing = globe.place(s * at[0], at[1])
            if facing < 0.15:
                continue
            wide = size * min(1, 0.35 + 0.75 * facing)
            if self.pose.asleep:
                lid = [(x - wide, y), (x, y + 0.45 * size), (x + wide, y)]
                pen.line(lid, mixed(main, BLACK, 0.75), 1.4)
                continue
            lean = -s * self.slant
            rim = mixed(main, BLACK, 0.78)
            pen.flat(ellipse(x, y, 1.22 * wide, 1.1 * size, lean), rim)
            pen.flat(ellipse(x, y, wide, 0.9 * size, lean), iris)
            pen.flat(ellipse(x, y, pupil * wide, 0.82 * size), BLACK)
            right, up = pen.layer.light * (pen.mirror, 1)
            glint = ellipse(
                x + 0.3 * wide * right, y + 0.35 * size * up, 0.2 * wide, 0.2 * size
            )
            pen.flat(glint, (250, 250, 250))

    def upright_ear(
        self, pen: Pen, outline: np.ndarray, facing: float, inside: Color
    ) -> None:
        """An ear that stands up; `facing` as `Globe.place` tells it."""
        self.part(outline, "ear", pen=pen, far=facing < -0.1, tuft=0.4)
        if facing >= -0.1:
            middle = outline.mean(axis=0)
            hollow = middle + 0.62 * (outline - middle) + (0, 0.06)
            pen.round(hollow, inside, depth=0.4)


class Cat(Animal):
    """What makes a cat a cat: pricked ears, whiskers, narrow pupils, a long thin tail.

    Example:
        >>> from helpers.pets.coats import Coat
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> pen = Pen(Layer((60, 60), (0.6, -0.8), rng), x=60, y=100, scale=20)
        >>> cat = Cat(pen, Coat.drawn(rng), Pose.drawn(rng))
        >>> 1.8 <= cat.build.tail_length <= 2.8
        True
    """

    slant = 0.25

    def grown(self) -> Build:
        r = self.rng.uniform
        tail = r(0.13, 0.2)
        return Build(
            head=r(1.1, 1.3),
            leg=r(0.9, 1.25),
            length=r(2.1, 2.8),
            girth=r(0.75, 0.98),
            loin=r(0.7, 0.92),
            neck=r(0, 0.25),
            thigh=r(0.9, 1.2),
            foot=r(0.2, 0.26),
            tail=(1.25 * tail, 1.1 * tail, tail, 0.8 * tail),
            tail_length=r(1.8, 2.8),
            tail_curl=r(0, 0.35),
        )

    def head(self, pen: Pen) -> None:
        rng, coat, globe = self.rng, self.coat, Globe(self.pose)
        r = rng.uniform
        skin = SKINS[rng.integers(len(SKINS))]
        iris = CAT_EYES[rng.integers(len(CAT_EYES))]
        folded = rng.random() < 0.02
        if not folded:
            self._ears(pen, globe, skin)
        wide, high, cheek = r(1, 1.14), r(0.84, 0.95), r(0, 0.16)
        crown = [(0, -high), (0.62 * wide, -0.78 * high), (wide, -0.1)]
        skull = mirrored([*crown, (wide + cheek, 0.34), (0.62, 0.76), (0, 0.9)])
        self.part(skull, "head", (1, 0), pen, shadow=0.35)
        if coat.pattern == "points":  # a dark face that fades outwards
            x, y, _ = globe.place(0, -16, 0.9)
            for size, share in ((0.62, 0.35), (0.5, 0.7), (0.4, 1)):
                mask = mixed(coat.main, coat.second, share)
                pen.round(ellipse(x, y - 0.1, size, size), mask, tuft=0.05, depth=0.1)
        if coat.pattern == "stripes":  # the M on the forehead
            for east in (-22, -8, 8, 22):
                x, y, _ = globe.place(east, 38)
                line = limb([(0.8 * x, y + 0.12), (x, y - 0.32)], [0.05, 0.035])
                pen.flat(line, coat.second)
        if folded:
            for s in SIDES:
                flap = [(s * 18, 62), (s * 40, 60, 1.13), (s * 66, 38, 1.12)]
                flap = globe.outline([*flap, (s * 46, 10, 1.06)])
                self.part(flap, "head", pen=pen, tuft=0.4, shadow=0.45)
        at, size, pupil = (r(25, 28), r(4, 10)), r(0.2, 0.26), r(0.18, 0.6)
        self.eyes(pen, globe, at, size, iris, pupil)
        self._mouth(pen, globe, skin)

    def _ears(self, pen: Pen, globe: Globe, skin: Color) -> None:
        r = self.rng.uniform
        tall, spread = r(1.62, 1.95), r(42, 54)
        for s in SIDES:
            tip = (s * spread, 58, tall)
            inner = (s * (spread - 16), 62, 1 + 0.52 * (tall - 1))
            outer = (s * (spread + 18), 46, 1 + 0.5 * (tall - 1))
            root = [(s * 70, 24), (s * 40, 25), (s * 12, 62)]
            outline = globe.outline([*root, inner, tip, tip, outer])
            facing = globe.place(s * 45, 40)[2]
            self.upright_ear(pen, outline, facing, skin)

    def _mouth(self, pen: Pen, globe: Globe, skin: Color) -> None:
        r, coat = self.rng.uniform, self.coat
        pale, out = coat.at("muzzle"), r(1, 1.1)
        x, y, _ = globe.place(0, -40, 0.95 * out)
        pen.round(ellipse(x, y, 0.22, 0.18), pale, depth=0.4)  # the chin
        for s in SIDES:
            x, y, facing = globe.place(s * 13, -24, out)
            pad = ellipse(x, y, 0.27 * max(0.6, facing), 0.21)
            pen.round(pad, pale, tuft=0.02, depth=0.35)
        x, y, facing = globe.place(0, -10, out + 0.06)
        w = 0.13 * max(0.6, facing)
        nose = [(x - w, y - 0.05), (x, y - 0.08), (x + w, y - 0.05), (x, y + 0.1)]
        dark = sum(coat.main) < 270
        pen.flat(smooth(nose), BLACK if dark else mixed(skin, (190, 90, 90), 0.4))
        lip_x, lip_y, _ = globe.place(0, -24, out + 0.05)
        for s in SIDES:
            lip = [(lip_x + 0.12 * s, lip_y + 0.08), (lip_x + 0.24 * s, lip_y + 0.03)]
            ink = mixed(pale, BLACK, 0.65)
            pen.line([(x, y + 0.08), (lip_x, lip_y), *lip], ink)
        hair = WHITE if sum(coat.main) < 480 else (120, 112, 108)
        for s in SIDES:
            x, y, facing = globe.place(s * 18, -24, out)
            for k in (-1, 0, 1) if facing > 0.1 else ():
                long, droop = r(0.75, 1.15), r(-0.08, 0.12)
                bow = (x + 0.5 * s * long, y + 0.08 * k - 0.05)
                end = (x + s * long, y + 0.2 * k + droop)
                pen.line([(x, y + 0.05 * k), bow, end], hair, 0.8)


class Dog(Animal):
    """What makes a dog a dog: a muzzle, a large nose, ears of seven kinds.

    Example:
        >>> from helpers.pets.coats import Coat
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> pen = Pen(Layer((60, 60), (0.6, -0.8), rng), x=60, y=100, scale=20)
        >>> dog = Dog(pen, Coat.drawn(rng), Pose.drawn(rng))
        >>> dog.head(pen.at(0, -3))
        >>> pen.layer.alpha.getextrema()
        (0, 255)
    """

    slant = 0.1

    def grown(self) -> Build:
        r = self.rng.uniform
        tail = r(0.14, 0.3)
        return Build(
            head=r(1.1, 1.3),
            leg=r(0.75, 1.45),
            length=r(2.1, 3.0),
            girth=r(0.8, 1.1),
            loin=r(0.62, 0.9),
            neck=r(0.1, 0.5),
            thigh=r(0.9, 1.2),
            foot=r(0.22, 0.32),
            tail=(tail, 1.1 * tail, tail, 0.4 * tail),
            tail_length=r(0.7, 1.9),
            tail_curl=r(-0.15, 0.5),
        )

    def head(self, pen: Pen) -> None:
        rng, globe = self.rng, Globe(self.pose)
        r = rng.uniform
        iris = DOG_EYES[rng.integers(len(DOG_EYES))]
        ears = EARS[rng.integers(len(EARS))]
        wide, high, jaw = r(0.8, 0.98), r(0.86, 0.98), r(0.45, 0.62)
        # One side of a turned head is behind it, the other in front.
        behind = [s for s in SIDES if globe.place(s * 70, 30)[2] < -0.05]
        hanging = r(0.7, 1.1) if ears == "floppy" else r(1.3, 1.8)
        if ears in ("pricked", "tipped"):
            self._upright(pen, globe, tipped=ears == "tipped")
        elif ears != "rose":
            for s in behind:
                self._floppy(pen, globe, s, wide, hanging, far=True)
        crown = [(0, -high), (0.6 * wide, -0.84 * high), (wide, -0.25)]
        skull = mirrored([*crown, (0.9 * wide, 0.25), (jaw, 0.68), (0, 0.8)])
        self.part(skull, "head", pen=pen, shadow=0.35)
        if ears == "rose":
            self._rose(pen, globe)
        at = (r(22, 27), r(6, 14))
        self.eyes(pen, globe, at, r(0.13, 0.17), iris, 0.6)
        if self.coat.pattern in ("points", "bib", "solid"):
            brow = mixed(self.coat.main, (214, 160, 100), 0.5)
            for s in SIDES:
                x, y, facing = globe.place(s * 22, 32)
                if facing > 0.3:
                    pen.round(ellipse(x, y, 0.13, 0.08), brow, depth=0.3)
        self._muzzle(pen, globe, r(0.35, 1), r(0.38, 0.54))
        if ears in ("floppy", "long"):
            for s in SIDES:
                if s not in behind:
                    self._floppy(pen, globe, s, wide, hanging, far=False)

    def _muzzle(self, pen: Pen, globe: Globe, long: float, broad: float) -> None:
        rng, pale = self.rng, self.coat.at("muzzle")
        root_x, root_y, _ = globe.place(0, -20, 0.75)
        x, y, facing = globe.place(0, -22, 0.85 + long)  # its tip
        thin = broad * rng.uniform(0.68, 0.9)
        if rng.random() < 0.45 and not self.pose.asleep:  # it pants
            back = (root_x, root_y + 0.3, 0.6 * broad)
            jaw = hull(back, (0.9 * x, y + 0.95 * thin, 0.62 * thin))
            pen.round(jaw, mixed(pale, BLACK, 0.6))
            start, end = (0.92 * x, y + 0.7 * thin), (0.95 * x, y + 0.9 * thin)
            end = (end[0], end[1] + rng.uniform(0.25, 0.5))
            tongue = limb([start, end], [0.42 * thin, 0.45 * thin])
            pen.round(tongue, (226, 112, 120), depth=0.3)
            pen.line([start, (end[0], end[1] - 0.2 * thin)], (176, 70, 84))
        side = hull((root_x, root_y, broad), (x, y, thin))
        pen.round(side, pale, tuft=0.4 * self.coat.tuft, depth=0.45, shadow=0.35)
        # The nose: broad above, narrow below, and wet.
        nose_x, nose_y, _ = globe.place(0, -13, 0.98 + long)
        w = rng.uniform(0.19, 0.26)
        nostril = [(0, -0.72 * w), (w, -0.06), (0.55 * w, 0.5 * w), (0, 0.75 * w)]
        nose = mirrored(nostril) + np.array([nose_x, nose_y])
        pen.flat(nose, DOG_NOSES[rng.integers(len(DOG_NOSES))])
        shine = ellipse(nose_x - 0.03, nose_y - 0.35 * w, 0.35 * w, 0.15 * w)
        pen.flat(shine, (120, 112, 114))
        ink = mixed(pale, BLACK, 0.75)
        if facing > 0.5:
            low = y + 0.55 * thin
            pen.line([(nose_x, nose_y + 0.6 * w), (x, low)], ink)
            for s in SIDES:
                side = s * thin
                lip = [(x + 0.5 * side, low + 0.1), (x + 0.95 * side, low - 0.04)]
                pen.line([(x, low), *lip], ink, 1.2)
        else:  # seen from the side
            corner = (root_x + 0.2 * (x - root_x), root_y + 0.25)
            lip = [(x, y + 0.5 * thin), ((x + root_x) / 2, y + 0.65 * thin), corner]
            pen.line(lip, ink, 1.2)

    def _upright(self, pen: Pen, globe: Globe, tipped: bool) -> None:
        r = self.rng.uniform
        tall, spread = r(1.55, 1.95), r(34, 44)
        inside = mixed(self.coat.at("ear"), (150, 100, 92), 0.6)
        for s in SIDES:
            inner = (s * (spread - 14), 62, 1 + 0.6 * (tall - 1))
            outer = (s * (spread + 20), 48, 1 + 0.55 * (tall - 1))
            root = [(s * 62, 30), (s * 35, 25), (s * 10, 55)]
            outline = globe.outline([*root, inner, (s * spread, 60, tall), outer])
            facing = globe.place(s * 45, 40)[2]
            self.upright_ear(pen, outline, facing, inside)
            if tipped and facing >= -0.1:
                x, y, _ = globe.place(s * spread, 60, tall)
                flap = [(x - 0.2, y + 0.1), (x, y - 0.08), (x + 0.22, y + 0.1)]
                flap = smooth([*flap, (x + 0.12 * s, y + 0.5)])
                self.part(flap, "ear", pen=pen, tuft=0.3, shadow=0.3)

    def _rose(self, pen: Pen, globe: Globe) -> None:
        for s in SIDES:
            x, y, facing = globe.place(s * 62, 42)
            if facing > -0.3:
                fold = [(-0.2, -0.12), (0.3, -0.1), (0.38, 0.2), (0.05, 0.12)]
                fold = smooth(np.array(fold) * (s, 1) + (x, y))
                self.part(fold, "ear", pen=pen, tuft=0.3, shadow=0.3)

    def _floppy(
        self, pen: Pen, globe: Globe, s: int, wide: float, hanging: float, far: bool
    ) -> None:
        r = self.rng.uniform
        x, y, facing = globe.place(s * 58, 46, wide)
        out = s * r(0.18, 0.4) * max(0.3, 1 - 0.6 * abs(facing))
        w = r(0.2, 0.3)
        line = [
            (x - 0.12 * s, y),
            (x + out, y + 0.12),
            (x + 1.3 * out, y + 0.55 * hanging),
            (x + 0.9 * out, y + hanging),
        ]
        color = mixed(self.coat.at("ear"), BLACK, 0.5 if far else 0.15)
        tuft, shadow = 0.6 * self.coat.tuft, 0 if far else 0.35
        ear = limb(line, [0.12, w, 1.25 * w, 0.7 * w])
        pen.round(ear, color, tuft=tuft, shadow=shadow)
