"""Drawn pets: the same everywhere, whole or absent, differing in the animal alone."""

import errno
import json
import math
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import PIL
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.errors import InputError
from helpers.pets import KINDS, draw_pet, draw_pets, drawing
from helpers.pets.bodies import BODIES, Pose
from helpers.pets.coats import PATTERNS, Coat
from helpers.pets.drawing import NOTE
from helpers.pets.kinds import ALL, OTHERS, draw_animal, held_by
from helpers.pets.pen import Layer, Pen
from helpers.pets.scenes import SCENES
from helpers.plumbing import ROOT

pytestmark = pytest.mark.slow

# Gray thumbnails of 8 × 8 pixels. Versions of Pillow may differ in the edge of a line,
# so they are compared with a tolerance. If you changed the drawing, raise
# `DRAWING` there, and put here what `thumbnail(...).tobytes().hex()` gives.
GOLDEN = {
    ("cat", 7): (
        "f9fbf8faf9f8fafadcd3ddddb0a9e6f19796b8d87d4d4b668c90b08460381b1b"
        "a0947970886257607b986a676a7f8279615b575b60726b798381879a8c787178"
    ),
    ("dog", 12): (
        "7c797271767878787b7872727577767673746d7272707169383d2e3e3d363932"
        "36342432301e3533342f293510384d49272a283e23424d51232423201b43341a"
    ),
    # One in each of the places that chance chooses from.
    ("cat", 0): (  # lawn
        "b3afadb0beaca0b86d71868e8a80866e5ba08f896793a77b89a9a0798094a59d"
        "8b949e91a655929b4a657b775f688d6349474851514e574e515758534646433e"
    ),
    ("cat", 2): (  # sofa
        "909073979294999a3b3b5e465c4f4e402b2b534f5b45312d2e3a46485f5b2f2c"
        "62428c796253302b683c44383f2f332b544736311f1c1e1b28233529201f1f1e"
    ),
    ("dog", 3): (  # room
        "999a9b9b9a989694999995778d7d97979a8e696a6b7b9baa99635f58726ca1d6"
        "8e575585cc9c96bf6b573c7aaf4d86826d6466605e817bb55257826c4a4e7bbb"
    ),
    ("cat", 4): (  # studio
        "828b9c98776e919f747a858cb8b3888f64636567a8a07a8155565d6a92987a72"
        "767d7675966f7c62a8aaa1776f634e513c3c524958653e49312f303384a06859"
    ),
    ("dog", 5): (  # shore
        "c0c5c4c5cfd1d3d9eeece3e2ebbfb3efdddbdadbb9977ad6aca8a6a89b744c79"
        "fcfafafb907251a5f9f7f1e47d6f90f8fbe168935a485facfaf5b49785838297"
    ),
    ("cat", 18): (  # blanket
        "aa764c5c5675c6ea8086b5c7c5abc4d79a6b766dbccccfe78f363c3fbbd2d2dd"
        "98352b5ec5b9a89ca5602c9d9a838695849eb8a49986a498c8d8e1d5cb969a89"
    ),
}


def thumbnail(picture):
    return picture.convert("L").resize((8, 8), Image.Resampling.BOX)


@pytest.fixture(scope="module")
def pets():
    """Forty cats and dogs of the same seeds, in this order: cat, dog, cat, dog, …"""
    return [draw_pet(kind, seed) for seed in range(40) for kind in KINDS]


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def pictures(folder):
    """As `contents`, without the record, which holds dates."""
    found = contents(folder)
    return {name: found[name] for name in found if name.endswith(".jpg")}


# -- one picture ---------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "seed"), GOLDEN)
def test_a_picture_looks_as_it_always_did(kind, seed):
    golden = np.frombuffer(bytes.fromhex(GOLDEN[kind, seed]), np.uint8).astype(int)
    now = np.asarray(thumbnail(draw_pet(kind, seed)), int).ravel()
    assert np.abs(now - golden).max() <= 2


