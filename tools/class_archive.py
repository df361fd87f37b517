"""Put all that a class needs into one archive for a stick: nothing needs a network.

    .venv/bin/python -m tools.class_archive windows linux mac-arm --python 3.12

In it: the project, the packages for the systems and the Python that you name, the web
book with its sheets, the pages that you have made of classifiers, a script for each
system that sets up and opens the lessons, and the digest of every file. About 0.7 GB a
system, into build/class.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import (
    DATA,
    ROOT,
    ListedZip,
    locked,
    parser,
    run,
    shown,
    whole_file,
)
from tools.machine import PYTHONS

ARCHIVE = ROOT / "build" / "class" / "transfer-learning.zip"
FOLDER = "transfer-learning"  # in the archive
SUMS = f"{FOLDER}/SHA256SUMS"
LONGEST = 40_000_000  # bytes of a list of members
# How uv names a system, and the wheels that pip may take for it.
SYSTEMS = {
    "windows": ("x86_64-pc-windows-msvc", ["win_amd64"]),
    "linux": (
        "x86_64-manylinux_2_34",
        [f"manylinux_2_{minor}_x86_64" for minor in range(34, 4, -1)]
        + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
    ),
    "mac-arm": ("aarch64-apple-darwin", ["macosx_14_0_arm64"]),
}
STARTS = {
    "start-windows.bat": "@echo off\r\n"
    'cd /d "%~dp0"\r\n'
    "py -{python} tools\\set_up.py && .venv\\Scripts\\python -m tools.lab\r\n"
    "pause\r\n",
    "start-linux.sh": "#!/bin/sh\n"
    'cd "$(dirname "$0")" || exit 1\n'
    "python{python} tools/set_up.py && exec .venv/bin/python -m tools.lab\n",
}
STARTS["start-mac.command"] = STARTS["start-linux.sh"]
FIRST = """\
Copy this folder to your own disk first: from a stick everything is slow.

Then open
  start-windows.bat   on Windows
  start-mac.command   on a Mac (the first time: right click, Open)
  start-linux.sh      on Linux
You need Python {python}. The first start takes some minutes; nothing is downloaded.

To read without any of this, open book/index.html in a browser.
Slides for the wall, a file for each lesson, are in book/slides.
If something does not work: book/TROUBLESHOOTING.html
"""
# What is handed out of the project's folder; what else lies there is somebody's own.
OURS = {
    *(".ci", ".devcontainer", ".gitattributes", ".github", ".gitignore", "Makefile"),
    *("CITATION.cff", "CONTRIBUTING.md", "LICENSE", "LICENSE-text", "conftest.py"),
    *("benchmarks", "data_scripts", "helpers", "notebooks", "pyproject.toml", "tests"),
    *("tools", "translations"),
}
OURS_TOO = re.compile(r"(README|TROUBLESHOOTING)(\.\w+)?\.md|requirements.*\.(in|txt)")
NOT_TOLD = {".git", ".venv", "build", "data", "wheels", "packages"}
LEFT_BEHIND = {"__pycache__", ".ipynb_checkpoints", ".pytest_cache", ".ruff_cache"}
LEFT_BEHIND |= {".DS_Store"}


def make_archive(
    systems: Sequence[str], pythons: Sequence[str], target: Path = ARCHIVE
) -> int:
    """Write the archive, whole or not at all.

    Args:
        systems: Of `SYSTEMS`.
        pythons: Of `PYTHONS`; the scripts that start take the first.
        target: The file to write.

    Returns:
        Its size in bytes.

    Raises:
        InputError: if a name is unknown, a package cannot be had, the disk is full, or
            the file is not an archive that was made here.
    """
    for given, known in ((systems, SYSTEMS), (pythons, PYTHONS)):
        for name in given:
            if name not in known:
                raise InputError(f"expected one of {', '.join(known)}; found {name}.")
    from tools.book.__main__ import BOOK, make_book

    _refuse_theirs(target)
    if own := [n for n in os.listdir(ROOT) if not is_ours(n) and not _is_known(n)]:
        print(
            f"Not handed out, as it is your own: {', '.join(map(shown, sorted(own)))}."
        )
    make_book()
    with locked(target), tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch, "wheels")
        for system in systems:
            for python in pythons:
                print(f"packages for {system}, Python {python} …", flush=True)
                _download(system, python, wheels)
        with whole_file(target) as unfinished:
            _pack(unfinished, _files(wheels, BOOK), pythons[0])
    return target.stat().st_size


def _refuse_theirs(target: Path) -> None:
    """Refuse to replace a file that we did not make, or to which somebody has added."""
    if not os.path.isfile(target):
        return
    try:
        with zipfile.ZipFile(ListedZip(target, LONGEST)) as archive:
            sums = archive.read(SUMS).decode().splitlines()
            ours = {f"{FOLDER}/{line.partition('  ')[2]}" for line in sums} | {SUMS}
            theirs = sorted(set(archive.namelist()) - ours)
            found = f"with {shown(theirs[0])} in it" if theirs else ""
    except Exception:  # whatever is in it, it is none of ours
        found = "that is none, or is damaged"
    if found:
        raise InputError(
            f"expected at {shown(target)} an archive that was made here, or nothing; "
            f"found one {found}. It was left as it is: move it away, and run the same "
            "command again."
        )


def is_ours(name: str) -> bool:
    """Whether it is of the project, by its name in the project's folder.

    Example:
        >>> is_ours("README.de_DE.md"), is_ours("grades.csv")
        (True, False)
    """
    return name in OURS or OURS_TOO.fullmatch(name) is not None


def _is_known(name: str) -> bool:
    """Whether it is of no use to a class, as everybody knows: no word is lost on it."""
    return name in NOT_TOLD | LEFT_BEHIND or name.startswith(("my_notebooks", "."))


def _download(system: str, python: str, wheels: Path) -> None:
    """Fetch the wheels of the lock for a system that is not this one."""
    from tools.installing import NotReady, explain, pip_environment

    uv_name, tags = SYSTEMS[system]
    command = [sys.executable, "-I", "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--require-hashes", "--only-binary", ":all:", "--no-input"]
    command += ["--disable-pip-version-check", "--implementation", "cp"]
    command += ["--dest", str(wheels)]
    for abi in (f"cp{python.replace('.', '')}", "abi3", "none"):
        command += ["--abi", abi]
    for tag in tags:
        command += ["--platform", tag]
    try:
        own = pip_environment(Path(sys.executable))
    except NotReady as error:
        raise InputError(str(error)) from error
    listed = wheels.with_name("listed.txt")
    known: set[str] = set()
    # The lock may tell the first 3.11 from the last one; a class has both.
    for patch in (f"{python}.0", f"{python}.99"):
        new = _resolved(uv_name, patch) - known
        known |= new
        if new:
            listed.write_text("\n".join(sorted(new)), encoding="utf-8")
            wanted = ["--python-version", patch, "--requirement", str(listed)]
            _run([*command, *wanted], explain, own)


def _resolved(uv_name: str, python: str) -> set[str]:
    """What of the lock is for a system: a package, its version and hashes each."""
    # pip asks this computer whether a package is for Windows; uv can be told.
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-deps"]
    command += ["--python-platform", uv_name, "--python-version", python]
    command += ["--generate-hashes", "--only-binary", ":all:", "--no-header"]
    command += ["--no-annotate", "requirements.txt"]
    said = _run(command, lambda said: f"uv did not finish: {said.strip()}")
    return set(re.findall(r"^\S.*(?:\n .*)*", said, re.M))


def _run(
    command: list[str],
    explained: Callable[[str], str],
    environment: Mapping[str, str] | None = None,
) -> str:
    """What a command writes to standard output; its failure explained."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        sys.stderr.write(done.stderr)
        raise InputError(explained(done.stderr))
    return done.stdout


