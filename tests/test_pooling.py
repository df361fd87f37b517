"""Maps beside their picture, with the mean that pooling keeps."""

import numpy as np
from matplotlib import pyplot as plt

from helpers.pooling import pooling_figure


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
