"""Run each script on a disk that is too small, give it room, run it again, compare.

    sudo mount -t tmpfs -o size=64m tmpfs /mnt
    python -m tests.faults.full_disk /mnt --times 50

The room on the disk is drawn evenly from what the script needs. It has to end with one
sentence, and no file that somebody could take for data may be half-written.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from pathlib import Path

from . import kills


def fill_disk(script: str, times: int, rng: random.Random, disk: Path, room: Path):
    """Run a script `times` times on a full disk, and again when there is room."""
    data, filler = disk / script / "data", disk / "filler"
    shutil.copytree(room / "start", data)
    child, _ = kills.start(script, data)
    if errors := child.communicate()[1] * bool(child.returncode):
        raise RuntimeError(f"{script} fails undisturbed:\n{errors}")
    old, wanted = kills.state(room / "start"), kills.state(data)
    new = (name for name in wanted if wanted[name] != old.get(name))
    needs = sum((data / name).stat().st_size for name in new)
    tally = dict.fromkeys(("full", "explained", "half-written", "clean"), 0)
    for _ in range(times):
        shutil.rmtree(disk / script)
        shutil.copytree(room / "start", data)
        spare = rng.randrange(needs)
        filler.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - spare)))
        child, _ = kills.start(script, data)
        errors = child.communicate()[1]
        tally["full"] += child.returncode != 0
        tally["explained"] += "the disk is full: " in errors
        tally["half-written"] += kills.half_written(kills.state(data), old, wanted)
        filler.unlink()
        child, _ = kills.start(script, data)
        child.communicate()
        tally["clean"] += child.returncode == 0 and kills.state(data) == wanted
    shutil.rmtree(disk / script)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("disk", type=Path)
    parser.add_argument("--times", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        kills.prepare(Path(room))
        shutil.copy(Path(room) / "pets.zip", arguments.disk)
        for script in kills.CODE:
            each = -(-arguments.times // len(kills.CODE))
            rng = random.Random(script)
            print(f"{script:20}", end=" ", flush=True)
            print(fill_disk(script, each, rng, arguments.disk, Path(room)), flush=True)


if __name__ == "__main__":
    main()
