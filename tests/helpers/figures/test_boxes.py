"""Boxes and arrows: where they stand, what is refused."""

import pytest
from matplotlib import pyplot as plt

from helpers.errors import InputError
from helpers.figures import diagram
from helpers.figures.palette import BOX, MARKED_BOX

BOXES = {"base": (0, 0), "head": (1, 0)}


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def test_boxes_stand_in_their_places_and_marked_ones_stand_out():
    (ax,) = diagram(BOXES, [("base", "head")], marked=["head"]).axes
    base, head = ax.texts[:2]
    assert (base.get_position(), head.get_position()) == ((0, 0), (1, 0))
    colors = [box.get_bbox_patch().get_facecolor() for box in (base, head)]
    assert colors[0] == plt.matplotlib.colors.to_rgba(BOX)
    assert colors[1] == plt.matplotlib.colors.to_rgba(MARKED_BOX)


def test_an_arrow_goes_from_its_first_box_to_its_second():
    (ax,) = diagram(BOXES, [("base", "head", 0.84)]).axes
    arrow, label = ax.texts[2:]
    assert (arrow.xyann, arrow.xy) == ((0, 0), (1, 0))
    assert label.get_text() == "0.84"


def test_a_heavier_weight_makes_a_thicker_arrow():
    (ax,) = diagram(BOXES, [("base", "head", 0.1), ("base", "head", 0.9)]).axes
    thin, thick = (ax.texts[place].arrow_patch.get_linewidth() for place in (2, 4))
    assert thin < thick


def test_rows_count_downwards():
    (ax,) = diagram({"up": (0, 0), "down": (0, 1)}, []).axes
    bottom, top = ax.get_ylim()
    assert bottom > top


@pytest.mark.parametrize(
    ("arrows", "marked"), [([("base", "tail")], []), ([], ["tail"])]
)
def test_a_box_that_there_is_not_is_named(arrows, marked):
    with pytest.raises(
        InputError, match=r"found 'tail'\. The boxes are 'base', 'head'"
    ):
        diagram(BOXES, arrows, marked)
