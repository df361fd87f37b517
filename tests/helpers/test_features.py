"""Features are computed once, kept, and never half-written or wrong."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time

import keras
import numpy as np
import pytest
from PIL import Image

from helpers import features
from helpers.engines import streaming, tensorflow_engine
from helpers.engines.with_tensorflow import BATCH
from helpers.errors import InputError
from helpers.features import SHARD, compute_features, fingerprint
from helpers.pictures import pixels_of, read_picture
from helpers.plumbing import ROOT, sha256

pytestmark = pytest.mark.slow


def make_base(filters=5, seed=0, size=16):
    inputs = keras.Input((size, size, 3))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    initializer = keras.initializers.GlorotUniform(seed)
    x = keras.layers.Conv2D(filters, 3, kernel_initializer=initializer)(x)
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))


@pytest.fixture(scope="module")
def base():
    return make_base()


def draw(folder, count, first=0):
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(first, first + count):
        noise = np.random.default_rng(number).integers(0, 256, (20, 24, 3))
        paths.append(folder / f"{number:04}.png")
        Image.fromarray(noise.astype(np.uint8)).save(paths[-1])
    return paths


ALL = 40  # pictures, some whole batches


@pytest.fixture
def pictures(tmp_path):
    return draw(tmp_path / "pictures", ALL)


@pytest.fixture
def counted():
    """An engine that remembers how many batches it computed."""

    def counting_engine(base):
        forward = tensorflow_engine(base)

        def compute(pixels):
            counting_engine.batches.append(len(pixels))  # from several threads
            assert pixels.dtype == np.uint8
            assert pixels.shape == (BATCH, 16, 16, 3)
            return forward(pixels)

        return compute

    counting_engine.batches = []
    return counting_engine


def shards(cache):
    return {path: path.read_bytes() for path in sorted(cache.rglob("*.npy"))}


def test_they_are_what_the_base_gives(base, pictures, tmp_path):
    found = compute_features(base, pictures, tmp_path / "cache")
    pixels = np.stack([read_picture(picture, (16, 16)) for picture in pictures])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, base.predict(pixels, verbose=0), atol=1e-5)


def test_cut_and_squeezed_pictures_are_kept_apart(base, pictures, tmp_path):
    squeezed, cut = (
        compute_features(base, pictures, tmp_path / "cache", crop=crop)
        for crop in (False, True)
    )
    pixels = np.stack([read_picture(picture, (16, 16), True) for picture in pictures])
    np.testing.assert_allclose(cut, base.predict(pixels, verbose=0), atol=1e-5)
    assert not np.allclose(cut, squeezed, atol=1e-3)


def test_a_second_run_computes_nothing(base, pictures, tmp_path, counted):
    first = compute_features(base, pictures, tmp_path / "cache", engine=counted)
    assert len(counted.batches) == ALL // BATCH
    second = compute_features(base, pictures[::-1], tmp_path / "cache", engine=counted)
    assert len(counted.batches) == ALL // BATCH
    assert second[::-1].tobytes() == first.tobytes()


def test_only_a_changed_picture_is_computed_again(base, pictures, tmp_path, counted):
    first = compute_features(base, pictures, tmp_path / "cache", engine=counted)
    Image.new("RGB", (9, 9), "red").save(pictures[7])
    second = compute_features(base, pictures, tmp_path / "cache", engine=counted)
    assert len(counted.batches) == ALL // BATCH + 1
    assert [row for row in range(ALL) if (first[row] != second[row]).any()] == [7]


def test_the_same_picture_twice_is_computed_once(base, pictures, tmp_path, counted):
    found = compute_features(base, pictures[:1] * 30, tmp_path / "c", engine=counted)
    assert len(counted.batches) == 1
    assert (found == found[0]).all()


def test_another_base_has_features_of_its_own(base, pictures, tmp_path):
    other = compute_features(make_base(seed=1), pictures, tmp_path / "cache")
    found = compute_features(base, pictures, tmp_path / "cache")
    assert not np.allclose(found, other, atol=1e-3)


def test_a_fingerprint_follows_what_is_computed(base):
    assert fingerprint(base) == fingerprint(make_base())
    others = [make_base(seed=1), make_base(filters=6), make_base(size=18)]
    names = {fingerprint(other) for other in [base, *others]}
    names |= {fingerprint(base, lambda base: base), fingerprint(base, crop=True)}
    assert len(names) == 6


def corrupt(path):
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage", [corrupt, lambda path: path.write_bytes(b""), os.unlink]
)
def test_a_damaged_shard_is_computed_again(base, pictures, tmp_path, damage):
    first = compute_features(base, pictures, tmp_path / "cache")
    before = shards(tmp_path / "cache")
    damage(next(iter(before)))
    second = compute_features(base, pictures, tmp_path / "cache")
    assert second.tobytes() == first.tobytes()
    assert shards(tmp_path / "cache") == before


def test_an_unreadable_picture_is_named(base, pictures, tmp_path, counted):
    pictures[3].write_text("<html>")
    pictures[5].unlink()
    with pytest.raises(InputError) as error:
        compute_features(base, pictures, tmp_path / "cache", engine=counted)
    message = str(error.value)
    assert f"expected {ALL} readable pictures, found 2 that are not:" in message
    assert str(pictures[3]) in message
    assert str(pictures[5]) in message
    found = compute_features(
        base, pictures, tmp_path / "cache", engine=counted, unreadable="nan"
    )
    assert np.flatnonzero(np.isnan(found).any(axis=1)).tolist() == [3, 5]
    # The readable ones were kept the first time.
    assert len(counted.batches) == ALL // BATCH + 1


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((None, None, 3), r"found \(None, None, None, 3\) to"),
        ((8, 8, 1), r"found \(None, 8, 8, 1\) to"),
    ],
)
def test_a_base_of_another_form_is_refused(shape, message, tmp_path):
    inputs = keras.Input(shape)
    outputs = keras.layers.GlobalAveragePooling2D()(inputs)
    with pytest.raises(InputError, match=message):
        compute_features(keras.Model(inputs, outputs), [], tmp_path)


def test_a_map_is_not_a_vector(tmp_path):
    inputs = keras.Input((8, 8, 3))
    outputs = keras.layers.ReLU()(inputs)
    with pytest.raises(InputError, match='pooling="avg"'):
        compute_features(keras.Model(inputs, outputs), [], tmp_path)


@pytest.mark.parametrize("make", ["two inputs", "a dict", "a vector", "own", "unbuilt"])
def test_other_inputs_are_refused_in_one_sentence(make, tmp_path):
    one, two = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    pool, vector = keras.layers.GlobalAveragePooling2D(), keras.Input((7,))

    class Own(keras.Model):
        def call(self, x):
            return pool(x)

    base = {
        "two inputs": lambda: keras.Model([one, two], pool(one + two)),
        "a dict": lambda: keras.Model(one, {"a": pool(one), "b": one}),
        "a vector": lambda: keras.Model(vector, 2 * vector),
        "own": Own,
        "unbuilt": lambda: keras.Sequential([pool]),
    }[make]()
    with pytest.raises(
        InputError, match=r"^expected a base from \(None, height, width"
    ):
        compute_features(base, [], tmp_path)


@pytest.mark.parametrize("kind", [str, lambda folder: folder])
def test_a_folder_is_no_list(base, pictures, tmp_path, kind):
    with pytest.raises(InputError, match=r"found one path, .*find_pictures\(folder\)"):
        compute_features(base, kind(tmp_path / "pictures"), tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("policy", ["mixed_float16", "bfloat16", "float64"])
def test_other_precisions_give_float32(pictures, tmp_path, policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        other = make_base()
    finally:
        keras.config.set_dtype_policy(before)
    other.set_weights(make_base().get_weights())  # each precision draws its own
    found = compute_features(other, pictures, tmp_path / "cache")
    expected = compute_features(make_base(), pictures, tmp_path / "cache")
    assert found.dtype == np.float32
    assert found.tobytes() != expected.tobytes() or policy == "float64"
    np.testing.assert_allclose(found, expected, atol=0.02)
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_changed_function_is_computed_anew(pictures, tmp_path):
    def base_of(factor):
        inputs = keras.Input((16, 16, 3))
        x = keras.layers.Lambda(lambda x: x * factor)(inputs)
        return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))

    single = compute_features(base_of(1), pictures, tmp_path / "cache")
    double = compute_features(base_of(2), pictures, tmp_path / "cache")
    np.testing.assert_allclose(double, 2 * single, rtol=1e-5)


def test_what_cannot_be_told_by_content_is_computed_and_not_kept(
    base, pictures, tmp_path
):
    lock = threading.Lock()

    def locking_engine(base):
        forward = tensorflow_engine(base)

        def compute(pixels):
            with lock:
                return forward(pixels)

        return compute

    with pytest.warns(UserWarning, match="but not kept for the next time: .*lock"):
        found = compute_features(
            base, pictures, tmp_path / "cache", engine=locking_engine
        )
    expected = compute_features(base, pictures, tmp_path / "other")
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert not (tmp_path / "cache").exists()


def test_a_picture_that_changes_meanwhile_is_never_kept_as_what_it_was(
    base, pictures, tmp_path
):
    new = pictures[4].read_bytes()
    (tmp_path / "old").write_bytes(pictures[3].read_bytes())

    def changing_engine(base):
        pictures[3].write_bytes(new)  # after hashing, before reading
        return tensorflow_engine(base)

    cache = tmp_path / "cache"
    with pytest.raises(InputError, match=r"0003\.png changed while it was read"):
        compute_features(base, pictures, cache, engine=changing_engine)
    kept = {
        digest
        for path in shards(cache)
        for digest in map(bytes, np.load(path)["picture"])
    }
    assert len(kept) == ALL - 1
    assert bytes.fromhex(sha256(tmp_path / "old")) not in kept


def test_the_first_batch_goes_alone_and_then_two_at_once(base, pictures, tmp_path):
    alone, two = threading.Event(), threading.Barrier(2)

    def watching_engine(base):
        forward = tensorflow_engine(base)
        calls = itertools.count()

        def compute(pixels):
            if next(calls) == 0:
                time.sleep(0.05)
                alone.set()
            else:
                assert alone.is_set()
                two.wait(timeout=30)  # eight others, in pairs
            return forward(pixels)

        return compute

    found = compute_features(base, pictures[:-BATCH], tmp_path, engine=watching_engine)
    assert found.shape == (ALL - BATCH, 5)


def test_pictures_are_read_ahead_but_not_all(base, pictures, tmp_path, monkeypatch):
    read, ahead = [], []

    def counting_read(*given):
        read.append(given)
        return pixels_of(*given)

    def waiting_engine(base):
        forward = tensorflow_engine(base)

        def compute(pixels):
            if not ahead:
                time.sleep(0.3)
                ahead.append(len(read))
            return forward(pixels)

        return compute

    monkeypatch.setattr(features, "pixels_of", counting_read)
    monkeypatch.setattr(streaming, "AHEAD", 2)
    compute_features(base, pictures, tmp_path, engine=waiting_engine)
    assert BATCH < ahead[0] < ALL == len(read)


def test_after_an_error_no_other_batch_begins(base, pictures, tmp_path):
    asked = []

    def failing_engine(base):
        def compute(pixels):
            asked.append(len(pixels))
            time.sleep(0.05)
            raise RuntimeError("the engine stops")

        return compute

    with pytest.raises(RuntimeError, match="the engine stops"):
        compute_features(base, pictures, tmp_path, engine=failing_engine)
    assert len(asked) < ALL // BATCH


def test_only_two_ways_with_unreadable_pictures(base, tmp_path):
    with pytest.raises(InputError, match="found 'skip'"):
        compute_features(base, [], tmp_path, unreadable="skip")


CHILD = """
import sys, time
from pathlib import Path
from tests.helpers.test_features import features, make_base, compute_features, pixels_of
def slow(*given):
    time.sleep(0.005)
    return pixels_of(*given)
features.pixels_of = slow
pictures = sorted(Path(sys.argv[1]).iterdir())
print("computing", flush=True)
found = compute_features(make_base(), pictures, sys.argv[2])
print(found.sum(), flush=True)
"""


def test_killed_at_random_moments_it_ends_with_the_same_bytes(tmp_path):
    draw(tmp_path / "pictures", 3 * SHARD - 40)
    pictures = sorted((tmp_path / "pictures").iterdir())
    undisturbed = compute_features(make_base(), pictures, tmp_path / "undisturbed")
    rng = np.random.default_rng(0)
    cache = tmp_path / "cache"
    command = [sys.executable, "-c", CHILD, tmp_path / "pictures", cache]
    for _ in range(3):
        child = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        child.stdout.readline()
        time.sleep(rng.uniform(0.3, 1.2))
        child.kill()
        assert child.wait() in (-signal.SIGKILL, 0, 1)  # 1: how Windows kills
        child.stdout.close()
    again = compute_features(make_base(), pictures, cache)
    assert again.tobytes() == undisturbed.tobytes()
    assert [*shards(cache).values()] == [*shards(tmp_path / "undisturbed").values()]
