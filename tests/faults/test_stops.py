"""A short part of `python -m tests.faults.stops --times 200`."""

import os
import signal

import pytest

from tests.faults.stops import BAD, prepare, stop_often

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of another kind"),
]


# The others import TensorFlow for each stop; tests/helpers/test_features.py kills one.
@pytest.mark.parametrize("how", ["SIGKILL", "SIGINT"])
@pytest.mark.parametrize("name", ["draw_pets", "get_photos", "make_training_set"])
def test_stopped_and_run_again_a_command_ends_with_the_same_files(name, how, tmp_path):
    prepare(tmp_path, trained=False)
    counts = stop_often(name, getattr(signal, how), 3, 0, tmp_path, tmp_path)
    assert counts["stopped"] == 3
    assert not any(counts[bad] for bad in BAD), counts
