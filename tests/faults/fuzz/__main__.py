"""Fuzz all readers for a time, and write the figures to FUZZ.md.

    python -m tests.faults.fuzz --minutes 60
    python -m tests.faults.fuzz model --minutes 5     this kind
    python -m tests.faults.fuzz model --seed 12       this one thing, and its traceback

Each kind is read in a process of its own, which is watched: one that dies or hangs is
a failure, too, and named by its seed. Seeds go up from 0, so a later run goes as far as
an earlier one with the same things, and on.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from helpers.plumbing import ROOT, run, whole_file

from . import KINDS, MOST_MB, MOST_SECONDS, attempt

PAGE = Path(__file__).parents[1] / "FUZZ.md"
HANGS = 120  # seconds, after which a process is ended
TURN = 60  # seconds, until another kind has its turn


class Tally:
    """What came of one kind so far."""

    def __init__(self) -> None:
        self.next = 0  # seed
        self.counts: Counter = Counter()
        self.seconds = 0.0  # of reading
        self.worst = {"mb": (0.0, 0), "seconds": (0.0, 0)}  # of refusals; with its seed
        self.failures: list[tuple[int, str]] = []

    def add(self, seed: int, how: str, seconds: float, mb: float | None) -> None:
        self.next = seed + 1
        self.seconds += seconds
        fails = how not in ("read", "refused")
        self.counts["failed" if fails else how] += 1
        if fails:
            self.failures.append((seed, how))
        if how != "read":
            for name, value in (("mb", mb or 0.0), ("seconds", seconds)):
                self.worst[name] = max(self.worst[name], (value, seed))


def work(kind: str, first: int, seconds: float) -> None:
    """In a process of its own: one thing after another, a line of JSON for each."""
    out = sys.stdout
    end = time.monotonic() + seconds
    seed = first
    with contextlib.redirect_stdout(sys.stderr):  # what readers say goes elsewhere
        while time.monotonic() < end:
            print(json.dumps({"begun": seed}), file=out, flush=True)
            faulthandler.dump_traceback_later(HANGS, exit=True)
            outcome = attempt(kind, seed)
            faulthandler.cancel_dump_traceback_later()
            line = {"seed": seed, **outcome._asdict()}
            print(json.dumps(line), file=out, flush=True)
            seed += 1


def turn(kind: str, tally: Tally, seconds: float) -> None:
    """Let a process work on one kind for a while."""
    command = [sys.executable, "-m", __spec__.name, kind, "--first", str(tally.next)]
    command += ["--seconds", str(seconds)]
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        child = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True
        )
        begun = None
        with child:
            for line in child.stdout:
                told = json.loads(line)
                begun = told.get("begun")
                if begun is None:
                    tally.add(**told)
        if child.returncode:
            said.seek(0)
            how = f"ended with {child.returncode}:\n{said.read()[-2000:]}"
            tally.add(tally.next if begun is None else begun, how, 0, None)


def as_markdown(tallies: dict[str, Tally], minutes: float) -> str:
    """The figures, as FUZZ.md holds them."""
    lines = [
        "# What readers made of spoiled things",
        "",
        "Written by `.venv/bin/python -m tests.faults.fuzz` after "
        f"{minutes:.0f} minutes "
        f"(Python {platform.python_version()}, {platform.system()}).",
        "A reader gives what it promises, or refuses in a sentence, with at most "
        f"{MOST_MB:,} MB of memory and {MOST_SECONDS} seconds.",
        "",
        "| kind | tried | read | refused | failed | most MB | most seconds | mean ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for kind, tally in tallies.items():
        tried = tally.counts.total()
        counts = [tally.counts[how] for how in ("read", "refused", "failed")]
        cells = [kind, f"{tried:,}", *(f"{count:,}" for count in counts)]
        cells += [f"{tally.worst['mb'][0]:.0f}", f"{tally.worst['seconds'][0]:.2f}"]
        cells += [f"{1000 * tally.seconds / max(1, tried):.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Memory and seconds are those of the costliest refusal, the memory"]
    lines += ["beyond what the process held before."]
    return "\n".join(lines) + "\n"


def fuzz(kinds: list[str], minutes: float) -> dict[str, Tally]:
    """Give each kind its turns until the time is over."""
    tallies = {kind: Tally() for kind in kinds}
    began = time.monotonic()
    turns = max(1, round(minutes * 60 / TURN / len(kinds)))
    for _ in range(turns):
        for kind, tally in tallies.items():
            known = len(tally.failures)
            turn(kind, tally, minutes * 60 / turns / len(kinds))
            for seed, how in tally.failures[known:]:
                print(f"FAILED {kind} --seed {seed}\n{how}", flush=True)
            print(f"{kind}: {dict(tally.counts)}", flush=True)
        with whole_file(PAGE) as file:
            spent = (time.monotonic() - began) / 60
            file.write_text(as_markdown(tallies, spent), encoding="utf-8", newline="\n")
    return tallies


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", nargs="*", help=f"of {', '.join(KINDS)}; all if none")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, help="only this thing of one kind")
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if unknown := set(given.kind) - set(KINDS):
        parser.error(f"expected some of {', '.join(KINDS)}, found {', '.join(unknown)}")
    if given.seconds is not None:
        work(given.kind[0], given.first, given.seconds)
    elif given.seed is not None:
        for kind in given.kind:
            print(attempt(kind, given.seed))
    else:
        tallies = fuzz(given.kind or list(KINDS), given.minutes)
        raise SystemExit(any(tally.failures for tally in tallies.values()))


if __name__ == "__main__":
    run(_main)
