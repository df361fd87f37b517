"""Whatever a computer lacks is named, with what to do about it."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from helpers import readiness as module
from helpers.plumbing import ROOT
from helpers.readiness import MEMORY_GB, Machine, look_at_machine, readiness
from tools.machine import NEWEST, OLDEST

GOOD = Machine((3, 12), (), memory_gb=8, disk_gb=50, cores=4)


def test_a_good_computer_is_ready_for_everything():
    lines = readiness(GOOD)
    assert len(lines) == 6
    assert all(line.startswith("ready ") for line in lines)


def test_the_pythons_are_those_that_the_set_up_lets_pass():
    for python, ready in (
        (OLDEST, True),
        (NEWEST, True),
        ((3, OLDEST[1] - 1), False),
        ((3, NEWEST[1] + 1), False),
    ):
        first = readiness(replace(GOOD, python=python))[0]
        assert first.startswith("ready ") is ready
        assert "{}.{} to {}.{}".format(*OLDEST, *NEWEST) in first


def test_the_memory_asked_for_is_what_the_largest_lesson_takes_rounded_up():
    budgets = pd.read_csv(ROOT / "notebooks" / "budgets.csv")
    # The last lesson, for which an extra is installed, rehearses three computers.
    largest = budgets["megabytes"][:13].max() / 1000
    assert largest <= MEMORY_GB < largest + 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"python": (3, 14)}, r"Python 3\.11 to 3\.13: found 3\.14\. .*make lab"),
        (
            {"missing": ("keras",)},
            r"TensorFlow, Keras.*missing keras\. Start with `make lab`",
        ),
        ({"memory_gb": 1.5}, r"2 GB of free memory: found 1\.5\. Close other programs"),
        ({"disk_gb": 0.3}, r"1 GB of free disk: found 0\.3\. Free some space"),
        ({"cores": 1}, r"two processor cores: found 1\. It works"),
        ({"write_fault": "no permission"}, r"no permission\. Move the project"),
    ],
)
def test_each_lack_is_named_alone_and_with_its_remedy(change, told):
    bad = [line for line in readiness(replace(GOOD, **change)) if "NOT" in line]
    assert len(bad) == 1
    assert re.search(told, bad[0])


def test_this_computer_is_looked_at_and_left_as_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "DATA", tmp_path)
    machine = look_at_machine()
    assert machine.missing == ()
    assert machine.write_fault is None
    assert machine.memory_gb > 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_noticed(tmp_path, monkeypatch):
    def refuse(*_arguments, **_settings):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(module, "whole_file", refuse)
    assert "ermission" in module._write_fault(tmp_path)


def test_a_missing_package_is_noticed(monkeypatch):
    monkeypatch.setattr(module, "PACKAGES", ("numpy", "no-such-package"))
    assert look_at_machine().missing == ("no-such-package",)
