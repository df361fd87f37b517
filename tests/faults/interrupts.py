"""Stop each command at random moments, as a learner calls it; then run it again.

    python -m tests.faults.interrupts --times 200                 Ctrl-C, all commands
    python -m tests.faults.interrupts --times 200 --kill          without any warning
    python -m tests.faults.interrupts train_classifier --times 20

Unlike `tests.faults.kills`, which kills at work and compares bytes, this one draws the
moment from the whole run, imports included, and takes in commands that train. A Ctrl-C
has to end in one line and exit code 130; after either, no process of it may be left, no
file may be half-written, and the next run completes. Ctrl-C in the first hundredths of
a second, before Python has come to the project's own code, is Python's to explain: such
a one is counted apart.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from helpers.classifier_file import read_record
from helpers.errors import InputError
from helpers.plumbing import ROOT
from helpers.plumbing.commands import STOPPED

from . import kills

MODULE = [sys.executable, "-m"]
COMMANDS = {
    "draw_pets": [
        *MODULE,
        "data_scripts.draw_pets",
        "--per-class=6",
        "--folder={data}/drawn",
    ],
    "get_photos": [
        *MODULE,
        "data_scripts.get_photos",
        "{room}/pets.zip",
        "--folder={data}/taken",
    ],
    "make_training_set": [
        *MODULE,
        "data_scripts.make_training_set",
        "--source={data}/photos/source",
        "--folder={data}/set",
        "--train-per-class=9",
        "--test-per-class=9",
    ],
    "convert_weights": [*MODULE, "data_scripts.convert_weights"],
    "train_classifier": [
        *MODULE,
        "data_scripts.train_classifier",
        "{data}/photos/source",
        "--name=pets",
    ],
    "name_picture": [
        *MODULE,
        "data_scripts.name_picture",
        "{data}/photos/source",
        "--model={room}/models/pets.keras",
        "--csv={data}/names.csv",
    ],
    "run_lessons": [*MODULE, "tools.run_lessons", "1", "--offline"],
    "set_up": [sys.executable, "{data}/project/tools/set_up.py"],
}
AT_MOST = {"run_lessons": 25}  # seconds of it that are looked at: its start
AFTER = 10  # seconds, in which whatever a stopped run has started has to end


def prepare(room: Path) -> None:
    """What the commands read: pictures, a classifier, a project without packages."""
    kills.prepare(room)
    project = room / "start" / "project"
    (project / "wheels").mkdir(parents=True)
    (project / "requirements.txt").touch()
    shutil.copytree(ROOT / "tools", project / "tools")
    (room / "before").mkdir()
    shutil.copytree(room / "start", room / "before" / "data")
    child = start("train_classifier", room, room / "before" / "data")
    errors = child.communicate()[1]
    if child.returncode:
        raise RuntimeError(errors)
    shutil.copytree(room / "before" / "data" / "models", room / "models")


def start(name: str, room: Path, data: Path) -> subprocess.Popen:
    """Start a command that keeps all it makes in `data`."""
    command = [part.format(data=data, room=room) for part in COMMANDS[name]]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "TRANSFER_MODELS": str(data / "models")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # a signal to it alone
    )


def stop(name: str, seconds: float, number: int, room: Path) -> Counter:
    """Run a command, stop it after some seconds, look around, and run it again."""
    data = room / "now" / "data"
    shutil.rmtree(room / "now", ignore_errors=True)
    shutil.copytree(room / "start", data)
    found: Counter = Counter()
    child = start(name, room, data)
    time.sleep(seconds)
    try:
        others = psutil.Process(child.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        others = []
    child.send_signal(number)
    errors = child.communicate()[1]
    if child.returncode == 0:
        return Counter({"done before": 1})
    found["stopped"] = 1
    if number == signal.SIGINT:
        if (not errors and child.returncode == -number) or (
            "Traceback" in errors and str(ROOT) not in errors
        ):
            found["before our code"] += 1
        elif child.returncode != 130 or not _is_one_line(errors):
            found["not in one line"] += 1
            print(f"{name} after {seconds:.2f} s: {child.returncode}\n{errors}")
    if psutil.wait_procs(others, AFTER)[1]:
        found["left a process"] += 1
        print(f"{name} after {seconds:.2f} s left {others}", flush=True)
    if spoiled := half_written(data):
        found["half-written"] += 1
        print(f"{name} after {seconds:.2f} s: {spoiled}", flush=True)
    if name in AT_MOST:
        return found
    child = start(name, room, data)
    out, errors = child.communicate()
    found["clean recoveries"] += child.returncode == 0
    if child.returncode:
        print(f"{name} after {seconds:.2f} s, again: {out[-300:]}\n{errors[-900:]}")
    left = [p for p in data.rglob(".unfinished-*") if p.is_dir()]
    if left:
        found["left unfinished"] += 1
        print(f"{name} after {seconds:.2f} s left {left}", flush=True)
    return found


def _is_one_line(errors: str) -> bool:
    # Bars of progress come before it, each over the last.
    return errors.endswith(f"{STOPPED}\n") and "Traceback" not in errors


def half_written(data: Path) -> list[str]:
    """What could be taken for finished and is not."""
    found = []
    for path in sorted(data.rglob("*")):
        parts = path.relative_to(data).parts
        if not path.is_file() or any(part[0] == "." for part in parts):
            continue
        try:
            if path.suffix == ".keras":
                read_record(path)
            elif path.suffix == ".json":
                json.loads(path.read_text("utf-8"))
            elif path.suffix == ".html" and "</html>" not in path.read_text("utf-8"):
                raise ValueError("no end")
            elif not path.stat().st_size and "project" not in parts:
                raise ValueError("empty")
        except (InputError, ValueError) as error:
            found.append(f"{'/'.join(parts)}: {error}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="*", help="all of them if none is named")
    parser.add_argument("--times", type=int, default=200, help="stops in all (200)")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    chosen = given.command or list(COMMANDS)
    if unknown := set(chosen) - set(COMMANDS):
        parser.error(f"expected some of {', '.join(COMMANDS)}, found {unknown}")
    # Or the commands would be told to ignore it, where a shell runs this aside.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    number = signal.SIGKILL if given.kill else signal.SIGINT
    total: Counter = Counter()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        prepare(room)
        for name in chosen:
            seconds = AT_MOST.get(name) or undisturbed(name, room)
            rng = random.Random(f"{given.seed} {name} {number}")
            each = -(-given.times // len(chosen))
            counts: Counter = Counter()
            while counts["stopped"] < each and counts["done before"] < 3 * each:
                counts += stop(name, rng.uniform(0, seconds), number, room)
            print(f"{name:18} {seconds:6.1f} s  {dict(counts)}", flush=True)
            total += counts
    print(f"{number.name}: {dict(total)}")
    bad = ("not in one line", "left a process", "half-written", "left unfinished")
    raise SystemExit(any(total[name] for name in bad))


def undisturbed(name: str, room: Path) -> float:
    """How many seconds a command takes if nobody stops it."""
    shutil.rmtree(room / "now", ignore_errors=True)
    shutil.copytree(room / "start", room / "now" / "data")
    began = time.monotonic()
    child = start(name, room, room / "now" / "data")
    errors = child.communicate()[1]
    if child.returncode:
        raise RuntimeError(f"{name} fails undisturbed:\n{errors}")
    return time.monotonic() - began


if __name__ == "__main__":
    main()
