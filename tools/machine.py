"""What this computer lacks for the lessons, said before pip runs, with the remedy.

Standard library only, and readable by Pythons as old as 3.6: such a Python is then told
which one to use, instead of a SyntaxError.
"""

import ctypes
import importlib.util
import platform
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Tuple

Version = Tuple[int, int]  # major, minor

# The Pythons for which the lock has a build of every package. 3.10 has had no security
# updates since October 2026, and its Keras, Pillow and matplotlib are older ones.
OLDEST, NEWEST = (3, 11), (3, 13)
PYTHONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
ADVISED = "3.12"
BUILDS = {  # system and processor for which every package of the lock has a wheel
    ("Linux", "x86_64"),
    ("Linux", "aarch64"),
    ("Windows", "x86_64"),
    ("Darwin", "arm64"),
}
DOWNLOAD_GB = 0.6  # measured: the lock's wheels take 0.49 (macOS) to 0.63 (Windows)
NEEDED_GB = 4  # measured: 2.5 for .venv, 0.6 for pip's downloads; the rest is data
# Windows stops at 259 characters, and TensorFlow's longest file, with
# "\Lib\site-packages\" before it, has 182: measured on its Windows wheel.
LONGEST_VENV_PATH = 259 - 182


class Facts(NamedTuple):
    """What matters about a computer and the Python that runs this.

    Attributes:
        system: As `platform.system()` says it: "Linux", "Windows", "Darwin" (macOS).
        machine: The processor that this Python was built for: "x86_64", "arm64", ...
        bits: 64 or 32: of this Python, whatever the processor.
        python: Major and minor version.
        release: Version of glibc on Linux (None: another C library), of macOS on a Mac.
        avx: Whether the processor has AVX; None if that cannot be told.
        venv_path: Where `.venv` is, or will be.
        long_paths: Whether Windows allows paths of more than 259 characters.
        vc_runtime: Whether Microsoft's Visual C++ runtime is there (Windows only).
        free_gb: Free space on the disk of the project, in gigabytes.
        has_ensurepip: Whether this Python can put pip into a new environment.
        other_python: A command that starts a suitable Python, or None.
    """

    system: str = "Linux"
    machine: str = "x86_64"
    bits: int = 64
    python: Version = (3, 12)
    release: Optional[Version] = (2, 36)
    avx: Optional[bool] = True
    venv_path: str = "/home/ada/lessons/.venv"
    long_paths: bool = True
    vc_runtime: bool = True
    free_gb: float = 100.0
    has_ensurepip: bool = True
    other_python: Optional[str] = None


class Problem(NamedTuple):
    """Something that will not work: what was found, and what to do about it."""

    found: str
    remedy: str


def is_suitable(python: Version) -> bool:
    """Whether every package has a build for this version of Python.

    Example:
        >>> is_suitable((3, 12)), is_suitable((3, 14))
        (True, False)
    """
    return OLDEST <= python <= NEWEST


def check_machine(facts: Facts) -> List[Problem]:
    """Name everything about a computer that would make the lessons fail on it.

    Args:
        facts: What `look_around` found out (or a test made up).

    Returns:
        What was found and its remedy, for each problem; an empty list if all is well.

    Example:
        >>> check_machine(Facts())
        []
        >>> for problem in check_machine(Facts(python=(3, 14))):
        ...     print(problem.found)
        Python 3.14; the lessons' packages are for Python 3.11 to 3.13.
    """
    return [
        *_python_problems(facts),
        *_processor_problems(facts),
        *_system_problems(facts),
        *_disk_problems(facts),
    ]


def report(problems: List[Problem]) -> str:
    """The problems as a person reads them.

    Example:
        >>> print(report([Problem("no disk.", "Buy one.")]))
        This computer cannot run the lessons yet.
        <BLANKLINE>
          Found:  no disk.
          Do:     Buy one.
    """
    lines = ["This computer cannot run the lessons yet."]
    for problem in problems:
        lines += ["", f"  Found:  {problem.found}"]
        lines += ["  Do:     " + problem.remedy.replace("\n", "\n          ")]
    return "\n".join(lines)


