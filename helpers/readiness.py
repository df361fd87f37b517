"""Is this computer ready for the lessons? A line for each thing they need.

`tools.machine` asks other questions at another time, whether the packages can be
installed at all, and has to be read by Pythons that they turn away: nothing of theirs
would be of use here.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

from helpers.errors import InputError
from helpers.plumbing import DATA, ROOT, explained, whole_file

MEMORY_GB = 2.0  # more than a lesson takes, in notebooks/budgets.csv, without an extra
DISK_GB = 1.0  # pictures, weights, features and a classifier
PACKAGES = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "scikit-learn")


@dataclass(frozen=True)
class Machine:
    """What the lessons want to know about a computer.

    Attributes:
        python: Major and minor version.
        missing: Packages that are not installed.
        memory_gb: Free memory, in gigabytes.
        disk_gb: Free space on the disk of the project, in gigabytes.
        cores: Processor cores.
        write_fault: Why nothing can be written into the folder `data`, or None.

    Example:
        >>> small = Machine((3, 12), (), memory_gb=0.8, disk_gb=50, cores=4)
        >>> small.write_fault is None
        True
    """

    python: tuple[int, int]
    missing: tuple[str, ...]
    memory_gb: float
    disk_gb: float
    cores: int
    write_fault: str | None = None


def look_at_machine() -> Machine:
    """Find out about this computer. A small file is written into `data` and removed.

    Example:
        >>> look_at_machine().python == sys.version_info[:2]
        True
    """
    return Machine(
        python=(sys.version_info.major, sys.version_info.minor),
        missing=tuple(name for name in PACKAGES if not _is_installed(name)),
        memory_gb=psutil.virtual_memory().available / 1e9,
        disk_gb=shutil.disk_usage(ROOT).free / 1e9,
        cores=os.cpu_count() or 1,
        write_fault=_write_fault(DATA),
    )


def readiness(machine: Machine | None = None) -> list[str]:
    """Tell whether the lessons will run here, a line for each thing they need.

    Args:
        machine: A description of a computer, or None for this one.

    Returns:
        Lines that begin with `ready` or with `NOT READY`; those say what was found and
        what to do.

    Example:
        >>> small = Machine((3, 12), (), memory_gb=0.8, disk_gb=50, cores=4)
        >>> for line in readiness(small)[2:4]:
        ...     print(line)
        NOT READY  2 GB of free memory: found 0.8. Close other programs and notebooks.
        ready      1 GB of free disk
    """
    machine = machine or look_at_machine()
    python = ".".join(map(str, machine.python))
    return [
        _line(
            "Python 3.11 to 3.13",
            (3, 11) <= machine.python <= (3, 13),
            f"found {python}. Start with `make lab`, or choose the kernel in .venv.",
        ),
        _line(
            "TensorFlow, Keras and what belongs to them",
            not machine.missing,
            f"missing {', '.join(machine.missing)}. Start with `make lab`, or choose "
            "the kernel in .venv.",
        ),
        _line(
            f"{MEMORY_GB:.0f} GB of free memory",
            machine.memory_gb >= MEMORY_GB,
            f"found {machine.memory_gb:.1f}. Close other programs and notebooks.",
        ),
        _line(
            f"{DISK_GB:.0f} GB of free disk",
            machine.disk_gb >= DISK_GB,
            f"found {machine.disk_gb:.1f}. Free some space, or move the project.",
        ),
        _line(
            "two processor cores",
            machine.cores >= 2,
            f"found {machine.cores}. It works; allow twice the time.",
        ),
        _line(
            "a folder that can be written",
            machine.write_fault is None,
            f"{machine.write_fault}. Move the project to a folder of your own.",
        ),
    ]


def _line(need: str, there: bool, remedy: str) -> str:
    return f"ready      {need}" if there else f"NOT READY  {need}: {remedy}"


def _is_installed(name: str) -> bool:
    for candidate in (name, f"{name}-cpu"):
        try:
            importlib.metadata.version(candidate)
        except importlib.metadata.PackageNotFoundError:
            continue
        return True
    return False


def _write_fault(folder: Path) -> str | None:
    try:
        with explained(folder), whole_file(folder / "writable") as unfinished:
            unfinished.write_text("yes", encoding="utf-8")
        (folder / "writable").unlink()
    except (OSError, InputError) as error:
        return str(error).partition(". ")[0]
    return None
