"""Bodies: how an animal sits, stands and lies. Cats and dogs differ in proportions.

The unit of length is about half the width of a head; a body stands on the line y = 0
and looks to the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from helpers.pets.coats import BLACK, Coat
from helpers.pets.pen import Color, Pen, any_color, ellipse, hull, limb, mixed

SIDES = (-1, 1)
# Where the head is (x, y, about), and between which shares of the picture's shorter
# side half its width may be. Each name is a method of Body.
BODIES = {
    "portrait": (0, -2.7, 0.2, 0.32),
    "sitting": (0, -3.4, 0.15, 0.26),
    "sitting_sideways": (-0.75, -3.2, 0.15, 0.26),
    "standing": (-1.8, -3.0, 0.15, 0.26),
    "lying": (-1.6, -1.7, 0.15, 0.26),
    "curled": (-1.05, -0.95, 0.15, 0.26),
}


@dataclass(frozen=True)
class Pose:
    """How the animal holds itself: the same choice for cats and for dogs.

    Attributes:
        body: One of `BODIES`.
        mirror: -1 if it looks the other way.
        turn: Of the head, to the right, in radians; 0 looks at you.
        nod: Of the head, downwards, in radians.
        tilt: Of the head, clockwise, in radians.
        asleep: Whether its eyes are shut.
        collar: The color of its collar, if it wears one.

    Example:
        >>> pose = Pose.drawn(np.random.default_rng(0))
        >>> pose.body in BODIES, pose.mirror in SIDES
        (True, True)
    """

    body: str
    mirror: int
    turn: float
    nod: float
    tilt: float
    asleep: bool
    collar: Color | None

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Pose:
        """A pose at random."""
        body = ("portrait", *BODIES)[rng.integers(len(BODIES) + 1)]
        return cls(
            body=body,
            mirror=int(rng.choice(SIDES)),
            turn=rng.uniform(-0.7, 0.7),
            nod=rng.uniform(-0.15, 0.25),
            tilt=rng.uniform(-0.25, 0.25),
            asleep=bool(rng.random() < (0.15 if body == "curled" else 0.02)),
            collar=any_color(rng, (0.4, 1), (0.3, 1)) if rng.random() < 0.35 else None,
        )


@dataclass(frozen=True)
class Build:
    """The proportions of an animal, in units.

    Attributes:
        head: Half its width.
        leg: From the belly to the ground.
        length: From the chest to the hips.
        girth: The radius of the chest.
        loin: The radius of the hips.
        neck: What it adds to a neck of no length.
        thigh: How strong the hind legs are.
        foot: Half the width of a leg.
        tail: Half its width, from root to tip.
        tail_length: Along the tail.
        tail_curl: 0 for a straight one.
    """

    head: float
    leg: float
    length: float
    girth: float
    loin: float
    neck: float
    thigh: float
    foot: float
    tail: tuple[float, ...]
    tail_length: float
    tail_curl: float


class Body:
    """The parts and the poses of an animal; a subclass knows its build and its head."""

    def __init__(self, pen: Pen, coat: Coat, pose: Pose) -> None:
        self.pen, self.coat, self.pose = pen, coat, pose
        self.rng = pen.layer.rng
        self.build = self.grown()

    def grown(self) -> Build:
        """Proportions at random, within those of the animal."""
        raise NotImplementedError

    def head(self, pen: Pen) -> None:
        """Draw the head; the pen stands in its middle."""
        raise NotImplementedError

    # -- parts -----------------------------------------------------------------------
    def part(
        self,
        outline: np.ndarray,
        place: str,
        along: tuple[float, float] = (0, 1),
        pen: Pen | None = None,
        far: bool = False,
        tuft: float = 1,
        shadow: float = 0,
    ) -> None:
        """A part with the coat on: `far` if it is on the side away from us."""
        color, marks = self.coat.at(place), []
        if color == self.coat.main:
            marks = self.coat.marks(outline, along, self.rng)
        if far:
            color = mixed(color, BLACK, 0.35)
            marks = [(shape, mixed(mark, BLACK, 0.35)) for shape, mark in marks]
        tuft *= self.coat.tuft
        (pen or self.pen).round(outline, color, marks, tuft, shadow=shadow)

    def leg(
        self, x: float, y: float, foot: float, far: bool = False, bend: float = 0.04
    ) -> None:
        """A leg from (x, y) to the ground at x = `foot`, with its paw."""
        w = self.build.foot
        line = [(x, y), (x + bend, y / 2), (foot, -w)]
        self.part(limb(line, [1.35 * w, 1.05 * w, w]), "leg", far=far)
        self.paw(foot - 0.25 * w, -0.55 * w, far)

    def paw(self, x: float, y: float, far: bool = False) -> None:
        w = self.build.foot
        self.part(ellipse(x, y, 1.3 * w, 0.8 * w), "paw", (1, 0), far=far)
        ink = mixed(self.coat.at("paw"), BLACK, 0.5)
        for toe in (-0.45, 0.1) if not far else ():
            gap = [(x + w * toe, y), (x + w * (toe - 0.05), y + 0.6 * w)]
            self.pen.line(gap, ink, 0.7)

    def tail(self, x: float, y: float, way: int, lift: float) -> None:
        """From (x, y) to the left or right (`way`), rising by `lift` at its end."""
        b = self.build
        reach = way * b.tail_length
        line = [
            (x, y),
            (x + 0.4 * reach, y - 0.25 * lift),
            (x + 0.65 * reach, y - 0.7 * lift),
            (x + (0.7 - b.tail_curl) * reach, y - lift),
        ]
        widths = [w + 0.8 * self.coat.tuft for w in b.tail]
        self.part(limb(line, widths), "tail", (way, -0.5), tuft=0.7)

    def neck_and_head(self, x: float, y: float, chest: tuple[float, float]) -> None:
        """A head at (x, y), on a neck that comes from the chest."""
        b, collar = self.build, self.pose.collar
        dx, dy = chest[0] - x, chest[1] - y
        neck = hull((*chest, 0.78 * b.girth), (x, y + 0.25 * b.head, 0.72 * b.head))
        self.part(neck, "body", (dx, dy), shadow=0.2)
        if collar:
            lean = math.atan2(dx, dy)
            cx, cy = x + 0.42 * dx, y + 0.42 * dy + 0.3 * b.head
            band = ellipse(cx, cy, 0.78 * b.head, 0.2, -lean)
            self.pen.round(band, collar, depth=0.4, shadow=0.2)
            tag = ellipse(cx + 0.15 * lean, cy + 0.26, 0.11, 0.13)
            self.pen.round(tag, (226, 190, 80), depth=0.3)
        self.head(self.pen.at(x, y, b.head, self.pose.tilt))

    # -- poses -----------------------------------------------------------------------
    def portrait(self) -> None:
        b = self.build
        low, wide = 2.6 + b.neck, 0.75 * b.girth
        shoulders = ((-wide, 0, b.girth), (wide, 0, b.girth), (0, 1.4 - low, 0.6))
        self.part(hull(*shoulders), "body")
        self.part(ellipse(0, -0.3, 0.5, 0.95), "chest")
        self.neck_and_head(0, -low, (0, -0.6))

    def sitting(self) -> None:
        b, r = self.build, self.rng.uniform
        tall = 1.5 + 0.9 * b.leg + b.neck
        way = int(self.rng.choice(SIDES))
        self.tail(0.8 * way, -0.35, way, r(-0.2, 1.6))
        wide, top = 0.75 * b.girth + 0.35, 0.5 - tall
        for s in SIDES:
            thigh = ellipse(s * wide, -0.65 * b.thigh, 0.62, 0.75 * b.thigh, 0.2 * s)
            self.part(thigh, "body")
        chest, belly = (top, 0.62 * b.girth), (-0.9, 0.72)
        self.part(
            hull((-0.25, *chest), (0.25, *chest), (-0.35, *belly), (0.35, *belly)),
            "body",
            shadow=0.25,
        )
        self.part(ellipse(0, top + 0.55, 0.42, 0.85), "chest")
        for s in SIDES:
            self.leg(0.36 * s, top + 1, s * r(0.36, 0.52), bend=0)
            self.paw(s * (wide + 0.2), -0.5 * b.foot)
        x = 0.15 * math.sin(self.pose.turn)
        self.neck_and_head(x, -tall - 0.75 * b.head, (0, top))

    def sitting_sideways(self) -> None:
        b, r = self.build, self.rng.uniform
        tall = 1.3 + 0.9 * b.leg + b.neck
        chest = (-0.62, 0.45 - tall)
        self.tail(1.1, -0.3, 1, r(-0.2, 1.5))
        self.leg(-0.75, -0.6 * tall, -0.95, far=True)
        back = hull((*chest, 0.72 * b.girth), (0.5, -0.75, 0.78))
        self.part(back, "body", (1, 0.6 * tall), shadow=0.2)
        thigh = ellipse(0.55, -0.62 * b.thigh, 0.72, 0.72 * b.thigh)
        self.part(thigh, "body", (1, 0), shadow=0.3)
        self.paw(0.05, -0.5 * b.foot)
        self.leg(-0.55, -0.62 * tall, -0.6)
        self.neck_and_head(-0.75, -tall - 0.6 * b.head, chest)

    def standing(self) -> None:
        b, r = self.build, self.rng.uniform
        half, back = b.length / 2, -b.leg - 0.8 * b.girth
        step = r(0, 0.5)
        self.tail(half + 0.3, back - 0.3 * b.loin, 1, r(-0.6, 1.8))
        self.leg(0.3 - half, back, 0.3 - half - step, far=True)
        self.leg(half, back, half + 0.1 - step, far=True)
        trunk = hull((-half, back, b.girth), (half, back - 0.05, b.loin))
        self.part(trunk, "body", (1, 0), shadow=0.3)
        self.leg(-0.1 - half, back + 0.3, step - half - 0.1)
        self.part(ellipse(half, back + 0.3, 0.6, 0.75 * b.thigh, 0.3), "body")
        self.leg(half + 0.1, back + 0.5, half + 0.25 + 0.6 * step)
        x, y = -half - 0.5 - 0.4 * b.neck, back - b.girth - b.neck
        self.neck_and_head(x, y, (-half, back))

    def lying(self) -> None:
        b, r = self.build, self.rng.uniform
        half, w = b.length / 2 + 0.2, b.foot
        self.tail(half + 0.4, -0.35, int(self.rng.choice(SIDES)), r(-0.1, 0.5))
        chest, hips = (-half, -0.85, 0.85), (half, -0.8, 0.8)
        trunk = hull(chest, hips, (0, -0.9 * b.girth, b.girth))
        self.part(trunk, "body", (1, 0))
        self.part(ellipse(half - 0.15, -0.62, 0.72, 0.62), "body", (1, 0), shadow=0.3)
        reach = -half - r(0.6, 1.4)
        for y, x, far in ((-1.5 * w, reach + 0.4, True), (-w, reach, False)):
            foreleg = limb([(-half, y - 0.2), (x, y)], [1.2 * w, w])
            self.part(foreleg, "leg", (1, 0), far=far)
            self.paw(x, y, far)
        down = 0.3 if self.pose.asleep else -0.35 - b.neck
        y = down - 1.2 - 0.3 * b.head
        self.neck_and_head(-half - 0.25, y, (0.2 - half, -0.95))

    def curled(self) -> None:
        b = self.build
        self.part(ellipse(0, -0.95, 1.9, 1.05), "body", (1, 0))
        self.part(ellipse(0.95, -0.8, 0.95, 0.78), "body", (1, 0), shadow=0.3)
        line = [(1.7, -0.6), (1, -0.15), (0.1, -0.12), (-0.5, -0.2)]
        self.part(limb(line, [1.1 * w for w in b.tail]), "tail", (1, 0))
        self.paw(-0.35, -0.25)
        tilt = self.pose.tilt + self.rng.uniform(-0.5, 0.2)
        self.head(self.pen.at(-1.05, -0.95, b.head, tilt))
