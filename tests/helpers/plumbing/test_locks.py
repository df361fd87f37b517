"""Who makes a thing does so alone; whoever waits says for whom."""

import errno
import os
import signal
import subprocess
import sys

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT, locked, locks

HOLD = """
import sys
from helpers.plumbing import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock until it is told, or ends."""
    command = [sys.executable, "-c", HOLD, tmp_path / "pets"]
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "held\n"
    yield child
    child.kill()
    child.wait()


@pytest.fixture
def waits(tmp_path, monkeypatch):
    """Wait for the lock; what is to be done when that has been said."""
    monkeypatch.setattr(locks, "PATIENCE", 0.05)
    monkeypatch.setattr(locks, "AGAIN", 0.05)

    def wait(then):
        said = []

        def hear(text, **_):
            said.append(text)
            if len(said) == 1:
                then()

        monkeypatch.setattr(locks, "print", hear, raising=False)
        with locked(tmp_path / "pets"):
            pass
        return said

    return wait


def test_whoever_waits_says_for_whom_and_goes_on(other, waits):
    said = waits(lambda: other.communicate("\n"))
    assert f"(process {other.pid}, since " in said[0]
    assert said[0].endswith(" to finish; Ctrl-C stops waiting")


def test_it_goes_on_when_the_other_one_is_killed(other, waits):
    assert waits(other.kill)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows suspends nothing")
def test_a_suspended_run_is_told(other, waits):
    os.kill(other.pid, signal.SIGSTOP)
    os.waitpid(other.pid, os.WUNTRACED)
    (first, *_) = waits(other.kill)
    assert "which is suspended: let it go on (fg in its terminal), or end it " in first


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows suspends nothing")
def test_it_goes_on_when_the_other_one_stays_suspended(other, waits, tmp_path):
    os.kill(other.pid, signal.SIGSTOP)
    os.waitpid(other.pid, os.WUNTRACED)
    said = waits(lambda: None)
    assert "this run goes on in a minute" in said[0]
    assert said[-1].endswith("is still suspended: this run goes on")
    with locked(tmp_path / "pets"):  # a third one has nobody to wait for
        os.kill(other.pid, signal.SIGCONT)
        assert other.communicate("\n") == ("", None)  # it ends as if nothing had been
        assert other.returncode == 0


def test_an_interruption_ends_the_waiting(other, waits):
    with pytest.raises(KeyboardInterrupt):
        waits(lambda: signal.raise_signal(signal.SIGINT))


@pytest.mark.parametrize("text", ["", "[]", "[" * 10_000, '{"pid": "x"}', '{"pid": 1}'])
def test_a_spoiled_note_of_the_holder_does_no_harm(other, waits, tmp_path, text):
    (tmp_path / ".pets.held.lock").write_text(text)
    assert "perhaps on another computer" in waits(other.kill)[0]


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
@pytest.mark.filterwarnings("ignore:flock not supported")
def test_a_disk_without_locks_will_do(tmp_path, monkeypatch, number, waits):
    fcntl = pytest.importorskip("fcntl")

    def fail(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", fail)
    with locked(tmp_path / "pets"), pytest.raises(ZeroDivisionError):
        waits(lambda: 1 / 0)  # it is held, and that is said
    with locked(tmp_path / "pets"):
        pass


def test_a_folder_or_a_link_in_the_place_of_the_lock(tmp_path):
    (tmp_path / ".pets.lock").mkdir()
    with pytest.raises(InputError, match="found a link or a folder of that name"):
        locked(tmp_path / "pets").__enter__()
    try:
        (tmp_path / ".cats.lock").symlink_to(tmp_path / "nowhere")
    except OSError:
        return  # Windows gives this right to few
    with pytest.raises(InputError, match="found a link or a folder of that name"):
        locked(tmp_path / "cats").__enter__()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows gives this right to few")
def test_the_note_of_a_holder_is_never_written_through_a_link_or_a_pipe(
    tmp_path, other, waits
):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / ".cats.held.lock").symlink_to("mine.txt")
    os.mkfifo(tmp_path / ".dogs.held.lock")  # whoever opens it waits
    for name in ("cats", "dogs"):
        with locked(tmp_path / name):
            assert '"pid"' in (tmp_path / f".{name}.held.lock").read_text()
    assert (tmp_path / "mine.txt").read_text() == "mine"
    (tmp_path / ".pets.held.lock").unlink()
    (tmp_path / ".pets.held.lock").symlink_to("/dev/zero")
    assert "perhaps on another computer" in waits(other.kill)[0]
