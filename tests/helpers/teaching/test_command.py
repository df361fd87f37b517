"""What the command does around the training: one name, one run at a time."""

import json
import threading

import pytest

from helpers.errors import InputError
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

    def train(collection, path, progress, cache, by):
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


@pytest.fixture
def taught(things, monkeypatch):
    """Teach without training; what is returned is the report's path."""

    def train(collection, path, progress, cache, by):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a classifier")
        return Trained(None, path, {**make_facts(["mug", "key"]), "source": "here"})

    monkeypatch.setattr(command, "train_classifier", train)
    return lambda: command.teach(str(things))


def test_beside_the_report_lies_a_card_that_keeps_the_folder_to_itself(taught, capsys):
    report = taught()
    card = report.with_suffix(".md").read_text(encoding="utf-8")
    facts = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    right, of = facts["accuracy"]["right"], facts["accuracy"]["of"]
    assert f"{right} of {of} pictures" in card
    assert facts["folder"] not in card
    assert "things.md, for you to complete" in capsys.readouterr().out


def test_a_card_as_it_was_written_is_replaced(taught, capsys):
    taught()
    report = taught()
    assert "is kept as" not in capsys.readouterr().out
    assert len(list(report.parent.glob("*.md"))) == 1


def test_a_card_that_somebody_has_completed_is_kept(taught, capsys):
    card = taught().with_suffix(".md")
    card.write_text("# Mine", encoding="utf-8")
    taught()
    (kept,) = set(card.parent.glob("*.md")) - {card}
    assert kept.read_text(encoding="utf-8") == "# Mine"
    assert card.read_text(encoding="utf-8") != "# Mine"
    assert f"is kept as {kept.name}" in capsys.readouterr().out


def test_a_text_of_that_name_that_is_no_card_is_refused(taught, things):
    notes = things.parent / "models" / "things.md"
    notes.parent.mkdir()
    notes.write_text("my notes", encoding="utf-8")
    with pytest.raises(InputError, match="found something else"):
        taught()
    assert [path.name for path in notes.parent.iterdir()] == ["things.md"]
