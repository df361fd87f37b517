"""Drawn things: a set of up to twenty classes that are not pets, for tests.

Mugs, keys, lamps, …, each in a color, size, place, angle, light and room that have
nothing to do with what it is, and often with something else beside or before it. Only
its form is left to learn, so a pretrained network has to work, and does well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.pets.pen import FINE, Layer, Pen
from helpers.pets.scenes import Scene, draw_thing, take_photograph
from tests.things.kinds import KINDS

SIZES = ((240, 180), (180, 240), (208, 208), (256, 192))  # width, height
NAMES = tuple(KINDS)


def draw_things(
    folder: Path,
    classes: int,
    per_class: Sequence[int] | int,
    seed: int = 0,
    wrong_labels: float = 0.03,
) -> dict[str, str]:
    """Draw pictures into a folder for each class, a few of them into a wrong one.

    The same arguments give the same files. No name of a file tells its class.

    Args:
        folder: Where the folders of the classes go.
        classes: How many classes, 2 to 20: the first ones of `NAMES`.
        per_class: How many pictures lie in each folder, or one number for all.
        seed: Another seed gives other pictures.
        wrong_labels: The share of pictures that show another class than their folder
            says, 0 to 1.

    Returns:
        The files with a wrong label, as `"mug/IMG_0012.jpg"`, and what each shows.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     wrong = draw_things(Path(folder), classes=2, per_class=3)
        ...     sorted(file.parent.name for file in Path(folder).glob("*/*.jpg"))
        ['mug', 'mug', 'mug', 'potted cactus', 'potted cactus', 'potted cactus']
    """
    if not 2 <= classes <= len(NAMES):
        raise ValueError(f"expected 2 to {len(NAMES)} classes, found {classes}.")
    counts = [per_class] * classes if isinstance(per_class, int) else list(per_class)
    labels = np.repeat(np.arange(classes), counts)
    rng = np.random.default_rng([seed, classes])
    shown = labels.copy()
    wrong = rng.permutation(len(labels))[: round(wrong_labels * len(labels))]
    shown[wrong] += rng.integers(1, classes, len(wrong))
    shown %= classes
    numbers = rng.permutation(len(labels)).tolist()
    for name in NAMES[:classes]:
        (Path(folder) / name).mkdir(parents=True)
    files = [
        f"{NAMES[label]}/IMG_{number:04d}.jpg"
        for label, number in zip(labels, numbers, strict=True)
    ]

    def draw(place: int) -> None:
        picture = draw_one(shown[place], [seed, numbers[place]])
        picture.save(Path(folder) / files[place], quality=88)

    with ThreadPoolExecutor() as pool:
        list(pool.map(draw, range(len(files))))
    return {files[place]: NAMES[shown[place]] for place in sorted(wrong.tolist())}


def draw_one(kind: int, seed: int | Sequence[int]) -> Image.Image:
    """One picture, RGB, of the thing whose name is `NAMES[kind]`."""
    rng = np.random.default_rng(seed)
    width, height = size = SIZES[rng.integers(len(SIZES))]
    angle = rng.uniform(0.15, 0.85) * math.pi
    layer = Layer(size, (math.cos(angle), -math.sin(angle)), rng)

    def pen(x: float, y: float, unit: float, turn: float = 0, mirror: int = 1) -> Pen:
        return Pen(layer, x * FINE, y * FINE, unit * FINE, turn, mirror)

    def clutter(low: float, high: float) -> None:
        x, y = rng.uniform(0, 1) * width, rng.uniform(low, high) * height
        draw_thing(pen(x, y, min(size) / 9 * rng.uniform(0.6, 1.5)), rng)

    image = Scene(size, rng).picture
    for _ in range(rng.integers(0, 3)):
        clutter(0.5, 0.9)
    unit = min(size) * rng.uniform(0.22, 0.44)
    x, y = width * rng.uniform(0.3, 0.7), height * rng.uniform(0.35, 0.65)
    draw_it, standing = list(KINDS.values())[kind]
    turn = rng.normal(0, 0.25 if standing else 0.9)
    draw_it(pen(x, y, unit, turn, int(rng.choice([-1, 1]))), rng)
    if rng.random() < 0.3:  # something in front of it
        clutter(0.75, 1.1)
    color, alpha = layer.finished()
    image.paste(color, mask=alpha)
    return take_photograph(image, rng)
