"""A short part of `python -m tests.faults.kills --times 200`."""

import random

import pytest

from tests.faults.kills import kill_script

pytestmark = pytest.mark.slow


# The other two import TensorFlow for each kill; tests/test_features.py kills one.
@pytest.mark.parametrize("script", ["draw_pets", "get_photos", "make_training_set"])
def test_killed_and_run_again_a_script_ends_with_the_same_bytes(script, tmp_path):
    tally = kill_script(script, 3, random.Random(script), tmp_path)
    assert (tally.kills, tally.half_written, tally.clean) == (3, 0, 3)
