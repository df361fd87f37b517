"""Run a command as on a computer without a network.

    python -m tools.offline python -m pytest

Every Python below it refuses to reach other computers; this one can still talk to
itself, as notebooks must. Where Linux allows it, the command also gets a network of its
own in which there is nobody else, and no program can get out. Elsewhere other programs,
and a Python that is told to ignore its environment (-I, -E), are not held back.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from helpers.plumbing import run

GUARD = Path(__file__).with_name("no_network")


def without_network(command: Sequence[str]) -> tuple[list[str], dict[str, str], bool]:
    """How to start a command so that it reaches no other computer.

    Args:
        command: The program and its arguments.

    Returns:
        The command to start instead, its environment, and whether it gets a network of
        its own (otherwise Python alone is held back).
    """
    path = os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    unshare = shutil.which("unshare") if platform.system() == "Linux" else None
    if unshare:
        wrapper = [unshare, "--map-root-user", "--net"]
        if subprocess.run([*wrapper, "true"], capture_output=True).returncode == 0:
            # Some systems start a new network with even the loopback switched off.
            script = 'ip link set lo up 2>/dev/null; exec "$@"'
            return [*wrapper, "sh", "-c", script, "sh", *command], environment, True
    return list(command), environment, False


def held_back(alone: bool) -> str:
    """What the command could not do, and what it still could, in a sentence."""
    if alone:
        return "run without a network: in one of its own, with nobody in it"
    return (
        "run without a network for Python: each one was held back, except with -I or "
        "-E; other programs were not"
    )


def _main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(f"expected a command to run, found none.\n\n{__doc__}")
    command, environment, alone = without_network(sys.argv[1:])
    code = subprocess.run(command, env=environment).returncode
    print(f"\n{held_back(alone)}")
    raise SystemExit(code)


if __name__ == "__main__":
    run(_main)
