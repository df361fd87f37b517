"""Run a command and count what it leaves behind; anything is a failure.

    python -m tools.left_behind make test

It looks at the clone, except at what git ignores, and at the system's temporary folder.
The command gets one of its own, so other programs of this computer do not count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import ROOT, run


def left_behind(command: Sequence[str], clone: Path = ROOT) -> tuple[int, list[str]]:
    """Run a command and list the files that are new or changed afterwards.

    Args:
        command: The program and its arguments.
        clone: A folder that git knows.

    Returns:
        The command's exit code, and a line for each file: as `git status` tells it, or
        its path in the temporary folder.

    Raises:
        InputError: if the folder is no clone.
    """
    before = _changes(clone)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        settings = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)
        code = subprocess.run(command, env={**os.environ, **settings}).returncode
        left = sorted(path.relative_to(folder) for path in Path(folder).rglob("*"))
    after = _changes(clone)
    new = [line for line in after if line not in before]
    return code, new + [f"temporary folder: {path.as_posix()}" for path in left]


def _changes(clone: Path) -> list[str]:
    command = ["git", "status", "--porcelain", "--untracked-files=all"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True)
    if done.returncode:
        raise InputError(
            f"expected a clone made by git, found {clone}, of which git says: "
            f"{done.stderr.strip()}. Run this in a clone."
        )
    return done.stdout.splitlines()


def _main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(f"expected a command to run, found none.\n\n{__doc__}")
    code, left = left_behind(sys.argv[1:])
    print("\n".join([f"\nleft behind: {len(left)} files", *left]), flush=True)
    raise SystemExit(code or bool(left))


if __name__ == "__main__":
    run(_main)
