"""Whom the program can draw: cats and dogs, and others that are neither."""

from __future__ import annotations

from dataclasses import replace

from helpers.pets.animals import Cat, Dog
from helpers.pets.bodies import Pose
from helpers.pets.coats import Coat
from helpers.pets.others import Mouse, Owl, Person, Rabbit
from helpers.pets.pen import Pen

KINDS = ("cat", "dog")
OTHERS = ("rabbit", "mouse", "owl", "person")
ALL = (*KINDS, *OTHERS)  # add at the end: the place in this row is part of the dice
_CLASSES = dict(zip(ALL, (Cat, Dog, Rabbit, Mouse, Owl, Person), strict=True))
_BODIES = {"owl": ("portrait", "sitting"), "person": ("portrait",)}  # all others: any


def held_by(kind: str, pose: Pose) -> Pose:
    """The pose as this kind can hold it: an owl does not stand on four legs.

    Args:
        kind: One of `ALL`.
        pose: As it was drawn, for an animal.

    Example:
        >>> curled = Pose("curled", 1, turn=0, nod=0, tilt=0, asleep=True, collar=None)
        >>> held_by("cat", curled).body, held_by("owl", curled).body
        ('curled', 'sitting')
    """
    bodies = _BODIES.get(kind, (pose.body,))
    return pose if pose.body in bodies else replace(pose, body=bodies[-1])


def draw_animal(kind: str, pen: Pen, coat: Coat, pose: Pose) -> None:
    """Draw an animal; the pen stands between its feet, on the ground.

    Args:
        kind: One of `ALL`.
        pen: A unit of its frame becomes about half the width of the head.
        coat: The fur.
        pose: How it holds itself, as `held_by` gives it.

    Example:
        >>> import numpy as np
        >>> from helpers.pets.pen import Layer
        >>> rng = np.random.default_rng(0)
        >>> layer = Layer((60, 60), (0.6, -0.8), rng)
        >>> pen = Pen(layer, x=60, y=100, scale=20)
        >>> draw_animal("cat", pen, Coat.drawn(rng), Pose.drawn(rng))
        >>> layer.alpha.getextrema()  # something covers the sheet now
        (0, 255)
    """
    animal = _CLASSES[kind](pen, coat, pose)
    getattr(animal, pose.body)()
