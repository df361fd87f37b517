"""Drawn pets: pictures of cats and dogs that every computer can make for itself.

They need no download and no licence, and they are the same everywhere, so the results
that a lesson stores can be compared. Everything about a picture except the anatomy of
the animal is chosen without knowing whether it is a cat or a dog: the place, the light,
the coat, the pose, what lies about, the camera. What is left to learn is what a cat is.
"""

from __future__ import annotations

import math
import numbers
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import PIL
from PIL import Image, ImageDraw, ImageFilter
from tqdm.auto import tqdm

from helpers.errors import InputError
from helpers.pets.bodies import BODIES, Pose
from helpers.pets.coats import Coat
from helpers.pets.kinds import ALL, KINDS, OTHERS, draw_animal, held_by
from helpers.pets.pen import FINE, Layer, Pen
from helpers.pets.scenes import SCENES, Scene, draw_thing, take_photograph
from helpers.pictures import find_pictures, shown
from helpers.plumbing import (
    Place,
    locked,
    read_json,
    refuse_inside_set,
    resolved,
    whole_folder,
)

DRAWING = 2  # raise it when pictures change: folders drawn before are drawn again
NOTE = "drawn_pets.json"  # lies in a finished folder and tells how it was made
LENGTHWISE = ((320, 240), (300, 224), (320, 256), (260, 224))
SIZES = (*LENGTHWISE, (240, 320), (224, 300), (288, 288), (256, 256))  # width, height


def draw_pet(
    kind: str, seed: int, scene: str | None = None, distance: float = 1
) -> Image.Image:
    """Draw a cat or a dog, or somebody who is neither.

    A pure function: the same kind and seed give the same picture, to the last byte with
    the same version of Pillow. A cat and a dog of the same seed differ in anatomy
    alone: place, light, coat and pose are the same. With a scene, the same seed gives
    the same animal in another place: what differs is what is behind it.

    Args:
        kind: `"cat"` or `"dog"`; or of `OTHERS`: `"rabbit"`, `"mouse"`, `"owl"`, and
            `"person"`, which is a portrait.
        seed: An int, 0 or more.
        scene: Where it is: `"room"`, `"sofa"`, `"blanket"`, `"lawn"`, `"shore"` or
            `"studio"`. None lets chance choose.
        distance: 2 draws it half as large, and what lies about as well; 1 or more.

    Returns:
        An RGB picture, 224 to 320 pixels wide and high, upright or lengthwise.

    Raises:
        InputError: if the kind, the seed, the scene or the distance is something else.

    Example:
        >>> cat = draw_pet("cat", seed=1)
        >>> cat.mode, cat.size == draw_pet("dog", seed=1, scene="lawn").size
        ('RGB', True)
        >>> draw_pet("horse", seed=1)
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected kind "cat" or "dog", found 'horse'. ...
    """
    _check_kind(kind)
    _check_whole("seed", seed, 0)
    _check_view(scene, distance)
    shared = np.random.default_rng(seed)
    own = np.random.default_rng([seed, ALL.index(kind)])  # anatomy, single hairs

    size = width, height = SIZES[shared.integers(len(SIZES))]
    angle = shared.uniform(0.15, 0.85) * math.pi
    light = (math.cos(angle), -math.sin(angle))
    # A scene that was asked for has its own dice, so that the animal stays the same.
    dice = np.random.default_rng([seed, *scene.encode()]) if scene else shared
    image = Scene(size, dice, scene).picture
    coat, pose = Coat.drawn(shared), held_by(kind, Pose.drawn(shared))
    # The head goes near the middle, as in most photographs; the ground follows.
    head_x, head_y, near, far = BODIES[pose.body]
    unit = min(size) * shared.uniform(near, far) / distance  # half a head, in pixels
    x = width * shared.uniform(0.34, 0.66) - 0.7 * head_x * unit * pose.mirror
    ground = height * shared.uniform(0.44, 0.58) - head_y * unit
    floor = min(height, ground)  # where things can stand and be seen

    layer = Layer(size, light, own)

    def pen(x: float, y: float, unit: float, turn: float = 0, mirror: int = 1) -> Pen:
        return Pen(layer, x * FINE, y * FINE, unit * FINE, turn, mirror)

    def put_thing(low: float, high: float) -> None:
        thing = min(size) / 9 * shared.uniform(0.6, 1.3) / distance
        y = floor + min(size) / 9 * shared.uniform(low, high) / distance
        draw_thing(pen(shared.uniform(0, width), y, thing), shared)

    for _ in range(shared.integers(0, 3)):
        put_thing(-0.6, 0)
    lean = shared.uniform(-0.08, 0.08)
    draw_animal(kind, pen(x, ground, unit, lean, pose.mirror), coat, pose)
    if shared.random() < 0.5:  # something in front of it
        put_thing(0.2, 1)

    shadow, middle = Image.new("L", size), x - 0.4 * light[0] * unit
    left, right = middle - 2.5 * unit, middle + 2.5 * unit
    box = (left, ground - 0.35 * unit, right, ground + 0.3 * unit)
    ImageDraw.Draw(shadow).ellipse(box, int(shared.integers(90, 190)))
    image.paste((20, 18, 24), mask=shadow.filter(ImageFilter.BoxBlur(0.15 * unit)))
    color, alpha = layer.finished()
    image.paste(color, mask=alpha)
    return take_photograph(image, shared)