def _python_problems(facts: Facts) -> Iterator[Problem]:
    if not is_suitable(facts.python):
        remedy = (
            f"Install Python {ADVISED} (64-bit; from python.org, or with your system's "
            "package manager) beside the one you have, then run this again."
        )
        if facts.other_python and facts.system == "Windows":
            remedy = f"You have another one. Run: {facts.other_python} tools\\set_up.py"
        elif facts.other_python:
            remedy = (
                f"You have another one. Run: make PYTHON={facts.other_python} run\n"
                f"(or, without make: {facts.other_python} tools/set_up.py)"
            )
        yield Problem(
            "Python {}.{}; the lessons' packages are for Python {}.{} to {}.{}.".format(
                *facts.python, *OLDEST, *NEWEST
            ),
            remedy,
        )
    if facts.bits == 32:
        yield Problem(
            "a 32-bit Python; TensorFlow has 64-bit builds only.",
            f'Install the 64-bit Python {ADVISED} ("Windows installer (64-bit)" on '
            "python.org; on a Raspberry Pi, the 64-bit system).",
        )
    if not facts.has_ensurepip:
        yield Problem(
            "a Python that cannot make environments (its ensurepip module is missing).",
            "Debian and Ubuntu: sudo apt install python{}.{}-venv. Elsewhere: install "
            "Python again, from python.org.".format(*facts.python),
        )


def _processor_problems(facts: Facts) -> Iterator[Problem]:
    if facts.machine == "x86_64" and facts.avx is False:
        yield Problem(
            "a processor without AVX instructions; TensorFlow needs them, and would "
            'stop with "Illegal instruction" (Windows: "DLL load failed").',
            "No setting helps on this processor: use another computer. In a virtual "
            "machine, let it see the host's own processor (CPU type `host`).",
        )
    built_for = facts.system, facts.machine
    if facts.bits == 32 or built_for in BUILDS:
        return
    if built_for == ("Darwin", "x86_64"):
        yield Problem(
            "an Intel Mac, or a Python for Intel Macs; TensorFlow is built for Apple "
            "silicon only.",
            "If yours has an Apple chip (Apple menu, About This Mac: M1 or later), "
            f"install Python {ADVISED} from python.org, which runs on it directly. If "
            "it has an Intel chip, use another computer.",
        )
    elif built_for == ("Windows", "arm64"):
        yield Problem(
            "Windows on an ARM processor; not every package has a build for it.",
            "Install Linux inside Windows (`wsl --install` in a terminal, then "
            "restart) and do the set-up there.",
        )
    else:
        yield Problem(
            f"{facts.system} on {facts.machine}; TensorFlow has no build for it.",
            "Use the 64-bit Python from python.org on Windows (x64) or macOS (Apple "
            "silicon), or any Linux on x86-64 or 64-bit ARM.",
        )


def _system_problems(facts: Facts) -> Iterator[Problem]:
    if facts.system == "Linux" and facts.release is None:
        yield Problem(
            "a Linux without glibc (Alpine, perhaps); TensorFlow has no build for it.",
            "Use a system with glibc: Debian, Ubuntu, Fedora; in a container, an image "
            "such as python:3.12-slim.",
        )
    elif facts.system == "Linux" and facts.release < (2, 28):
        yield Problem(
            "glibc {}.{}; the packages need 2.28 or newer.".format(*facts.release),
            "Update the system: Debian 10, Ubuntu 20.04, Red Hat 8 and later have it.",
        )
    elif facts.system == "Darwin" and facts.release < (12, 0):
        yield Problem(
            "macOS {}.{}; TensorFlow needs macOS 12 or newer.".format(*facts.release),
            "Update macOS: Apple menu, System Preferences, Software Update.",
        )
    elif facts.system == "Windows" and not facts.vc_runtime:
        yield Problem(
            "no Microsoft Visual C++ runtime (msvcp140_1.dll); TensorFlow needs it.",
            "Install it from https://aka.ms/vs/17/release/vc_redist.x64.exe and run "
            "this again.",
        )


