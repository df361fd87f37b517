"""Kill each script at random moments, run it again, compare with an undisturbed run.

    python -m tests.faults.kills --times 200                  all of them, an hour
    python -m tests.faults.kills compute_features --times 20  this one

The moment is drawn evenly from the time that the script works, after its imports: to
die before anything is written would prove nothing. Whatever is in place after the kill
must be whole, and after the second run every file must be there with the same bytes.
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
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from helpers.plumbing import ROOT, Place, sha256

# A script is run as on the command line, with a data folder of its own.
SCRIPT = """
import runpy, sys
print("ready", flush=True)
sys.argv = {arguments!r}
runpy.run_module(sys.argv[0], run_name="__main__")
"""
CHILD = """
from pathlib import Path
from helpers import plumbing
plumbing.DATA = Path({data!r})  # before others take it from there
import helpers.{imports}
"""
CODE = {
    "draw_pets": ("pets", ["data_scripts.draw_pets", "--per-class=8"]),
    "get_photos": ("sources", ["data_scripts.get_photos", "{data}/../../pets.zip"]),
    "make_training_set": (
        "sources",
        ["data_scripts.make_training_set", "--train-per-class=9", "--test-per-class=9"],
    ),
    "convert_weights": (
        "backbones",
        "print('ready', flush=True)\n"
        "helpers.backbones.imagenet_weights(helpers.backbones.LITE0)",
    ),
    "compute_features": (
        "features",
        "from benchmarks.setting import make_base\n"
        "base = make_base()  # the real one, so that most of the time goes into it\n"
        "helpers.features.SHARD = 16  # so that there is more to write\n"
        "print('ready', flush=True)\n"
        "pictures = sorted((plumbing.DATA / 'photos/source').glob('*/*'))\n"
        "helpers.features.compute_features(base, pictures, plumbing.DATA / 'features')",
    ),
}
RECORDS = ("provenance.json", "training_set.json", "drawn_pets.json")
UNFINISHED = "unfinished"  # what make_training_set notes until its set is complete


class Tally(NamedTuple):
    """What came of the kills of one script."""

    script: str
    seconds: float  # of work, undisturbed
    kills: int
    half_written: int
    clean: int  # recoveries


def kill_script(script: str, times: int, rng: random.Random, room: Path) -> Tally:
    """Kill a script `times` times, each time in a fresh folder, and run it again."""
    if not (room / "start").exists():
        prepare(room)
    shutil.copytree(room / "start", room / script / "data")
    child, began = start(script, room / script / "data")
    errors = child.communicate()[1]
    seconds = time.monotonic() - began
    if child.returncode:
        raise RuntimeError(f"{script} fails undisturbed:\n{errors}")
    old, wanted = state(room / "start"), state(room / script / "data")
    kills = spoiled = clean = 0
    while kills < times:
        shutil.rmtree(room / script)
        shutil.copytree(room / "start", room / script / "data")
        child, _ = start(script, room / script / "data")
        time.sleep(rng.uniform(0, seconds))
        if child.poll() is None:
            _kill(child)
        child.communicate()
        if child.returncode == 0:
            continue  # it was faster than the first time
        kills += 1
        spoiled += half_written(state(room / script / "data"), old, wanted)
        child, _ = start(script, room / script / "data")
        errors = child.communicate()[1]
        if child.returncode == 0 and state(room / script / "data") == wanted:
            clean += 1
        else:
            print(f"{script}, kill {kills}: not recovered\n{errors}", flush=True)
    shutil.rmtree(room / script)
    return Tally(script, seconds, kills, spoiled, clean)


def prepare(room: Path) -> None:
    """An archive of sixty small pictures, and the same sixty in place."""
    start = room / "start"
    with zipfile.ZipFile(room / "pets.zip", "w") as archive:
        for number in range(60):
            kind = ("cat", "dog")[number % 2]
            noise = np.random.default_rng(number).integers(0, 256, (6, 7, 3))
            picture = start / "photos" / "source" / kind / f"{kind}.{number}.png"
            picture.parent.mkdir(parents=True, exist_ok=True)
            image = Image.fromarray(noise.astype(np.uint8))
            image.resize((90, 80), Image.Resampling.BICUBIC).save(picture)
            archive.write(picture, f"pets/{kind}s/{number}.png")
    # get_photos replaces only a set of its own.
    place = Place(start / "photos" / "source", "provenance.json", ("cat", "dog"))
    place.write_record({"set": "of before"})


def start(script: str, data: Path) -> tuple[subprocess.Popen, float]:
    """Start a script; return when its imports are done, with the time of that."""
    imports, work = CODE[script]
    if isinstance(work, list):
        work = SCRIPT.format(arguments=[part.format(data=data) for part in work])
    code = CHILD.format(data=str(data), imports=imports) + work
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    child.stdout.readline()
    return child, time.monotonic()


def _kill(child: subprocess.Popen) -> None:
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()


def half_written(found: dict, old: dict, wanted: dict) -> int:
    """How many files are neither those of before nor those of afterwards."""
    return sum(
        digest not in (wanted.get(name), old.get(name), UNFINISHED)
        for name, digest in found.items()
    )


def state(data: Path) -> dict[str, object]:
    """A digest of each file that somebody could take for data."""
    state: dict[str, object] = {}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        if not path.is_file() or any(part[0] == "." for part in name.split("/")):
            continue
        if path.name in RECORDS:
            record = json.loads(path.read_text("utf-8"))
            made = {name: entry[2] for name, entry in record["files"].items()}
            recipe = record["recipe"]  # names, digests: all but the dates
            state[name] = UNFINISHED if recipe == UNFINISHED else [recipe, made]
        else:
            state[name] = sha256(path)
    return state


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("script", nargs="*", help=f"of {', '.join(CODE)}; all if none")
    parser.add_argument("--times", type=int, default=200, help="kills in all (200)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chosen = arguments.script or list(CODE)
    if unknown := set(chosen) - set(CODE):
        parser.error(f"expected some of {', '.join(CODE)}, found {', '.join(unknown)}")
    each = -(-arguments.times // len(chosen))
    tallies = []
    print("script               works for  kills  half-written  clean recoveries")
    with tempfile.TemporaryDirectory() as room:
        for script in chosen:
            rng = random.Random(f"{arguments.seed} {script}")
            tally = kill_script(script, each, rng, Path(room))
            tallies.append(tally)
            print(
                f"{script:20} {tally.seconds:7.2f} s {tally.kills:6} "
                f"{tally.half_written:13} {tally.clean:17}",
                flush=True,
            )
    kills, clean = sum(t.kills for t in tallies), sum(t.clean for t in tallies)
    spoiled = sum(t.half_written for t in tallies)
    print(f"{kills} kills, {spoiled} half-written files, {clean} clean recoveries")
    raise SystemExit(clean < kills or spoiled > 0)


if __name__ == "__main__":
    main()