def test_order_and_threads_change_nothing(pets):
    wanted = [(kind, seed) for seed in range(8) for kind in KINDS]
    with ThreadPoolExecutor(4) as threads:
        again = list(threads.map(lambda w: draw_pet(*w), reversed(wanted)))
    for first, second in zip(pets, reversed(again), strict=False):
        assert first.tobytes() == second.tobytes()


def test_another_process_draws_the_same(pets):
    code = (
        "import hashlib; from helpers.pets.drawing import draw_pet; "
        "print(hashlib.sha256(draw_pet('cat', 0).tobytes()).hexdigest(), "
        "hashlib.sha256(draw_pet('dog', 0).tobytes()).hexdigest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_pictures_differ_and_have_the_shapes_of_photographs(pets):
    assert len({picture.tobytes() for picture in pets}) == len(pets)
    assert {picture.mode for picture in pets} == {"RGB"}
    sizes = [picture.size for picture in pets]
    assert len(set(sizes)) >= 6
    assert 224 <= np.min(sizes) < np.max(sizes) <= 320
    assert {w > h for w, h in sizes} == {True, False}


def test_nothing_is_flat_black_or_white(pets):
    for picture in pets:
        pixels = np.asarray(picture)
        assert 20 < pixels.mean() < 235
        assert pixels.std() > 12


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pose_can_be_drawn_in_every_coat(kind, body, pattern):
    layer = Layer((60, 60), (0.5, -0.8), np.random.default_rng(0))
    coat = Coat((200, 130, 70), (60, 40, 30), pattern, tuft=0.1)
    pose = Pose(body, -1, 0.6, 0.2, -0.2, pattern == "solid", (200, 40, 40))
    draw_animal(kind, Pen(layer, 60, 110, 20), coat, held_by(kind, pose))
    color, alpha = layer.finished()
    assert (color.size, color.mode, alpha.mode) == ((60, 60), "RGB", "L")
    assert 0.1 < np.asarray(alpha).mean() / 255 < 0.95


# -- what gives the animal away ------------------------------------------------------
def test_a_cat_and_a_dog_of_one_seed_have_the_same_surroundings(pets):
    for cat, dog in zip(pets[::2], pets[1::2], strict=True):
        assert cat.size == dog.size
        a, b = (np.asarray(pet, int) for pet in (cat, dog))
        same = (np.abs(a - b).max(axis=2) == 0).mean()
        assert 0.05 < same < 0.95  # the same place, another animal


def test_color_brightness_and_size_do_not_tell_a_cat_from_a_dog():
    # As in the training set, where no cat and dog share a seed.
    described, labels = [], []
    for number in range(200):
        kind = KINDS[number % 2]
        pixels = np.asarray(draw_pet(kind, number))
        described.append(
            [*pixels.mean(axis=(0, 1)), *pixels.std(axis=(0, 1)), *pixels.shape[:2]]
        )
        labels.append(kind)
    guess = make_pipeline(StandardScaler(), LogisticRegression())
    assert cross_val_score(guess, described, labels, cv=10).mean() < 0.62


# -- neither cat nor dog -------------------------------------------------------------
@pytest.mark.parametrize("kind", OTHERS)
def test_others_have_the_surroundings_of_a_pet_and_are_somebody_else(kind):
    for seed in (1, 5, 9):
        pet, other = (np.asarray(draw_pet(k, seed), int) for k in ("cat", kind))
        assert pet.shape == other.shape
        same = (np.abs(pet - other).max(axis=2) == 0).mean()
        assert 0.05 < same < 0.97


def test_the_others_differ_from_each_other():
    for seed in range(4):
        drawn = {draw_pet(kind, seed).tobytes() for kind in ALL}
        assert len(drawn) == len(ALL)


def test_a_folder_of_others_is_drawn_beside_the_usual(tmp_path):
    counts = draw_pets(tmp_path / "others", per_class=2, kinds=OTHERS)
    assert counts == dict.fromkeys(OTHERS, 2)
    record = json.loads((tmp_path / "others" / NOTE).read_text())["recipe"]
    assert record["kinds"] == [*OTHERS]
    draw_pets(tmp_path / "usual", per_class=1)
    usual = pictures(tmp_path / "usual")
    draw_pets(tmp_path / "named", per_class=1, kinds=("cat", "dog"))
    assert pictures(tmp_path / "named") == usual
    # A folder of others is not a folder of pets.
    draw_pets(tmp_path / "others", per_class=1, kinds=("cat", "owl"))
    assert {name[:3] for name in pictures(tmp_path / "others")} == {"cat", "owl"}


@pytest.mark.parametrize("kinds", ["cat", (), ("cat", "cat"), ("cat", "horse"), [1]])
def test_other_lists_of_kinds_are_refused(tmp_path, kinds):
    with pytest.raises(InputError, match="expected kind"):
        draw_pets(tmp_path / "pets", per_class=1, kinds=kinds)
    assert not (tmp_path / "pets").exists()


# -- places that were asked for ------------------------------------------------------
def test_the_same_animal_is_drawn_in_another_place():
    for seed in range(4):
        for kind in KINDS:
            sofa, lawn = (
                np.asarray(draw_pet(kind, seed, scene, distance=2), int)
                for scene in ("sofa", "lawn")
            )
            assert sofa.shape == lawn.shape
            same = (np.abs(sofa - lawn).max(axis=2) < 24).mean()
            assert 0.03 < same < 0.6  # the animal and what lies about


@pytest.mark.parametrize("scene", SCENES)
def test_a_place_is_the_same_each_time_whatever_animal_is_there(scene):
    cat, again, dog = (
        np.asarray(draw_pet(kind, 3, scene, distance=2), int)
        for kind in ("cat", "cat", "dog")
    )
    assert (cat == again).all()
    assert (cat == dog).all(axis=2).mean() > 0.4


def test_a_lawn_is_green_and_no_sofa_is_always_so():
    def greens(scene):
        pictures = [np.asarray(draw_pet("cat", n, scene, 2), int) for n in range(12)]
        lower = [p[-40:].mean(axis=(0, 1)) for p in pictures]
        return sum(g > max(r, b) for r, g, b in lower)

    assert greens("lawn") >= 9
    assert greens("sofa") <= 8


def test_distance_makes_the_animal_smaller_and_nothing_else():
    near, far = (
        [np.asarray(draw_pet(kind, 5, "studio", d), int) for kind in KINDS]
        for d in (1, 3)
    )
    assert near[0].shape == far[0].shape
    differing = [(cat != dog).any(axis=2).mean() for cat, dog in (near, far)]
    assert differing[1] < 0.5 * differing[0]


def test_a_folder_of_one_place_is_another_than_the_usual(tmp_path):
    view = {"scene": "lawn", "distance": 2}
    draw_pets(tmp_path / "lawn", per_class=2, **view)
    draw_pets(tmp_path / "usual", per_class=2)
    lawn, usual = pictures(tmp_path / "lawn"), pictures(tmp_path / "usual")
    assert lawn.keys() == usual.keys()
    assert not {*lawn.values()} & {*usual.values()}
    record = json.loads((tmp_path / "lawn" / NOTE).read_text())["recipe"]
    asked = {"drawing": drawing.DRAWING, "per_class": 2, "seed": 0}
    asked["pillow"] = PIL.__version__
    assert record == asked | view
    usual = json.loads((tmp_path / "usual" / NOTE).read_text())["recipe"]
    assert usual == asked


def test_a_second_run_of_one_place_does_nothing_and_another_draws(
    tmp_path, monkeypatch
):
    draw_pets(tmp_path / "pets", per_class=1, scene="sofa", distance=2)
    sofa = pictures(tmp_path / "pets")
    monkeypatch.setattr(drawing, "draw_pet", None)  # drawing would fail
    draw_pets(tmp_path / "pets", per_class=1, scene="sofa", distance=2)
    assert pictures(tmp_path / "pets") == sofa
    monkeypatch.undo()
    draw_pets(tmp_path / "pets", per_class=1, scene="shore", distance=2)
    assert not {*pictures(tmp_path / "pets").values()} & {*sofa.values()}


# -- a folder of them ----------------------------------------------------------------
def test_a_folder_is_filled_and_counted(tmp_path):
    assert draw_pets(tmp_path / "pets", per_class=3) == {"cat": 3, "dog": 3}
    files = contents(tmp_path / "pets")
    numbers = [f"{kind}/{kind}.000{n}.jpg" for kind in KINDS for n in range(3)]
    assert sorted(files) == [*numbers, NOTE]
    with Image.open(tmp_path / "pets" / "cat" / "cat.0002.jpg") as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert len({*files.values()}) == 7  # no picture twice


def test_the_same_bytes_twice_and_other_pets_with_another_seed(tmp_path):
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        draw_pets(tmp_path / name, per_class=2, seed=seed)
    first, again, other = (pictures(tmp_path / name) for name in "abc")
    assert first == again
    assert not {*first.values()} & {*other.values()}


def test_more_pets_begin_with_the_same_ones(tmp_path):
    draw_pets(tmp_path / "few", per_class=1)
    draw_pets(tmp_path / "more", per_class=2)
    few, more = contents(tmp_path / "few"), contents(tmp_path / "more")
    assert few["dog/dog.0000.jpg"] == more["dog/dog.0000.jpg"]


def test_a_second_run_does_nothing(tmp_path, monkeypatch):
    draw_pets(tmp_path / "pets", per_class=2)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    monkeypatch.setattr(drawing, "draw_pet", None)  # drawing would fail
    assert draw_pets(tmp_path / "pets", per_class=2) == {"cat": 2, "dog": 2}
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_what_somebody_changed_stays_and_is_told(tmp_path, capsys):
    pets = tmp_path / "pets"
    draw_pets(pets, per_class=2)
    (pets / "dog" / "dog.0001.jpg").unlink()
    (pets / "cat" / "cat.0000.jpg").write_bytes(b"my cat")
    (pets / "cat" / "tom.jpg").write_bytes(b"my other cat")
    before = contents(pets)
    assert draw_pets(pets, per_class=2) == {"cat": 3, "dog": 1}
    assert capsys.readouterr().out == (
        f"{pets} is used as you left it: cat/cat.0000.jpg changed, cat/tom.jpg added, "
        "dog/dog.0001.jpg removed. To begin anew, move the folder away and run this "
        "again.\n"
    )
    assert contents(pets) == before
    with pytest.raises(InputError, match=r"cat\.0000\.jpg and 1 more files of yours"):
        draw_pets(pets, per_class=1)
    assert contents(pets) == before


def test_pets_that_lost_a_class_are_drawn_again(tmp_path):
    draw_pets(tmp_path / "pets", per_class=1)
    complete = pictures(tmp_path / "pets")
    (tmp_path / "pets" / "dog" / "dog.0000.jpg").unlink()
    draw_pets(tmp_path / "pets", per_class=1)
    assert pictures(tmp_path / "pets") == complete


def test_pets_without_digests_are_used_and_never_replaced(tmp_path, capsys):
    pets = tmp_path / "pets"
    draw_pets(pets, per_class=1)
    old = {"drawing": drawing.DRAWING, "per_class": 1, "seed": 0}
    (pets / NOTE).write_text(json.dumps(old))  # as records were once
    before = contents(pets)
    assert draw_pets(pets, per_class=1) == {"cat": 1, "dog": 1}
    with pytest.raises(InputError, match="Nothing was touched"):
        draw_pets(pets, per_class=2)
    assert contents(pets) == before
    assert capsys.readouterr().out == ""


def test_a_link_is_followed_and_stays_one(tmp_path):
    (tmp_path / "other disk").mkdir()
    try:
        (tmp_path / "pets").symlink_to("other disk", target_is_directory=True)
    except OSError:
        pytest.skip("no right to make links")
    draw_pets(tmp_path / "pets", per_class=1)
    draw_pets(tmp_path / "pets", per_class=1, seed=1)
    assert (tmp_path / "pets").is_symlink()
    assert len(contents(tmp_path / "other disk")) == 3


@pytest.mark.parametrize("changed", ["per_class", "seed", "version", "pillow"])
def test_a_folder_drawn_otherwise_is_drawn_again(tmp_path, monkeypatch, changed):
    draw_pets(tmp_path / "pets", per_class=2)
    (tmp_path / "pets" / ".DS_Store").touch()  # left by a file manager
    if changed == "version":
        monkeypatch.setattr(drawing, "DRAWING", drawing.DRAWING + 1)
        monkeypatch.setattr(drawing, "draw_pet", lambda *_: Image.new("RGB", (9, 9)))
    if changed == "pillow":
        monkeypatch.setattr(PIL, "__version__", "99.0.0")
    settings = {"per_class": 1} if changed == "per_class" else {"per_class": 2}
    draw_pets(tmp_path / "pets", seed=int(changed == "seed"), **settings)
    monkeypatch.undo()
    pets = contents(tmp_path / "pets")
    assert len(pets) == 2 * settings["per_class"] + 1
    recipe = json.loads(pets[NOTE])["recipe"]
    before = {"drawing": drawing.DRAWING, "per_class": 2, "seed": 0}
    assert recipe != before | {"pillow": PIL.__version__}


def test_what_somebody_has_changed_stays_whichever_pillow_draws(
    tmp_path, monkeypatch, capsys
):
    draw_pets(tmp_path / "pets", per_class=1)
    (tmp_path / "pets" / "cat" / "tom.jpg").write_bytes(b"mine")
    before = contents(tmp_path / "pets")
    monkeypatch.setattr(PIL, "__version__", "99.0.0")
    assert draw_pets(tmp_path / "pets", per_class=1) == {"cat": 2, "dog": 1}
    assert contents(tmp_path / "pets") == before
    assert "is used as you left it: cat/tom.jpg added" in capsys.readouterr().out


# -- what can go wrong ---------------------------------------------------------------
@pytest.mark.parametrize("kind", ["horse", "Cat", None])
def test_another_animal_is_refused(kind):
    with pytest.raises(InputError, match='expected kind "cat" or "dog", found'):
        draw_pet(kind, 0)


@pytest.mark.parametrize("scene", ["moon", "", 1, ["sofa"], "band", "__init__"])
def test_another_place_is_refused(tmp_path, scene):
    with pytest.raises(InputError, match='expected scene to be "room", "sofa"'):
        draw_pet("cat", 0, scene)
    with pytest.raises(InputError, match="expected scene"):
        draw_pets(tmp_path / "pets", per_class=1, scene=scene)
    assert not (tmp_path / "pets").exists()


@pytest.mark.parametrize("distance", [0.5, 0, -2, float("nan"), math.inf, "2", None])
def test_another_distance_is_refused(tmp_path, distance):
    with pytest.raises(InputError, match="expected distance to be a number, 1 or more"):
        draw_pet("cat", 0, "sofa", distance)
    with pytest.raises(InputError, match="expected distance"):
        draw_pets(tmp_path / "pets", per_class=1, distance=distance)
    assert not (tmp_path / "pets").exists()


@pytest.mark.parametrize("seed", [-1, 0.5, "1"])
def test_another_seed_is_refused(tmp_path, seed):
    message = "expected seed to be a whole number, 0 or more, found "
    with pytest.raises(InputError, match=message + repr(seed)):
        draw_pet("cat", seed)
    with pytest.raises(InputError, match=message):
        draw_pets(tmp_path / "pets", per_class=1, seed=seed)
    assert not (tmp_path / "pets").exists()


@pytest.mark.parametrize("per_class", [0, -3, 2.5, "20"])
def test_too_few_pictures_are_refused(tmp_path, per_class):
    with pytest.raises(InputError, match="per_class to be a whole number, 1 or more"):
        draw_pets(tmp_path / "pets", per_class)


@pytest.mark.parametrize("inside", ["", "pets"])
def test_a_file_in_the_place_of_the_folder_is_kept(tmp_path, inside):
    file = tmp_path / "notes.txt"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"expected a folder .* found a file: .*notes"):
        draw_pets(file / inside, per_class=1)
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("ours", [False, True])
def test_pictures_of_somebody_else_are_never_touched(tmp_path, ours):
    if ours:
        draw_pets(tmp_path, per_class=1)
    (tmp_path / "cat").mkdir(exist_ok=True)
    (tmp_path / "cat" / "cat.0001.jpg").write_bytes(b"my cat")
    before = contents(tmp_path)
    with pytest.raises(InputError, match=r"found cat/cat\.0001\.jpg of"):
        draw_pets(tmp_path, per_class=2)
    assert contents(tmp_path) == before


