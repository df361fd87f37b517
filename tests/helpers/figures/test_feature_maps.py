"""What channels respond to: the right pictures, the right spots, the right cuttings."""

import keras
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from helpers.errors import InputError
from helpers.figures import (
    activation_figure,
    pooling_figure,
    spot_figure,
    strongest_spots,
)


@pytest.fixture
def eyes():
    """A model that shows its input, and the input turned dark for light."""
    inputs = keras.Input((8, 16, 1))
    return keras.Model(inputs, {"light": inputs, "dark": 1 - inputs})


def picture(row, column, value):
    pixels = np.zeros((8, 16, 1), "float32")
    pixels[row, column] = value
    return pixels


def test_the_strongest_pictures_come_first_each_with_its_spot(eyes):
    inputs = np.stack([picture(0, 0, 0.2), picture(7, 12, 0.9), picture(4, 8, 0.5)])
    spots = strongest_spots(eyes, inputs, {"light": [0]}, n=2)
    assert spots["picture"].tolist() == [1, 2]
    assert spots["response"].tolist() == pytest.approx([0.9, 0.5])
    assert spots[["down", "across"]].iloc[0].tolist() == [7.5 / 8, 12.5 / 16]


def test_pictures_are_counted_across_batches(eyes):
    inputs = np.stack([picture(0, 0, n / 25) for n in range(25)])
    spots = strongest_spots(eyes, inputs, {"light": [0], "dark": [0]}, n=3)
    assert spots.query("layer == 'light'")["picture"].tolist() == [24, 23, 22]
    assert spots.query("layer == 'dark'")["picture"].tolist() == [0, 1, 2]


def test_a_cutting_is_moved_inwards_at_the_edge():
    pixels = np.arange(10 * 10 * 3, dtype="uint8").reshape(10, 10, 3)
    spots = pd.DataFrame(
        {"layer": "a_b", "channel": 7, "picture": 0, "down": [1.0, 0.5], "across": 0.0}
    )
    fig = spot_figure([pixels], spots, {"a_b": 4})
    corner, middle = (ax.images[0].get_array() for ax in fig.axes)
    label = fig.axes[0].get_ylabel()
    plt.close(fig)
    assert np.array_equal(corner, pixels[6:, :4])
    assert np.array_equal(middle, pixels[3:7, :4])
    assert label == "a\n7"


def test_a_cutting_larger_than_the_picture_is_refused():
    spots = {"layer": ["a"], "channel": [0], "picture": [0]}
    spots = pd.DataFrame({**spots, "down": [0.5], "across": [0.5]})
    with pytest.raises(InputError, match="no larger than its picture, 8×16 pixels"):
        spot_figure([np.zeros((8, 16, 3))], spots, {"a": 9})


def test_a_map_covers_its_whole_picture():
    maps = {"deep_layer": np.eye(2)[..., None] * 4}
    fig = activation_figure(np.zeros((8, 16, 3)), maps, {"deep_layer": [0]})
    gray, strength = fig.axes[0].images
    label = fig.axes[0].get_ylabel()
    plt.close(fig)
    assert gray.get_extent() == [-0.5, 15.5, 7.5, -0.5]
    assert strength.get_extent() == [0, 16, 8, 0]
    assert strength.get_array().max() == 1
    assert label == "deep\n2×2"


def test_a_channel_that_is_silent_leaves_the_picture_dark():
    fig = activation_figure(np.zeros((8, 8, 3)), {"a": np.zeros((4, 4, 1))}, {"a": [0]})
    assert fig.axes[0].images[1].get_alpha().max() == 0
    plt.close(fig)


def test_a_channel_has_its_mean_above_it_and_one_scale_in_all_rows():
    pictures = {"here": np.zeros((8, 8, 3)), "there": np.zeros((8, 8, 3))}
    maps = [np.zeros((2, 2, 5)), np.zeros((2, 2, 5))]
    maps[0][0, 0, 3], maps[1][1, 1, 3] = 4, 8
    fig = pooling_figure(pictures, maps, [3])
    first, here, second, there = fig.axes
    plt.close(fig)
    assert [first.get_ylabel(), second.get_ylabel()] == ["here", "there"]
    titles = [ax.get_title() for ax in (here, there)]
    assert titles == ["channel 3\nmean 1.00", "channel 3\nmean 2.00"]
    assert [ax.images[0].get_clim() for ax in (here, there)] == [(0, 8), (0, 8)]
    assert here.images[0].get_array()[0, 0] == 4
