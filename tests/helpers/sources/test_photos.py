"""Photographs from a server, an archive, a folder: put in place whole, or explained."""

import contextlib
import errno
import http.server
import inspect
import json
import os
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
from helpers.sources import downloads, get_photos, photos
from helpers.sources.downloads import PhotoSet

pytestmark = pytest.mark.slow


def test_a_server_has_twenty_seconds_where_the_table_of_faults_gives_it_less():
    for ask in (get_photos, downloads.download, downloads.server_stamp):
        assert inspect.signature(ask).parameters["timeout"].default == 20


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


def facts_of(folder):
    return json.loads((folder / "provenance.json").read_text())["facts"]


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
    facts = facts_of(tmp_path / "photos")
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


def test_what_somebody_changed_stays_and_is_told(archive, pets, tmp_path, capsys):
    get(archive, tmp_path)
    (tmp_path / "photos" / "cat" / "cat.00001.jpg").unlink()
    shutil.copy(pets / "train" / "cats" / "cat.1.jpg", tmp_path / "photos/cat/tom.jpg")
    shutil.copy(pets / "train" / "cats" / "cat.2.jpg", tmp_path / "photos/cat/rex.jpg")
    before = state(tmp_path / "photos")
    assert get(archive, tmp_path) == {"cat": 5, "dog": 4, "set_aside": 0}
    said = capsys.readouterr().out
    assert "cat/rex.jpg and 1 more added, cat/cat.00001.jpg removed. To begin" in said
    with pytest.raises(InputError, match="and 1 more files of yours"):
        get(pets, tmp_path)  # another source
    assert state(tmp_path / "photos") == before


def test_a_smaller_set_does_not_replace_one_that_is_needed(archive, pets, tmp_path):
    get(archive, tmp_path)
    before = state(tmp_path / "photos")
    shutil.rmtree(pets / "train" / "cats")
    draw(pets / "train" / "cats" / "cat.1.jpg", 1)
    with pytest.raises(InputError, match="expected at least 2 pictures of a cat"):
        get(pets, tmp_path, least=2)
    assert state(tmp_path / "photos") == before


def test_a_set_without_digests_is_used_and_never_replaced(archive, tmp_path):
    get(archive, tmp_path)
    counts = {"cat": 4, "dog": 4, "set_aside": 0}
    old = {"identity": sha256(archive), "counts": counts}  # as records were once
    (tmp_path / "photos" / "provenance.json").write_text(json.dumps(old))
    assert get(archive, tmp_path) == counts
    with pytest.raises(InputError, match="Nothing was touched"):
        get(tmp_path / "pets", tmp_path)


def test_a_folder_on_another_disk_that_is_linked_here(archive, pets, tmp_path):
    (tmp_path / "disk").mkdir()
    try:
        (tmp_path / "photos").symlink_to("disk", target_is_directory=True)
    except OSError:
        pytest.skip("no right to make links")
    get(archive, tmp_path)
    draw(pets / "train" / "cats" / "cat.9.jpg", 9)
    assert get(pets, tmp_path)["cat"] == 5
    assert (tmp_path / "photos").is_symlink()
    assert len(list((tmp_path / "disk" / "cat").iterdir())) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="no such files and links")
def test_what_leads_out_or_is_no_file_is_never_opened(pets, tmp_path):
    draw(tmp_path / "secret.jpg", 77)
    cats = pets / "train" / "cats"
    (cats / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (cats / "in.jpg").symlink_to("cat.1.jpg")
    (cats / "zero.jpg").symlink_to("/dev/zero")
    os.mkfifo(cats / "pipe.jpg")
    (cats / "bad.jpg").write_text("hello")
    (cats / "bad.jpg").chmod(0o600)
    assert get(pets, tmp_path) == {"cat": 5, "dog": 4, "set_aside": 4}
    rows = (tmp_path / "photos" / "set_aside.csv").read_text()
    assert "out.jpg,is a link that leads out of the folder. Put the pic" in rows
    (kept,) = (tmp_path / "photos" / "set_aside").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ETIMEDOUT, errno.EIO])
def test_what_a_cloud_drive_does_not_hand_over_is_set_aside(
    pets, tmp_path, monkeypatch, number
):
    missing, real = pets / "train" / "cats" / "cat.1.jpg", open

    def refuse(file, *arguments, **options):
        if file == missing or file == str(missing):
            raise OSError(number, os.strerror(number), str(missing))
        return real(file, *arguments, **options)

    monkeypatch.setattr("builtins.open", refuse)
    monkeypatch.setattr("io.open", refuse)
    assert get(pets, tmp_path) == {"cat": 3, "dog": 4, "set_aside": 1}
    rows = (tmp_path / "photos" / "set_aside.csv").read_text()
    assert rows.splitlines()[1].startswith(",train/cats/cat.1.jpg,")
    assert not list((tmp_path / "photos" / "set_aside").iterdir())


