"""Faults of class folders, met by `make_training_set` and `get_photos`."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from helpers.errors import InputError
from helpers.pets import draw_pets
from helpers.pictures import find_pictures, reading
from helpers.plumbing import ROOT, given_path
from helpers.sources import checked, get_photos, make_training_set
from helpers.teaching.report import write_report

from . import Scene, fault, script

GROUP = "folders"


def draw(seed: int) -> Image.Image:
    """A picture of blobs, unlike every other one."""
    blobs = np.random.default_rng(seed).integers(0, 256, (6, 7, 3))
    image = Image.fromarray(blobs.astype(np.uint8))
    return image.resize((70, 60), Image.Resampling.BICUBIC)


def pets(folder: Path, cats: str = "cat", dogs: str = "dog", each: int = 6) -> Path:
    """A folder with a folder for each class."""
    for first, kind in ((0, cats), (100, dogs)):
        (folder / kind).mkdir(parents=True)
        for number in range(first, first + each):
            draw(number).save(folder / kind / f"{number}.png")
    return folder


def split(scene: Scene, source: Path, **sizes: int) -> Callable[[], object]:
    sizes = {"train_per_class": 2, "test_per_class": 3, **sizes}
    return lambda: make_training_set(source, scene.folder / "set", **sizes)


def collect(scene: Scene, source: Path, **counts: int) -> Callable[[], object]:
    def call() -> None:
        found = get_photos(source, scene.folder / "photos", progress=False)
        assert found == {"cat": 6, "dog": 6, "set_aside": 0, **counts}

    return call


@fault(
    GROUP,
    "too few pictures",
    r"^expected 9 different pictures of a cat \(4 to tr.*"
    r"found 6\. Add pictures, or ask for fewer: \S+python -m .*--train-per-class 2 ",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    return split(scene, source, train_per_class=4, test_per_class=5)


@fault(GROUP, "too few without copies", r"found 5 \(\d more are copies of these\)")
def _(scene: Scene):
    source = pets(scene.folder / "pets", each=5)
    for number in range(3):
        draw(number).resize((35, 27)).save(source / "cat" / f"small {number}.png")
    return split(scene, source, test_per_class=4)


@fault(GROUP, "an empty class", r"^expected pictures in .*dog, found none\. There are ")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for path in (source / "dog").iterdir():
        path.unlink()
    return split(scene, source)


@fault(GROUP, "one class only", r"^expected cats and dogs in .*pets, found no dog\. Ad")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    shutil.rmtree(source / "dog")
    return collect(scene, source)


@fault(GROUP, "one level too high", r"found none\. There are the folders \['pets'\]\.")
def _(scene: Scene):
    return split(scene, pets(scene.folder / "home" / "pets").parent)


@fault(
    GROUP, "one level too low", r"expected pictures in .*cat/cat, found none\. There"
)
def _(scene: Scene):
    return split(scene, pets(scene.folder / "pets") / "cat")


@fault(
    GROUP, "other names for the classes", r"\['cat', 'hound'\]\. Pass the folder tha"
)
def _(scene: Scene):
    return split(scene, pets(scene.folder / "pets", dogs="hound"))


@fault(GROUP, "names of pets for folders", r"found 12 pictures: rex, tom\. Rename the")
def _(scene: Scene):
    return collect(scene, pets(scene.folder / "pets", "tom", "rex"))


@fault(
    GROUP,
    "pictures without their endings",
    r"found 0 pictures: only cat/0 \(no picture, by its ending\), cat/1 ",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for path in find_pictures(source):
        path.rename(path.with_suffix(""))
    return collect(scene, source)


@fault(GROUP, "folders a thousand deep", r"pets holds folders within folders, a thou")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    real = os.walk

    def walk(top: object, **options: object) -> object:
        if Path(str(top)) == source:  # Python 3.12 and later walk as deep as it goes
            raise RecursionError
        return real(top, **options)

    def call() -> None:
        with scene.patch.context() as patch:
            patch.setattr(os, "walk", walk)
            get_photos(source, scene.folder / "photos", progress=False)

    return call


@fault(GROUP, "words that only begin with cat", r"category, doggerel\. Rename the fold")
def _(scene: Scene):
    return collect(scene, pets(scene.folder / "pets", "category", "doggerel"))


@fault(GROUP, "any depth, Cats and DOGS", "works: the nearest folder counts")
def _(scene: Scene):
    pets(scene.folder / "home" / "a" / "b", "Cats", "DOGS")
    return collect(scene, scene.folder / "home")


@fault(GROUP, "breeds, as in the Oxford set", "works: cats are those in capitals")
def _(scene: Scene):
    for number, name in enumerate(("Maine_Coon_1.jpg", "beagle_12.jpg")):
        (scene.folder / "pets").mkdir(exist_ok=True)
        draw(number).save(scene.folder / "pets" / name)
    return collect(scene, scene.folder / "pets", cat=1, dog=1)


@fault(GROUP, "hidden folders, __MACOSX, ._ twins, Thumbs.db", "works: passed over")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    names = ("cat/._0.png", ".hidden/cat/x.jpg", "__MACOSX/dog/._1.png", "Thumbs.db")
    for name in (*names, "cat/.ipynb_checkpoints/0.png", "dog/x.jpg.part"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(b"\0\5\x16\7\0\2\0\0Mac OS X")
    return collect(scene, source)


@fault(GROUP, "broken pictures among good ones", "works: set aside, with the reason")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    (source / "cat" / "0.png").write_text("<html>")
    data = (source / "dog" / "100.png").read_bytes()
    (source / "dog" / "100.png").write_bytes(data[: len(data) // 2])
    draw(7).save(source / "somebody.png")
    call = collect(scene, source, cat=5, dog=5, set_aside=3)

    def and_look() -> None:
        call()
        folder = scene.folder / "photos"
        rows = (folder / "set_aside.csv").read_text(encoding="utf-8").splitlines()
        assert rows[0] == "File Name,Original,Reason"
        assert "cat.00000.png,cat/0.png," in rows[1]
        assert "it is a web page" in rows[1]
        assert "dog.00001.png,dog/100.png" in rows[2]
        assert "is damaged" in rows[2]
        assert rows[3].endswith("neither cat nor dog in its name or its folder")
        assert len(find_pictures(folder / "set_aside")) == 3

    return and_look


@fault(
    GROUP,
    "a class of which nothing can be read",
    r"found none that can be used\. "
    r"dog/100\.png: .*it is empty \(0 bytes\)",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for path in (source / "dog").iterdir():
        path.write_bytes(b"")
    return collect(scene, source)


@fault(
    GROUP, "a broken picture on the way to a training set", r"\.png is not a picture"
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for path in (source / "dog").iterdir():
        path.write_text("<html>")
    return split(scene, source)


@fault(
    GROUP,
    "the same picture in both classes",
    r"^the same picture is a cat and a do"
    r"g: .*cat/3\.png and .*dog/tom\.png\. Look at it and delete the one that is wrong",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets", each=40)  # most of them are never drawn
    shutil.copy(source / "cat" / "3.png", source / "dog" / "tom.png")
    return split(scene, source)


@fault(
    GROUP,
    "a picture in both classes, once resized",
    r"^the same picture is a cat and a dog: .*cat/3\.png and .*dog/tom\.png\. Look at ",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets", each=5)
    draw(3).resize((35, 27)).save(source / "dog" / "tom.png")
    (source / "dog" / "104.png").unlink()  # so that all that are left are drawn
    return split(scene, source)


@fault(GROUP, "empty files in both classes", "is not a picture that can be read: it is")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for name in ("cat/0.png", "cat/1.png", "dog/100.png"):
        (source / name).write_bytes(b"")
    return split(scene, source)


@fault(GROUP, "the same picture twice in a class", "works: the copy is left out")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for number in range(5):
        shutil.copy(source / "cat" / f"{number}.png", source / "cat" / f"x{number}.png")
    make = split(scene, source)

    def call() -> None:
        make()
        made = [path.read_bytes() for path in find_pictures(scene.folder / "set")]
        assert len(made) == len(set(made)) == 10

    return call


@fault(
    GROUP, "a link that leads nowhere", r"^no such file: .*0\.png\. Take the link ou"
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    stat = Path.stat

    def fail(path: Path, **options: object) -> os.stat_result:
        if path.name == "0.png":  # links need rights on Windows
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return stat(path, **options)

    make = split(scene, source)

    def call() -> None:
        with scene.patch.context() as patch:
            patch.setattr(Path, "stat", fail)
            make()

    return call


@fault(
    GROUP, "a folder that goes while it is looked through", r"gone is not there any mo"
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    (source / "cat" / "gone").mkdir()
    real = os.scandir

    def scandir(path: object) -> object:
        if Path(str(path)).name == "gone":
            raise FileNotFoundError(errno.ENOENT, "No such file", str(path))
        return real(path)

    def call() -> None:
        with scene.patch.context() as patch:
            patch.setattr(os, "scandir", scandir)
            get_photos(source, scene.folder / "photos", progress=False)

    return call


@fault(GROUP, "a picture of 30 GB without a pixel", "works: named, and not copied")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for module in (checked, reading):
        scene.patch.setattr(module, "MAX_BYTES", 100_000)
    (source / "cat" / "0.png").write_bytes(bytes(200_000))
    call = collect(scene, source, cat=5, set_aside=1)

    def looked() -> None:
        call()
        rows = (scene.folder / "photos" / "set_aside.csv").read_text("utf-8")
        assert '\n,cat/0.png,"is too large: expected at most 0 MB' in rows
        assert find_pictures(scene.folder / "photos" / "set_aside") == []

    return looked


for name, meet in (
    ("photographs", lambda source, place: get_photos(source, place)),
    ("a training set", lambda source, place: make_training_set(source, place)),
    ("drawings", lambda _, place: draw_pets(place, per_class=1)),
):

    @fault(GROUP, f"a name of 300 letters for {name}", "^a name is too long for this d")
    def _(scene: Scene, meet: Callable = meet):
        source = pets(scene.folder / "pets")
        return lambda: meet(source, scene.folder / ("x" * 300))


@fault(GROUP, "a link that leads to itself", r"loop can be no path: .*to itself\. Name")
def _(scene: Scene):
    loop = scene.folder / "loop"
    try:
        loop.symlink_to(loop)
    except OSError:  # Windows asks for a right; the message is the same
        loop = scene.folder / ("x" * 300) / "loop"
    return lambda: given_path(loop)


@fault(GROUP, "a picture that is a link to itself", "works: set aside, with the reason")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    loop = source / "cat" / "loop.jpg"
    try:
        loop.symlink_to(loop)
    except OSError:  # as above
        loop.touch()
    return collect(scene, source, set_aside=1)


@fault(
    GROUP, "a link to itself for photographs", "^.*photos can be no path: a name in it"
)
def _(scene: Scene):
    source, loop = pets(scene.folder / "pets"), scene.folder / "photos"
    try:
        loop.symlink_to(loop)
    except OSError:  # as above
        return lambda: given_path(scene.folder / ("x" * 300) / "photos")
    return collect(scene, source)


@fault(GROUP, "a picture that may not be copied", "works: set aside, with the reason")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    copy, read = shutil.copyfile, checked.check_picture

    def refuse(path: Path, *rest: object):
        if Path(path).name == "0.png":  # chmod does not stop an administrator
            raise PermissionError(13, "Permission denied", str(path))
        return copy(path, *rest)

    def unreadable(path: Path):
        if Path(path).name == "0.png":
            raise InputError(f"no permission: {path}.")
        return read(path)

    scene.patch.setattr(checked.shutil, "copyfile", refuse)
    scene.patch.setattr(checked, "check_picture", unreadable)
    return collect(scene, source, cat=5, set_aside=1)


@fault(
    GROUP, "no such folder", r"^no such folder: .*pets\. Check .* fetch some: .*get_p"
)
def _(scene: Scene):
    return split(scene, scene.folder / "pets")


for name, address in (
    ("an address of ftp", "ftp://example.org/pets.zip"),
    ("an address without its beginning", "www.example.org/pets.zip"),
):

    @fault(
        GROUP, name, r"^expected an address that begins with https:// or http://, foun"
    )
    def _(scene: Scene, address: str = address):
        return lambda: get_photos(address, scene.folder / "photos")


@fault(
    GROUP,
    "neither a folder nor an archive",
    r"^expected filtered, microsoft, oxfor"
    r"d, an address, .*and no such path\. Check the spelling, and that the disk",
)
def _(scene: Scene):
    return collect(scene, scene.folder / "pets")


@fault(
    GROUP, "no pictures asked for", r"^expected at least 1 picture of each class, fo"
)
def _(scene: Scene):
    return split(scene, pets(scene.folder / "pets"), test_per_class=0)


for name in ("train/x.jpg", "test/x.jpg", "train_labels.csv"):

    @fault(
        GROUP,
        f"somebody else's {name} in the way",
        r"found t[^ ]* of somebody else's\. Nothi",
    )
    def _(scene: Scene, name: str = name):
        source = pets(scene.folder / "pets")
        theirs = scene.folder / "set" / name
        theirs.parent.mkdir(parents=True)
        theirs.write_text("mine")
        return split(scene, source)


@fault(GROUP, "somebody else's photographs in the way", "found holiday.png of somebody")
def _(scene: Scene):
    (scene.folder / "photos").mkdir()
    draw(1).save(scene.folder / "photos" / "holiday.png")
    return collect(scene, pets(scene.folder / "pets"))


@fault(
    GROUP, "somebody else's drawings in the way", r"found mine\.jpg of somebody else"
)
def _(scene: Scene):
    (scene.folder / "mine.jpg").write_bytes(b"my cat")
    return lambda: script("draw_pets", "--folder", scene.folder, "--per-class", 1)


@fault(
    GROUP,
    "a table changed, and its date put back",
    r"found train_labels\.csv of yours\. Nothing was touched",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    split(scene, source)()
    table = scene.folder / "set" / "train_labels.csv"
    date = table.stat().st_mtime_ns
    first, second, *rest = table.read_text().splitlines(keepends=True)
    table.write_text("".join([first, *rest, second]))
    os.utime(table, ns=(date, date))
    return split(scene, source, test_per_class=2)


@fault(GROUP, "a notebook's checkpoint in the way", r"found train/\.ipynb_checkpoints/")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    split(scene, source)()
    theirs = scene.folder / "set" / "train" / ".ipynb_checkpoints" / "x.ipynb"
    theirs.parent.mkdir()
    theirs.write_text("{}")
    return split(scene, source, test_per_class=2)


@fault(
    GROUP, "a source inside its target", r"lie one in the other, and the first is on"
)
def _(scene: Scene):
    return collect(scene, pets(scene.folder / "photos" / "more"))


@fault(
    GROUP, "a file where the folder belongs", r"^expected a folder to draw into, fou"
)
def _(scene: Scene):
    (scene.folder / "pets").write_text("mine")
    return lambda: script("draw_pets", "--folder", scene.folder / "pets" / "drawn")


@fault(GROUP, "a file above the folder", r"^expected a folder where a file is")
def _(scene: Scene):
    (scene.folder / "set").write_text("mine")
    return split(scene, pets(scene.folder / "pets"))


@fault(
    GROUP,
    "a file of yours where a report goes",
    r"^expected no file, or an earlier report, at .*mugs\.json, found something else",
)
def _(scene: Scene):
    (scene.folder / "mugs.json").write_text('{"class_names": ["mug", "key"]}')
    return lambda: write_report({}, bytes, scene.folder / "mugs.html")


@fault(
    GROUP,
    "a misspelt folder on the command line",
    r"^no such folder: .*nowhere\. Check",
)
def _(scene: Scene):
    there = ("--source", scene.folder / "nowhere", "--folder", scene.folder / "set")
    return lambda: script("make_training_set", *there)


@fault(GROUP, "a symbolic link out of the folder", "works: set aside, not followed")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    draw(7).save(scene.folder / "elsewhere.png")
    try:
        os.symlink(scene.folder / "elsewhere.png", source / "cat" / "out.png")
    except OSError:  # Windows gives this right to few
        return collect(scene, source)
    collected = collect(scene, source, set_aside=1)

    def call() -> None:
        collected()
        copies = find_pictures(scene.folder / "photos")
        assert len(copies) == 12
        assert not any(copy.is_symlink() for copy in copies)

    return call


@fault(
    GROUP,
    "a linked class folder",
    r"found no dog\. .*such as dog/ .a link to another f",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    (source / "dog").rename(scene.folder / "elsewhere")
    link = os.path.islink  # links need rights on Windows
    scene.patch.setattr(os.path, "islink", lambda p: str(p).endswith("dog") or link(p))
    (source / "dog").mkdir()
    return collect(scene, source)


@fault(
    GROUP,
    "a camera's own pictures",
    r"found no dog\. .*Not read here: 6, such as .*raw pic",
)
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    for path in (source / "dog").iterdir():
        path.rename(path.with_suffix(".DNG"))
    return collect(scene, source)


@fault(
    GROUP,
    "archives in a folder",
    r"found 0 pictures: nothing\. .*train\.zip|test1\.zip.*: name it, or",
)
def _(scene: Scene):
    (scene.folder / "kaggle").mkdir()
    for name in ("train.zip", "test1.zip"):
        (scene.folder / "kaggle" / name).write_bytes(b"PK")
    return collect(scene, scene.folder / "kaggle")


@fault(
    GROUP, "an empty path", r"^expected the path of a file or folder, found ''\. Name"
)
def _(scene: Scene):
    return lambda: script("get_photos", "", "--folder", scene.folder / "photos")


@fault(GROUP, "a path in quotes within quotes", "works: read as it was meant")
def _(scene: Scene):
    source = pets(scene.folder / "my pets")
    return lambda: script(
        "get_photos", f"'{source}' ", "--folder", f'"{scene.folder / "photos"}"'
    )


@fault(GROUP, "the whole project as a source", "is the folder of the whole project, or")
def _(scene: Scene):
    return collect(scene, ROOT)


@fault(GROUP, "a training set inside its source", "cat.train lie one in the other, and")
def _(scene: Scene):
    source = pets(scene.folder / "pets")
    return lambda: make_training_set(source, source / "cat", 2, 3)


@fault(
    GROUP, "a training set from its own test folder", "lie one in the other, and the"
)
def _(scene: Scene):
    split(scene, pets(scene.folder / "pets"))()
    return split(scene, scene.folder / "set" / "test", test_per_class=1)


def _label(folder: Path) -> None:
    table = (folder / "train_labels.csv").read_text(encoding="utf-8")
    (folder / "train_labels.csv").write_text(table.replace(",dog", ",cat", 1))


for name, change in (
    ("a corrected label", _label),
    ("a picture more", lambda f: draw(9).save(f / "test" / "cat" / "tom.png")),
    ("a note of one's own", lambda f: (f / "train" / "notes.txt").write_text("mine")),
):

    @fault(GROUP, f"{name}, and the same asked for again", "works: it stays, is told")
    def _(scene: Scene, change: Callable = change):
        split(scene, pets(scene.folder / "pets"))()
        change(scene.folder / "set")
        before = {p: p.stat().st_mtime_ns for p in (scene.folder / "set").rglob("*")}

        def call() -> None:
            split(scene, scene.folder / "pets")()
            after = {p: p.stat().st_mtime_ns for p in (scene.folder / "set").rglob("*")}
            assert after == before

        return call

    @fault(
        GROUP, f"{name}, and something else asked for", "of yours. Nothing was touched"
    )
    def _(scene: Scene, change: Callable = change):
        split(scene, pets(scene.folder / "pets"))()
        change(scene.folder / "set")
        return split(scene, scene.folder / "pets", seed=1)


@fault(
    GROUP, "another tool's record beside pictures", "of somebody else's. Nothing was"
)
def _(scene: Scene):
    pets(scene.folder / "photos")
    (scene.folder / "photos" / "provenance.json").write_text('{"tool": "another"}')
    return collect(scene, pets(scene.folder / "pets"))


@fault(
    GROUP, "a smaller set in place of a good one", r"expected at least 9 pictures of "
)
def _(scene: Scene):
    collect(scene, pets(scene.folder / "pets"))()
    small = pets(scene.folder / "small", each=2)
    return lambda: get_photos(small, scene.folder / "photos", progress=False, least=9)


@fault(
    GROUP, "a folder where the lock belongs", r"found a link or a folder of that name"
)
def _(scene: Scene):
    (scene.folder / ".photos.lock").mkdir()
    return collect(scene, pets(scene.folder / "pets"))


@fault(GROUP, "a network drive that knows no locks", "works: a file does their work")
def _(scene: Scene):
    try:
        import fcntl
    except ImportError:  # Windows has locks of its own
        return collect(scene, pets(scene.folder / "pets"))

    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    scene.patch.setattr(fcntl, "flock", fail)
    return collect(scene, pets(scene.folder / "pets"))


@fault(GROUP, "a terminal that lacks the letters of a name", "works: as escapes")
def _(scene: Scene):
    source = pets(scene.folder / "猫と犬")
    there = ("--folder", scene.folder / "写真")
    return lambda: script("get_photos", source, *there, PYTHONIOENCODING="cp1252")
