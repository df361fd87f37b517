"""A training computes nothing twice, and nothing that is known already."""

import numpy as np
import pytest

from helpers.engines import BATCH, tensorflow_engine
from helpers.teaching import read_collection, train_classifier
from helpers.teaching import train as module
from tests.things import draw_things

pytestmark = pytest.mark.slow


def test_each_backbone_has_one_graph_and_each_picture_one_turn(tmp_path, monkeypatch):
    def counting(base):
        counting.built.append(base)  # not in its closure, which is part of its name
        forward = tensorflow_engine(base)

        def compute(pixels):
            counting.batches.append(len(pixels))
            return forward(pixels)

        return compute

    counting.built, counting.batches = built, batches = [], []
    monkeypatch.setattr(module, "tensorflow_engine", counting)
    draw_things(tmp_path / "things", 2, 12, seed=1, wrong_labels=0)
    collection = read_collection(tmp_path / "things")

    def train():
        built.clear()
        batches.clear()
        place = tmp_path / "models" / "things.keras"
        return train_classifier(collection, place, cache=tmp_path / "cache").facts

    first = train()
    candidates, counts = first["chosen"]["candidates"], first["counts"]
    assert len(built) == len({one["backbone"] for one in candidates})
    # All pictures to learn from are the sample: each way sees them, in whole batches,
    # and what is tested with goes the chosen way alone.
    of_sample = int(np.ceil(counts["train"] / BATCH))
    of_test = int(np.ceil(counts["test"] / BATCH))
    assert len(batches) == len(candidates) * of_sample + of_test

    again = train()
    assert built == []  # no graph where the cache has all
    assert again["accuracy"] == first["accuracy"]
    assert again["chosen"] == first["chosen"]
