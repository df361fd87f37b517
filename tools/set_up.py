"""Check this computer, make `.venv` and install what the lessons need into it.

    python tools/set_up.py         (Windows: py -3.12 tools\\set_up.py)

Every `make` target runs this first; when nothing has changed it takes a moment and says
nothing. Standard library only, and readable by Pythons as old as 3.6.
"""

import os
import sys

# For a script, the path begins with its own folder, `tools`, not the one above it.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from tools.interrupts import before_the_work

if __name__ == "__main__":
    before_the_work()  # first of all: Ctrl-C may come at any moment

import errno
import hashlib
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import List, Optional

from tools.installing import NotReady, install
from tools.machine import (
    DOWNLOAD_GB,
    Version,
    check_machine,
    is_suitable,
    look_around,
    report,
    version_of,
)

ROOT = Path(__file__).resolve().parent.parent


def set_up(root: Path = ROOT) -> None:
    """Make `.venv` if it is missing, broken or of another Python, and fill it.

    The last thing that is written is a stamp with the lock's SHA-256 and the names of
    what was installed: an installation that was interrupted has none and is done again;
    so is one from which something has gone.

    Args:
        root: The project's folder, with `requirements.txt` in it. A folder `wheels`
            beside that, made by a teacher, is used instead of the network.

    Raises:
        NotReady: if the lessons cannot run here, `.venv` is somebody else's, or pip
            fails.
    """
    venv, lock = root / ".venv", root / "requirements.txt"
    stamp = venv / "installed.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    present = None if is_half_made(venv) else version_of([str(python)], "pip")
    keep = keeps(present, sys.version_info[:2])
    stamped = stamp.read_text().splitlines() if stamp.is_file() else []
    if keep and stamped[:1] == [wanted]:
        gone = sorted(set(stamped[1:]) - set(installed(venv, present)))
        if not gone:
            return
        print(f"Missing from .venv, or changed: {', '.join(gone[:5])}.", flush=True)
        forget(venv, present, gone)
    facts = look_around(venv)
    if keep:
        facts = facts._replace(python=present)
        if stamped:  # what is installed already takes its space
            facts = facts._replace(free_gb=float("inf"))
    problems = check_machine(facts)
    if problems:
        raise NotReady(report(problems))
    check_ours(venv, keep)
    if not keep:
        print("Making an environment of its own for the lessons: .venv", flush=True)
        make_venv(venv)
    if stamp.is_file():
        stamp.unlink()
    print(
        f"Installing what the lessons need: once, {DOWNLOAD_GB} GB, some minutes.",
        flush=True,
    )
    install(python, root)
    names = installed(venv, version_of([str(python)], "pip"))
    stamp.write_text("\n".join([wanted, *names]))
    print("Installed.", flush=True)


def installed(venv: Path, python: Version) -> List[str]:
    """What lies in an environment: its packages' folders, and their versions.

    A package that was removed, deleted by hand or replaced by another version is
    missing from this list. It takes milliseconds; nothing is imported. pip itself is
    left out: it may be a newer one.
    """
    names = os.listdir(str(_packages(venv, python)))
    return sorted(name for name in names if not name.startswith(("__pycache__", "pip")))


def forget(venv: Path, python: Version, gone: List[str]) -> None:
    """Take away pip's notes on packages that are no longer whole.

    pip believes its notes: it would not install again what was deleted by hand.

    Args:
        venv: The environment.
        python: Its version.
        gone: Names that `installed` once told and no longer tells.
    """
    for record in _packages(venv, python).glob("*.dist-info/RECORD"):
        text = record.read_text(encoding="utf-8", errors="replace")
        tops = {re.split(r"[/,]", line)[0] for line in text.splitlines()}
        if tops & set(gone):
            shutil.rmtree(str(record.parent))


def _packages(venv: Path, python: Version) -> Path:
    place = "Lib" if os.name == "nt" else "lib/python{}.{}".format(*python)
    return venv / place / "site-packages"


def keeps(present: Optional[Version], starting: Version) -> bool:
    """Whether the environment that is there can stay.

    Args:
        present: The environment's Python; None if it is missing or broken.
        starting: The Python that runs this script.

    Returns:
        True if both are of one version, or if the starting one is unsuitable (the
        system's own, perhaps) and the environment's is not: who once said which Python
        to use need not say it again.

    Example:
        >>> keeps((3, 12), (3, 12)), keeps((3, 12), (3, 11)), keeps((3, 12), (3, 9))
        (True, False, True)
    """
    if present is None or not is_suitable(present):
        return False
    return present == starting or not is_suitable(starting)


# Only a folder with this file in it is ever emptied. It is the first thing in a new
# environment and the last to go, so one that was killed half-way is known for what it
# is; it is empty until pip is there.
MARK = "made_by_set_up"
PATIENCE = 30  # seconds; what a killed run has left at work may still write into it
OF_A_VENV = {"bin", "lib", "lib64", "include", "share", "etc", "man", "scripts"}
OF_A_VENV |= {"pyvenv.cfg", ".gitignore", "cachedir.tag", "installed.sha256", MARK}


def is_half_made(venv: Path) -> bool:
    """Whether a run of this script was stopped while it made the environment."""
    mark = venv / MARK
    return mark.is_file() and not mark.read_text()


def check_ours(venv: Path, keep: bool) -> None:
    """Refuse to write into, or to empty, what this script did not make.

    Args:
        venv: Where the environment is, or will be.
        keep: Whether the one that is there can stay.

    Raises:
        NotReady: if it is a link, a file, or a folder of somebody else's.
    """
    if venv.is_symlink() or (venv.exists() and not venv.is_dir()):
        found = "a link" if venv.is_symlink() else "a file"
    elif not venv.exists() or keep or not os.listdir(str(venv)):
        return
    else:
        names = {name.lower() for name in os.listdir(str(venv))}
        others = sorted(names - OF_A_VENV)
        if others:
            found = f"a folder with {others[0]} in it"
        elif not names & {MARK, "installed.sha256"}:
            found = "a folder that this set-up did not make"
        else:
            return
    raise NotReady(
        f"{venv} is {found}; it was left as it is. The lessons need that place for an "
        "environment of their own: move it, or give it another name, and run the same "
        "command again."
    )


def make_venv(venv: Path) -> None:
    """Make an empty environment with pip in it, in place of an old one of ours."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            _clear(venv)
            break
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or time.monotonic() > end:
                raise NotReady(_not_made(venv, str(error))) from error
        time.sleep(1)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if made.returncode != 0:
        raise NotReady(_not_made(venv, made.stdout.strip()))
    (venv / MARK).write_text("whole\n")


def _clear(venv: Path) -> None:
    venv.mkdir(exist_ok=True)
    (venv / MARK).write_text("")
    for path in venv.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path.name != MARK:
            path.unlink()


def _not_made(venv: Path, said: str) -> str:
    return (
        f"{said}\n\n"
        f"Python could not make {venv}; its own words stand above. Close every "
        "program that uses the project (Jupyter, an editor), delete that folder, "
        "and run the same command again."
    )


def main() -> int:
    """Run the set-up; return the exit code: 0 ready, 2 not ready, 130 interrupted."""
    os.umask(os.umask(0o022) & 0o077)  # or what is installed could not be opened
    at_once = signal.getsignal(signal.SIGINT)
    try:
        if at_once is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        set_up()
    except NotReady as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped. Run the same command again: it goes on.", file=sys.stderr)
        return 130
    finally:
        if at_once is not None:  # the work is done
            signal.signal(signal.SIGINT, at_once)
    return 0


if __name__ == "__main__":
    sys.exit(main())
