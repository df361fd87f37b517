"""Let pip install the lock, whatever pip was told elsewhere; say why it failed.

Standard library only, and readable by Pythons as old as 3.6, as `tools/set_up.py` is,
which calls it.
"""

import ast
import os
import re
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Dict

from tools.machine import NEEDED_GB


class NotReady(Exception):
    """The set-up cannot go on; the message says why and what to do."""


def install(python: Path, root: Path, lock: str = "requirements.txt") -> None:
    """Let pip install a lock: wheels only, every file checked against its hash.

    A package's own build code is never run, and of pip's settings those alone count
    that lead to the index.

    Args:
        python: The environment's Python.
        root: The project's folder.
        lock: The name of the lock in it.

    Raises:
        NotReady: if pip fails. Its own words were shown as they came.
    """
    # -I: no PYTHONPATH, on which pip would find packages that it need not install.
    command = [str(python), "-I", "-m", "pip", "install", "--require-hashes"]
    command += ["--only-binary", ":all:", "--disable-pip-version-check", "--no-input"]
    command += ["--requirement", lock]
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
        env=pip_environment(python),
    )
    said = deque(maxlen=400)  # lines
    with pip:
        try:
            for line in pip.stderr:
                sys.stderr.write(line)
                said.append(line)
        except BaseException:  # a Ctrl-C, too: pip does not go on alone
            pip.kill()
            raise
    if pip.returncode != 0:
        raise NotReady(explain("".join(said)))


# The settings of pip that lead to the index, and through a network to it. All others
# (target, prefix, user, dry-run, no-binary, constraint, ...) would install something
# else, or somewhere else.
WAYS = [
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "trusted-host",
    "keyring-provider",
    "proxy",
    "cert",
    "client-cert",
    "use-feature",
    "use-deprecated",
    "timeout",
    "default-timeout",
    "retries",
    "cache-dir",
    "no-cache-dir",
]


def pip_environment(python: Path) -> Dict[str, str]:
    """The environment for pip: this one, with the way to the index and no wishes.

    Args:
        python: The environment's Python.

    Returns:
        Environment variables. What pip's settings files say of the way to the index is
        among them, as PIP_...; the files themselves are not read again.

    Raises:
        NotReady: if pip cannot read its settings.
    """
    ways = ["PIP_" + way.upper().replace("-", "_") for way in WAYS]
    given = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("PIP_") or name.upper() in ways
    }
    asking = dict(given, PIP_QUIET="0", PIP_VERBOSE="0")
    if "PIP_CONFIG_FILE" in os.environ:
        asking["PIP_CONFIG_FILE"] = os.environ["PIP_CONFIG_FILE"]
    answer = subprocess.run(
        [str(python), "-I", "-m", "pip", "config", "list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        errors="replace",
        env=asking,
    )
    if answer.returncode != 0:
        raise NotReady(
            "{}\n\npip cannot read its settings; its own words stand above. Mend the "
            "file that it names, or take it away, and run the same command "
            "again.".format(answer.stderr.strip() or answer.stdout.strip())
        )
    settings = from_settings(answer.stdout)
    settings.update(given)  # a variable counts more than a file
    settings["PIP_CONFIG_FILE"] = os.devnull
    return settings


def from_settings(listed: str) -> Dict[str, str]:
    """The way to the index in pip's settings files, as environment variables.

    Args:
        listed: What `pip config list` prints.

    Example:
        >>> from_settings("global.index-url='https://a/simple'\\nglobal.target='/b'")
        {'PIP_INDEX_URL': 'https://a/simple'}
    """
    found = {}
    for section in ("global", "install"):  # the second counts more
        for line in listed.splitlines():
            key, _, value = line.partition("=")
            name = key[len(section) + 1 :].replace("_", "-")
            if key.startswith(section + ".") and name in WAYS:
                variable = "PIP_" + name.upper().replace("-", "_")
                found[variable] = ast.literal_eval(value)
    return found


PYTHON = ".venv\\Scripts\\python" if os.name == "nt" else ".venv/bin/python"
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
        f"Empty pip's store (`{PYTHON} -m pip cache purge`) and run the same command "
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
