"""What many computers need is of the lock, and shares all else with the project."""

import runpy
import sys
import sysconfig

import pytest

from helpers import plumbing
from helpers.errors import InputError
from helpers.plumbing import ROOT, STAMP, packages_of, python_of
from tests.project.test_lock import read_lock
from tools import installing, many
from tools.installing import NotReady

pytestmark = pytest.mark.slow


def pins(name):
    return read_lock((ROOT / f"{name}.txt").read_text(encoding="utf-8"))


def test_what_the_project_has_is_of_the_same_version():
    ours = {}
    for pin, _, _ in pins("requirements"):
        ours.setdefault(pin.name, set()).add(str(pin.specifier))
    shared = [pin for pin, _, _ in pins("requirements-many") if pin.name in ours]
    assert len(shared) > 10
    for pin in shared:
        assert str(pin.specifier) in ours[pin.name], pin


@pytest.fixture
def pip(monkeypatch):
    told = []
    monkeypatch.setattr(installing, "install", lambda *given: told.append(given))
    return told


def test_it_is_installed_once_and_borrows_the_rest(pip, tmp_path):
    place = tmp_path / "environment"
    assert many.install_many(place)
    assert not many.install_many(place)
    assert pip == [(python_of(place), ROOT, "requirements-many.txt")]
    (borrows,) = place.rglob("project.pth")
    assert sysconfig.get_path("purelib") in borrows.read_text(encoding="utf-8")


def test_one_that_was_stopped_is_begun_anew(pip, tmp_path, monkeypatch):
    place = tmp_path / "store"

    def fails(*given):
        raise NotReady("pip did not finish: the disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(installing, "install", fails)
        with pytest.raises(InputError, match="the disk is full"):
            many.install_store(place)
    assert many.install_store(place)
    assert len(pip) == 1


def test_the_command_says_what_it_did(monkeypatch, capsys):
    monkeypatch.setattr(many, "install_many", lambda: True)
    monkeypatch.setattr(many, "install_store", lambda: False)
    monkeypatch.setattr(sys, "argv", ["many", "--store"])
    many._main()
    assert capsys.readouterr().out.replace("\\", "/") == (
        "build/many/environment: installed.\nbuild/many/store: in place already.\n"
    )


def test_whoever_has_not_installed_it_to_the_end_reads_how_and_then_it_is_found(
    monkeypatch, tmp_path
):
    for module in (plumbing, plumbing.extras):
        monkeypatch.setattr(module, "MANY", tmp_path)
    monkeypatch.setattr(plumbing.extras, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "path", [*sys.path])
    packages_of(tmp_path).mkdir(parents=True)  # pip has begun
    with pytest.raises(InputError, match=r"^expected Ray, .* -m tools\.many`; then"):
        runpy.run_path(str(ROOT / "helpers" / "many" / "extra.py"))
    (tmp_path / STAMP).touch()
    runpy.run_path(str(ROOT / "helpers" / "many" / "extra.py"))
    assert sys.path[-1] == str(packages_of(tmp_path))
