"""What can fail is told from what cannot."""

from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tools.lessons.spoiled import cannot_fail

NAMES = {
    "np": np,
    "n": 3,
    "ready": True,
    "name": "cat",
    "paths": ["a", "b"],
    "unseen": ["c"],
    "rates": {"one": 0.9, "other": 0.5},
    "array": np.array([1.0, 2.0]),
    "mask": np.array([True, True]),
    "words": np.array(["cat", "dog"]),
    "table": pd.DataFrame({"right": [0.9, 0.95], "kind": ["a", "b"]}),
    "pixels": np.ones((1100, 1000), "uint8"),
    "pictures": [np.ones((1100, 1000), "uint8")],
    "model": SimpleNamespace(n_layers=3, count=lambda: 7),
    "outcome": namedtuple("Outcome", "pictures faults")(5, []),
}


@pytest.mark.parametrize(
    "claim",
    [
        "n == 3",
        "1 < n < 5",
        "ready",
        "not any(path in paths for path in unseen)",
        "not set(paths) & set(unseen)",
        "sorted(set(paths)) == ['a', 'b']",
        "len(paths) == 2",
        "1 / len(array) == 0.5",
        "name in 'a cat'",
        "rates['one'] > rates['other']",
        "np.allclose(array, [1, 2])",
        "(array > 0).all()",
        "mask.all()",
        "(words == ['cat', 'dog']).all()",
        "(table['right'] > 0.8).all()",
        "table['kind'].tolist() == ['a', 'b']",
        "model.n_layers == 3",
        "pixels.min() == 1",
        "len(pictures) == 1",
        "model.count() == 7",
        "outcome.pictures == 5",
    ],
)
def test_a_real_claim_can_fail(claim):
    assert cannot_fail([(None, claim)], NAMES) == []


@pytest.mark.parametrize(
    "claim",
    [
        "n == n",
        "len(paths) >= 0",
        "n > 1 or n <= 1",
        "(n > 5, 'n')",
        "name in name",
        "rates['one'] == rates['one']",
        "isinstance(n, object)",
        "model is model",
        "array.shape == array.shape",
        "[n > 5]",
        "(array == array).all()",
        "np.allclose(array, array)",
    ],
)
def test_an_empty_claim_cannot(claim):
    assert cannot_fail([(None, claim)], NAMES) == [claim]


def test_a_number_of_the_text_is_asked_with_its_own_measure():
    claims = [
        ("3", "n"),
        ("14", "7 + 7"),
        ("cat", "name"),
        ("90%", "rates['one'], 0.01"),
    ]
    assert cannot_fail(claims, NAMES) == ["7 + 7"]
