"""An extra, by a lock of its own, in an environment of its own: installed once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import ROOT, STAMP, locked, python_of, sha256
from tools import installing


def install_extra(
    place: Path, lock: str, borrowed: str = "", lines: str = "", first: str = ""
) -> bool:
    """Install the packages of a lock, unless they are there.

    Args:
        place: The environment; one of another lock is replaced.
        lock: The name of the lock.
        borrowed: A folder in which packages are looked for, too: what is there in the
            right version is not installed. It is filled by `requirements.txt`.
        lines: What Python does when it starts there, after it knows that folder.
        first: What is said before something is installed.

    Returns:
        Whether anything had to be done.

    Raises:
        InputError: if pip fails. Its own words were shown as they came.
    """
    python, stamp, wanted = python_of(place), place / STAMP, sha256(ROOT / lock)
    if borrowed:
        wanted += sha256(ROOT / "requirements.txt") + borrowed
    with locked(place):
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return False
        if first:
            print(first, flush=True)
        venv = [sys.executable, "-m", "venv", "--clear", str(place)]
        subprocess.run(venv, check=True)
        if borrowed:
            ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
            own = subprocess.check_output([python, "-I", "-c", ask], text=True).strip()
            # A line of such a file is one more folder in which packages are looked for.
            told = f"{borrowed}\n{lines}\n"
            Path(own, "project.pth").write_text(told, encoding="utf-8")
        try:
            installing.install(python, ROOT, lock)
        except installing.NotReady as error:
            raise InputError(str(error)) from error
        stamp.write_text(wanted, encoding="utf-8")
    return True
