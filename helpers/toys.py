"""What lesson 1 plays with: little pictures of letters."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTER_SIDE = 20  # pixels of a letter's picture
ENLARGED = 4  # letters are drawn so many times larger, and shrunk
FONTS = ("DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf")  # of Matplotlib


def draw_letters(
    letters: str, per_letter: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw noisy little pictures of letters, each at another place, size and angle.

    They are the same on every computer: the typefaces come with Matplotlib. It takes
    a second for two thousand.

    Args:
        letters: The classes, a character each: `"ABC"`.
        per_letter: How many pictures of each letter.
        seed: Another seed gives other pictures.

    Returns:
        `images`, a float32 array of shape (pictures, 20, 20, 1) with values around
        0 (dark) to 1 (light), and `labels`, an int array of shape (pictures,): places
        in `letters`, which take turns.

    Example:
        >>> images, labels = draw_letters("ABC", per_letter=2, seed=0)
        >>> images.shape, labels.tolist()
        ((6, 20, 20, 1), [0, 1, 2, 0, 1, 2])
    """
    rng = np.random.default_rng(seed)
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    side, middle = LETTER_SIDE * ENLARGED, LETTER_SIDE * ENLARGED / 2
    labels = np.arange(per_letter * len(letters)) % len(letters)
    images = np.empty((len(labels), LETTER_SIDE, LETTER_SIDE, 1), "float32")
    for image, label in zip(images, labels, strict=True):
        font = ImageFont.truetype(
            folder / FONTS[rng.integers(len(FONTS))],
            size=int(rng.integers(10, 15)) * ENLARGED,
            layout_engine=ImageFont.Layout.BASIC,
        )
        picture = Image.new("L", (side, side))
        place = middle + rng.uniform(-2, 2, 2) * ENLARGED
        pen = ImageDraw.Draw(picture)
        pen.text(tuple(place), letters[label], fill=255, font=font, anchor="mm")
        picture = picture.rotate(rng.uniform(-15, 15), Image.Resampling.BILINEAR)
        picture = picture.resize(images.shape[1:3], Image.Resampling.BOX)
        light = np.asarray(picture) / 255
        image[..., 0] = light * rng.uniform(0.6, 1) + rng.normal(0, 0.1, light.shape)
    return images, labels
