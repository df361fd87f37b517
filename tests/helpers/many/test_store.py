"""Pictures and features in a store over a network that is slow and often fails."""

import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from helpers.features import compute_features
from helpers.pictures import find_pictures
from helpers.plumbing import ROOT, python_of
from tests.parts import needs_store, only_with_ray

only_with_ray()

from pyarrow import fs

from helpers.many import cluster, compute_parts, open_store, read_features
from helpers.many.rehearsal import HERE, free_port
from helpers.many.stores import write_bytes
from tools.many import STORE

from .test_cluster import make_base

pytestmark = [pytest.mark.slow, needs_store]


@pytest.fixture
def small(tmp_path):
    rng = np.random.default_rng(0)
    for number in range(200):
        path = tmp_path / "pets" / ("cat", "dog")[number % 2] / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (12, 12, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(path)
    return tmp_path / "pets"


def refused(port):
    """How many requests the store has refused; None while it is not up."""
    try:
        with urllib.request.urlopen(f"http://{HERE}:{port}/refused") as answer:
            return int(answer.read())
    except (OSError, urllib.error.URLError):
        return None


@pytest.fixture
def port():
    number = free_port()
    command = [python_of(STORE), "tests/helpers/many/store.py", str(number)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, **quiet)
    end = time.monotonic() + 60
    while refused(number) is None:
        assert time.monotonic() < end, "the store did not come"
        time.sleep(0.1)
    yield number
    process.kill()
    process.wait()


def test_a_store_that_refuses_every_fifth_request_loses_nothing(port, small, tmp_path):
    files = fs.S3FileSystem(
        access_key="a",
        secret_key="b",
        endpoint_override=f"{HERE}:{port}",
        scheme="http",
        region="us-east-1",
        allow_bucket_creation=True,
        allow_delayed_open=True,
    )
    files.create_dir("museum")
    store, pictures = open_store("museum/pets", files), find_pictures(small)

    def put(path):
        name = path.relative_to(small).as_posix()
        write_bytes(store, store.path(name), path.read_bytes())

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(put, pictures))
    with cluster(cores=2):
        first, again = (
            compute_parts(make_base(), "museum/pets", "museum/features", files, files)
            for _ in range(2)
        )
    assert (first.pictures, first.computed, first.unreadable) == (200, 200, [])
    assert again.computed == 0
    found = read_features("museum/features", files)
    assert found.names == [path.relative_to(small).as_posix() for path in pictures]
    expected = compute_features(make_base(), pictures, tmp_path / "cache")
    np.testing.assert_allclose(found.features, expected, atol=1e-5)
    assert refused(port) > 40
