"""Feed the readers what nobody would think of: good things spoiled, lies, and noise.

Whatever comes, a reader gives what it promises or raises InputError, in a message that
names the file; and what it refuses takes a gigabyte of memory and half a minute at the
most. `tests/faults/test_fuzz.py` runs a short part of it; `python -m tests.faults.fuzz`
goes on longer.
"""

from __future__ import annotations

import contextlib
import importlib
import random
import re
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from typing import NamedTuple

from helpers.errors import InputError

# Where each kind is made. Those in `things` need TensorFlow.
KINDS = {
    "table": "files",
    "archive": "files",
    "picture": "files",
    "weights": "files",
    "download": "servers",
    "record": "things",
    "model": "things",
    "keras_weights": "things",
    "shard": "things",
}
MOST_MB = 1000  # beyond what the process held before
MOST_SECONDS = 30
NAMED = re.compile(r"fuzzed\.file|cat\.png|fuzz-sets-")  # what every refusal names


class Outcome(NamedTuple):
    """What came of one try.

    Attributes:
        how: `"read"`, `"refused"`, or the traceback or sentence of a failure.
        seconds: How long it took.
        mb: How many megabytes of memory it took at its peak; None if the system does
            not tell.
    """

    how: str
    seconds: float
    mb: float | None


def attempt(kind: str, seed: int) -> Outcome:
    """Make one thing and let it be read. The same seed makes the same thing.

    Args:
        kind: A key of `KINDS`.
        seed: Which one of that kind.
    """
    module = importlib.import_module(f"{__name__}.{KINDS[kind]}")
    make = getattr(module, f"of_{kind}")
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        read = make(random.Random(f"{kind} {seed}"), Path(folder))
        before = _peak_mb()
        began = time.monotonic()
        how = _how(read)
        seconds, peak = time.monotonic() - began, _memory("VmHWM")
        mb = None if peak is None or before is None else max(0.0, peak - before)
    if how == "refused" and (seconds > MOST_SECONDS or (mb or 0) > MOST_MB):
        how = f"refused, but only after {seconds:.1f} s and with {mb or 0:.0f} MB"
    return Outcome(how, seconds, mb)


def _how(read) -> str:
    try:
        read()
    except InputError as error:
        message = str(error)
        if not NAMED.search(message):
            return f"a refusal that names nothing: {message!r:.300}"
        if len(message) > 2000 or message.count("\n") > 2:
            return f"a long refusal: {len(message)} signs, {message!r:.300}"
        return "refused"
    except Exception:  # any: it is what we look for
        return traceback.format_exc()
    return "read"


def _peak_mb() -> float | None:
    """What the process holds now, from where its peak is counted anew."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(line: str) -> float | None:
    with contextlib.suppress(OSError):
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(re.search(rf"{line}:\s*(\d+) kB", text)[1]) / 1e3
    return None
