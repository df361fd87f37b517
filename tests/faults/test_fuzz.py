"""A short, repeatable part of the fuzzing; `python -m tests.faults.fuzz` goes on."""

from collections import Counter

import pytest

from tests.faults.fuzz import KINDS, attempt
from tests.faults.fuzz.__main__ import Tally, as_markdown

pytestmark = pytest.mark.slow
TRIES = {"table": 200, "archive": 300, "picture": 200, "weights": 500, "download": 12}
TRIES |= {"record": 40, "model": 12, "keras_weights": 3, "shard": 60}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_comes_it_is_read_or_refused_in_a_sentence(kind):
    outcomes = [attempt(kind, seed) for seed in range(TRIES[kind])]
    failures = [o.how for o in outcomes if o.how not in ("read", "refused")]
    assert not failures, "\n".join(failures)
    if kind != "shard":  # what of it cannot be read is computed again
        assert Counter(outcome.how for outcome in outcomes)["refused"]


def test_the_page_tells_what_was_refused_and_what_failed():
    tally = Tally()
    tally.add(7, "refused", 0.25, 12.0)
    tally.add(8, "ended with -11", 0, None)
    assert tally.failures == [(8, "ended with -11")]
    row = "| table | 2 | 0 | 1 | 1 | 12 | 0.25 | 125.0 |"
    assert row in as_markdown({"table": tally}, 60)
