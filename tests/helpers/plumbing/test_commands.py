"""How a script ends, and what it can print."""

import subprocess
import sys

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT, run


def test_a_script_ends_with_a_sentence_and_a_code(capsys):
    def fail():
        raise InputError("expected a cat, found a cow.")

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as stopped:
        run(fail)
    assert stopped.value.code == 2
    with pytest.raises(SystemExit) as stopped:
        run(interrupt)
    assert stopped.value.code == 130
    assert capsys.readouterr().err == (
        "error: expected a cat, found a cow.\n"
        "\nstopped. Run the same command again: it goes on.\n"
    )


def test_a_name_does_not_steer_the_terminal(capsys):
    def fail():
        raise InputError("found \x1b[31mred.\nOr another.")

    with pytest.raises(SystemExit):
        run(fail)
    assert capsys.readouterr().err == "error: found \\x1b[31mred.\nOr another.\n"


def test_a_name_that_the_terminal_lacks_is_printed_with_escapes():
    code = "from helpers.plumbing import run; run(lambda: print('\\u732b.jpg'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        env={"PYTHONIOENCODING": "cp1252", "SYSTEMROOT": "C:/Windows"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.strip() == rb"\u732b.jpg"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_an_interruption_during_the_imports_of_a_script():
    code = """
import signal, sys
from data_scripts import make_training_set as script
from helpers.plumbing import run
class Slow:  # the first import that the work itself does
    def find_spec(self, name, *_):
        if name == "helpers.sources":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Slow())
assert "helpers.sources" not in sys.modules
sys.argv = ["make_training_set"]
run(script._main)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 130
    assert done.stderr == "\nstopped. Run the same command again: it goes on.\n"
