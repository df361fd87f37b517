"""From a folder of anybody's things to a report and to named pictures."""

import json
import subprocess
import sys

import pytest

from data_scripts import train_classifier
from helpers.classifier import name_pictures, open_classifier
from helpers.errors import InputError
from helpers.plumbing import ROOT, extras
from helpers.teaching import command
from tests.things import NAMES, draw_things

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    monkeypatch.setenv("TRANSFER_MODELS", str(tmp_path / "models"))
    return tmp_path


@pytest.mark.parametrize(
    ("classes", "per_class", "at_least"),
    [(2, 40, 0.8), (3, [8, 30, 90], 0.8), (20, 15, 0.6)],
    ids=["2 classes", "3 unbalanced classes", "20 classes"],
)
def test_things_become_a_classifier_and_a_report(
    places, capsys, classes, per_class, at_least
):
    folder = places / "my things"
    wrong = draw_things(folder, classes, per_class, seed=1)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    report = command.teach(str(folder))
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == before

    facts = json.loads(report.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["accuracy"]["value"] >= at_least
    low, high = facts["accuracy"]["interval"]
    assert low < facts["accuracy"]["value"] <= high
    counts, drawn = facts["counts"], sum(1 for p in before if p.suffix == ".jpg")
    assert counts["found"] == drawn
    taken = counts["train"] + counts["test"]
    assert taken == drawn - counts["copies"] - counts["set_aside"]
    assert [row["name"] for row in facts["classes"]] == sorted(NAMES[:classes])
    assert sum(map(sum, facts["confusion"])) == counts["test"]
    rows = facts["doubtful_labels"] + facts["mistakes"]
    assert wrong.keys() & {row["picture"] for row in rows}  # a wrong label is found
    page = report.read_text(encoding="utf-8")
    assert (
        f"{facts['accuracy']['right']:,} of {facts['accuracy']['of']:,} right" in page
    )
    out = capsys.readouterr().out
    assert all(sentence in out for sentence in facts["next"])

    classifier = open_classifier(places / "models" / "my_things.keras")
    assert list(classifier.class_names) == sorted(NAMES[:classes])
    pictures = sorted(folder.rglob("*.jpg"))[::4]
    table = name_pictures(classifier, pictures)
    said = zip(pictures, table["name"], strict=True)
    right = [picture.parent.name == name for picture, name in said]
    assert sum(right) / len(right) >= at_least


def test_a_second_run_with_new_pictures_keeps_the_test_part(places):
    folder = places / "things"
    draw_things(folder, 2, 20, seed=2, wrong_labels=0)
    first = json.loads(command.teach(str(folder)).with_suffix(".json").read_text())
    draw_things(places / "more", 2, 3, seed=3, wrong_labels=0)
    for picture in (places / "more").rglob("*.jpg"):
        picture.rename(folder / picture.parent.name / f"new_{picture.name}")
    second = json.loads(command.teach(str(folder)).with_suffix(".json").read_text())
    assert second["counts"]["found"] == first["counts"]["found"] + 6
    assert abs(second["counts"]["test"] - first["counts"]["test"]) <= 2


def test_another_source_of_the_same_name_takes_nothing_away(places, capsys):
    for number in (1, 2):
        draw_things(places / str(number) / "things", 2, 8, seed=number, wrong_labels=0)
        command.teach(str(places / str(number) / "things"))
    kept = sorted(p.name for p in (places / "models").iterdir() if p.name[0] != ".")
    assert len([name for name in kept if name.endswith("-1.keras")]) == 1
    assert len([name for name in kept if name.endswith("-1.html")]) == 1
    assert {"things.keras", "things.html", "things.json"} <= set(kept)
    assert capsys.readouterr().out.count(" is kept as ") == 2


def test_a_page_of_the_learners_is_refused_before_the_work(places):
    draw_things(places / "things", 2, 8, wrong_labels=0)
    (places / "models").mkdir()
    (places / "models" / "things.html").write_text("my notes")
    with pytest.raises(InputError, match="found something else"):
        command.teach(str(places / "things"))
    assert [p.name for p in (places / "models").iterdir()] == ["things.html"]


def test_the_command_answers_in_a_sentence(places):
    (places / "one").mkdir()
    script = [sys.executable, "-m", "data_scripts.train_classifier"]
    done = subprocess.run(
        [*script, str(places / "one")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: expected pictures in")
    assert "Traceback" not in done.stderr
    help_text = subprocess.run([*script, "--help"], cwd=ROOT, capture_output=True)
    assert help_text.returncode == 0


def test_without_ray_it_is_said_how_to_get_it(places, monkeypatch):
    monkeypatch.setattr(extras, "MANY", places / "not there")
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    for name in [name for name in sys.modules if name.startswith("helpers.many")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "argv", ["train_classifier", "pets", "--ray"])
    with pytest.raises(InputError, match=r"^expected Ray, .* -m tools\.many`; then"):
        train_classifier._main()