def draw_pets(
    folder: Path | str,
    per_class: int = 300,
    seed: int = 0,
    progress: bool = False,
    scene: str | None = None,
    distance: float = 1,
    kinds: Sequence[str] = KINDS,
) -> dict[str, int]:
    """Fill a folder with drawn pets: `cat/cat.0000.jpg` …, `dog/dog.0000.jpg` ….

    A folder that holds these very pictures already is left as it is, also with what
    somebody has changed in it, and a sentence says so. One that was drawn with other
    numbers, or by another version of the drawing or of Pillow, is drawn again if nobody
    has changed it. The folder appears when all of it is done, never half.

    Args:
        folder: Where the pictures go; a new place, an empty folder, or one of ours.
            Of a link, what it leads to.
        per_class: How many of each kind.
        seed: Another seed gives other pictures.
        progress: Show a bar (on standard error).
        scene: Where all of them are, as `draw_pet` takes it. Two folders with the same
            seed and other scenes hold the same animals.
        distance: How far away all of them are, as `draw_pet` takes it.
        kinds: Whom to draw, a folder each, as `draw_pet` takes them.

    Returns:
        The number of pictures of each kind.

    Raises:
        InputError: if the folder holds anything that is not ours (nothing of it is
            touched), cannot be written to, or is a file; if a number is too small.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp()) / "pets"
        >>> draw_pets(folder, per_class=1)
        {'cat': 1, 'dog': 1}
        >>> sorted(file.name for file in folder.glob("*/*"))
        ['cat.0000.jpg', 'dog.0000.jpg']
    """
    _check_whole("per_class", per_class, 1)
    _check_whole("seed", seed, 0)
    _check_view(scene, distance)
    kinds = _checked_kinds(kinds)
    # What is as it always was is left out: records of before stay good.
    view = {} if scene is None else {"scene": scene}
    view |= {} if distance == 1 else {"distance": float(distance)}
    folder = Path(folder)
    for place in (folder, *folder.parents):
        if os.path.exists(place) and not os.path.isdir(place):
            raise InputError(
                f"expected a folder to draw into, found a file: {shown(place)}. "
                "Name another folder."
            )
    refuse_inside_set(folder)
    place = Place(resolved(folder), NOTE, kinds)
    recipe = {"drawing": DRAWING, "per_class": int(per_class), "seed": int(seed)}
    recipe |= view | ({} if kinds == KINDS else {"kinds": [*kinds]})
    recipe |= {"pillow": PIL.__version__}  # others draw some edges otherwise
    if _stands(place, recipe):
        return _counted(place)
    with locked(place.folder):
        if _stands(place, recipe):  # by the run that we waited for
            return _counted(place)
        with (
            whole_folder(place.folder) as unfinished,
            tqdm(
                total=len(kinds) * per_class,
                desc="drawing",
                unit="picture",
                disable=not progress,
            ) as bar,
        ):
            for row, kind in enumerate(kinds):
                (unfinished / kind).mkdir()
                for number in range(per_class):
                    # No cat and dog of the same seed, which would be alike.
                    own_seed = 1_000_000 * seed + len(kinds) * number + row
                    picture = draw_pet(kind, own_seed, **view)
                    path = unfinished / kind / _name(kind, number)
                    picture.save(path, "JPEG", quality=90, subsampling="4:2:0")
                    bar.update()
            place._replace(folder=unfinished).write_record(recipe)
            place.refuse_theirs()  # it may have come while we drew
    return _counted(place)


def _name(kind: str, number: int) -> str:
    return f"{kind}.{number:04d}.jpg"


def _check_kind(kind: str) -> None:
    if kind not in ALL:
        others = ", ".join(f'"{name}"' for name in OTHERS)
        raise InputError(
            f'expected kind "cat" or "dog", found {kind!r}. It also draws {others}.'
        )


def _checked_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    listed = isinstance(kinds, list | tuple)
    for kind in kinds if listed else ():
        _check_kind(kind)
    if not listed or not kinds or len({*kinds}) < len(kinds):
        raise InputError(
            f"expected kinds to be a list of some of {ALL}, each once, found {kinds!r}."
        )
    return tuple(kinds)


def _check_whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, int | np.integer) or value < least:
        raise InputError(
            f"expected {name} to be a whole number, {least} or more, found {value!r}."
        )


def _check_view(scene: str | None, distance: float) -> None:
    if scene is not None and scene not in SCENES:
        listed = ", ".join(f'"{name}"' for name in SCENES)
        raise InputError(f"expected scene to be {listed} or None, found {scene!r}.")
    if not isinstance(distance, numbers.Real) or not 1 <= distance < math.inf:
        raise InputError(
            f"expected distance to be a number, 1 or more, found {distance!r}."
        )


def _stands(place: Place, recipe: dict[str, int]) -> bool:
    # Before records held digests, they were the recipe alone. Such a folder is used if
    # it is complete; it is not replaced, for nobody can tell what in it is ours.
    record = read_json(place.folder / place.record)
    old = record == _by_any_pillow(recipe)
    numbers = range(recipe["per_class"] if old else 0)
    names = [place.folder / k / _name(k, n) for k in place.needs for n in numbers]
    if names and all(name.is_file() for name in names):
        return True
    drawn = record.get("recipe") if isinstance(record, dict) else None
    if drawn != recipe and _by_any_pillow(drawn) == _by_any_pillow(recipe):
        found = place.look()
        recipe = found.recipe if found.theirs else recipe  # what is changed stays
    return place.reuse(recipe) is not None


def _by_any_pillow(recipe: object) -> object:
    known = recipe.items() if isinstance(recipe, dict) else ()
    return {name: value for name, value in known if name != "pillow"}


def _counted(place: Place) -> dict[str, int]:
    return {kind: len(find_pictures(place.folder / kind)) for kind in place.needs}
