"""What the command does around the training: one name, one run at a time."""

import json
import threading

import pytest

from helpers.plumbing import locked, locks
from helpers.teaching import command
from helpers.teaching.train import Trained
from tests.helpers.teaching.test_report import make_facts
from tests.things import draw_things


@pytest.fixture
def things(tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSFER_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    draw_things(tmp_path / "things", 2, 6, wrong_labels=0)
    return tmp_path / "things"


def test_of_two_runs_under_one_name_the_second_waits(things, monkeypatch):
    """Classifier and report are of one run: nothing is trained while another writes."""
    waiting = threading.Event()
    monkeypatch.setattr(locks, "print", lambda *a, **k: waiting.set(), raising=False)
    trained = []

    def train(collection, path, progress, cache):
        trained.append(path)
        path.write_bytes(b"a classifier")
        return Trained(None, path, {**make_facts(["mug", "key"]), "source": "here"})

    monkeypatch.setattr(command, "train_classifier", train)
    report = things.parent / "models" / "things.html"
    second = threading.Thread(target=command.teach, args=[str(things)])
    with locked(report):  # the first run, before it has written anything
        second.start()
        assert waiting.wait(60)
        assert trained == []
        assert not report.exists()
    second.join(60)
    assert [path.name for path in trained] == ["things.keras"]
    facts = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["source"] == "here"
    with locked(report):  # and gives it back
        pass