def _files(wheels: Path, book: Path) -> Iterator[tuple[Path, str]]:
    """Every file that is handed out, and its name in the archive."""
    for top in sorted(ROOT.iterdir()):
        if is_ours(top.name):
            for path in _below(top):
                yield path, path.relative_to(ROOT).as_posix()
    pages = DATA / "pages"
    for folder, name in ((wheels, "wheels"), (book, "book"), (pages, "pages")):
        for path in _below(folder):
            yield path, f"{name}/{path.relative_to(folder).as_posix()}"


def _below(top: Path) -> Iterator[Path]:
    """Plain files; links are not followed, nor what tools leave behind handed out."""
    for path in sorted([top, *top.rglob("*")]):
        ours = LEFT_BEHIND.isdisjoint(path.parts)
        if ours and path.is_file() and not path.is_symlink():
            yield path


def _pack(target: Path, files: Iterator[tuple[Path, str]], python: str) -> None:
    sums = []
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, data: bytes, executable: bool = False) -> None:
            about = zipfile.ZipInfo(f"{FOLDER}/{name}", (2026, 1, 1, 0, 0, 0))
            about.external_attr = (0o755 if executable else 0o644) << 16
            packed = name.endswith((".whl", ".png", ".jpg", ".jpeg"))
            about.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(about, data)
            sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}")

        for name, text in STARTS.items():
            put(name, text.format(python=python).encode(), executable=True)
        put("READ ME FIRST.txt", FIRST.format(python=python).encode())
        for path, name in files:
            put(name, path.read_bytes(), executable=bool(path.stat().st_mode & 0o100))
        archive.writestr(SUMS, "\n".join(sums) + "\n")


def _main() -> None:
    arguments = parser(__doc__)
    arguments.add_argument("system", nargs="+", help=", ".join(SYSTEMS))
    arguments.add_argument("--python", action="append", help="such as 3.12; repeatable")
    given = arguments.parse_args()
    size = make_archive(given.system, given.python or ["3.12"])
    print(f"{ARCHIVE.relative_to(ROOT)}: {size / 1e9:.1f} GB. Unpack it and look.")


if __name__ == "__main__":
    run(_main)
