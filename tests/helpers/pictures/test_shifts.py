"""Shifted pictures: what changed is known, and nothing else did."""

import numpy as np
import pytest

from helpers.errors import InputError
from helpers.pets import draw_pet
from helpers.pictures.shifts import NOISE, at_night, in_pencil


@pytest.fixture(scope="module")
def pets():
    drawn = [draw_pet(kind, seed=5).resize((64, 64)) for kind in ("cat", "dog")]
    return np.stack([np.asarray(picture) for picture in drawn])


def test_night_is_dark_blue_and_noisy_and_repeats(pets):
    night = at_night(pets, seed=0)
    assert night.dtype == np.uint8
    assert night.shape == pets.shape
    assert night.mean() < 0.4 * pets.mean()
    red, green, blue = night.mean(axis=(0, 1, 2)) / pets.mean(axis=(0, 1, 2))
    assert red < green < blue
    assert np.array_equal(night, at_night(pets, seed=0))
    assert not np.array_equal(night, at_night(pets, seed=1))


def test_the_noise_of_the_night_is_as_loud_as_it_says():
    gray = np.full((1, 100, 100, 3), 200, np.uint8)
    assert at_night(gray, seed=0).std(axis=(0, 1, 2)) == pytest.approx(NOISE, rel=0.05)


def test_a_pencil_draws_dark_lines_where_brightness_changes():
    halves = np.full((1, 6, 6, 3), 40, np.uint8)
    halves[:, :, 3:] = 200
    drawn = in_pencil(halves)
    assert np.unique(drawn[:, :, 2]).tolist() == [20]  # the line: black over the wash
    assert np.unique(drawn[:, :, [0, 1]]).tolist() == [147]
    assert np.unique(drawn[:, :, 3:]).tolist() == [227]


def test_a_pencil_leaves_the_pictures_that_it_is_given(pets):
    before = pets.copy()
    assert in_pencil(pets).shape == pets.shape
    assert np.array_equal(pets, before)


@pytest.mark.parametrize("shift", [lambda p: at_night(p, seed=0), in_pencil])
@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4, 3), np.uint8), np.zeros((1, 4, 4, 3), "float32")]
)
def test_other_arrays_are_refused_with_what_came(shift, wrong):
    with pytest.raises(InputError, match=str(wrong.dtype)):
        shift(wrong)
