"""Every computer on which the lessons would fail is told why, and what to do."""

import ast
import sys
from pathlib import Path

import pytest

from helpers.plumbing import ROOT
from tools import machine
from tools.machine import Facts, check_machine, find_other_python, has_avx, look_around

WINDOWS = Facts(
    system="Windows", release=None, venv_path="C:\\tl\\.venv", long_paths=False
)
MAC = Facts(system="Darwin", machine="arm64", release=(14, 5), avx=None)

FINE = {
    "Linux, Intel or AMD": Facts(),
    "Linux, 64-bit ARM": Facts(machine="aarch64", avx=None),
    "Windows": WINDOWS,
    "Windows, long path allowed": WINDOWS._replace(
        venv_path="C:\\" + "x" * 90, long_paths=True
    ),
    "Windows, longest path": WINDOWS._replace(venv_path="C:\\" + "x" * 74),
    "Mac": MAC,
    "oldest Python": Facts(python=(3, 11)),
    "newest Python": Facts(python=(3, 13)),
    "AVX not known": Facts(avx=None),
}

NOT_FINE = [  # facts, what is found, what to do
    (Facts(python=(3, 10)), "Python 3.10; the lessons", "Install Python 3.12"),
    (Facts(python=(3, 14)), "3.11 to 3.13", "Install Python 3.12"),
    (
        Facts(python=(3, 14), other_python="python3.13"),
        "Python 3.14",
        "make PYTHON=python3.13 run",
    ),
    (
        WINDOWS._replace(python=(3, 14), other_python="py -3.12"),
        "Python 3.14",
        "Run: py -3.12 tools\\set_up.py",
    ),
    (Facts(bits=32), "32-bit Python", "Install the 64-bit Python"),
    (WINDOWS._replace(bits=32, machine="win32"), "32-bit", "installer (64-bit)"),
    (MAC._replace(machine="x86_64"), "Intel Mac", "Apple chip"),
    (MAC._replace(release=(11, 7)), "macOS 11.7", "Update macOS"),
    (WINDOWS._replace(machine="arm64"), "Windows on an ARM", "wsl --install"),
    (Facts(machine="riscv64"), "Linux on riscv64", "x86-64 or 64-bit ARM"),
    (Facts(system="FreeBSD", release=None), "FreeBSD on x86_64", "any Linux"),
    (Facts(release=None), "without glibc", "Debian"),
    (Facts(release=(2, 17)), "glibc 2.17", "Update the system"),
    (Facts(avx=False), "without AVX", "use another computer"),
    (WINDOWS._replace(avx=False), "DLL load failed", "CPU type `host`"),
    (
        WINDOWS._replace(venv_path="C:\\" + "x" * 75),
        "a path of 78 characters, C:\\xxx",
        "C:\\tl",
    ),
    (WINDOWS._replace(vc_runtime=False), "msvcp140_1.dll", "vc_redist.x64.exe"),
    (Facts(free_gb=3.04), "3.0 GB free on this disk; the set-up needs 4", "Free some"),
    (
        Facts(python=(3, 11), has_ensurepip=False),
        "ensurepip module is missing",
        "sudo apt install python3.11-venv",
    ),
]


@pytest.mark.parametrize("facts", FINE.values(), ids=FINE.keys())
def test_a_computer_that_will_do_has_no_problem(facts):
    assert check_machine(facts) == []


@pytest.mark.parametrize(("facts", "found", "remedy"), NOT_FINE)
def test_what_will_not_work_is_named_with_its_remedy(facts, found, remedy):
    (problem,) = check_machine(facts)
    assert found in problem.found
    assert remedy in problem.remedy


def test_all_problems_are_told_at_once():
    problems = check_machine(Facts(python=(3, 9), avx=False, free_gb=1))
    assert len(problems) == 3
    text = machine.report(problems)
    assert text.count("Found:") == text.count("Do:") == 3
    text.encode("ascii")  # a Windows terminal may show nothing else


def test_this_computer_is_looked_at_and_will_do():
    facts = look_around(ROOT / ".venv")
    assert facts.python == sys.version_info[:2]
    assert facts.bits == 64
    assert facts.venv_path.endswith(".venv")
    # No free space is asked of the computer that runs the tests: it is set up already.
    assert check_machine(facts._replace(free_gb=100)) == []


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        ("processor : 0\nflags\t\t: fpu sse4_2 avx avx2\n", True),
        ("processor : 0\nflags\t\t: fpu sse4_2\n", False),
        ("processor : 0\nflags\t\t: fpu avx512f_not_avx\n", False),
        ("processor : 0\nFeatures : fp asimd\n", None),  # ARM
        (None, None),
    ],
)
def test_linux_lists_avx_among_the_flags(tmp_path, cpuinfo, expected):
    file = tmp_path / "cpuinfo"
    if cpuinfo is not None:
        file.write_text(cpuinfo, encoding="utf-8")
    assert has_avx("Linux", str(file)) is expected


@pytest.mark.parametrize(("state", "expected"), [(0b111, True), (0b011, False)])
def test_windows_tells_avx_by_what_it_saves(monkeypatch, state, expected):
    class Windows:
        class kernel32:
            @staticmethod
            def GetEnabledXStateFeatures():
                return state

    monkeypatch.setattr(machine.ctypes, "windll", Windows, raising=False)
    assert has_avx("Windows") is expected


def test_an_intel_python_counts_as_intel_on_an_arm_processor(monkeypatch):
    monkeypatch.setattr(machine.platform, "system", lambda: "Windows")
    monkeypatch.setattr(machine.platform, "machine", lambda: "ARM64")
    monkeypatch.setattr(machine.sysconfig, "get_platform", lambda: "win-amd64")
    monkeypatch.setattr(machine, "has_avx", lambda system: True)
    monkeypatch.setattr(machine, "_windows_long_paths", lambda: False)
    monkeypatch.setattr(machine, "_windows_has", lambda library: False)
    facts = look_around(ROOT / ".venv")
    assert facts.machine == "x86_64"
    assert not facts.long_paths
    assert not facts.vc_runtime


@pytest.mark.parametrize(
    ("system", "answers", "expected"),
    [
        ("Linux", {"python3.11": (3, 11), "python3.10": (3, 10)}, "python3.11"),
        ("Linux", {"python3.12": None, "python3.13": (3, 13)}, "python3.13"),
        ("Windows", {"py -3.12": (3, 12)}, "py -3.12"),
        ("Darwin", {}, None),
    ],
)
def test_another_python_is_found_only_if_it_answers(
    monkeypatch, system, answers, expected
):
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/somewhere/" + name)
    monkeypatch.setattr(
        machine, "version_of", lambda command, module: answers.get(" ".join(command))
    )
    assert find_other_python(system) == expected


@pytest.mark.parametrize(
    "name", ["__init__.py", "installing.py", "machine.py", "set_up.py"]
)
def test_an_old_python_can_read_it(name):
    """It is to be told what to install, not to stop at a SyntaxError."""
    text = (ROOT / "tools" / name).read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 7))  # the oldest that 3.13 knows
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module.split(".")[0])
    assert "__future__" not in imported  # `annotations` is of 3.7
    assert imported - {"tools"} <= set(sys.stdlib_module_names)


def test_stdlib_names_are_not_hidden_by_a_tool():
    """A script's own folder is first on its path: `tools/json.py` would be `json`."""
    tools = {Path(file).stem for file in (ROOT / "tools").glob("*.py")}
    assert not tools & set(sys.stdlib_module_names)
