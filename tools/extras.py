"""An extra, by a lock of its own, in an environment of its own: installed once."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import ROOT, STAMP, locked, packages_of, python_of, sha256
from tools import installing, set_up


def install_extra(
    place: Path, lock: str, borrowed: str = "", lines: str = "", first: str = ""
) -> bool:
    """Install the packages of a lock, unless they are there.

    Args:
        place: The environment; one of another lock is replaced, if we made it.
        lock: The name of the lock.
        borrowed: A folder in which packages are looked for, too: what is there in the
            right version is not installed. It is filled by `requirements.txt`.
        lines: What Python does when it starts there, after it knows that folder.
        first: What is said before something is installed.

    Returns:
        Whether anything had to be done.

    Raises:
        InputError: if something of somebody's stands there, or if Python or pip fails.
            Their own words were shown as they came.
    """
    python, stamp, wanted = python_of(place), place / STAMP, sha256(ROOT / lock)
    if borrowed:
        wanted += sha256(ROOT / "requirements.txt") + borrowed
    with locked(place):
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return False
        if first:
            print(first, flush=True)
        try:
            set_up.check_ours(place, keep=False)
            set_up.make_venv(place)
            if borrowed:
                # A line of such a file is one more folder in which packages are found.
                told = f"{borrowed}\n{lines}\n"
                lead = packages_of(place) / "project.pth"
                lead.write_text(told, encoding="utf-8")
            installing.install(python, ROOT, lock)
        except installing.NotReady as error:
            raise InputError(str(error)) from error
        stamp.write_text(wanted, encoding="utf-8")
    return True
