"""A run of the tests prepares what it needs, where nothing of the learner's is."""

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbval.plugin import IPyNbCell

import conftest
from helpers.plumbing import DATA, ROOT
from tools.lessons import prepared


class Asked(Exception):
    """Lessons are prepared."""


def finish(monkeypatch, item, collectonly):
    """What happens after collecting one item."""

    def ask():
        raise Asked

    monkeypatch.setattr(prepared, "prepare_once", ask)
    option = SimpleNamespace(collectonly=collectonly)
    session = SimpleNamespace(items=[item], config=SimpleNamespace(option=option))
    conftest.pytest_collection_finish(session)


def test_lessons_are_prepared_before_they_run(monkeypatch):
    with pytest.raises(Asked):
        finish(monkeypatch, IPyNbCell.__new__(IPyNbCell), collectonly=False)


@pytest.mark.parametrize("collectonly", [False, True])
def test_nothing_is_prepared_if_no_lesson_runs(monkeypatch, collectonly):
    other = SimpleNamespace(nodeid="tests/test_a.py::test[01_a.ipynb]")
    finish(monkeypatch, other, collectonly)
    finish(monkeypatch, IPyNbCell.__new__(IPyNbCell), collectonly=True)


def test_the_run_has_a_temporary_folder_and_a_place_for_models_of_its_own():
    folder = Path(tempfile.gettempdir())
    assert folder.name.startswith("lessons-tests-")
    models = Path(os.environ["TRANSFER_MODELS"])
    assert models.is_dir()
    assert models.is_relative_to(folder)
    assert not models.is_relative_to(DATA)


def test_checks_are_strict_in_lessons_alone(monkeypatch):
    monkeypatch.setenv("STRICT_CHECKS", "0")
    conftest.pytest_runtest_setup(SimpleNamespace())
    assert "STRICT_CHECKS" not in os.environ
    conftest.pytest_runtest_setup(IPyNbCell.__new__(IPyNbCell))
    assert os.environ["STRICT_CHECKS"] == "1"


@pytest.mark.parametrize(("found", "passed_over"), [(False, {"13"}), (True, set())])
def test_without_ray_the_lesson_that_needs_it_is_passed_over(
    monkeypatch, found, passed_over
):
    monkeypatch.setattr(conftest, "ray_is_there", lambda: found)
    lacks = conftest._lacks_ray.__wrapped__  # as if it had not been asked before
    lessons = (ROOT / "notebooks").glob("[0-9]*.ipynb")
    assert {path.name[:2] for path in lessons if lacks(path)} == passed_over
