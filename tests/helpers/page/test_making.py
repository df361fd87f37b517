"""A page is written whole, tells what is in it, and never takes another's place."""

import base64
import errno
import hashlib
import json

import numpy as np
import pytest

from helpers.classifier import open_classifier
from helpers.errors import InputError
from helpers.page import make_page, making
from helpers.page_file import LOCK, STAMP
from helpers.plumbing import sha256
from tests.things import draw_things

from .made import small_classifier


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn") / "things"
    draw_things(folder, 2, 20, seed=3, wrong_labels=0)
    return folder


@pytest.fixture
def make(things, tmp_path, monkeypatch):
    """`make_page` on a small classifier; what is packed is kept as JSON alone."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / STAMP).write_text(sha256(LOCK))
    monkeypatch.setenv("TRANSFER_MODELS", str(tmp_path))
    monkeypatch.setattr(making, "pack", lambda told, *_, **__: json.dumps(told))
    monkeypatch.setattr(making, "network", lambda base: b"onnx")
    small_classifier(things, tmp_path / "mugs.keras")

    def made(**asked):
        return make_page(
            tmp_path / "mugs.keras",
            cache=tmp_path / "cache",
            parts=tmp_path / "parts",
            **asked,
        )

    return made


def told(page):
    return json.loads(page.read_text(encoding="utf-8").splitlines()[0])


def floats(text, *shape):
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)


def test_the_page_knows_what_the_classifier_knows(make, tmp_path, capsys):
    page = make()
    assert page == tmp_path / "mugs.html"
    known, classifier = told(page), open_classifier(tmp_path / "mugs.keras")
    assert known["name"] == "mugs"
    assert known["class_names"] == classifier.class_names
    assert known["image_size"] == [8, 8]
    assert known["cropped"] is False
    features = floats(known["examples"]["features"], 40, 6)
    numbers = features @ floats(known["head"]["weights"], 2, 6).T
    numbers += floats(known["head"]["bias"], 2)
    head = classifier.model.get_layer("head").predict_on_batch(features)
    assert (numbers.argmax(axis=1) == head.argmax(axis=1)).all()
    assert known["examples"]["parts"].count("test") == known["accuracy"]["of"] == 8
    low, right, high = (known["accuracy"][k] for k in ("low", "right", "high"))
    assert low < right / 8 < high
    assert known["unknown"]["threshold"] == classifier.known.threshold
    assert known["unknown"]["pictures"] is None  # the same as the examples
    assert known["examples"]["thumbnails"] == [None] * 40
    said = capsys.readouterr().out
    assert "features and file names of 40 pictures, 8 of them held apart" in said
    assert "--thumbnails" in said


def test_small_copies_are_told_of(make, capsys):
    known = told(make(thumbnails=True))
    assert all(known["examples"]["thumbnails"])
    assert "Whoever has the page sees them" in capsys.readouterr().out


def test_without_pictures_it_still_knows_what_it_has_met(make, tmp_path):
    examples = making.Examples.none(6, "Gone.")
    classifier = open_classifier(tmp_path / "mugs.keras")
    _, head = making.split(classifier)
    known = making.describe(classifier, "mugs", head, examples)
    pictures = floats(known["unknown"]["pictures"], -1, 6)
    assert len(pictures) == 32
    np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), 1, atol=1e-3)


def test_made_again_it_is_the_same_and_replaced(make, capsys):
    before = make().read_bytes()
    page = make()
    assert page.read_bytes() == before
    assert "kept as" not in capsys.readouterr().out


def test_a_page_that_somebody_changed_is_left_alone(make):
    page = make()
    changed = page.read_bytes().replace(b"mugs", b"cups", 1)
    page.write_bytes(changed)
    with pytest.raises(InputError, match="somebody has changed"):
        make()
    assert page.read_bytes() == changed


def test_a_page_that_is_not_ours_is_left_alone(make, tmp_path):
    mine = tmp_path / "mugs.html"
    mine.write_text("<p>my mugs</p>")
    with pytest.raises(InputError, match="Nothing was touched"):
        make()
    assert mine.read_text() == "<p>my mugs</p>"


def test_the_page_of_another_classifier_is_kept_beside_it(make, tmp_path, capsys):
    before = make().read_bytes()
    things = tmp_path / "others"
    draw_things(things, 2, 12, seed=4, wrong_labels=0)
    (tmp_path / "mugs.keras").unlink()
    small_classifier(things, tmp_path / "mugs.keras")
    page = make()
    (kept,) = set(tmp_path.glob("mugs.*.html")) - {page}
    assert kept.read_bytes() == before != page.read_bytes()
    assert f"kept as {kept.name}" in capsys.readouterr().out


def test_a_full_disk_leaves_the_earlier_page(make, monkeypatch):
    page = make()
    before = page.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(making, "marked", full)
    with pytest.raises(InputError, match=r"^the disk is full"):
        make()
    assert page.read_bytes() == before
    assert not list(page.parent.glob(".unfinished*"))


def test_without_the_parts_it_says_what_to_run_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "open_classifier", lambda path: pytest.fail("opened"))
    with pytest.raises(InputError, match=r"-m tools\.page_parts"):
        make_page(tmp_path / "mugs.keras", parts=tmp_path)


def test_parts_of_another_lock_are_not_used(make, tmp_path):
    (tmp_path / "parts" / STAMP).write_text("0" * 64)
    with pytest.raises(InputError, match="or in other versions"):
        make()


def test_a_missing_classifier_is_named(make, tmp_path):
    (tmp_path / "mugs.keras").unlink()
    with pytest.raises(InputError, match=r"found no .*mugs\.keras"):
        make()


def test_the_mark_is_the_digest_of_all_before_it():
    page = making.marked("<p>a</p>", "0" * 64)
    digest = hashlib.sha256(b"<p>a</p>").hexdigest()
    last = f"<!-- made by make_page: {digest} {'0' * 64} -->"
    assert page.decode().splitlines() == ["<p>a</p>", last]
