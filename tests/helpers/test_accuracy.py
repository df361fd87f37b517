"""The interval holds the truth as often as it says, and refuses what is no count."""

import functools

import numpy as np
import pytest
from scipy.stats import binom

from helpers.accuracy import accuracy_interval
from helpers.errors import InputError


def test_beyond_either_end_the_result_would_be_seldom():
    low, high = accuracy_interval(391, of=400)
    assert binom.sf(390, 400, low) == pytest.approx(0.025)
    assert binom.cdf(391, 400, high) == pytest.approx(0.025)


@functools.cache
def all_ends(of):
    return np.array([accuracy_interval(right, of) for right in range(of + 1)])


@pytest.mark.parametrize("of", [5, 40, 100, 400])
@pytest.mark.parametrize("truth", [0.5, 0.9, 0.98, 0.993, 0.999])
def test_the_truth_is_in_it_95_times_of_100_or_more(truth, of):
    low, high = all_ends(of).T
    inside = (low <= truth) & (truth <= high)
    assert binom.pmf(np.arange(of + 1), of, truth)[inside].sum() >= 0.95


def test_all_right_or_none_is_not_certain():
    assert accuracy_interval(5, 5)[0] < 0.5
    assert accuracy_interval(5, 5)[1] == 1
    assert accuracy_interval(0, 5)[0] == 0
    assert accuracy_interval(0, 5)[1] > 0.5


def test_counts_of_numpy_are_counts():
    assert accuracy_interval(np.float64(3), np.int64(4)) == accuracy_interval(3, 4)


@pytest.mark.parametrize(
    ("right", "of"), [(0, 0), (-1, 5), (6, 5), (0.98, 400), (float("nan"), 5)]
)
def test_what_is_no_count_is_refused(right, of):
    with pytest.raises(InputError, match=f"1 or more; found {right} of {of}. Give"):
        accuracy_interval(right, of)
