"""What every script of `data_scripts` and `tools` does around its own work."""

from __future__ import annotations

import sys
from collections.abc import Callable

from helpers.errors import InputError


def run(work: Callable[[], None]) -> None:
    """Run a script's work; end it with a sentence and an exit code, not a traceback.

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
        work()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("\nstopped. Run the same command again: it goes on.", file=sys.stderr)
        raise SystemExit(130) from None
