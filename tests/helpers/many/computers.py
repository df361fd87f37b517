"""A cluster of Ray on this computer: its head and its workers, each a process."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from helpers.many.computers import PASSWORD
from helpers.plumbing import ROOT

READY = "will now block forever"  # what Ray says of one that has joined
RAY = [sys.executable, "-c", "from ray.scripts.scripts import main; main()", "start"]
HERE = "127.0.0.1"


def free_port():
    with socket.socket() as asked:
        asked.bind((HERE, 0))
        return asked.getsockname()[1]


class Computers:
    """A head without cores, and as many workers of one core as are added."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        self.port = free_port()
        self.environment = {
            **os.environ,  # with what helpers.many.computers has put there
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": PASSWORD,  # of this run of the tests
            "HOME": str(folder),
        }
        self._start(
            "head",
            *("--head", "--port", self.port, "--num-cpus", 0, "--temp-dir", folder),
            *("--ray-client-server-port", free_port()),
            *("--include-dashboard", "false", "--no-monitor"),
        )

    @property
    def address(self):
        return f"{HERE}:{self.port}"

    def add(self):
        """One more computer, with one core. Its process, to be killed by `kill`."""
        return self._start("worker", "--address", self.address, "--num-cpus", 1)

    def kill(self, process):
        """A computer dies with all that runs on it, without a word."""
        family = [process, *psutil.Process(process.pid).children(recursive=True)]
        for one in family:
            one.kill()
        process.wait()

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                self.kill(process)

    def _start(self, name, *options):
        """Start one, and wait until it belongs to the cluster.

        Ray gives a computer half a minute; where much else runs that may be too short.
        """
        given = ["--block", "--node-ip-address", HERE, *options]
        given += ["--object-store-memory", 100_000_000, "--disable-usage-stats"]
        given += ["--include-log-monitor", "false"]
        for attempt in range(3):
            place = Path(self.folder, f"{name}{len(self.processes)}.{attempt}.txt")
            with open(place, "wb") as told:
                process = subprocess.Popen(
                    [*RAY, *map(str, given)],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=told,
                    stderr=told,
                )
            while process.poll() is None:
                if READY in place.read_text(encoding="utf-8"):
                    self.processes.append(process)
                    return process
                time.sleep(0.1)
        raise RuntimeError(f"the {name} did not start: {place.read_text()[-500:]}")
