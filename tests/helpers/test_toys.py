"""Letters that can be told apart, and a map that shows what a model decides."""

import keras
import numpy as np
from matplotlib import pyplot as plt

from helpers.figures import decision_map
from helpers.toys import draw_letters


def test_letters_repeat_to_the_bit_and_another_seed_gives_others():
    images, labels = draw_letters("ABα", per_letter=4, seed=0)
    again, _ = draw_letters("ABα", per_letter=4, seed=0)
    others, _ = draw_letters("ABα", per_letter=4, seed=1)
    assert images.dtype == np.float32
    assert np.array_equal(images, again)
    assert not np.array_equal(images, others)
    assert np.bincount(labels).tolist() == [4, 4, 4]


def test_letters_move_about_and_are_seen_against_the_noise():
    images, _ = draw_letters("I", per_letter=20, seed=0)
    bright = images[..., 0] > 0.4
    centers = [np.argwhere(picture).mean(axis=0) for picture in bright]
    assert bright.any(axis=(1, 2)).all()
    assert np.std(centers, axis=0).min() > 0.5


def test_a_map_is_colored_by_the_answer_and_has_the_line_of_each_hidden_neuron():
    hidden = keras.layers.Dense(2, activation="tanh")
    output = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input((2,)), hidden, output])
    hidden.set_weights([np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([-0.5, 0.0])])
    output.set_weights([np.array([[50.0], [0.0]]), np.array([0.0])])  # right of 0.5
    fig, ax = plt.subplots()
    points, labels = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0, 1])
    decision_map(model, points, labels, ax, hidden=hidden)
    answers = ax.images[0].get_array()
    places = np.linspace(-1.1, 1.1, 101)
    assert (answers == (places > 0.5)).all()
    assert [tuple(line.get_xy1()) for line in ax.lines] == [(0.5, 0.0), (0.0, 0.0)]
    assert [len(c.get_offsets()) for c in ax.collections] == [1, 1]
    plt.close(fig)
