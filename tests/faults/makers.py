"""Faults of what makes books, copies of lessons and archives for a class (`tools`)."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from tools import class_archive, lab, set_up
from tools.book import __main__ as book
from tools.extras import install_extra

from . import Scene, fault
from .machine import FULL

GROUP = "tools"


# -- the book --------------------------------------------------------------------------
def _book(scene: Scene, code: int = 0) -> Callable[[], object]:
    """Make a book of one page by a stand-in for Sphinx; the call makes it anew."""

    def sphinx(command: list[str], **_: object) -> SimpleNamespace:
        Path(command[-1]).mkdir(exist_ok=True)
        Path(command[-1], "index.html").write_text("a page")
        return SimpleNamespace(returncode=code)

    scene.patch.setattr(book, "_environment", lambda: "python")
    scene.patch.setattr(subprocess, "run", sphinx)
    scene.patch.setattr("tools.book.gathering.gather", lambda *_: ["index"])
    scene.patch.setattr("tools.book.decks.write_decks", lambda *_: None)
    return lambda: book.make_book(scene.folder / "html")


def _add(scene: Scene) -> None:
    (scene.folder / "html" / "mine.html").write_text("mine")


def _change(scene: Scene) -> None:
    (scene.folder / "html" / "index.html").write_text("mine")


def _put_a_file(scene: Scene) -> None:
    shutil.rmtree(scene.folder / "html")
    (scene.folder / "html").write_text("mine")


YOURS = r"found {} of {}\. Nothing was touched: name another folder, or move them away"
for name, change, sees in (
    ("a page of yours in the book", _add, YOURS.format(r"mine\.html", "yours")),
    ("a page of the book that you changed", _change, YOURS.format(".*html", "yours")),
    (
        "a file of yours where the book goes",
        _put_a_file,
        "found a file of somebody else's",
    ),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, change: Callable = change):
        call = _book(scene)
        call()
        change(scene)
        return call


@fault(GROUP, "a full disk while Sphinx writes the book", FULL)
def _(scene: Scene):
    call = _book(scene, code=1)
    none = SimpleNamespace(free=0)
    scene.patch.setattr(book.shutil, "disk_usage", lambda _: none)
    return call


# -- what makes it ---------------------------------------------------------------------
LEFT = r"environment is {}; it was left as it is\. .* move it, or give it another name"


def _homework(place: Path) -> None:
    place.mkdir()
    (place / "homework.py").write_text("mine")


def _link(place: Path) -> None:
    _homework(place.with_name("mine"))
    try:
        place.symlink_to("mine", target_is_directory=True)
    except OSError:  # Windows gives this right to few
        place.write_text("mine")


for name, make, found in (
    ("a folder of yours", _homework, r"a folder with homework\.py in it"),
    ("a file of yours", lambda place: place.write_text("mine"), "a file"),
    ("a link to a folder of yours", _link, "a (link|file)"),
):

    @fault(GROUP, f"{name} where an extra is installed", LEFT.format(found))
    def _(scene: Scene, make: Callable = make):
        make(scene.folder / "environment")
        place = scene.folder / "environment"
        return lambda: install_extra(place, "requirements-book.txt")


@fault(GROUP, "a Python that makes no environment", "^no ensurepip.*could not make")
def _(scene: Scene):
    failed = SimpleNamespace(returncode=1, stdout="no ensurepip")
    scene.patch.setattr(set_up.subprocess, "run", lambda *_, **__: failed)
    place = scene.folder / "environment"

    def call() -> None:
        try:
            install_extra(place, "requirements-book.txt")
        finally:  # its mark is left, by which the next run knows it for ours
            assert [path.name for path in place.iterdir()] == [set_up.MARK]
            shutil.rmtree(place)

    return call


# -- the archive for a class -----------------------------------------------------------
def _archive(scene: Scene) -> Callable[[], object]:
    """A small project; the call makes its archive, without packages."""
    project = scene.folder / "project"
    (project / "tools").mkdir(parents=True)
    for name in ("README.md", "tools/lab.py", "grades.csv"):
        (project / name).write_text(name)
    scene.patch.setattr(class_archive, "ROOT", project)
    scene.patch.setattr(class_archive, "DATA", project / "data")
    scene.patch.setattr(class_archive, "_download", lambda *_: None)
    scene.patch.setattr(book, "BOOK", project / "build")
    scene.patch.setattr(book, "make_book", lambda: 0)
    target = scene.folder / "class.zip"
    return lambda: class_archive.make_archive(["linux"], ["3.12"], target)


ANOTHER = r"^expected at .*class\.zip an archive that was made here, or nothing; found "


@fault(GROUP, "a worksheet that you put into the archive", ANOTHER + r".*my/sheet\.pdf")
def _(scene: Scene):
    call = _archive(scene)
    call()
    with zipfile.ZipFile(scene.folder / "class.zip", "a") as archive:
        archive.writestr("my/sheet.pdf", b"mine")
    return call


for name, data in (
    ("a file of yours where the archive goes", b"mine"),
    ("an archive of yours where that for a class goes", b"PK\5\6" + bytes(18)),
):

    @fault(GROUP, name, ANOTHER + "one that is none, or is damaged. It was left as it")
    def _(scene: Scene, data: bytes = data):
        (scene.folder / "class.zip").write_bytes(data)
        return _archive(scene)


@fault(GROUP, "marks in the project's folder", "works: they are not handed out")
def _(scene: Scene):
    call = _archive(scene)

    def and_look() -> None:
        call()
        call()  # it replaces its own
        with zipfile.ZipFile(scene.folder / "class.zip") as archive:
            names = {Path(name).name for name in archive.namelist()}
        assert {"README.md", "lab.py"} <= names
        assert "grades.csv" not in names

    return and_look


# -- copies of the lessons -------------------------------------------------------------
def _lessons(scene: Scene) -> tuple[Path, Path]:
    import nbformat

    lessons = scene.folder / "notebooks"
    lessons.mkdir()
    nbformat.write(nbformat.v4.new_notebook(), lessons / "00_start_here.ipynb")
    for name in lab.PAGES:
        (lessons / name).write_text("a page")
    readme = "<!-- lessons -->\n| 0 |\n<!-- /lessons -->\n"
    (scene.folder / "README.md").write_text(readme)
    return scene.folder / lab.NAME, lessons


@fault(GROUP, "a pipe among your copies", "works: left as it is, and never opened")
def _(scene: Scene):
    folder, lessons = _lessons(scene)
    folder.mkdir()
    place = folder / "00_start_here.ipynb"
    if hasattr(os, "mkfifo"):
        os.mkfifo(place)
        scene.later.callback(place.unlink)
    else:
        place.write_text("no notebook")

    def call() -> None:
        lab.fill(folder, lessons)
        assert lab.outdated(folder, lessons) == []

    return call


@fault(GROUP, "a file called my_notebooks", "^expected a folder where a file is, or th")
def _(scene: Scene):
    folder, lessons = _lessons(scene)
    folder.write_text("mine")
    return lambda: lab.fill(folder, lessons)


@fault(GROUP, "a full disk while lessons are copied", FULL)
def _(scene: Scene):
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(scene.folder))

    folder, lessons = _lessons(scene)
    scene.patch.setattr("pathlib.Path.write_text", full)
    return lambda: lab.fill(folder, lessons)
