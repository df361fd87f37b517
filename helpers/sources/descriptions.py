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
FAR = 40.0  # levels from the color of a frame: what is not in it; shadows are fainter
WIDE = 0.25  # as a part of what is in it: a wider frame is a ground
FRAMES = 4  # one within the other; more are not taken off
GROUND = 4  # what is left without any border is this part of the picture, or more


def describe(image: Image.Image) -> np.ndarray:
    """Describe a picture by its look at 32 × 32 pixels, without its border.

    What is the same from end to end of a line counts as border: letterbox bars, the
    margins of a page. The wide ground around a small thing does not: where the thing
    lies, and how large, tells pictures apart.

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
    pixels = np.asarray(image)
    framed = _without_frame(pixels)
    bare = _without_border(pixels[..., 0].astype(np.float32))
    if GROUND * _area(bare) < pixels.shape[0] * pixels.shape[1]:
        bare = framed
    views = {box: _view(image, box) for box in (bare, framed)}
    return np.concatenate([views[bare], views[framed]])


def channels(views: np.ndarray) -> tuple[np.ndarray, ...]:
    """Brightness (n, 32, 32), blueness and redness (n, 8, 8) of views (n, 1152).

    A description holds two views: `a[:, :VIEW]` is without any border, `a[:, VIEW:]`
    without a frame only. The channels are float32.
    """
    views = views.astype(np.float32)
    luma, blue, red = np.split(views, [LUMA, LUMA + CHROMA], axis=1)
    small = (-1, COLOR, COLOR)
    return luma.reshape(-1, SIDE, SIDE), blue.reshape(small), red.reshape(small)


def mirrored(views: np.ndarray) -> np.ndarray:
    """The views of the mirrored pictures, shape (n, 1152)."""
    turned = [each[:, :, ::-1].reshape(len(each), -1) for each in channels(views)]
    return np.concatenate(turned, axis=1).astype(np.uint8)


# -- the border ----------------------------------------------------------------------
Box = tuple[int, int, int, int]  # left, top, right, bottom


def _view(image: Image.Image, box: Box) -> np.ndarray:
    # Cut out first: resizing a part would mix in what lies around it.
    parts = image.crop(box).split()
    return np.concatenate(
        [
            np.asarray(part.resize((side, side), Image.Resampling.BILINEAR)).ravel()
            for part, side in zip(parts, (SIDE, COLOR, COLOR), strict=True)
        ]
    )


def _area(box: Box) -> int:
    left, top, right, bottom = box
    return (right - left) * (bottom - top)


def _without_border(pixels: np.ndarray) -> Box:
    """What is left without plain lines, taken off again and again."""
    top, left, bottom, right = 0, 0, *pixels.shape
    while True:
        before = (left, top, right, bottom)
        start, stop = _busy(pixels[top:bottom, left:right])
        top, bottom = top + start, top + stop
        start, stop = _busy(pixels[top:bottom, left:right].T)
        left, right = left + start, left + stop
        if (left, top, right, bottom) == before:
            return before


def _without_frame(pixels: np.ndarray) -> Box:
    """The same without frames: plain, of one color and as wide on all four sides.

    The ground around a thing is one, down to the side where the thing is nearest. So
    the same is left whether or not a frame of that or another color lies around.
    """
    height, width = pixels.shape[:2]
    frame = 0
    for _ in range(FRAMES):
        wide = _frame(pixels[frame : height - frame, frame : width - frame])
        left = min(height, width) - 2 * (frame + wide)
        if not wide or left < PART:
            break
        if wide > WIDE * left:  # the ground of a thing: some stays around the thing
            frame += wide - left // 4
            break
        frame += wide + 2  # as below; it may lie on either side
    return frame, frame, width - frame, height - frame


def _frame(pixels: np.ndarray) -> int:
    """How wide the outermost frame is."""
    columns = pixels.swapaxes(0, 1)
    sides = (pixels, pixels[::-1], columns, columns[::-1])

    def in_it(lines: np.ndarray) -> np.ndarray:
        return (np.abs(lines - color) > FAR).any(axis=2).mean(axis=1) <= 0.01

    color = pixels[0].mean(axis=0).astype(np.int16)
    if not all(in_it(side[:1]).all() for side in sides):
        return 0  # as most photographs; the rest takes longer
    wide = min(int((~in_it(side)).argmax()) for side in sides)
    if wide:  # of a thin border around a ground like it, the ground's color counts
        color = np.median(pixels[:wide], axis=(0, 1)).astype(np.int16)
        wide = min(int((~in_it(side)).argmax()) for side in sides)
    return wide


def _busy(lines: np.ndarray) -> tuple[int, int]:
    """From which line to which there is something to see; all, if nowhere."""
    busy = np.flatnonzero(lines.std(axis=1) > PLAIN)
    if len(busy) < PART:
        return 0, len(lines)
    first, last = busy[0], busy[-1] + 1
    # The line beside a border is a mixture of both in a copy that was resized.
    return int(first + (first > 0)), int(last - (last < len(lines)))
