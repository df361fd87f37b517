"""A cluster, its head and workers processes of their own: what dies, and what is lost.

The base is a small one, but in the last test; on many pictures the real one computes in
benchmarks/many.py.
"""

import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter

import keras
import numpy as np
import psutil
import pytest
from PIL import Image

from helpers.backbones import EfficientNetLite0, preprocess_input
from helpers.errors import InputError
from helpers.features import compute_features
from helpers.pets import draw_pets
from helpers.pictures import find_pictures
from helpers.plumbing import ROOT
from helpers.teaching.regression import fit
from tests.parts import only_with_ray
from tests.things import draw_things

only_with_ray()

from helpers.many import Computers, fit_head, read_features
from helpers.many.computers import own_python
from helpers.many.parts import MOST

pytestmark = pytest.mark.slow
PICTURES, SIDE = 5000, 64


def namespace():
    """How a program is started that may mount a disk of its own, if that can be."""
    wrapper = ["unshare", "--map-root-user", "--mount"]
    try:
        done = subprocess.run([*wrapper, "mount", "-t", "tmpfs", "none", "/mnt"])
    except OSError:
        return None
    return wrapper if done.returncode == 0 else None


NAMESPACE = namespace()


def make_base():
    inputs = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    for strides in (2, 1):
        initializer = keras.initializers.GlorotUniform(strides)
        convolution = keras.layers.Conv2D(
            16, 5, strides, activation="relu", kernel_initializer=initializer
        )
        x = convolution(x)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))


