"""Check this computer, make `.venv` and install what the lessons need into it.

    python tools/set_up.py         (Windows: py -3.12 tools\\set_up.py)

Every `make` target runs this first; when nothing has changed it takes a moment and says
nothing. Standard library only, and readable by Pythons as old as 3.6.
"""

import hashlib
import os
import re
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Optional

# For a script, the path begins with its own folder, `tools`, not the one above it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.machine import (
    NEEDED_GB,
    Version,
    check_machine,
    is_suitable,
    look_around,
    report,
    version_of,
)

ROOT = Path(__file__).resolve().parent.parent


class NotReady(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def set_up(root: Path = ROOT) -> None:
    """Make `.venv` if it is missing, broken or of another Python, and fill it.

    The last thing that is written is a stamp with the lock's SHA-256: an installation
    that was interrupted has none and is done again, one that has the right one is left
    alone.

    Args:
        root: The project's folder, with `requirements.txt` in it. A folder `wheels`
            beside that, made by a teacher, is used instead of the network.

    Raises:
        NotReady: if the lessons cannot run here, or pip fails.
    """
    venv, lock = root / ".venv", root / "requirements.txt"
    stamp = venv / "installed.sha256"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    present = version_of([str(python)], "pip")
    keep = keeps(present, sys.version_info[:2])
    if keep and stamp.is_file() and stamp.read_text() == wanted:
        return
    facts = look_around(venv)
    if keep:
        facts = facts._replace(python=present)
        if stamp.is_file():  # what is installed already takes its space
            facts = facts._replace(free_gb=float("inf"))
    problems = check_machine(facts)
    if problems:
        raise NotReady(report(problems))
    if not keep:
        print("Making an environment of its own for the lessons: .venv", flush=True)
        make_venv(venv)
    if stamp.is_file():
        stamp.unlink()
    print("Installing what the lessons need: once, 0.6 GB, some minutes.", flush=True)
    install(python, root)
    stamp.write_text(wanted)
    print("Installed.", flush=True)


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


def make_venv(venv: Path) -> None:
    """Make an empty environment with pip in it, in place of what stood there."""
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if made.returncode != 0:
        raise NotReady(
            f"{made.stdout.strip()}\n\n"
            f"Python could not make {venv}; its own words stand above. Close every "
            "program that uses the project (Jupyter, an editor), delete that folder, "
            "and run the same command again."
        )


def install(python: Path, root: Path) -> None:
    """Let pip install the lock, every file checked against its hash.

    Args:
        python: The environment's Python.
        root: The project's folder.

    Raises:
        NotReady: if pip fails. Its own words were shown as they came.
    """
    command = [str(python), "-m", "pip", "install", "--require-hashes"]
    command += ["--disable-pip-version-check", "--no-input", "-r", "requirements.txt"]
    if (root / "wheels").is_dir():
        print("Using the folder wheels instead of the network.", flush=True)
        command += ["--no-index", "--find-links", "wheels"]
    # Standard output stays pip's: it draws its progress bars on a terminal only.
    pip = subprocess.Popen(
        command,
        cwd=str(root),
        stderr=subprocess.PIPE,
        universal_newlines=True,
        errors="replace",
    )
    said = deque(maxlen=400)  # lines
    with pip:
        for line in pip.stderr:
            sys.stderr.write(line)
            said.append(line)
    if pip.returncode != 0:
        raise NotReady(explain("".join(said)))


AGAIN = "Then run the same command again: what is already downloaded is kept."
# What pip writes when it fails, what that means, what to do. The first that fits
# counts: a proxy's refusal, for example, is reported as a failed connection as well.
EXPLANATIONS = (
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "the network answers with a certificate that this Python does not trust.",
        "On a Mac, run `Install Certificates.command` in the folder of your Python "
        "under Applications. In a school or a company, ask for the certificate of its "
        f"proxy and set PIP_CERT to that file. Never switch the check off. {AGAIN}",
    ),
    (
        r"ProxyError|Cannot connect to proxy|Tunnel connection failed",
        "the proxy between this computer and the internet refuses.",
        "Set HTTPS_PROXY to its address, http://name:password@host:port (pip knows it "
        f"as --proxy too); whoever runs the network can tell you. {AGAIN}",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "a downloaded file is not the one that the lock names: it was damaged or "
        "changed on its way.",
        "Empty pip's store (`python -m pip cache purge`) and run the same command "
        "again. If it happens again, tell whoever keeps this project.",
    ),
    (
        r"No space left|Errno 28\b|WinError 112\b",
        "the disk is full.",
        f"Free some space ({NEEDED_GB} GB are needed in all). {AGAIN}",
    ),
    (
        r"Long Path support|WinError 206\b",
        "a path is longer than Windows allows.",
        f"Move the project to a short path such as C:\\tl. {AGAIN}",
    ),
    (
        r"Permission denied|Errno 13\b|WinError (5|32)\b",
        "a file may not be written, or another program has it open.",
        "Close Jupyter and editors that use the project; if that does not help, delete "
        f"the folder .venv. {AGAIN}",
    ),
    (
        r"NewConnectionError|Max retries exceeded|[Tt]imed? ?out|NameResolutionError|"
        r"Connection (broken|aborted|reset)|IncompleteRead|ConnectionResetError",
        "the package index cannot be reached.",
        "Check the network. Behind a proxy, set HTTPS_PROXY to its address, "
        "http://host:port (pip knows it as --proxy too). With no network at all, a "
        f"folder `wheels` does instead: see README.md. {AGAIN}",
    ),
    (
        r"No matching distribution|Could not find a version",
        "a package has no file for this system and Python.",
        "If there is a folder `wheels`, it was made for another system or version of "
        "Python: make it on a computer like this one, or take it away. Otherwise the "
        "index that pip asks has only a part of the packages: see `pip config list`.",
    ),
)


def explain(said: str) -> str:
    """What pip's failure means and what to do, from what it wrote to standard error.

    Example:
        >>> print(explain("ERROR: [Errno 28] No space left on device").splitlines()[0])
        pip did not finish: the disk is full.
    """
    for pattern, found, remedy in EXPLANATIONS:
        if re.search(pattern, said):
            return f"pip did not finish: {found}\n{remedy}"
    return (
        "pip did not finish; its own words stand above.\nRun the same command again. "
        "If it fails the same way, show those words to whoever keeps this project."
    )


def main() -> int:
    """Run the set-up; return the exit code: 0 ready, 2 not ready, 130 interrupted."""
    try:
        set_up()
    except NotReady as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped. Run the same command again: it goes on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
