"""How a lesson's fresh outputs are compared, beyond what nbval does by itself.

nbval compares text. Here, cells that it would pass over are compared with their numbers
left out, and pictures as small gray thumbnails: their bytes differ between processors
and versions of the font engine, what they show does not.
"""

from __future__ import annotations

import base64
import functools
import io
from collections.abc import Sequence
from itertools import product

import numpy as np
from nbval.plugin import IPyNbCell
from PIL import Image, ImageChops

from tools.lessons.exempt import EXEMPT, masked

SIDE = 32  # pixels of a thumbnail
UNLIKE = 4.0  # gray levels, of 255: more, and it is another picture


def compare_more(cell: IPyNbCell) -> None:
    """Let nbval compare the numbers-free text of exempt cells, and every picture.

    Args:
        cell: A collected cell, not yet run.
    """
    if cell.options["skip"]:
        return
    if EXEMPT & set(cell.cell.metadata.get("tags", [])):
        cell.options["check"] = True
        plain = cell.sanitize
        cell.sanitize = lambda text: (
            masked(plain(text)) if isinstance(text, str) else text
        )
    else:
        cell.compare_outputs = functools.partial(_compare, cell, cell.compare_outputs)


def _compare(cell, by_text, fresh, stored, skip_compare=None) -> bool:
    if not by_text(fresh, stored, skip_compare):
        return False
    for drawn, kept in zip(_pictures(fresh), _pictures(stored), strict=False):
        if (apart := distance(drawn, kept)) > UNLIKE:
            cell.comparison_traceback = [
                f"The stored picture is not the one that this cell draws: their "
                f"thumbnails differ by {apart:.1f} gray levels, expected at most "
                f"{UNLIKE}. Run `python -m tools.author build {cell.parent.name[:2]}` "
                "if you meant it."
            ]
            return False
    return True


def _pictures(outputs: Sequence[dict]) -> list[str]:
    return [
        data
        for output in outputs
        for kind, data in output.get("data", {}).items()
        if kind in ("image/png", "image/jpeg")
    ]


def distance(one: str, other: str) -> float:
    """How unlike two pictures are.

    Args:
        one: A PNG or JPEG file in Base64, as notebooks hold it.
        other: Another one.

    Returns:
        The root of the mean squared difference of their thumbnails, in gray levels (0
        to 255): a few blocks that differ much count for more than many that differ a
        little. Pictures of another shape are as unlike as can be: 255.
    """
    pictures = [Image.open(io.BytesIO(base64.b64decode(p))) for p in (one, other)]
    (width, height), (width_2, height_2) = (picture.size for picture in pictures)
    if abs(width * height_2 / (height * width_2) - 1) > 0.1:
        return 255.0
    drawn, kept = (picture.convert("L") for picture in pictures)
    # Another font engine moves what it surrounds by a pixel.
    moved = (ImageChops.offset(drawn, x, y) for x, y in product((-1, 0, 1), (-1, 0, 1)))
    goal = _thumbnail(kept)
    return min(float(np.square(_thumbnail(m) - goal).mean() ** 0.5) for m in moved)


def _thumbnail(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BOX), float)
