"""Blocks whose sides grow with the shape they stand for."""

import numpy as np
from matplotlib import pyplot as plt

from helpers.figures import volume_diagram


def sides(polygon):
    corners = polygon.get_xy()
    return np.ptp(corners[:, 0]), np.ptp(corners[:, 1])


def test_blocks_are_named_and_sized_after_their_shapes():
    fig = volume_diagram({"picture": (256, 256, 3), "base": (8, 8, 2048), "top": (2,)})
    (ax,) = fig.axes
    plt.close(fig)
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["picture", "256×256×3", "base", "8×8×2048", "top", "2"]
    fronts = [sides(polygon) for polygon in ax.patches if hasattr(polygon, "get_xy")]
    picture, base, top = fronts[0], fronts[3], fronts[6]
    assert picture[1] > base[1] > top[1]  # height
    assert base[0] > picture[0] > top[0]  # channels
