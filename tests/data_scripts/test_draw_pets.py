"""The script draw_pets: one line when all is well, one sentence when it is not."""

import subprocess
import sys

import pytest

from helpers.plumbing import ROOT

pytestmark = pytest.mark.slow


def draw(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "data_scripts.draw_pets", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )


def test_it_draws_counts_and_does_nothing_the_second_time(tmp_path):
    folder = tmp_path / "pets"
    for _ in range(2):
        done = draw("--folder", folder, "--per-class", 2, "--seed", 3)
        assert done.returncode == 0
        assert done.stdout == f"2 cats and 2 dogs are in {folder}.\n"
    assert len(list(folder.glob("*/*.jpg"))) == 4


@pytest.mark.parametrize(
    ("option", "value", "least"), [("per-class", 0, 1), ("seed", -1, 0)]
)
def test_a_wrong_number_gets_a_sentence(tmp_path, option, value, least):
    done = draw("--folder", tmp_path / "pets", f"--{option}", value)
    name = option.replace("-", "_")
    message = f"expected {name} to be a whole number, {least} or more, found {value}."
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"error: {message}\n"
    assert not (tmp_path / "pets").exists()


def test_a_folder_of_somebody_else_gets_a_sentence(tmp_path):
    (tmp_path / "mine.jpg").write_bytes(b"my cat")
    done = draw("--folder", tmp_path, "--per-class", 1)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "found mine.jpg of somebody else's. Nothing was touched" in done.stderr
    assert (tmp_path / "mine.jpg").read_bytes() == b"my cat"
