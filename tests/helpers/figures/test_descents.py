"""Steps downhill: they lie on the curve and end where training ended."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from helpers.figures import descent_curves, descent_map

CREEP, LEAP = np.array([2.0, 1.9, 1.8]), np.array([2.0, -3.0, 4.0])


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def bowl(places):
    return (places**2).sum(axis=-1)


def test_every_step_lies_on_the_curve_and_the_last_one_stands_out():
    fig = descent_curves(np.square, {"creep": CREEP, "leap": LEAP}, (-4, 4))
    assert [ax.get_title() for ax in fig.axes] == ["creep", "leap"]
    for ax, path in zip(fig.axes, (CREEP, LEAP), strict=True):
        curve, way, end = ax.lines
        assert curve.get_xdata()[[0, -1]].tolist() == [-4, 4]
        assert (way.get_ydata() == path**2).all()
        assert (way.get_xdata() == path).all()
        assert end.get_xdata().tolist() == [path[-1]]
    assert fig.axes[0].get_ylim() == fig.axes[1].get_ylim()


def test_a_map_has_the_way_the_goal_and_rings_that_close_in_on_it():
    ways = {
        name: np.array([[2.0, 1.0], [1.0, 0.5]]) / n for n, name in ((1, "a"), (2, "b"))
    }
    fig = descent_map(bowl, ways, ((-2, 2), (-1, 1)), goal=np.zeros(2))
    for ax, (title, way) in zip(fig.axes, ways.items(), strict=True):
        drawn, goal = ax.lines
        assert ax.get_title() == title
        assert (np.stack(drawn.get_data(), axis=-1) == way).all()
        assert [d.tolist() for d in goal.get_data()] == [[0.0], [0.0]]
        assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 2), (-1, 1))
        (rings,) = ax.collections
        gaps = np.diff(rings.levels)
        assert (np.diff(gaps) > 0).all()


def test_an_odd_number_of_ways_leaves_the_last_panel_empty():
    way = np.zeros((2, 2))
    fig = descent_map(bowl, dict.fromkeys("abc", way), ((-2, 2), (-1, 1)), np.zeros(2))
    assert [ax.axison for ax in fig.axes] == [True, True, True, False]
