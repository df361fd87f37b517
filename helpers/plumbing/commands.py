"""What every script of `data_scripts` and `tools` does around its own work."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NoReturn

from helpers.errors import InputError
from helpers.plumbing.files import explained
from helpers.plumbing.paths import printable

OURS = ("helpers", "data_scripts", "tools")
SET_UP = os.path.join("tools", "set_up.py")
CUT_SHORT = 141  # what a shell says of a program whose output nobody reads any more
STOPPED = "\nstopped. Run the same command again: it goes on."


def parser(text: str) -> argparse.ArgumentParser:
    """The reader of a script's arguments; its help is the script's docstring.

    A file whose name begins with a dash looks like an option. If there is one of that
    name, the error says how to write it.

    Args:
        text: The docstring.

    Example:
        >>> parser("Draw pets.").description
        'Draw pets.'
    """

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            for given in sys.argv[1:]:
                if given.startswith("-") and os.path.lexists(given):
                    message += f" ({given} is a name: write .{os.sep}{given})"
            super().error(message)

    form = argparse.RawDescriptionHelpFormatter
    return Parser(description=text, formatter_class=form)


def run(work: Callable[[], None]) -> None:
    """Run a script's work; end it with a sentence and an exit code, not a traceback.

    A script imports what takes long in its work, not at its top: so a Ctrl-C during
    the imports is met here as well. A name that the terminal's encoding does not have
    is printed with escapes and stops nothing.

    Exit codes: 0 done; 2 something given was wrong, and the message says what to do;
    130 interrupted, and a rerun completes; 141 nobody reads what is printed.

    Args:
        work: The script's `main`, without arguments.

    Raises:
        SystemExit: with code 2, 130 or 141 as above; any other error passes through,
            because it is a fault of ours and its traceback is what we need to mend it.

    Example:
        >>> run(lambda: print("done"))
        done
    """
    try:
        # Started without one of them: whatever is opened next would take its number,
        # and what TensorFlow says on number 2 would stand in the data.
        sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
        sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
        sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # a test's or a notebook's has it not
                stream.reconfigure(errors="backslashreplace")
        with _interruptible(), explained(os.curdir):
            work()
            sys.stdout.flush()
    except BrokenPipeError:  # `… | head`: whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(CUT_SHORT) from None
    except InputError as error:
        lines = map(printable, str(error).split("\n"))
        print("error: " + "\n".join(lines), file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        raise SystemExit(130) from None
    except ImportError as error:
        if (error.name or OURS[0]).partition(".")[0] in OURS:
            raise
        print(
            f"error: the packages of this Python are damaged: {printable(str(error))}. "
            f"Delete the folder .venv, then run: python {SET_UP}",
            file=sys.stderr,
        )
        raise SystemExit(2) from None


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C raise KeyboardInterrupt, but end the process in an import.

    There it could come out as any other error, or nowhere: compiled modules take it for
    a fault of their own. Before and after the work, `tools.interrupts` has its say.
    """
    before = signal.getsignal(signal.SIGINT)
    here = threading.current_thread() is threading.main_thread()
    if not here or before in (signal.SIG_IGN, None):  # told to ignore Ctrl-C
        yield
        return
    hook = sys.unraisablehook
    with _terminal() as terminal:
        signal.signal(signal.SIGINT, lambda _, frame: _interrupt(frame, terminal))
        sys.unraisablehook = lambda lost: _not_lost(lost, hook, terminal)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
            sys.unraisablehook = hook


def _interrupt(frame: FrameType | None, terminal: int) -> None:
    while frame:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            _end(terminal)
        frame = frame.f_back
    raise KeyboardInterrupt


def _not_lost(lost: Any, hook: Callable[[Any], object], terminal: int) -> None:
    """End the process where Python would go on: in a `__del__`, in a callback."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        _end(terminal)
    hook(lost)


def _end(terminal: int) -> NoReturn:
    os.write(terminal, f"{STOPPED}\n".encode())
    os._exit(130)


@contextlib.contextmanager
def _terminal() -> Iterator[int]:
    """Standard error, also while `helpers.start.quietly` has closed it."""
    try:
        terminal = os.dup(2)
    except OSError:  # started without one
        terminal = os.open(os.devnull, os.O_WRONLY)
    try:
        yield terminal
    finally:
        os.close(terminal)
