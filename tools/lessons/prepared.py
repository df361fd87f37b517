"""What lessons make once on a computer and say so; made before outputs are stored.

A lesson's output holds no line that is there on the first run alone.
"""

from __future__ import annotations

from helpers.start import importing


def prepare_once() -> None:
    """Draw the pets and convert the weights, unless that was done before."""
    with importing():
        from helpers.backbones import LITE0, LITE1, LITE2, imagenet_weights
        from helpers.picture_sets import open_pictures
    open_pictures()
    for network in (LITE0, LITE1, LITE2):
        imagenet_weights(network)
