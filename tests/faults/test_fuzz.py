"""A short, repeatable part of the fuzzing; `tests.faults.fuzz` goes on longer."""

import pytest

from tests.faults.fuzz import READERS, fuzz

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", READERS)
def test_whatever_the_bytes_it_is_read_or_refused_in_one_line(kind):
    counts = fuzz(kind, examples=600)
    assert counts["read"]  # some accidents do no harm …
    assert counts["refused"] > 100  # … and most do
