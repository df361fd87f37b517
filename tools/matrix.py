"""Are the lessons true on other Pythons and versions, and in another language?

    python -m tools.matrix                     every setting; an hour and more
    python -m tools.matrix "Python 3.13"       this one (several may be named)
    python -m tools.matrix newest              the canary: today's newest releases

Each setting gets an environment of its own in `build/matrix` and compares the stored
outputs of every lesson with a run there. A line for each lesson says how that went; the
results go into `tests/matrix.json`, in which what was not run this time stays, and
`tests/matrix.md` is written from it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import ROOT, run, write_whole
from tools.machine import PYTHONS
from tools.records import changed_files, code_of, write_json

BUILD = ROOT / "build" / "matrix"
RECORD = ROOT / "tests" / "matrix.json"
TABLE = ROOT / "tests" / "matrix.md"
NOT_RUN = "not run"  # for want of an extra: see tools.many
COLUMNS = (
    "| setting | date | machine | versions | lessons that agree | differ | code since |"
)


@dataclass(frozen=True)
class Setting:
    """Where lessons are run.

    Attributes:
        name: What the table calls it.
        python: Major and minor version, or a path; without it, the one that runs this.
        packages: `"lock"` (requirements.txt), `"oldest"` (Keras as old as
            requirements.in allows) or `"newest"` (whatever is newest today).
        environment: Settings of the process.
        cores: How many processor cores it may use; None for all.
        notebooks: The folder of the lessons: an edition.
    """

    name: str
    python: str = sys.executable
    packages: str = "lock"
    environment: dict[str, str] = field(default_factory=dict)
    cores: int | None = None
    notebooks: str = "notebooks"


SETTINGS = [
    *(Setting(f"Python {v}", v) for v in PYTHONS),
    Setting("one core", cores=1),
    Setting("oneDNN off", environment={"TF_ENABLE_ONEDNN_OPTS": "0"}),
    Setting("oldest", packages="oldest"),
    Setting("newest", packages="newest"),
    Setting("in Chinese", notebooks="notebooks/zh"),
]


def requirements(packages: str, listed: str, locked: str) -> str:
    """The requirements of a setting, as a file for `uv pip install`.

    Args:
        packages: As in `Setting`.
        listed: The text of requirements.in.
        locked: The text of requirements.txt.

    Example:
        >>> requirements("oldest", "keras>=3.12  # why", "keras==3.15.1")
        'keras==3.12.0'
        >>> requirements("newest", "tensorflow==2.21.0; os_name == 'nt'", "")
        "tensorflow; os_name == 'nt'"
    """
    if packages == "newest":
        lines = [line.partition("#")[0].strip() for line in listed.splitlines()]
        return "\n".join(re.sub(r"[=><]=[\w.]+", "", line) for line in lines if line)
    pinned = re.sub(r" \\$|^ +--hash=.*$", "", locked, flags=re.MULTILINE)
    if packages == "oldest":
        oldest = re.search(r"^keras>=([\d.]+)", listed, re.MULTILINE)[1]
        pinned = re.sub(r"^keras==[^\s;]+(.*)$", "", pinned, flags=re.MULTILINE)
        pinned += f"\nkeras=={oldest}.0"
    return "\n".join(line for line in pinned.splitlines() if line.strip())


def prepare(setting: Setting) -> Path:
    """Make the environment of a setting.

    Returns:
        Its Python.

    Raises:
        InputError: if there is no such Python here, or something cannot be installed.
    """
    folder = BUILD / re.sub(r"\W+", "_", setting.name)
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = folder / "requirements.txt"
    text = requirements(
        setting.packages,
        (ROOT / "requirements.in").read_text(encoding="utf-8"),
        (ROOT / "requirements.txt").read_text(encoding="utf-8"),
    )
    _uv("venv", "--clear", "--no-python-downloads", "--python", setting.python, folder)
    wanted.write_text(text, encoding="utf-8")
    _uv("pip", "install", "--quiet", "--python", python, "-r", wanted)
    return python


def _uv(*arguments: object) -> None:
    command = [sys.executable, "-m", "uv", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise InputError(f"not run: {' '.join(done.stderr.split())[:200]}")


def compare(python: Path, setting: Setting, report: Path) -> dict[str, str]:
    """Compare all lessons in an environment.

    Args:
        python: The environment's Python.
        setting: How to start it.
        report: Where pytest writes what it found.

    Returns:
        For each lesson `"ok"`, or what differs first.
    """
    command = [str(python), "-m", "pytest", "-q", f"--junitxml={report}"]
    command.append(setting.notebooks)
    if setting.cores is None:
        command += ["-n", "2", "--dist", "loadfile"]  # two lessons at a time
    else:
        if not shutil.which("taskset"):
            raise InputError("not run: this system has no taskset to hold cores back")
        command = ["taskset", "-c", f"0-{setting.cores - 1}", *command]
    environment = {**os.environ, **setting.environment}
    report.unlink(missing_ok=True)  # of the setting before
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
    if not report.is_file():
        raise InputError("not run: pytest did not start")
    return lessons_of(report.read_text(encoding="utf-8"))


def lessons_of(report: str) -> dict[str, str]:
    """Read pytest's report: for each lesson `"ok"`, or the first cell that differs.

    A lesson of which no cell ran is `"not run"`.

    Example:
        >>> lessons_of('<t><testcase file="notebooks/01_a.ipynb" name="Cell 0"/></t>')
        {'01_a': 'ok'}
    """
    found: dict[str, str] = {}
    for case in ET.fromstring(report).iter("testcase"):
        place = case.get("file") or case.get("classname", "")
        name = re.search(r"(\d\d_\w+)", place)
        if not name:
            continue
        lesson = name[1].removesuffix("_ipynb")
        found.setdefault(lesson, NOT_RUN)
        if found[lesson] == NOT_RUN and case.find("skipped") is None:
            found[lesson] = "ok"
        failed = case.find("failure")
        if failed is not None and found[lesson] == "ok":
            found[lesson] = (
                f"{case.get('name')}: {_first_difference(failed.text or '')}"
            )
    return found


def _first_difference(text: str) -> str:
    plain = re.sub(r"(\x1b|#x1B)\[[\d;]*m", "", text)  # colors, as they stand in XML
    lines = [line.strip() for line in plain.splitlines()]
    for start in ("mismatch", "Unexpected output", "Missing output", "Error:"):
        for line in lines:
            if line.startswith(start) or (start == "Error:" and start in line):
                return line[:100]
    return next((line for line in lines if line), "differs")[:100]


def numbers(lessons: Sequence[str]) -> str:
    """The numbers of lessons, those in a row as a range.

    Example:
        >>> numbers(["00_a", "01_b", "02_c", "05_d"])
        '0 to 2, 5'
    """
    found = sorted(int(lesson[:2]) for lesson in lessons)
    starts = [n for n in found if n - 1 not in found]
    ends = [n for n in found if n + 1 not in found]
    pairs = zip(starts, ends, strict=True)
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in pairs) or "none"


def found_in(setting: Setting, versions: str, results: dict[str, str]) -> dict:
    """The record of a run: where, when, of which code, what came out.

    Args:
        setting: That it ran in.
        versions: From `versions_of`.
        results: From `lessons_of`.
    """
    return {
        "setting": setting.name,
        "date": f"{date.today()}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": versions,
        "results": results,
        "code": lessons_code(),
    }


def lessons_code(root: Path = ROOT) -> dict[str, str]:
    """Which code the lessons run, theirs and what they import."""
    lessons = sorted((root / "notebooks" / "source").glob("*.py"))
    return code_of([path.relative_to(root).as_posix() for path in lessons], root)


def row(record: dict) -> str:
    """A line of the table: which lessons agree, which differ, is the code the same?"""
    results = record["results"]
    differ = [f"{lesson} {what}" for lesson, what in results.items() if what != "ok"]
    agree = [lesson for lesson, what in results.items() if what == "ok"]
    cells = [record[key] for key in ("setting", "date", "machine", "versions")]
    cells += [numbers(agree), "; ".join(differ).replace("|", "/") or "none"]
    cells += ["changed" if changed_files(record["code"]) else "the same"]
    return f"| {' | '.join(cells)} |"


def never_run(records: Sequence[dict]) -> list[str]:
    """The settings without a record; a Python that others ran on was run as well."""
    names = {record["setting"] for record in records}
    told = "\n".join(record["versions"] for record in records)
    return [
        setting.name
        for setting in SETTINGS
        if setting.name not in names and f"{setting.name}." not in told
    ]


def merged(old: Sequence[dict], new: dict) -> list[dict]:
    """Records with a new one in place of that of the same setting, in a fixed order."""
    kept = {record["setting"]: record for record in [*old, new]}
    return [kept[setting.name] for setting in SETTINGS if setting.name in kept]


def page(records: Sequence[dict]) -> str:
    """The table in `tests/matrix.md`."""
    systems = {record["machine"].split()[0] for record in records}
    lines = [
        "# Where the lessons were compared",
        "",
        "Written from `tests/matrix.json`, which `make test-matrix` fills: each row is",
        "a run of the lessons in an environment of its own, every cell compared that",
        "is not exempt. The last column says whether lessons and helpers have other",
        "code by now.",
        "",
        COLUMNS,
        "|---|---|---|---|---|---|---|",
        *map(row, records),
        "",
        f"Never run: {', '.join(never_run(records)) or 'none'}. Systems that ran: "
        f"{', '.join(sorted(systems)) or 'none'}.",
        "For others the lock has wheels; no run on them is recorded.",
    ]
    return "\n".join(lines) + "\n"


def read_records() -> list[dict]:
    """What was run so far."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else []


