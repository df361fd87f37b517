"""The interval holds the truth as often as it says, and refuses what is no count."""

import numpy as np
import pytest

from helpers.accuracy import accuracy_interval
from helpers.errors import InputError


def test_it_is_wilsons():
    right, of, z = 391, 400, 1.959964
    share = right / of
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * np.sqrt(share * (1 - share) / of + (z / 2 / of) ** 2)
    assert accuracy_interval(right, of) == pytest.approx((middle - half, middle + half))


@pytest.mark.parametrize(("truth", "of"), [(0.98, 400), (0.9, 30), (0.5, 100)])
def test_the_truth_is_in_it_about_95_times_of_100(truth, of):
    rights = np.random.default_rng(0).binomial(of, truth, 1000)
    ends = {right: accuracy_interval(right, of) for right in set(rights)}
    inside = [ends[right][0] <= truth <= ends[right][1] for right in rights]
    assert 0.92 <= np.mean(inside) <= 0.985


def test_all_right_or_none_is_not_certain():
    assert accuracy_interval(5, 5)[0] < 0.6
    assert accuracy_interval(5, 5)[1] == 1
    assert accuracy_interval(0, 5)[0] == 0
    assert accuracy_interval(0, 5)[1] > 0.4


def test_counts_of_numpy_are_counts():
    assert accuracy_interval(np.float64(3), np.int64(4)) == accuracy_interval(3, 4)


@pytest.mark.parametrize(
    ("right", "of"), [(0, 0), (-1, 5), (6, 5), (0.98, 400), (float("nan"), 5)]
)
def test_what_is_no_count_is_refused(right, of):
    with pytest.raises(InputError, match=f"1 or more; found {right} of {of}. Give"):
        accuracy_interval(right, of)
