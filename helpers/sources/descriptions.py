"""A picture in 2 kB: what it looks like from afar, without its border."""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE, PART = 32, 8  # of the small picture, and of the parts that are compared
COLOR = SIDE // 4  # colors are described more coarsely than brightness
LUMA, CHROMA = SIDE**2, COLOR**2
VIEW = LUMA + 2 * CHROMA
SIZE = 2 * VIEW  # of a description, in bytes: without any border, without a frame
PLAIN = 4.0  # a line of pixels that varies less (standard deviation) is border


def describe(image: Image.Image) -> np.ndarray:
    """Describe a picture by its look at 32 × 32 pixels, without its border.

    What is the same from end to end of a line counts as border: letterbox bars, the
    white around an object, the margins of a page.

    Args:
        image: A picture of any size and mode; nothing of it is changed.

    Returns:
        A uint8 array of shape (2304,), values 0 to 255: brightness at 32 × 32 places,
        blueness and redness (Cb and Cr) at 8 × 8; then the same of the picture without
        a frame only.

    Example:
        >>> image = Image.linear_gradient("L")
        >>> describe(image).shape
        (2304,)
    """
    image = image.convert("RGB")
    image = image.reduce(max(1, max(image.size) // 200)).convert("YCbCr")
    pixels = np.asarray(image.getchannel("Y"), np.float32)
    boxes = (_without_border(pixels), _without_frame(pixels))
    views = [
        np.asarray(channel.resize((side, side), Image.Resampling.BILINEAR, box=part))
        for part in boxes
        for channel, side in zip(image.split(), (SIDE, COLOR, COLOR), strict=True)
    ]
    return np.concatenate([view.ravel() for view in views])


def channels(a: np.ndarray) -> tuple[np.ndarray, ...]:
    """Brightness (n, 32, 32), blueness and redness (n, 8, 8) of descriptions (n, 2304).

    They are float32, and without any border; those without a frame only are found in
    `a[:, VIEW:]`.
    """
    a = a.astype(np.float32)
    luma, blue, red = np.split(a[:, :VIEW], [LUMA, LUMA + CHROMA], axis=1)
    small = (-1, COLOR, COLOR)
    return luma.reshape(-1, SIDE, SIDE), blue.reshape(small), red.reshape(small)


def mirrored(a: np.ndarray) -> np.ndarray:
    """The descriptions of the mirrored pictures, shape (n, 2304)."""
    views = [*channels(a), *channels(a[:, VIEW:])]
    turned = [view[:, :, ::-1].reshape(len(a), -1) for view in views]
    return np.concatenate(turned, axis=1).astype(np.uint8)


# -- the border ----------------------------------------------------------------------
def _without_border(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is left without plain lines, again and again."""
    top, left, bottom, right = 0, 0, *pixels.shape
    while True:
        before = (left, top, right, bottom)
        start, stop = _busy(pixels[top:bottom, left:right])
        top, bottom = top + start, top + stop
        start, stop = _busy(pixels[top:bottom, left:right].T)
        left, right = left + start, left + stop
        if (left, top, right, bottom) == before:
            return before


def _without_frame(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """The same without a frame: plain, of one color and as wide on all four sides."""
    height, width = pixels.shape
    far = np.abs(pixels - pixels[0].mean()) > 6 * PLAIN
    rows, columns = far.mean(axis=1) > 0.01, far.mean(axis=0) > 0.01
    lines = (rows, rows[::-1], columns, columns[::-1])
    frame = min(int(line.argmax()) for line in lines)
    frame += frame > 0  # as above
    if 2 * frame + PART > min(height, width):
        frame = 0
    return frame, frame, width - frame, height - frame


def _busy(lines: np.ndarray) -> tuple[int, int]:
    """From which line to which there is something to see; all, if nowhere."""
    busy = np.flatnonzero(lines.std(axis=1) > PLAIN)
    if len(busy) < PART:
        return 0, len(lines)
    first, last = busy[0], busy[-1] + 1
    # The line beside a border is a mixture of both in a copy that was resized.
    return int(first + (first > 0)), int(last - (last < len(lines)))
