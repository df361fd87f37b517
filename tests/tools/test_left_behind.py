"""What a command leaves in the clone or in the temporary folder is counted."""

import subprocess
import sys

import pytest

from helpers.errors import InputError
from tools.left_behind import left_behind

pytestmark = pytest.mark.slow


@pytest.fixture
def clone(tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("data/\n")
    (tmp_path / "before").touch()  # an author's own, before the command
    return tmp_path


def python(code, clone):
    return left_behind([sys.executable, "-c", code], clone)


def test_a_tidy_command_leaves_nothing(clone):
    (clone / "data").mkdir()
    code = "import sys, tempfile; tempfile.TemporaryDirectory().cleanup(); sys.exit(3)"
    assert python(code, clone) == (3, [])
    assert python(f"open({str(clone / 'data' / 'x')!r}, 'w')", clone) == (0, [])


def test_a_file_in_the_clone_is_named(clone):
    _, left = python(f"open({str(clone / 'new.txt')!r}, 'w')", clone)
    assert left == ["?? new.txt"]


def test_a_temporary_folder_that_was_not_cleared_away_is_named(clone):
    code = "import pathlib, tempfile; pathlib.Path(tempfile.mkdtemp(), 'x').touch()"
    _, (folder, file) = python(code, clone)
    assert folder.startswith("temporary folder: tmp")
    assert file == f"{folder}/x"


def test_the_exit_code_tells_of_what_is_left():
    def end(code):
        command = ["tools.left_behind", sys.executable, "-c", code]
        done = subprocess.run([sys.executable, "-m", *command], capture_output=True)
        return done.returncode

    assert end("pass") == 0
    assert end("import tempfile; tempfile.mkdtemp()") == 1
    assert end("raise SystemExit(4)") == 4


def test_a_run_of_the_tests_clears_its_temporary_folder(tmp_path):
    """Whatever a test forgets there: the whole run has one folder, which goes."""
    test = tmp_path / "test_forget.py"
    test.write_text("import tempfile\n\ndef test():\n    tempfile.mkdtemp()\n")
    plugin = ["-p", "conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-B", "-m", "pytest", "-q", *plugin, str(test)]
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    code, left = left_behind(command, tmp_path)
    assert (code, left) == (0, [])


def test_a_folder_that_is_no_clone_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="expected a clone made by git"):
        left_behind([sys.executable, "-c", "pass"], tmp_path)