def make_real_base():
    inputs = keras.Input((224, 224, 3))
    backbone = EfficientNetLite0(
        include_top=False, input_shape=(224, 224, 3), pooling="avg"
    )
    return keras.Model(inputs, backbone(preprocess_input(inputs)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Noise in two colors, two of which are no pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    for number in range(PICTURES):
        kind = ("cat", "dog")[number % 2]
        pixels = rng.integers(0, 200, (12, 12, 3))
        pixels[..., number % 2] += 14
        path = folder / kind / f"{number:04}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(pixels.astype(np.uint8)).save(path)
    (folder / "cat" / "0100.png").write_text("<html>")
    (folder / "dog" / "0101.png").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def expected(folder, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return compute_features(make_base(), find_pictures(folder), cache, "nan")


@pytest.fixture(scope="module")
def computers():
    """A head and two workers."""
    found = Computers()
    try:
        found.add()
        found.add()
        yield found
    finally:
        found.close()


DRIVER = """
import sys
from pathlib import Path
from helpers.many import cluster, compute_parts
from tests.helpers.many.test_cluster import {base}
with cluster(sys.argv[1]):
    print("computed", compute_parts({base}(), *sys.argv[2:]).computed, flush=True)
"""


def driver(computers, folder, target, base=make_base):
    """The program that gives the work away, as a process of its own."""
    code = DRIVER.format(base=base.__name__)
    return subprocess.Popen(
        [sys.executable, "-c", code, computers.address, folder, target],
        cwd=ROOT,
        env=computers.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def computed(process):
    """How many it computed; Ray tells in between that something died."""
    told = process.communicate()[0]
    assert process.returncode == 0, told
    return int(re.search(r"^computed (\d+)$", told, re.MULTILINE)[1])


def parts(target):
    return list(target.rglob("*.parquet"))


def wait_for(target, number):
    end = time.monotonic() + 200
    while len(parts(target)) < number:
        assert time.monotonic() < end, f"{len(parts(target))} of {number} parts"
        time.sleep(0.02)


def workers_of(process):
    """The processes on a computer that compute."""
    family = psutil.Process(process.pid).children(recursive=True)
    return [one for one in family if "MapWorker" in " ".join(one.cmdline())]


def check(target, folder, expected):
    """Every picture exactly once, in order, with its own features."""
    found = read_features(target)
    names = [path.relative_to(folder).as_posix() for path in find_pictures(folder)]
    assert found.names == names
    assert Counter(found.labels) == {"cat": PICTURES // 2, "dog": PICTURES // 2}
    np.testing.assert_allclose(found.features, expected, atol=1e-5)
    missing = np.isnan(found.features).any(axis=1)
    assert [n for n, gone in zip(names, missing, strict=True) if gone] == [
        "cat/0100.png",
        "dog/0101.png",
    ]
    return found


@pytest.fixture(scope="module")
def undisturbed(computers, folder, expected, tmp_path_factory):
    """A run to which nothing happens, but that a worker dies: its target."""
    target = tmp_path_factory.mktemp("features") / "of pets"
    work = driver(computers, folder, target)
    wait_for(target, 3)
    victims = [one for node in computers.workers for one in workers_of(node)]
    victims[0].kill()
    assert 0 < computed(work) <= PICTURES
    return target


def test_with_a_worker_killed_every_picture_is_there_once(
    undisturbed, folder, expected
):
    found = check(undisturbed, folder, expected)
    assert "web page" in found.problems[found.names.index("cat/0100.png")]
    listed = json.loads((undisturbed / "unreadable.json").read_text())
    assert [name for name, _ in listed] == ["cat/0100.png", "dog/0101.png"]
    assert len(parts(undisturbed)) == len({path.name for path in parts(undisturbed)})


def test_a_second_run_computes_nothing_and_a_damaged_part_alone(
    computers, undisturbed, folder, expected
):
    before = {path: path.read_bytes() for path in parts(undisturbed)}
    damaged = sorted(before)[3]
    damaged.write_bytes(before[damaged][:-50])
    with pytest.raises(InputError, match=r"is damaged or gone\. Compute the features"):
        read_features(undisturbed)
    assert 0 < computed(driver(computers, folder, undisturbed)) <= MOST
    assert computed(driver(computers, folder, undisturbed)) == 0
    assert {path: path.read_bytes() for path in parts(undisturbed)} == before


def test_with_the_driver_killed_and_then_a_computer_the_bytes_are_the_same(
    computers, undisturbed, folder, expected, tmp_path
):
    target = tmp_path / "features"
    first = driver(computers, folder, target)
    wait_for(target, 4)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert not (target / "features.json").exists()
    with pytest.raises(InputError, match=r"found none\. Compute them"):
        read_features(target)
    there = len(parts(target))
    second = driver(computers, folder, target)
    wait_for(target, there + 3)
    computers.kill(computers.workers[-1])  # the last that came
    assert computed(second) < PICTURES
    computers.add()
    found = check(target, folder, expected)
    assert found.features.tobytes() == read_features(undisturbed).features.tobytes()


FULL = """
import subprocess, sys
from helpers.errors import InputError
from helpers.many import cluster, compute_parts
from tests.helpers.many.test_cluster import make_base
_, folder, target = sys.argv
tiny = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", target]
subprocess.run(tiny, check=True)
with cluster(cores=2):
    try:
        compute_parts(make_base(), folder, target)
    except InputError as error:
        print("told", error, flush=True)
    subprocess.run(["mount", "-o", "remount,size=9m", target], check=True)
    print("computed", compute_parts(make_base(), folder, target).computed, flush=True)
"""


@pytest.mark.skipif(NAMESPACE is None, reason="no disk can be made that is full")
def test_a_full_disk_ends_it_in_a_sentence_and_then_it_goes_on(
    folder, computers, tmp_path
):
    process = subprocess.Popen(
        [*NAMESPACE, sys.executable, "-c", FULL, str(folder), str(tmp_path)],
        cwd=ROOT,
        env=computers.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    told = process.stdout.readline()
    assert re.match(r"told the disk is full: .*parquet was not written, and", told)
    assert 0 < computed(process) < PICTURES


ITS_PYTHON = """
import sys
from helpers.many import cluster
with cluster(cores=1):
    import ray
    print(ray.get(ray.remote(lambda: sys.executable).remote()))
print(sys.executable)
"""


def test_what_ray_starts_is_run_by_its_own_python_and_nothing_else():
    start = [sys.executable, "-c", ITS_PYTHON]
    told = subprocess.check_output(start, cwd=ROOT, text=True)
    assert told.splitlines() == [own_python(), sys.executable]


def test_a_head_by_batches_is_as_good_as_one_in_memory(undisturbed):
    found = read_features(undisturbed)
    there = ~np.isnan(found.features).any(axis=1)
    features, labels = found.features[there], np.array(found.labels)[there] == "dog"
    head = fit_head(undisturbed)
    assert head.class_names == ["cat", "dog"]
    assert head.trained + head.tested == there.sum() == PICTURES - 2
    assert 0.15 < head.tested / PICTURES < 0.25
    exact = fit(features, labels.astype(int), 1.0)
    said = head.model.predict(features, verbose=0)[:, 1]
    accuracy = ((said > 0.5) == labels).mean()
    noise = np.sqrt(accuracy * (1 - accuracy) / len(labels))
    assert accuracy > 0.9
    assert abs(accuracy - (exact.predict(features) == labels).mean()) < 2 * noise
    assert abs(head.accuracy - accuracy) < 5 * noise
    assert np.abs(said - exact.predict_proba(features)[:, 1]).mean() < 0.02


def test_a_classifier_by_a_cluster_is_the_one_without(computers, tmp_path):
    draw_things(tmp_path / "things", 2, 30, seed=1)
    command = [sys.executable, "-m", "data_scripts.train_classifier"]
    facts = []
    for name, more in (("alone", []), ("by_many", ["--ray", computers.address])):
        environment = {**computers.environment, "TRANSFER_MODELS": str(tmp_path / name)}
        given = [*command, tmp_path / "things", "--name", name, *more]
        done = subprocess.run(
            given, cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        record = (tmp_path / name / f"{name}.json").read_text(encoding="utf-8")
        facts.append(json.loads(record))
    alone, by_many = facts
    assert by_many["chosen"]["backbone"] == alone["chosen"]["backbone"]
    assert by_many["confusion"] == alone["confusion"]
    assert by_many["accuracy"] == alone["accuracy"]


def test_with_the_real_base_drawn_pets_are_the_same(computers, tmp_path):
    draw_pets(tmp_path / "pets", per_class=30)
    work = driver(computers, tmp_path / "pets", tmp_path / "features", make_real_base)
    assert computed(work) == 60
    found = read_features(tmp_path / "features")
    pets = find_pictures(tmp_path / "pets")
    expected = compute_features(make_real_base(), pets, tmp_path / "cache")
    assert [tmp_path / "pets" / name for name in found.names] == pets
    np.testing.assert_allclose(found.features, expected, rtol=0, atol=1e-5)
