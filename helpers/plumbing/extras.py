"""Where extras are installed: beside the project's packages, not among them."""

from __future__ import annotations

import os
import sysconfig
from importlib.util import find_spec
from pathlib import Path

from helpers.plumbing.files import ROOT

MANY = ROOT / "build" / "many" / "environment"
STAMP = "installed.sha256"  # in an environment: the last thing that is written


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


def ray_is_there() -> bool:
    """Whether `helpers.many` can be imported, whichever Python of the project runs.

    Ray is among the packages of this Python, or `tools.many` has installed it, to the
    end.

    Example:
        >>> ray_is_there() in (True, False)
        True
    """
    return find_spec("ray") is not None or (MANY / STAMP).is_file()