def rendered() -> dict[Path, str]:
    """The table as it has to be (for `tools.records`)."""
    return {TABLE: page(read_records())}


def versions_of(python: Path) -> str:
    """What is installed: Python, TensorFlow, Keras and NumPy.

    Raises:
        InputError: if one of them cannot be imported.
    """
    code = (
        "import platform, keras, numpy, tensorflow;"
        "print(f'Python {platform.python_version()}, "
        "TensorFlow {tensorflow.__version__}, Keras {keras.__version__}, "
        "NumPy {numpy.__version__}')"
    )
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True)
    if done.returncode:
        raise InputError(f"not run: {done.stderr.splitlines()[-1]}")
    return done.stdout.strip()


def _chosen(names: Sequence[str]) -> list[Setting]:
    known = {setting.name: setting for setting in SETTINGS}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(
            f"expected the name of a setting, found {unknown[0]!r}. "
            f"There are {', '.join(known)}."
        )
    return [known[name] for name in names] or SETTINGS


def run_setting(setting: Setting) -> bool:
    """Compare the lessons in a setting, tell and record it; did all agree?

    Raises:
        InputError: if the environment cannot be made or started.
    """
    python = prepare(setting)
    versions = versions_of(python)
    results = compare(python, setting, BUILD / "report.xml")
    for lesson, what in results.items():
        print(f"  {lesson}: {what}", flush=True)
    records = merged(read_records(), found_in(setting, versions, results))
    write_json(RECORD, records)
    write_whole(TABLE, page(records))
    return set(results.values()) <= {"ok", NOT_RUN}


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("setting", nargs="*", help="a name from the table; all if none")
    agreed = True
    for setting in _chosen(parser.parse_args().setting):
        print(f"\n{setting.name}", flush=True)
        try:
            agreed &= run_setting(setting)
        except InputError as error:
            print(f"  {error}")
            agreed = False
    if not agreed:
        raise SystemExit(1)


if __name__ == "__main__":
    run(_main)
