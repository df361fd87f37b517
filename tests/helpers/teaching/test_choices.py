"""The way to features is chosen with as little computing as can be."""

from pathlib import Path

import numpy as np
import pytest

from helpers.teaching.choices import choose

SMALL, LARGE = "EfficientNet-Lite0", "EfficientNet-Lite2"
LABELS = np.arange(60) % 2
PATHS = [Path(f"{number}.jpg") for number in range(60)]


def computing(apart):
    """Features whose classes lie so far apart, by backbone and cropping; and calls."""
    calls = []

    def compute(backbone, paths, crop):
        calls.append((backbone, crop))
        rng = np.random.default_rng(0)
        rows = [int(path.stem) for path in paths]
        noise = rng.normal(size=(len(PATHS), 8))[rows]
        return noise + apart[backbone, crop] * (2 * LABELS[rows, None] - 1)

    return compute, calls


@pytest.mark.parametrize(
    ("apart", "chosen"),
    [
        ({(SMALL, True): 3, (SMALL, False): 3, (LARGE, True): 2}, (SMALL, True)),
        ({(SMALL, True): 0.2, (SMALL, False): 3, (LARGE, False): 1}, (SMALL, False)),
        (
            {(SMALL, True): 0.2, (SMALL, False): 0.1, (LARGE, True): 2},
            (LARGE, True),
        ),
        (
            {(SMALL, True): 0.4, (SMALL, False): 0.1, (LARGE, True): 0},
            (SMALL, True),
        ),
        (
            {(SMALL, True): 0, (SMALL, False): 0.4, (LARGE, False): 1},
            (LARGE, False),
        ),
    ],
    ids=["nothing to gain", "squeezed", "larger", "smaller", "larger squeezed"],
)
def test_the_larger_backbone_is_asked_in_one_way_only(apart, chosen):
    compute, calls = computing(apart)
    best, candidates = choose(PATHS, LABELS, compute)
    assert (best.backbone, best.crop) == chosen
    assert len(calls) == len(set(calls)) == len(candidates) == 3
    assert best in candidates