def _disk_problems(facts: Facts) -> Iterator[Problem]:
    length = len(facts.venv_path)
    if (
        facts.system == "Windows"
        and length > LONGEST_VENV_PATH
        and not facts.long_paths
    ):
        yield Problem(
            f"a path of {length} characters, {facts.venv_path}; Windows allows 259 in "
            f"all, and TensorFlow's files leave {LONGEST_VENV_PATH} of them.",
            "Move the project to a short path such as C:\\tl, or let an administrator "
            "set LongPathsEnabled to 1 in the registry under "
            "HKLM\\SYSTEM\\CurrentControlSet\\Control\\FileSystem.",
        )
    if facts.free_gb < NEEDED_GB:
        yield Problem(
            f"{facts.free_gb:.1f} GB free on this disk; the set-up needs {NEEDED_GB}.",
            "Free some space, or move the project to another disk.",
        )


def look_around(venv: Path) -> Facts:
    """Find out what `check_machine` wants to know about this computer.

    Args:
        venv: Where `.venv` is, or will be.
    """
    system, machine = platform.system(), platform.machine()
    release, long_paths, vc_runtime = None, True, True
    if system == "Linux":
        name, version = platform.libc_ver()
        release = _first_two(version) if name == "glibc" else None
    elif system == "Darwin":
        release = _first_two(platform.mac_ver()[0])
    elif system == "Windows":
        # An Intel Python runs on an ARM processor too: what counts is the Python.
        built_for = sysconfig.get_platform()
        machine = {"win-amd64": "x86_64", "win-arm64": "arm64"}.get(
            built_for, built_for
        )
        long_paths, vc_runtime = _windows_long_paths(), _windows_has("msvcp140_1.dll")
    python = sys.version_info[:2]
    return Facts(
        system=system,
        machine=machine,
        bits=struct.calcsize("P") * 8,
        python=python,
        release=release,
        avx=has_avx(system),
        venv_path=str(venv),
        long_paths=long_paths,
        vc_runtime=vc_runtime,
        free_gb=shutil.disk_usage(str(venv.parent)).free / 1e9,
        has_ensurepip=importlib.util.find_spec("ensurepip") is not None,
        other_python=None if is_suitable(python) else find_other_python(system),
    )


def has_avx(system: str, cpuinfo: str = "/proc/cpuinfo") -> Optional[bool]:
    """Whether the processor has AVX instructions; None if that cannot be told.

    Args:
        system: As `platform.system()` says it.
        cpuinfo: Where Linux lists the processor's abilities.
    """
    if system == "Linux":
        try:
            text = Path(cpuinfo).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        flags = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
        return "avx" in flags.group(1).split() if flags else None
    if system == "Windows":
        ask = ctypes.windll.kernel32.GetEnabledXStateFeatures
        ask.restype = ctypes.c_uint64
        return bool(ask() & 4)  # XSTATE_MASK_AVX
    return None


def _windows_long_paths() -> bool:
    import winreg  # exists on Windows alone

    place = r"SYSTEM\CurrentControlSet\Control\FileSystem"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
    except OSError:
        return False


def _windows_has(library: str) -> bool:
    try:
        ctypes.WinDLL(library)
    except OSError:
        return False
    return True


def find_other_python(system: str) -> Optional[str]:
    """A command on the PATH that starts a suitable Python; None if there is none."""
    for minor in (12, 13, 11, 10):
        command = ["py", f"-3.{minor}"] if system == "Windows" else [f"python3.{minor}"]
        # A command of that name may only point at a Python that is not installed, so
        # it has to answer.
        if shutil.which(command[0]) and version_of(command, "ensurepip") == (3, minor):
            return " ".join(command)
    return None


def version_of(command: List[str], module: str) -> Optional[Version]:
    """The version of a Python that runs and has a module; None if it does not.

    Args:
        command: The words that start it.
        module: What it must be able to import.

    Example:
        >>> version_of([sys.executable], "json") == sys.version_info[:2]
        True
        >>> version_of(["no-such-python"], "json") is None
        True
    """
    probe = f"import {module}, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [*command, "-I", "-c", probe],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
    except OSError:
        return None
    return _first_two(answer.stdout) if answer.returncode == 0 else None


def _first_two(version: str) -> Version:
    major, minor = re.findall(r"\d+", version + ".0.0")[:2]
    return int(major), int(minor)