def test_the_message_counts_what_is_not_ours(tmp_path):
    for name in ("b.jpg", "a.jpg", "c.jpg"):
        (tmp_path / name).touch()
    message = "found a.jpg and 2 more files of somebody else's. Nothing was touched"
    with pytest.raises(InputError, match=message):
        draw_pets(tmp_path, per_class=2)


@pytest.mark.parametrize("note", ["", "[1]", '{"per_class": "many"}'])
def test_a_note_that_is_not_ours_does_not_make_the_folder_ours(tmp_path, note):
    (tmp_path / NOTE).write_text(note, encoding="utf-8")
    with pytest.raises(InputError, match=f"found {NOTE} of somebody else's"):
        draw_pets(tmp_path, per_class=1)
    assert contents(tmp_path) == {NOTE: note.encode()}


def test_an_empty_folder_will_do(tmp_path):
    (tmp_path / "pets").mkdir()
    assert draw_pets(tmp_path / "pets", per_class=1) == {"cat": 1, "dog": 1}


@pytest.mark.parametrize(
    ("code", "message"),
    [(errno.ENOSPC, "the disk is full: "), (errno.EACCES, "no permission: ")],
)
def test_a_full_or_forbidden_disk_leaves_nothing(tmp_path, monkeypatch, code, message):
    def fail(self, file, *_, **__):
        raise OSError(code, os.strerror(code), str(file))

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(InputError, match=message + ".*pets"):
        draw_pets(tmp_path / "pets", per_class=1)
    assert contents(tmp_path) in ({}, {".pets.lock": b""})


def test_an_interrupted_run_leaves_the_old_folder(tmp_path, monkeypatch):
    draw_pets(tmp_path / "pets", per_class=1)
    before = contents(tmp_path / "pets")

    def stop(kind, seed):
        if kind == "dog":
            raise KeyboardInterrupt
        return draw_pet(kind, seed)

    monkeypatch.setattr(drawing, "draw_pet", stop)
    with pytest.raises(KeyboardInterrupt):
        draw_pets(tmp_path / "pets", per_class=2)
    assert contents(tmp_path / "pets") == before
    assert not list(tmp_path.glob(".unfinished-*"))


def test_a_killed_run_leaves_nothing_that_counts(tmp_path):
    pets = tmp_path / "pets"
    command = [sys.executable, "-m", "data_scripts.draw_pets", "--folder", str(pets)]
    script = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    while not list(tmp_path.glob(".unfinished-*/pets/cat/*.jpg")):
        assert script.poll() is None
        time.sleep(0.01)
    script.kill()
    script.wait()
    assert not pets.exists()
    draw_pets(pets, per_class=1)
    assert len(contents(pets)) == 3
    assert not list(tmp_path.glob(".unfinished-*"))
