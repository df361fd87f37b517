"""Stop each command at random moments, look at what is left, and run it again.

    python -m tests.faults.stops --times 200              Ctrl-C, over all commands
    python -m tests.faults.stops --times 200 --kill       without any warning
    python -m tests.faults.stops --times 50 --disk /mnt   a disk that fills up
    python -m tests.faults.stops train_classifier --times 20

A command runs as a learner runs it, in a small copy of the project. However it was
stopped: each file that could be taken for data is one of before or one of afterwards,
and the next run ends with the files of an undisturbed one. Ctrl-C leaves no process and
ends in one line and exit code 130; but in the first hundredths of a second, before
Python has come to the project's own code, it is Python's to explain, and is counted
apart. A full disk ends in a sentence and exit code 2. Its moment is where the room
ends; the disk is one that is made for it:

    sudo mount -t tmpfs -o size=400m tmpfs /mnt
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
from PIL import Image

from helpers.classifier_file import read_record
from helpers.errors import InputError
from helpers.page_file import page_parts
from helpers.plumbing import ROOT, Place, sha256
from helpers.plumbing.commands import STOPPED

COMMANDS = {
    "draw_pets": ["-m", "data_scripts.draw_pets", "--per-class=8"],
    "get_photos": ["-m", "data_scripts.get_photos", "pets.zip"],
    "make_training_set": [
        *("-m", "data_scripts.make_training_set"),
        *("--train-per-class=9", "--test-per-class=9"),
    ],
    "convert_weights": ["-m", "data_scripts.convert_weights"],
    "train_classifier": [
        *("-m", "data_scripts.train_classifier", "data/photos/source", "--name=pets"),
    ],
    "name_picture": [
        *("-m", "data_scripts.name_picture", "data/photos/source"),
        *("--model=pets.keras", "--csv=data/names.csv"),
    ],
    "make_page": ["-m", "data_scripts.make_page", "pets.keras"],
    "run_lessons": ["-m", "tools.run_lessons", "1", "--offline"],
    "set_up": ["tools/set_up.py"],
}
OFTEN = {"draw_pets", "get_photos", "make_training_set"}  # six times as often: quick
# They need weights, or a model:
TRAINED = {"train_classifier", "name_picture", "make_page", "run_lessons"}
BEGINNING = {"run_lessons": 25}  # seconds of it that are looked at; nor is it run again
NOT_FILLED = {"run_lessons", "set_up"}  # set_up asks for 4 GB before it begins
AFTER = 10  # seconds, in which whatever a stopped run has started has to end
RECORDS = ("provenance.json", "training_set.json", "drawn_pets.json")
UNFINISHED = "unfinished"  # what make_training_set notes until its set is complete
BAD = ("not explained", "left a process", "half-written", "not recovered")


class Undisturbed(NamedTuple):
    """A command that nobody stops.

    Attributes:
        seconds: How long it computes, or its beginning that is looked at.
        size: How many bytes it puts on the disk.
        before: The `state` of the project at its start.
        after: The same at its end.
    """

    seconds: float
    size: int
    before: dict[str, object]
    after: dict[str, object]


# -- the project -----------------------------------------------------------------------
def prepare(room: Path, trained: bool) -> None:
    """A project with sixty small pictures, and the same sixty in an archive."""
    project = room / "start"
    for name in ("helpers", "data_scripts", "tools", "notebooks"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "pyproject.toml", project)
    (project / "wheels").mkdir()
    (project / "requirements.txt").touch()
    source = project / "data" / "photos" / "source"
    with zipfile.ZipFile(project / "pets.zip", "w") as archive:
        for number in range(60):
            kind = ("cat", "dog")[number % 2]
            noise = np.random.default_rng(number).integers(0, 256, (6, 7, 3))
            picture = source / kind / f"{kind}.{number}.png"
            picture.parent.mkdir(parents=True, exist_ok=True)
            image = Image.fromarray(noise.astype(np.uint8))
            image.resize((90, 80), Image.Resampling.BICUBIC).save(picture)
            archive.write(picture, f"pets/{kind}s/{number}.png")
    # get_photos replaces only a set of its own.
    place = Place(source, "provenance.json", ("cat", "dog"))
    place.write_record({"set": "of before"})
    if trained:
        now = room / "trained"
        shutil.copytree(project, now)
        end(start("train_classifier", now))
        shutil.copytree(now / "data" / "weights", project / "data" / "weights")
        shutil.copy(now / "data" / "models" / "pets.keras", project)


def begin_anew(name: str, room: Path, now: Path) -> None:
    shutil.rmtree(now, ignore_errors=True)
    useless = shutil.ignore_patterns(*() if name in TRAINED else ("weights",))
    shutil.copytree(room / "start", now, ignore=useless)
    if name == "make_page":  # what npm has installed is large, and only read
        (now / "build").mkdir()
        (now / "build" / "page").symlink_to(page_parts())


def start(name: str, now: Path) -> subprocess.Popen:
    environment = {**os.environ, "TRANSFER_MODELS": "data/models"}
    return subprocess.Popen(
        [sys.executable, *COMMANDS[name]],
        cwd=now,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,  # a signal to it alone
    )


def end(child: subprocess.Popen) -> None:
    """Wait for a command that is not to fail."""
    said = "\n".join(child.communicate())
    if child.returncode:
        raise RuntimeError(f"{child.args} fails undisturbed:\n{said}")


def undisturbed(name: str, room: Path, now: Path) -> Undisturbed:
    seconds = []
    for _ in range(2):  # the first time may be slower
        begin_anew(name, room, now)
        before, used, began = state(now), shutil.disk_usage(now).used, _computed()
        end(start(name, now))
        seconds.append(_computed() - began)
    size = shutil.disk_usage(now).used - used
    return Undisturbed(BEGINNING.get(name, min(seconds)), size, before, state(now))


def _computed(process: psutil.Process | None = None) -> float:
    """Seconds of a processor: all that has ended below us, or a process and its own."""
    if process is None:
        ended = os.times()
        return ended.children_user + ended.children_system
    seconds = 0.0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            seconds += sum(each.cpu_times()[:4])  # the last two: of what it waited for
    return seconds


# -- what is left ----------------------------------------------------------------------
def state(now: Path) -> dict[str, object]:
    """What is in each file that somebody could take for data."""
    return {
        path.relative_to(now).as_posix(): _content(path)
        for path in sorted(now.rglob("*"))
        if path.is_file()
        and not any(
            part[0] == "." or part == "__pycache__"
            for part in path.relative_to(now).parts
        )
    }


def _content(path: Path) -> object:
    """A digest; of what holds dates, all but the dates, or whether it is whole."""
    try:
        if path.name in RECORDS:
            record = json.loads(path.read_text("utf-8"))
            made = {name: entry[2] for name, entry in record["files"].items()}
            recipe = record["recipe"]
            return UNFINISHED if recipe == UNFINISHED else [recipe, made]
        if path.suffix == ".keras":
            read_record(path)
            return "whole"
        if path.suffix in (".json", ".ipynb"):
            json.loads(path.read_text("utf-8"))
            return "whole"
        if path.suffix == ".html":
            return "whole" if "</html>" in path.read_text("utf-8") else "cut off"
    except (InputError, ValueError) as error:
        return str(error)
    return sha256(path)


def half_written(found: dict, usual: Undisturbed) -> list[str]:
    """Files that are neither those of before nor those of afterwards."""
    return [
        name
        for name, content in found.items()
        if content not in (usual.before.get(name), usual.after.get(name), UNFINISHED)
    ]


def _all_files(now: Path) -> set:
    """Every file, hidden ones too, by its size and date."""
    found = set()
    for here, folders, files in os.walk(now):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for path in (os.path.join(here, name) for name in files):
            with contextlib.suppress(FileNotFoundError):  # it has just been moved
                status = os.lstat(path)
                found.add((path, status.st_size, status.st_mtime_ns))
    return found


# -- stops -----------------------------------------------------------------------------
class Stopped(NamedTuple):
    """How a command ended that was stopped, and what it had started."""

    code: int
    errors: str
    children: list[psutil.Process]


def signaled(
    name: str, now: Path, usual: Undisturbed, rng: random.Random, number: int
) -> Stopped:
    """Send a signal at a random moment; half of them when something has been written.

    Moments are counted in what was computed: on a busy computer, seconds would all lie
    before the first file.
    """
    before, share, late = _all_files(now), rng.random(), rng.random() < 0.5
    child = start(name, now)
    children: list[psutil.Process] = []
    with contextlib.suppress(psutil.NoSuchProcess):  # done before
        process = psutil.Process(child.pid)
        while late and child.poll() is None and _all_files(now) == before:
            time.sleep(usual.seconds / 200)
        began = _computed(process) if late else 0
        moment = began + share * max(0, usual.seconds - began)
        while child.poll() is None and _computed(process) < moment:
            time.sleep(usual.seconds / 200)
        children = process.children(recursive=True)
    child.send_signal(number)
    errors = child.communicate()[1]
    return Stopped(child.returncode, errors, children)


def on_full_disk(
    name: str, now: Path, usual: Undisturbed, rng: random.Random
) -> Stopped:
    """Let the disk be full at a random moment of the writing."""
    filler = now.with_name("filler")
    room = rng.randrange(usual.size)
    filler.write_bytes(bytes(max(0, shutil.disk_usage(now).free - room)))
    child = start(name, now)
    errors = child.communicate()[1]
    filler.unlink()
    return Stopped(child.returncode, errors, [])


def stop(
    name: str,
    number: int | None,
    rng: random.Random,
    usual: Undisturbed,
    room: Path,
    now: Path,
) -> Counter:
    """Stop a command, look around, and run it again; count what was found."""
    begin_anew(name, room, now)
    before = _all_files(now)
    if number is None:
        stopped = on_full_disk(name, now, usual, rng)
    else:
        stopped = signaled(name, now, usual, rng, number)
    if stopped.code == 0 and state(now) == usual.after:
        return Counter({"done before": 1})
    found = Counter({"stopped": 1, _explained(stopped, number, now): 1})
    if number == signal.SIGINT:  # who is killed cannot end what it has started
        found["left a process"] += bool(psutil.wait_procs(stopped.children, AFTER)[1])
    spoiled = half_written(state(now), usual)
    found["half-written"] += bool(spoiled)
    if _all_files(now) == before:
        found["nothing begun"] += 1
    elif state(now) == usual.after:  # some would refuse to do it twice
        found["all done"] += 1
    elif name not in BEGINNING:
        child = start(name, now)
        said = "\n".join(child.communicate())
        left = [path for path in now.rglob(".unfinished-*") if path.is_dir()]
        whole = child.returncode == 0 and state(now) == usual.after and not left
        found["recovered" if whole else "not recovered"] += 1
        spoiled += [] if whole else [said[-2000:], *map(str, left)]
    _end_all(stopped.children)
    if any(found[bad] for bad in BAD):
        print(f"{name}: {stopped}\n{spoiled}", flush=True)
    return +found


def _end_all(children: list[psutil.Process]) -> None:
    """What a killed run has left at work would write where the next one begins."""
    left = list(children)
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            left += child.children(recursive=True)
    for each in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(left, AFTER)


def _explained(stopped: Stopped, number: int | None, now: Path) -> str:
    ours = "Traceback" not in stopped.errors
    if number is None:
        return "explained" if ours and stopped.code == 2 else "not explained"
    if number != signal.SIGINT:
        return "killed"
    # Bars of progress come before it, each over the last.
    if ours and stopped.code == 130 and stopped.errors.endswith(f"{STOPPED}\n"):
        return "explained"
    silent = not stopped.errors and stopped.code == -number
    early = not ours and str(now) not in stopped.errors
    return "before our code" if silent or early else "not explained"


def stop_often(
    name: str, number: int | None, times: int, seed: int, room: Path, disk: Path
) -> Counter:
    """Stop a command `times` times; one that is done before does not count."""
    now = disk / name
    usual = undisturbed(name, room, now)
    rng = random.Random(f"{seed} {name} {number}")
    counts: Counter = Counter()
    while counts["stopped"] < times and counts["done before"] < 3 * times:
        counts += stop(name, number, rng, usual, room, now)
    shutil.rmtree(now)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="*", help="all of them if none is named")
    parser.add_argument("--times", type=int, default=200, help="stops in all (200)")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--disk", type=Path, help="a small one, which is filled")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    every = [name for name in COMMANDS if not (given.disk and name in NOT_FILLED)]
    chosen = given.command or every
    if unknown := set(chosen) - set(every):
        parser.error(f"expected some of {', '.join(every)}, found {unknown}")
    # Or the commands would be told to ignore it, where a shell runs this aside.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    number = signal.SIGKILL if given.kill else signal.SIGINT
    if given.disk:
        number = None
    shares = {name: 6 if name in OFTEN else 1 for name in chosen}
    total: Counter = Counter()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        prepare(room, trained=bool(TRAINED & set(chosen)))
        for name, share in shares.items():
            began = time.monotonic()
            disk = given.disk or room
            times = math.ceil(given.times * share / sum(shares.values()))
            counts = stop_often(name, number, times, given.seed, room, disk)
            minutes = (time.monotonic() - began) / 60
            print(f"{name:18} {minutes:4.1f} min  {dict(counts)}", flush=True)
            total += counts
    print(dict(total))
    raise SystemExit(any(total[bad] for bad in BAD))


if __name__ == "__main__":
    main()
