"""Heat maps: each over its picture, by its own scale, as the sign says."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.errors import InputError
from helpers.figures import heat_figure

PICTURES = np.zeros((2, 14, 14, 3), "uint8")


def test_a_row_for_each_method_and_a_scale_for_each_map():
    heats = {"occlusion": np.ones((2, 7, 7)), "Grad-CAM": np.ones((2, 7, 7))}
    heats["Grad-CAM"][1] *= -5
    fig = heat_figure(PICTURES, heats, ["cat", "dog"])
    assert [ax.get_ylabel() for ax in fig.axes[::2]] == ["occlusion", "Grad-CAM"]
    assert [ax.get_title() for ax in fig.axes[:2]] == ["cat", "dog"]
    heat = fig.axes[3].images[1]
    assert heat.get_clim() == (-5, 5)
    assert tuple(heat.get_extent()) == (0, 14, 14, 0)  # all of the picture
    plt.close(fig)


def test_the_sign_gives_the_color_and_nothing_stays_clear():
    heats = {"a": np.array([[[1.0, -1.0, 0.0]], [[0.0, 0.0, 0.0]]])}
    fig = heat_figure(PICTURES, heats, ["cat", "dog"])
    heat = fig.axes[0].images[1]
    second, first, none = heat.cmap(heat.norm(heats["a"][0, 0]))
    assert second[0] > second[2]  # orange
    assert first[2] > first[0]  # blue
    assert np.allclose(none[:3], 1, atol=0.01)
    assert np.asarray(heat.get_alpha()).ravel().tolist() == [0.8, 0.8, 0.0]
    assert not np.asarray(fig.axes[1].images[1].get_alpha()).any()
    plt.close(fig)


@pytest.mark.parametrize(
    ("heats", "titles", "what"),
    [
        ({"occlusion": np.ones((3, 7, 7))}, ["cat", "dog"], "'occlusion', found 3"),
        ({"occlusion": np.ones((2, 7, 7))}, ["cat"], "'titles', found 1"),
    ],
)
def test_too_many_or_too_few_are_refused(heats, titles, what):
    with pytest.raises(InputError, match=what):
        heat_figure(PICTURES, heats, titles)
