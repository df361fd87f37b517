"""Several computers on this one: a cluster's head and its workers, each by itself."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import time
from pathlib import Path

import psutil

from helpers.many.computers import own_folder, own_password, own_python
from helpers.plumbing import ROOT

READY = "will now block forever"  # what Ray says of one that has joined
HERE = "127.0.0.1"
# It ends when whoever started it does: then nobody holds the other end any longer.
START = """
import os, signal, sys, threading

def end_with_the_other():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=end_with_the_other, daemon=True).start()
from ray.scripts.scripts import main
main()
"""


def free_port() -> int:
    """A port of this computer that nobody listens on.

    Example:
        >>> free_port() > 1023
        True
    """
    with socket.socket() as asked:
        asked.bind((HERE, 0))
        return asked.getsockname()[1]


class Computers:
    """A head without cores, and as many workers of one core as are added.

    Each is what a computer of a real cluster is, a family of processes that meets the
    others over the network alone: so what dies here may be seen to die.

    Attributes:
        address: For `helpers.many.cluster`.
        workers: Their processes, in the order in which they came.
        environment: For other processes that are to reach the cluster.

    Example:
        >>> computers = Computers()
        >>> first = computers.add()
        >>> computers.kill(first)
        >>> first.returncode != 0, len(computers.workers)
        (True, 0)
        >>> computers.close()
    """

    def __init__(self):
        self._ours = contextlib.ExitStack()
        folder = self._ours.enter_context(own_folder())
        self._ours.enter_context(own_password())
        os.environ.setdefault("RAY_AUTH_MODE", "token")  # until `close`
        self._folder, self._number = folder, 0
        self.workers: list[subprocess.Popen] = []
        port = free_port()
        self.address = f"{HERE}:{port}"
        self.environment = {
            **os.environ,  # with what helpers.many.computers has put there
            "HOME": folder,
            # Who is dead is missed after some seconds, not after half a minute.
            "RAY_health_check_period_ms": "500",
        }
        try:
            self._head = self._start(
                *("--head", "--port", port, "--num-cpus", 0, "--temp-dir", folder),
                *("--ray-client-server-port", free_port()),
                *("--include-dashboard", "false", "--no-monitor"),
            )
        except BaseException:
            self._ours.close()
            raise

    def add(self) -> subprocess.Popen:
        """One more computer, with one core. Its process, to be killed by `kill`."""
        self.workers.append(self._start("--address", self.address, "--num-cpus", 1))
        return self.workers[-1]

    def kill(self, process: subprocess.Popen) -> None:
        """A computer dies with all that runs on it, without a word."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in _stopped(psutil.Process(process.pid)):
                one.kill()
        process.wait()
        process.stdin.close()
        self.workers = [one for one in self.workers if one is not process]

    def close(self) -> None:
        """All of them die, and nothing of them stays."""
        for process in (*self.workers, self._head):
            self.kill(process)
        self._ours.close()

    def _start(self, *options: object) -> subprocess.Popen:
        """Start one, and wait until it belongs to the cluster.

        Ray gives a computer half a minute; where much else runs that may be too short.
        """
        given = ["start", "--block", "--node-ip-address", HERE, *options]
        given += ["--object-store-memory", 100_000_000, "--disable-usage-stats"]
        given += ["--include-log-monitor", "false"]
        for _ in range(3):
            self._number += 1
            place = Path(self._folder, f"{self._number}.txt")
            with open(place, "wb") as told:
                process = subprocess.Popen(
                    [own_python(), "-c", START, *map(str, given)],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=told,
                    stderr=told,
                )
            while process.poll() is None:
                if READY in place.read_text(encoding="utf-8"):
                    return process
                time.sleep(0.1)
        raise RuntimeError(f"it did not start: {place.read_text()[-500:]}")


def _stopped(process: psutil.Process) -> list[psutil.Process]:
    """A process and all that it has started, stopped: so none starts another one."""
    try:
        process.suspend()
        children = process.children()
    except psutil.NoSuchProcess:
        return []
    return [process, *(one for child in children for one in _stopped(child))]
