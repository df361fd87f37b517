"""The archive for a class: what is in it, what is not, and why it fails."""

import hashlib
import subprocess
import zipfile
from types import SimpleNamespace

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT
from tools import class_archive
from tools.class_archive import FOLDER, STARTS, SYSTEMS, is_ours, make_archive
from tools.installing import NotReady


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A small project, a book, and a stand-in for what fetches packages."""
    root, book = tmp_path / "project", tmp_path / "book"
    for name in (
        "README.md",
        "tools/set_up.py",
        "tools/__pycache__/old.pyc",
        ".venv/bin/python",
        "data/photos/mine.jpg",
        "data/pages/cats.html",
        "my_notebooks/00_start_here.ipynb",
        "build/rest",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    book.mkdir()
    (book / "index.html").write_text("book")
    told = SimpleNamespace(commands=[], code=0, said="", lists={})

    def stand_in(command, **_):
        told.commands.append(command)
        if "download" in command:
            wheels = class_archive.Path(command[command.index("--dest") + 1])
            wheels.mkdir(exist_ok=True)
            (wheels / f"one-{len(told.commands)}.whl").write_text("wheel")
        last = "compile" in command and command[command.index("--python-version") + 1]
        listed = told.lists.get(last, "keras==3 \\\n    --hash=sha256:0\n")
        return SimpleNamespace(returncode=told.code, stdout=listed, stderr=told.said)

    monkeypatch.setattr(class_archive, "ROOT", root)
    monkeypatch.setattr(class_archive, "DATA", root / "data")
    monkeypatch.setattr("tools.book.__main__.BOOK", book)
    monkeypatch.setattr("tools.book.__main__.make_book", lambda: 1)
    monkeypatch.setattr("tools.installing.pip_environment", lambda python: {})
    monkeypatch.setattr(subprocess, "run", stand_in)
    told.target = tmp_path / "class.zip"
    return told


def test_all_that_a_class_needs_and_nothing_of_ones_own(project):
    make_archive(["windows", "linux"], ["3.12", "3.11"], project.target)
    with zipfile.ZipFile(project.target) as archive:
        names = {name.removeprefix(f"{FOLDER}/") for name in archive.namelist()}
        sums = archive.read(f"{FOLDER}/SHA256SUMS").decode().splitlines()
        for line in sums:
            digest, _, name = line.partition("  ")
            data = archive.read(f"{FOLDER}/{name}")
            assert hashlib.sha256(data).hexdigest() == digest
        mode = archive.getinfo(f"{FOLDER}/start-linux.sh").external_attr >> 16
        assert mode & 0o111
        assert b"py -3.12 tools\\set_up.py" in archive.read(
            f"{FOLDER}/start-windows.bat"
        )
    wheels = {f"wheels/one-{n}.whl" for n in (2, 5, 8, 11)}
    assert names == wheels | set(STARTS) | {
        "READ ME FIRST.txt",
        "README.md",
        "SHA256SUMS",
        "book/index.html",
        "pages/cats.html",
        "tools/set_up.py",
    }
    assert len(sums) == len(names) - 1


def test_each_system_gets_its_own_wheels(project):
    make_archive(["mac-arm"], ["3.13"], project.target)
    resolve, download, last = project.commands
    assert last[last.index("--python-version") + 1] == "3.13.99"
    assert resolve[resolve.index("--python-platform") + 1] == SYSTEMS["mac-arm"][0]
    assert "--generate-hashes" in resolve
    assert download[download.index("--platform") + 1].startswith("macosx_")
    assert download[download.index("--abi") + 1] == "cp313"
    for option in ("--require-hashes", "--no-deps", "--only-binary"):
        assert option in download


def test_what_the_last_patch_of_a_python_needs_besides_is_fetched_too(project):
    project.lists["3.11.99"] = "keras==3 \\\n    --hash=sha256:0\nsieve==4\n"
    make_archive(["linux"], ["3.11"], project.target)
    downloads = [c for c in project.commands if "download" in c]
    assert len(downloads) == 2
    with zipfile.ZipFile(project.target) as archive:
        assert sum("wheels/" in name for name in archive.namelist()) == 2


@pytest.mark.parametrize(
    ("systems", "pythons", "told"),
    [
        (["beos"], ["3.12"], "expected one of windows, linux, mac-arm; found beos"),
        (["linux"], ["2.7"], r"expected one of 3\.11, .*; found 2\.7"),
    ],
)
def test_an_unknown_name_is_told_before_anything_is_fetched(
    project, systems, pythons, told
):
    with pytest.raises(InputError, match=told):
        make_archive(systems, pythons, project.target)
    assert project.commands == []


def test_a_failure_leaves_the_archive_of_before(project):
    make_archive(["linux"], ["3.12"], project.target)
    before = project.target.read_bytes()
    project.code, project.said = 1, "ERROR: [Errno 28] No space left on device"
    with pytest.raises(InputError, match="did not finish"):
        make_archive(["linux"], ["3.12"], project.target)
    assert project.target.read_bytes() == before


def test_all_that_git_knows_is_handed_out():
    git = ["git", "-C", ROOT, "ls-files"]
    done = subprocess.run(git, capture_output=True, encoding="utf-8")
    tops = {name.partition("/")[0] for name in done.stdout.splitlines()}
    assert done.returncode or {name for name in tops if not is_ours(name)} == set()
    assert is_ours("requirements.txt")
    assert not any(map(is_ours, ("grades.csv", "readme.md.zip", "data", ".git")))


def test_settings_of_pip_that_cannot_be_read_are_one_sentence(project, monkeypatch):
    def refuse(python):
        raise NotReady("pip cannot read its settings")

    monkeypatch.setattr("tools.installing.pip_environment", refuse)
    with pytest.raises(InputError, match="pip cannot read its settings"):
        make_archive(["linux"], ["3.12"], project.target)
