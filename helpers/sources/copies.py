"""Pictures that are the same: resized, mirrored or compressed again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from helpers.pictures import open_picture

SIDE = 16  # a hash has SIDE * SIDE bits
# Of those 256 bits, mirrored copies at half the size and JPEG quality 50 differ in 41
# at most (drawn pets; 21 for photographs), pictures of different pets in 60 at least
# (the closest of 1.1 million pairs of photographs; 70 for drawn pets).
SAME = 48


class Taken:
    """The pictures drawn so far, to be compared with the next one."""

    def __init__(self) -> None:
        self.hashes = np.zeros((0, SIDE * SIDE), bool)

    def add(self, picture: Path) -> bool:
        """Take a picture unless it is a copy; say whether it was taken."""
        image = open_picture(picture)
        upright = picture_hash(image)
        mirrored = picture_hash(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
        for hashed in (upright, mirrored):
            if ((self.hashes != hashed).sum(axis=1) <= SAME).any():
                return False
        self.hashes = np.vstack([self.hashes, upright])
        return True


def picture_hash(image: Image.Image) -> np.ndarray:
    """Describe a picture by 256 bits that survive resizing and compression.

    Each bit says whether one cell of a 16 × 17 grid is darker than its right-hand
    neighbor (the "difference hash").

    Args:
        image: A picture of any size.

    Returns:
        A bool array of shape (256,).

    Example:
        >>> image = Image.linear_gradient("L").rotate(90)
        >>> smaller = image.resize((50, 70))
        >>> int((picture_hash(image) != picture_hash(smaller)).sum())
        0
    """
    grey = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    pixels = np.asarray(grey, dtype=int)
    return (pixels[:, 1:] > pixels[:, :-1]).ravel()
