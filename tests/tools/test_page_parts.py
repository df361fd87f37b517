"""The parts of the page are those of the lock, come whole, and say why not."""

import json
import re
import sys

import pytest

from helpers.errors import InputError
from helpers.page_file import LOCK, STAMP, page_parts
from tools import page_parts as installing

PACKAGES = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]


def test_every_package_is_one_version_with_its_hash_and_no_host():
    text = LOCK.read_text(encoding="utf-8")
    assert "://" not in text
    assert '"resolved"' not in text
    for name, package in PACKAGES.items():
        if name:
            assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), name
            assert re.match(r"sha512-\S{86}==", package["integrity"]), name


def test_lock_and_list_agree():
    listed = json.loads(LOCK.with_name("package.json").read_text(encoding="utf-8"))
    for kind in ("dependencies", "devDependencies"):
        assert PACKAGES[""][kind] == listed[kind]
        for name, version in listed[kind].items():
            assert PACKAGES[f"node_modules/{name}"]["version"] == version


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """A stand-in for npm that writes what it was told, and what it is to say."""
    program = tmp_path / "npm.py"

    def stand_in(said="", code=0):
        program.write_text(
            "import os, sys, pathlib\n"
            "pathlib.Path('node_modules').mkdir()\n"
            "pathlib.Path('node_modules/told').write_text(' '.join(sys.argv[1:]))\n"
            f"sys.stderr.write({said!r})\nsys.exit({code})\n"
        )
        monkeypatch.setattr(
            installing, "npm", lambda folder: [sys.executable, str(program)]
        )

    return stand_in


def test_once_is_enough(npm, tmp_path):
    npm()
    parts = tmp_path / "build" / "page"
    assert installing.install_parts(parts, tmp_path / "packages") is True
    assert page_parts(parts) == parts
    told = (parts / "node_modules" / "told").read_text()
    assert told == "ci --ignore-scripts --no-audit --no-fund"
    assert installing.install_parts(parts, tmp_path / "packages") is False
    (parts / STAMP).write_text("of another lock")
    assert installing.install_parts(parts, tmp_path / "packages") is True


def test_a_folder_of_packages_does_instead_of_the_network(npm, tmp_path):
    npm()
    (tmp_path / "packages").mkdir()
    parts = tmp_path / "build" / "page"
    installing.install_parts(parts, tmp_path / "packages")
    told = (parts / "node_modules" / "told").read_text()
    assert told.endswith(f"--offline --cache {tmp_path / 'packages'}")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("npm error code EINTEGRITY", "not the one that the lock names"),
        ("npm error code ENOTCACHED", "the folder packages does not hold"),
        ("npm error code ENOSPC", "the disk is full"),
        ("npm error network ENOTFOUND", "index cannot be reached"),
        ("npm error oh dear", "its own words stand above"),
    ],
)
def test_a_failure_leaves_nothing_and_says_why(npm, tmp_path, said, told, capfd):
    npm(said, 1)
    parts = tmp_path / "build" / "page"
    with pytest.raises(InputError, match=told):
        installing.install_parts(parts, tmp_path / "packages")
    assert said in capfd.readouterr().err
    assert not parts.exists()
    assert [path.name for path in parts.parent.iterdir() if path.is_dir()] == []


def test_an_old_node_is_not_used(monkeypatch, tmp_path):
    fetched = []
    monkeypatch.setattr(installing, "_version", lambda node: 16)
    monkeypatch.setattr(installing, "_pip", fetched.append)
    command = installing.npm(tmp_path / "page")
    assert fetched == [tmp_path / "page-node"]
    assert command[1].endswith("npm-cli.js")
