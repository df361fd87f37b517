"""Each lock, requirements*.txt, is what `make lock` makes of its list."""

import ast
import importlib.metadata
import itertools
import re
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.plumbing import ROOT

LISTS = {  # what is installed for everybody, and the extras
    path.stem: path.read_text(encoding="utf-8")
    for path in ROOT.glob("requirements*.in")
}
LOCKS = {name: (ROOT / f"{name}.txt").read_text(encoding="utf-8") for name in LISTS}
LIST, LOCK = LISTS["requirements"], LOCKS["requirements"]

SYSTEMS = {  # what the markers of a requirement ask about
    "Linux x86-64": ("linux", "x86_64", "posix", "Linux"),
    "Linux ARM": ("linux", "aarch64", "posix", "Linux"),
    "Windows": ("win32", "AMD64", "nt", "Windows"),
    "Mac": ("darwin", "arm64", "posix", "Darwin"),
}
PYTHONS = ("3.11", "3.12", "3.13")
COMPUTERS = list(itertools.product(SYSTEMS, PYTHONS))
EACH = [(name, *computer) for name in sorted(LISTS) for computer in COMPUTERS]


def read_list(text):
    """The requirements of a list, each with the reason beside or above it."""
    entries, reason = [], ""
    for line in text.splitlines():
        code, _, comment = line.partition("#")
        if code.startswith("-c "):
            continue  # another lock, whose versions count here as well
        if code.strip():
            entries.append((Requirement(code), comment.strip() or reason))
        elif not comment.startswith(" --"):
            reason = comment.strip()  # an empty line ends it
    return entries


def read_lock(text):
    """The pins of a lock: requirement, hashes, whether the list names it."""
    pins = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", text)[1:]:
        requirement = Requirement(block.split("\\\n")[0])
        hashes = re.findall(r"^    --hash=sha256:[0-9a-f]{64}\b", block, re.MULTILINE)
        pins.append(
            (requirement, hashes, re.search(r"-r requirements[-a-z]*\.in", block))
        )
    return pins


def environment(system, python):
    """The marker variables of a computer."""
    sys_platform, machine, os_name, platform_system = SYSTEMS[system]
    return {
        "sys_platform": sys_platform,
        "platform_machine": machine,
        "os_name": os_name,
        "platform_system": platform_system,
        "python_version": python,
        "python_full_version": f"{python}.7",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": "",
    }


def applies(requirement, system, python):
    """Whether a requirement is for a computer."""
    marker = requirement.marker
    return marker is None or marker.evaluate(environment(system, python))


def disagreements(wanted, locked, system, python):
    """What the list wants and the lock does not give on a computer, and the reverse."""
    pins = {
        canonicalize_name(pin.name): pin.specifier
        for pin, _, direct in read_lock(locked)
        if direct and applies(pin, system, python)
    }
    found = []
    for requirement, _ in read_list(wanted):
        if applies(requirement, system, python):
            version = str(pins.pop(canonicalize_name(requirement.name), "==nothing"))
            if version == "==nothing" or version[2:] not in requirement.specifier:
                found.append(f"{requirement} is wanted, {version[2:]} is locked")
    return found + [f"{name} is locked, but not wanted" for name in pins]


@pytest.mark.parametrize(("name", "system", "python"), EACH)
def test_lock_and_list_agree(name, system, python):
    found = disagreements(LISTS[name], LOCKS[name], system, python)
    assert not found, f"{found}: run `make lock` and commit {name}.txt"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text + "requests  # more\n", ["requests is wanted, nothing"]),
        (lambda text: text.replace("psutil ", "# "), ["psutil is locked, but not"]),
        (lambda text: text.replace("keras>=3.13", "keras>=4"), ["keras>=4 is wanted"]),
        (
            lambda text: text.replace('or sys_platform == "win32"', ""),
            ["tensorflow-cpu is locked, but not wanted"],
        ),
    ],
    ids=["one more", "one less", "newer", "other system"],
)
def test_a_change_of_the_list_alone_is_noticed(change, told):
    assert change(LIST) != LIST
    found = disagreements(change(LIST), LOCK, "Windows", "3.12")
    assert len(found) == len(told)
    for sentence, start in zip(found, told, strict=True):
        assert sentence.startswith(start)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_every_requirement_has_a_reason_and_no_host(name):
    assert read_list(LISTS[name])
    for requirement, reason in read_list(LISTS[name]):
        assert reason, f"say why {requirement.name} is needed"
    assert "://" not in LOCKS[name]


@pytest.mark.parametrize(("name", "system", "python"), EACH)
def test_every_pin_is_one_version_with_hashes(name, system, python):
    seen = set()
    for pin, hashes, _ in read_lock(LOCKS[name]):
        assert re.fullmatch(r"==[^,*]+", str(pin.specifier)), pin
        assert hashes, f"{pin.name} has no hash"
        if applies(pin, system, python):
            assert pin.name not in seen, f"{pin.name} is locked twice"
            seen.add(pin.name)
    assert seen  # that nothing of the list is missing, the test above says


@pytest.mark.parametrize(("system", "python"), COMPUTERS)
def test_one_tensorflow_for_each_computer(system, python):
    """Both packages fill the same folder: whoever has two has none that works."""
    names = [p.name for p, *_ in read_lock(LOCK) if applies(p, system, python)]
    small = system in ("Linux x86-64", "Windows")
    found = [name for name in names if name in ("tensorflow", "tensorflow-cpu")]
    assert found == ["tensorflow-cpu" if small else "tensorflow"]


def test_the_lock_says_how_it_was_made_and_nothing_about_where():
    assert LOCK.splitlines()[1] == "#    make lock"
    for line in LOCK.splitlines():
        assert not re.search(r"://|^-|^[^#]*@|\.whl|\.tar|C:\\", line), line


def test_every_package_that_is_imported_is_on_the_list():
    """A package that only another one brings may be gone with its next version."""
    # Ray's packages are found, too, once a test before this one has imported it.
    lists = LIST + LISTS["requirements-many"]
    listed = {canonicalize_name(entry.name) for entry, _ in read_list(lists)}
    parts = {"ipykernel", "ipython", "jupyterlab", "tornado", "websocket-client"}
    listed |= parts  # of `jupyter`
    listed |= {"fsspec", "pyarrow"}  # of `ray[data]`
    brought_by = importlib.metadata.packages_distributions()
    for folder in ("helpers", "data_scripts", "tools", "tests", "notebooks/source"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for name in imported(ast.parse(file.read_text(encoding="utf-8"))):
                if name in brought_by:  # neither ours nor the standard library's
                    packages = {canonicalize_name(p) for p in brought_by[name]}
                    assert packages & listed, f"{file.name} imports {name}"


def imported(tree):
    """The top-level names that a module imports, wherever it does."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names)
