"""Folders for unfinished work, each beside the place that it is made for.

A run that is killed leaves its folder behind; the next one clears it away. Only what a
run of ours has made is ever cleared: the first file in such a folder, and the last to
go, is a note that holds the folder's own name. A folder of somebody's that is merely
called so has none, nor has a copy of ours that somebody keeps under another name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DAY = 24 * 60 * 60  # seconds; nothing here is written for so long
# Which computer, which process, eight signs of chance.
NAME = r"\.unfinished-([0-9a-f]{8})-(\d{1,9})-[a-z0-9_]{8}"
NOTE = ".made_by_a_run"
BEFORE = ".before"  # in it: what stood in the place, until the new one does


@contextlib.contextmanager
def workshop(path: Path) -> Iterator[Path]:
    """A folder beside `path` for unfinished work, gone when the work is done.

    Args:
        path: What is about to be made. The folder above it is made if it is missing.

    Yields:
        The folder. What lies in its folder `BEFORE` is brought back beside `path`, by
        the next run, if this one is killed.

    Raises:
        OSError: if nothing can be written there.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     with workshop(Path(folder) / "pets") as made:
        ...         print([path.name for path in made.iterdir()])
        ...     list(Path(folder).iterdir())
        ['.made_by_a_run']
        []
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_abandoned(path.parent)
    prefix = f".unfinished-{_host()}-{os.getpid()}-"
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=path.parent))
    try:
        os.chmod(made, 0o755)
        with open(made / NOTE, "xb") as file:
            file.write(_note(made.name))
        yield made
    finally:
        _remove(made)


def _clear_abandoned(folder: Path) -> None:
    """Remove what killed runs left, and bring back what one had moved aside.

    Only what is ours is touched, and only when the process in its name has ended, or
    could not be asked (on another computer) and the folder is older than a day.
    """
    with contextlib.suppress(OSError):  # another run may clear it as well
        for left in os.scandir(folder):
            match = re.fullmatch(NAME, left.name)
            if not match or not left.is_dir(follow_symlinks=False):
                continue
            if not _is_ours(Path(left)) or not _is_over(*match.groups(), left):
                continue
            for moved in Path(left, BEFORE).glob("*"):
                if not os.path.lexists(folder / moved.name):
                    os.replace(moved, folder / moved.name)
            _remove(Path(left))


def _is_ours(made: Path) -> bool:
    note = made / NOTE
    if not os.listdir(made):
        return True  # killed before its note was written; nothing can be lost
    return (
        os.path.lexists(note)
        and stat.S_ISREG(note.lstat().st_mode)
        and note.stat().st_size < 1000
        and note.read_bytes() == _note(made.name)
    )


def _is_over(host: str, process: str, made: os.DirEntry) -> bool:
    import psutil  # here, for a script that starts should be quick

    old = time.time() - made.stat().st_mtime > DAY
    return old or (host == _host() and not psutil.pid_exists(int(process)))


def _note(name: str) -> bytes:
    return f"{name} is unfinished work: it goes when its run has ended.\n".encode()


def _remove(made: Path) -> None:
    for path in made.glob("*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != NOTE:
            with contextlib.suppress(OSError):
                path.unlink()
    shutil.rmtree(made, ignore_errors=True)  # the note, last of all


def _host() -> str:
    import socket

    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
