"""Where extras are installed: beside the project's packages, not among them."""

from __future__ import annotations

import os
from pathlib import Path

from helpers.plumbing.files import ROOT

MANY = ROOT / "build" / "many" / "environment"


def python_of(environment: Path) -> Path:
    """The Python of a virtual environment, whether or not it is there.

    Example:
        >>> python_of(Path("here")).name.startswith("python")
        True
    """
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
