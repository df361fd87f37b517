"""What is read is known again, also from a copy."""

import os

from helpers.plumbing import identity, known


def test_an_identity_is_of_content_and_quickly_known_again(tmp_path, monkeypatch):
    for name in "ab":
        (tmp_path / name).write_text(name)
    files = {name: tmp_path / name for name in "ab"}
    before = identity(files)
    os.utime(tmp_path / "a", (0, 0))
    assert identity(files)["content"] == before["content"]
    assert identity(files)["quick"] != before["quick"]
    (tmp_path / "a").write_text("c")
    changed = identity(files, before)
    assert changed["content"] != before["content"]
    monkeypatch.setattr(known, "sha256", None)
    assert identity(files, changed) == changed
