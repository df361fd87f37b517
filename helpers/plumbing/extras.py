"""Where extras are installed: beside the project's packages, not among them."""

from __future__ import annotations

import os
import sysconfig
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


def packages_of(environment: Path) -> Path:
    """The folder of the packages of a virtual environment, whether or not it is there.

    Example:
        >>> packages_of(Path("here")).name
        'site-packages'
    """
    scheme = "nt" if os.name == "nt" else "posix_prefix"
    where = {"base": str(environment), "installed_base": str(environment)}
    return Path(sysconfig.get_path("purelib", scheme, where))
