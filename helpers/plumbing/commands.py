"""What every script of `data_scripts` and `tools` does around its own work."""

from __future__ import annotations

import sys
from collections.abc import Callable

from helpers.errors import InputError


def run(work: Callable[[], None]) -> None:
    """Run a script's work; end it with a sentence and an exit code, not a traceback.

    A script imports what takes long in its work, not at its top: so a Ctrl-C during
    the imports is met here as well. A name that the terminal's encoding does not have
    is printed with escapes and stops nothing.

    Exit codes: 0 done; 2 something given was wrong, and the message says what to do;
    130 interrupted, and a rerun completes.

    Args:
        work: The script's `main`, without arguments.

    Raises:
        SystemExit: with code 2 or 130 as above; any other error passes through,
            because it is a fault of ours and its traceback is what we need to mend it.

    Example:
        >>> run(lambda: print("done"))
        done
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a test's or a notebook's has it not
                stream.reconfigure(errors="backslashreplace")
        work()
    except InputError as error:
        lines = (
            "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
            for line in str(error).split("\n")  # no name may steer the terminal
        )
        print("error: " + "\n".join(lines), file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("\nstopped. Run the same command again: it goes on.", file=sys.stderr)
        raise SystemExit(130) from None
