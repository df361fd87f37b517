"""The computers that work together: Ray's cluster at an address, or this one alone."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from helpers.errors import InputError
from helpers.plumbing import MANY, ROOT, python_of, shown
from helpers.start import quietly

STORE = 100_000_000  # bytes for what goes between processes here: names, and the base
# A socket's path has 107 letters at most, and Ray takes 67 of them.
SHORT = "/tmp" if os.path.isdir("/tmp") else None
TOKEN = "RAY_AUTH_TOKEN"
PASSWORD = secrets.token_hex(32)  # one for each process: Ray reads it once
# Before Ray is imported: it reports nothing home, and says nothing of its inner life.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
# Its parts have 15 seconds to report, or all ends: too few where much else runs.
os.environ.setdefault("RAY_agent_register_timeout_ms", "200000")
# Its workers give way to whatever else runs: on a busy computer they hardly work.
os.environ.setdefault("RAY_worker_niceness", "0")


@contextlib.contextmanager
def cluster(address: str | None = None, cores: int | None = None) -> Iterator[None]:
    """Connect to a cluster of Ray; without an address start one, of this computer.

    Every process of the cluster runs the helpers of this one: they are sent along.

    Args:
        address: Where the cluster's head is, such as `"10.0.0.5:6379"`; `"auto"` finds
            one that runs on this computer. None starts one and ends it afterwards.
        cores: Of the one that is started; all of this computer if None.

    Raises:
        InputError: if nobody answers at that address.

    Example:
        >>> import ray
        >>> with cluster(cores=1):
        ...     int(ray.cluster_resources()["CPU"])
        1
    """
    import ray

    quiet = {
        "logging_level": logging.ERROR,
        "log_to_driver": False,
        "runtime_env": {
            "py_modules": [str(ROOT / "helpers")],
            "env_vars": {"TF_CPP_MIN_LOG_LEVEL": "3"},
        },
    }
    if address:
        try:
            with quietly():
                ray.init(address=address, **quiet)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise InputError(
                f"expected the head of a cluster at {shown(address)}, found none "
                f"({str(error).splitlines()[0]}). Start it with `ray start --head`, "
                "and give the address that it prints; without one, this computer's "
                "own cores are used."
            ) from None
        try:
            yield
        finally:
            ray.shutdown()
        return
    with own_password(), own_folder() as folder:
        for attempts_left in (2, 1, 0):
            try:
                with quietly(), _by_own_python():
                    ray.init(
                        address="local",
                        num_cpus=cores or os.cpu_count(),
                        include_dashboard=False,
                        object_store_memory=STORE,
                        _temp_dir=folder,
                        **quiet,
                    )
                break
            except Exception:  # it has half a minute: not enough where much else runs
                ray.shutdown()
                if not attempts_left:
                    raise
        try:
            yield
        finally:
            ray.shutdown()


def own_python() -> str:
    """The Python that Ray's own processes run: that of the extra, if it is there.

    Example:
        >>> Path(own_python()).is_file()
        True
    """
    python = python_of(MANY)
    return str(python) if python.is_file() else sys.executable


@contextlib.contextmanager
def _by_own_python() -> Iterator[None]:
    """What Ray starts meanwhile is run by its own Python: there it starts quickest."""
    before, sys.executable = sys.executable, own_python()
    try:
        yield
    finally:
        sys.executable = before


@contextlib.contextmanager
def own_folder() -> Iterator[str]:
    """A folder for what Ray keeps while it runs, removed afterwards.

    Whoever is killed leaves it behind; the next one removes it.

    Yields:
        Its path, a short one: those of sockets may not be long.

    Example:
        >>> with own_folder() as folder:
        ...     Path(folder).is_dir()
        True
    """
    for left in Path(SHORT or tempfile.gettempdir()).glob("ray-*-*"):
        number = left.name.split("-")[1]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            shutil.rmtree(left, ignore_errors=True)  # of others it stays
    with tempfile.TemporaryDirectory(
        prefix=f"ray-{os.getpid()}-", dir=SHORT, ignore_cleanup_errors=True
    ) as folder:
        yield folder


@contextlib.contextmanager
def own_password() -> Iterator[None]:
    """A password for this computer's own cluster; else Ray writes one to the home.

    Example:
        >>> with own_password():
        ...     len(os.environ[TOKEN])
        64
    """
    before = {name: os.environ.get(name) for name in ("RAY_AUTH_MODE", TOKEN)}
    os.environ.setdefault(TOKEN, PASSWORD)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
