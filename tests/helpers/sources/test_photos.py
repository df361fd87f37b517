"""Photographs from a server, an archive, a folder: put in place whole, or explained."""

import http.server
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from helpers.errors import InputError
from helpers.plumbing import ROOT, sha256
from helpers.sources import get_photos, photos
from helpers.sources.downloads import PhotoSet

pytestmark = pytest.mark.slow


def draw(path, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (12, 16, 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(noise.astype(np.uint8)).save(path)


@pytest.fixture
def pets(tmp_path):
    for number in range(4):
        draw(tmp_path / "pets" / "train" / "cats" / f"cat.{number}.jpg", number)
        draw(tmp_path / "pets" / "train" / "dogs" / f"dog.{number}.jpg", 500 + number)
    return tmp_path / "pets"


@pytest.fixture
def archive(pets, tmp_path):
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as made:
        for path in sorted(pets.rglob("*.jpg")):
            made.write(path, path.relative_to(tmp_path))
    return tmp_path / "pets.zip"


def get(source, tmp_path, **options):
    return get_photos(source, tmp_path / "photos", progress=False, **options)


def state(folder):
    """Everything in a folder but the date, byte for byte."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "provenance.json"
    }


@pytest.mark.parametrize("source", ["archive", "pets"])
def test_an_archive_and_a_folder_of_ones_own(source, request, tmp_path):
    source = request.getfixturevalue(source)
    before = state(source) if source.is_dir() else sha256(source)
    assert get(source, tmp_path) == {"cat": 4, "dog": 4, "set_aside": 0}
    assert before == (state(source) if source.is_dir() else sha256(source))
    names = sorted(state(tmp_path / "photos"))
    assert names[0] == "cat/cat.00000.jpg"
    assert names[-1] == "dog/dog.00003.jpg"
    facts = json.loads((tmp_path / "photos" / "provenance.json").read_text())
    assert facts["counts"] == {"cat": 4, "dog": 4, "set_aside": 0}
    assert facts["source"] == str(source)
    assert facts["licence"]
    assert len(facts["date"]) == 10


def test_a_second_run_does_nothing(archive, tmp_path):
    get(archive, tmp_path)
    times = {p: p.stat().st_mtime_ns for p in (tmp_path / "photos").rglob("*")}
    get(archive, tmp_path)
    assert times == {p: p.stat().st_mtime_ns for p in (tmp_path / "photos").rglob("*")}


def test_a_changed_folder_is_read_again(pets, tmp_path):
    get(pets, tmp_path)
    draw(pets / "train" / "cats" / "cat.9.jpg", 9)
    assert get(pets, tmp_path)["cat"] == 5


def test_a_lost_picture_is_put_back(archive, tmp_path):
    get(archive, tmp_path)
    first = state(tmp_path / "photos")
    (tmp_path / "photos" / "cat" / "cat.00001.jpg").unlink()
    get(archive, tmp_path)
    assert state(tmp_path / "photos") == first


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        (("PetImages/Cat/0.jpg", "PetImages/Dog/0.jpg"), (1, 1)),
        (("images/Abyssinian_1.jpg", "images/beagle_12.jpg"), (1, 1)),
        (("a/cat.1.jpg", "a/DOG_1.jpg", "a/dog (2).jpg"), (1, 2)),
        (("dogs/cats/1.jpg", "cats/dogs/1.jpg"), (1, 1)),
    ],
)
def test_layouts_that_are_understood(tmp_path, names, counts):
    for number, name in enumerate(names):
        draw(tmp_path / "own" / name, number)
    found = get(tmp_path / "own", tmp_path)
    assert (found["cat"], found["dog"]) == counts


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", "null", '{"counts": {}}'])
def test_a_spoiled_provenance_is_made_again(archive, tmp_path, text):
    get(archive, tmp_path)
    first = state(tmp_path / "photos")
    (tmp_path / "photos" / "provenance.json").write_text(text)
    assert get(archive, tmp_path) == {"cat": 4, "dog": 4, "set_aside": 0}
    assert state(tmp_path / "photos") == first


@pytest.mark.parametrize("source", ["photos", "photos/more", "."])
def test_a_source_that_would_be_replaced_by_itself(archive, tmp_path, source):
    get(archive, tmp_path)
    draw(tmp_path / "photos" / "more" / "cat.1.jpg", 1)
    with pytest.raises(InputError, match="lie one in the other"):
        get(tmp_path / source, tmp_path)
    assert len(list((tmp_path / "photos").rglob("*.jpg"))) == 9


def test_it_says_so_when_there_is_nothing_to_do(archive, tmp_path, capsys):
    get(archive, tmp_path)
    assert not capsys.readouterr().out
    get_photos(archive, tmp_path / "photos")
    assert "pets.zip are in place already" in capsys.readouterr().out


def test_a_published_archive_from_a_disk_keeps_its_licence(archive, tmp_path):
    archive = archive.rename(tmp_path / "cats_and_dogs_filtered.zip")
    get(archive, tmp_path)
    facts = json.loads((tmp_path / "photos" / "provenance.json").read_text())
    assert facts["licence"] == photos.SETS["filtered"].licence


# -- a server of our own on this computer -------------------------------------------


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the archive, or that it is gone."""

    data = b""
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path == "/gone.zip":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.data)))
        self.end_headers()
        self.wfile.write(self.data)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(archive, tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.sources.downloads.DOWNLOADS", tmp_path / "downloads")
    Handler.data, Handler.asked = archive.read_bytes(), []
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def test_a_download(server, tmp_path):
    assert get(f"{server}/pets.zip", tmp_path)["dog"] == 4
    get(f"{server}/pets.zip", tmp_path)
    assert Handler.asked == ["/pets.zip"]  # once


def test_a_published_checksum_and_a_second_address(server, tmp_path, monkeypatch):
    addresses = (f"{server}/gone.zip", f"{server}/pets.zip")
    good = PhotoSet(addresses, sha256(tmp_path / "pets.zip"), 1, "for tests")
    monkeypatch.setitem(photos.SETS, "filtered", good)
    assert get("filtered", tmp_path)["cat"] == 4
    assert Handler.asked == ["/gone.zip", "/pets.zip"]
    bad = PhotoSet((f"{server}/other.zip",), "0" * 64, 1, "for tests")
    monkeypatch.setitem(photos.SETS, "oxford", bad)
    with pytest.raises(InputError, match="its SHA-256 differs"):
        get("oxford", tmp_path)
    assert len(list((tmp_path / "downloads").iterdir())) == 1


# -- sudden death, a full disk ------------------------------------------------------

CHILD = """
import os, sys
from helpers.sources.photos import get_photos
from helpers.sources.training_set import make_training_set
source, folder, moment = sys.argv[1], sys.argv[2], int(sys.argv[3])
count = 0
def die(event, arguments):  # as a power cut does it, just before something is written
    global count
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile"):
        count += 1
        if count == moment:
            os._exit(9)
sys.addaudithook(die)
get_photos(source, folder + "/source", progress=False)
make_training_set(folder + "/source", folder, 2, 2)
print(count)
"""


@pytest.mark.parametrize("source", ["archive", "pets"])
def test_killed_at_any_moment_a_rerun_ends_with_the_same_bytes(
    source, request, tmp_path
):
    source = request.getfixturevalue(source)

    def run(name, moment):
        command = [sys.executable, "-c", CHILD, source, tmp_path / name, str(moment)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    steps = int(run("undisturbed", 0).stdout)
    assert steps > 30
    for moment in range(steps, 0, -steps // 5):
        assert run("killed", moment).returncode == 9
        assert run("killed", 0).returncode == 0
        for name in ("source", "train", "test"):
            undisturbed = state(tmp_path / "undisturbed" / name)
            assert undisturbed
            assert state(tmp_path / "killed" / name) == undisturbed
        assert not list((tmp_path / "killed").glob(".unfinished-*-*"))  # folders
        shutil.rmtree(tmp_path / "killed")


def test_the_script(archive, tmp_path):
    command = [sys.executable, "-m", "data_scripts.get_photos"]
    there = ["--folder", tmp_path / "photos"]
    done = subprocess.run(
        [*command, archive, *there], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 cats and 4 dogs are in")
