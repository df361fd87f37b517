"""What a run leaves behind that is killed while it makes something."""

import subprocess
import sys
from pathlib import Path

from helpers.plumbing import ROOT

CODE = """
import os, sys
from pathlib import Path
from helpers.plumbing import files, whole_folder, workshops
path, where = Path(sys.argv[1]), sys.argv[2]
if where == "elsewhere":  # on another computer
    workshops._host = lambda: "00000000"
if where == "between":  # the old one is moved aside, the new one not yet in place
    replace = os.replace
    os.replace = lambda *both: replace(*both) if both[1] != path else os._exit(9)
with whole_folder(path) as unfinished:
    (unfinished / "cat.jpg").write_text("half")
    if where != "between":
        os._exit(9)
"""


def killed(path: Path, where: str = "here") -> Path:
    """Kill a run that makes the folder `path`; the folder of its unfinished work.

    Args:
        path: What was to be made.
        where: `"here"`, `"elsewhere"`, on another computer, or `"between"`, when the
            old folder had been moved aside.
    """
    before = set(path.parent.glob(".unfinished-*"))
    done = subprocess.run([sys.executable, "-c", CODE, path, where], cwd=ROOT)
    assert done.returncode == 9
    (left,) = set(path.parent.glob(".unfinished-*")) - before
    return left