def test_the_whole_project_is_no_source(tmp_path):
    for source in (ROOT, ROOT.parent):
        with pytest.raises(InputError, match="is the folder of the whole proj"):
            get(source, tmp_path)


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


@pytest.mark.parametrize("text", ["", "[" * 100_000, "{}", '{"counts": {}}'])
def test_a_record_that_is_not_ours_makes_nothing_ours(archive, tmp_path, text):
    get(archive, tmp_path)
    (tmp_path / "photos" / "provenance.json").write_text(text)
    before = state(tmp_path / "photos")
    with pytest.raises(InputError, match="of somebody else's"):
        get(archive, tmp_path)
    assert state(tmp_path / "photos") == before


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
    facts = facts_of(tmp_path / "photos")
    assert facts["licence"] == photos.SETS["filtered"].licence


# -- a server of our own on this computer -------------------------------------------


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the archive, or that it is gone."""

    data = b""
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        if self.path.startswith("/gone"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.data)))
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever only asked has hung up
            self.wfile.write(self.data)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(downloads, "DOWNLOADS", tmp_path / "downloads")
    Handler.data, Handler.asked = archive.read_bytes(), []
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def test_a_download(server, tmp_path, capsys):
    assert get(f"{server}/pets.zip", tmp_path)["dog"] == 4
    first = state(tmp_path / "photos")
    get(f"{server}/pets.zip", tmp_path)
    assert Handler.asked == ["/pets.zip"] * 2  # the second time for its size alone
    assert len(list((tmp_path / "downloads").iterdir())) == 1
    assert state(tmp_path / "photos") == first
    assert capsys.readouterr().out == ""


def test_another_archive_at_the_same_address_is_noticed(server, pets, tmp_path, capsys):
    get(f"{server}/pets.zip", tmp_path)
    draw(pets / "train" / "cats" / "cat.9.jpg", 9)
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as made:
        for path in sorted(pets.rglob("*.jpg")):
            made.write(path, path.relative_to(tmp_path))
    Handler.data = (tmp_path / "new.zip").read_bytes()
    assert get(f"{server}/pets.zip", tmp_path)["cat"] == 5
    assert "/pets.zip has changed since it was fetched." in capsys.readouterr().out


def test_an_address_that_cannot_be_asked(server, tmp_path, capsys, monkeypatch):
    get(f"{server}/pets.zip", tmp_path)
    monkeypatch.setattr(Handler, "do_GET", lambda self: self.send_error(503))
    assert get(f"{server}/pets.zip", tmp_path)["cat"] == 4
    assert "has changed could not be checked" in capsys.readouterr().out
    shutil.rmtree(tmp_path / "photos")
    assert get(f"{server}/pets.zip", tmp_path)["cat"] == 4
    assert "What was downloaded on 20" in capsys.readouterr().out


def test_a_password_or_token_is_neither_kept_nor_shown(server, tmp_path, capsys):
    address = server.replace("//", "//me:secret@") + "/pets.zip;at=secret?token=secret"
    get_photos(address, tmp_path / "photos")
    get_photos(address, tmp_path / "photos")
    shown = "".join(capsys.readouterr())
    with pytest.raises(InputError) as refused:
        get(address.replace("pets", "gone"), tmp_path / "other")
    record = (tmp_path / "photos" / "provenance.json").read_text()
    names = "".join(path.name for path in tmp_path.rglob("*"))
    assert f"{server}/pets.zip" in record
    for text in (shown, record, names, str(refused.value)):
        assert "secret" not in text


def test_a_full_disk_while_unpacking_keeps_the_download(server, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("helpers.sources.archives.shutil.copyfileobj", full)
        with pytest.raises(InputError, match="the disk is full"):
            get(f"{server}/pets.zip", tmp_path)
    assert len(list((tmp_path / "downloads").iterdir())) == 1


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
        assert not list((tmp_path / "killed").glob(".unfinished-*"))
        shutil.rmtree(tmp_path / "killed")


def test_the_script(archive, tmp_path):
    command = [sys.executable, "-m", "data_scripts.get_photos"]
    there = ["--folder", tmp_path / "photos"]
    done = subprocess.run(
        [*command, archive, *there], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 cats and 4 dogs are in")
