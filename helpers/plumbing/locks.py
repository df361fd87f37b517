"""The second of two runs that make the same thing waits for the first."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

from helpers.errors import InputError
from helpers.plumbing.files import explained
from helpers.plumbing.paths import PYTHON, shown

PATIENCE = 2  # seconds, until a run that waits says for whom
AGAIN = 60  # seconds, until it looks again how the other one is
# What network drives answer that know no locks.
NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}


@contextlib.contextmanager
def locked(path: Path | str) -> Iterator[None]:
    """Hold a lock while `path` is made: another run that makes it waits.

    The system's errors about `path` become a sentence, as with `explained`. Whoever
    waits for more than two seconds says for whom, and goes on as soon as the other run
    has ended, in whatever way. On a disk that knows no locks, a file that is there or
    not does their work.

    Args:
        path: What is about to be made. The lock is a hidden file beside it.

    Raises:
        InputError: if the folder above `path` cannot be written to, or something else
            stands where the lock belongs.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder, locked(Path(folder) / "pets"):
        ...     print("nobody else makes pets now")
        nobody else makes pets now
    """
    path = Path(path)
    place = path.with_name(f".{path.name}.lock")
    holder = path.with_name(f".{path.name}.held.lock")
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if place.is_symlink() or (place.exists() and not place.is_file()):
            raise InputError(
                f"expected to lock {shown(path)} with the file {shown(place)}, found a "
                "link or a folder of that name. Delete it: it holds no work of yours."
            )
        lock = _acquired(place, holder)
        try:
            with contextlib.suppress(OSError):
                holder.write_text(json.dumps(_myself()), encoding="utf-8")
            yield
        finally:
            with contextlib.suppress(OSError):
                holder.unlink()
            lock.release()


def _acquired(place: Path, holder: Path) -> BaseFileLock:
    lock: BaseFileLock = FileLock(place)
    patience = PATIENCE
    while True:
        try:
            lock.acquire(timeout=patience)
            return lock
        except Timeout:
            print(_waiting(place, holder), file=sys.stderr, flush=True)
            patience = AGAIN
        except OSError as error:
            if error.errno not in NO_LOCKS or isinstance(lock, SoftFileLock):
                raise
            # It frees itself when its owner has died on this computer.
            lock = SoftFileLock(place.with_suffix(".soft.lock"))


def _myself() -> dict[str, object]:
    process = psutil.Process()
    # What a module was called by, rather than the path of its file.
    module = getattr(sys.modules.get("__main__"), "__spec__", None)
    command = f"{PYTHON} -m {module.name}" if module else os.path.basename(sys.argv[0])
    return {
        "pid": process.pid,
        "born": process.create_time(),
        "command": command or "python",
        "since": time.strftime("%H:%M"),
    }


def _waiting(place: Path, holder: Path) -> str:
    """One sentence on whom this run waits for, as far as it can be told."""
    try:
        who = json.loads(holder.read_bytes()[:2000])
        process = psutil.Process(who["pid"])
        if abs(process.create_time() - who["born"]) > 1:
            raise LookupError  # another process has got its number
        stopped = process.status() == psutil.STATUS_STOPPED
        name = f"{shown(who['command'])} (process {process.pid}, since {who['since']})"
    except (OSError, ValueError, LookupError, TypeError, psutil.Error, RecursionError):
        return (
            f"waiting for another run, perhaps on another computer, that holds "
            f"{shown(place)}; Ctrl-C stops waiting"
        )
    if stopped:
        return (
            f"waiting for {name}, which is suspended: let it go on (fg in its "
            f"terminal), or end it (kill -9 {process.pid}); then this run goes on"
        )
    return f"waiting for {name} to finish; Ctrl-C stops waiting"
