"""The same pictures under other conditions, when what changed has to be known.

A classifier learns from pictures of one kind and meets others. With photographs nobody
can say what differs between the two; here it is the light alone, or the style alone.
"""

from __future__ import annotations

import numpy as np

from helpers.errors import InputError

GRAY = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look to us
MOONLIGHT = np.array([0.20, 0.24, 0.36])  # what is left of each color
NOISE = 8.0  # of a sensor in the dark, in values of a pixel
STROKE = 4.0  # how dark a line gets for each step of brightness


def at_night(pixels: np.ndarray, seed: int) -> np.ndarray:
    """Show pictures by moonlight: dark, bluish, with noise.

    Args:
        pixels: Pictures as read: uint8, shape (pictures, height, width, 3).
        seed: Of the noise; an int, 0 or more.

    Returns:
        New pictures of the same shape and dtype. Without the noise, no pixel is
        brighter than 36% of what it was.

    Raises:
        InputError: if the pixels are of another shape or dtype.

    Example:
        >>> white = np.full((1, 2, 2, 3), 255, np.uint8)
        >>> bool(at_night(white, seed=0).max() < 140)
        True
    """
    _check(pixels)
    noise = np.random.default_rng(seed).normal(0, NOISE, pixels.shape)
    return (pixels * MOONLIGHT + noise).clip(0, 255).astype(np.uint8)


def in_pencil(pixels: np.ndarray) -> np.ndarray:
    """Turn pictures into pencil drawings, with a wash of their colors.

    Where brightness changes there are gray lines; the colors are half as strong.

    Args:
        pixels: Pictures as read: uint8, shape (pictures, height, width, 3).

    Returns:
        New pictures of the same shape and dtype. What is of one color has no line, and
        lies halfway between that color and white.

    Raises:
        InputError: if the pixels are of another shape or dtype.

    Example:
        >>> flat = np.full((1, 4, 4, 3), 95, np.uint8)
        >>> np.unique(in_pencil(flat)).tolist()
        [175]
    """
    _check(pixels)
    gray = pixels @ GRAY  # (pictures, height, width)
    down = np.diff(gray, axis=1, append=gray[:, -1:])
    across = np.diff(gray, axis=2, append=gray[:, :, -1:])
    lines = (255 - STROKE * np.hypot(down, across)).clip(0, 255)
    return ((pixels + lines[..., np.newaxis]) / 2).astype(np.uint8)


def _check(pixels: np.ndarray) -> None:
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or pixels.dtype != np.uint8:
        raise InputError(
            "expected pictures as read_picture gives them, stacked: uint8, shape "
            f"(pictures, height, width, 3); found {pixels.dtype}, shape {pixels.shape}."
        )
