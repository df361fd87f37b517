"""The second of two runs that make the same thing waits for the first."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from helpers.errors import InputError
from helpers.plumbing.files import explained
from helpers.plumbing.paths import PYTHON, shown

if TYPE_CHECKING:  # filelock and psutil take long to import, and a start is quick
    from filelock import BaseFileLock

PATIENCE = 2  # seconds, until a run that waits says for whom
AGAIN = 60  # seconds, until it looks again how the other one is
# What network drives answer that know no locks.
NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}


@contextlib.contextmanager
def locked(path: Path | str) -> Iterator[None]:
    """Hold a lock while `path` is made: another run that makes it waits.

    The system's errors about `path` become a sentence, as with `explained`. Whoever
    waits for more than two seconds says for whom, and goes on as soon as the other run
    has ended, in whatever way, or has been suspended for a minute (Ctrl-Z, and then
    forgotten): that one works on a place of its own, and what it puts in place is
    whole, whenever it wakes up. On a disk that knows no locks, a file that is there or
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
            _sign(holder)
            yield
        finally:
            with contextlib.suppress(OSError):
                holder.unlink()
            lock.release()


def _acquired(place: Path, holder: Path) -> BaseFileLock:
    from filelock import FileLock, SoftFileLock, Timeout

    lock: BaseFileLock = FileLock(place)
    patience, before = PATIENCE, None
    while True:
        try:
            lock.acquire(timeout=patience)
            return lock
        except Timeout:
            now = _read(holder)
            forgotten = now and now.suspended and now == before
            if forgotten and _taken_over(lock, place, holder, now):
                return lock
            print(_waiting(place, now), file=sys.stderr, flush=True)
            patience, before = AGAIN, now
        except OSError as error:
            if error.errno not in NO_LOCKS or isinstance(lock, SoftFileLock):
                raise
            # It frees itself when its owner has died on this computer.
            lock = SoftFileLock(place.with_suffix(".soft.lock"))


def _taken_over(lock: BaseFileLock, place: Path, holder: Path, who: _Holder) -> bool:
    """Lock the place anew, whose lock a suspended run keeps; whether that was done."""
    from filelock import FileLock, Timeout

    # One at a time: or the second who waits would take it from the first.
    with FileLock(place.with_suffix(".over.lock")):
        if _read(holder) != who:
            return False
        try:
            place.unlink()  # Windows forbids it: there the waiting goes on
            lock.acquire(timeout=PATIENCE)
        except (OSError, Timeout):
            return False
        _sign(holder)
    print(f"{who.name} is still suspended: this run goes on", file=sys.stderr)
    return True


class _Holder(NamedTuple):
    """Who holds a lock, if it is a process of this computer."""

    pid: int
    name: str  # with its command and since when
    suspended: bool


def _sign(holder: Path) -> None:
    import psutil

    process = psutil.Process()
    # What a module was called by, rather than the path of its file.
    module = getattr(sys.modules.get("__main__"), "__spec__", None)
    command = f"{PYTHON} -m {module.name}" if module else os.path.basename(sys.argv[0])
    note = {
        "pid": process.pid,
        "born": process.create_time(),
        "command": command or "python",
        "since": time.strftime("%H:%M"),
    }
    with contextlib.suppress(OSError):
        holder.unlink(missing_ok=True)  # what a link leads to is not written to
        with open(holder, "x", encoding="utf-8") as file:
            file.write(json.dumps(note))


def _read(holder: Path) -> _Holder | None:
    """Who has signed, as far as it can be told."""
    import psutil

    try:
        if not stat.S_ISREG(holder.lstat().st_mode):
            return None
        with open(holder, "rb") as file:
            who = json.loads(file.read(2000))
        process = psutil.Process(who["pid"])
        if abs(process.create_time() - who["born"]) > 1:
            return None  # another process has got its number
        suspended = process.status() == psutil.STATUS_STOPPED
        name = f"{shown(who['command'])} (process {process.pid}, since {who['since']})"
    except (OSError, ValueError, LookupError, TypeError, psutil.Error, RecursionError):
        return None
    return _Holder(process.pid, name, suspended)


def _waiting(place: Path, who: _Holder | None) -> str:
    """One sentence on whom this run waits for."""
    if not who:
        return (
            f"waiting for another run, perhaps on another computer, that holds "
            f"{shown(place)}; Ctrl-C stops waiting"
        )
    if who.suspended:
        return (
            f"waiting for {who.name}, which is suspended: let it go on (fg in its "
            f"terminal), or end it (kill -9 {who.pid}); if nothing changes, this run "
            "goes on in a minute"
        )
    return f"waiting for {who.name} to finish; Ctrl-C stops waiting"
