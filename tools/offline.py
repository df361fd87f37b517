"""Run a command as on a computer without a network.

    python -m tools.offline python -m pytest

Every Python below it refuses to connect to other computers; this one can still talk to
itself, as notebooks must. Where Linux allows it, the command also gets a network of its
own in which there is nobody else, so that no other program can get out either.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

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


def _main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(f"expected a command to run, found none.\n\n{__doc__}")
    command, environment, alone = without_network(sys.argv[1:])
    code = subprocess.run(command, env=environment).returncode
    held = "a network of its own, with nobody in it" if alone else "Python held back"
    print(f"\nrun without a network ({held})")
    raise SystemExit(code)


if __name__ == "__main__":
    _main()
