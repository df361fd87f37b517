"""Ctrl-C before a command has begun its work, and after it has ended.

Standard library only, and readable by Pythons as old as 3.6, as `tools/set_up.py` is.
"""

import atexit
import os
import signal


def end_at_once(*_):
    """Say one line and end with exit code 130: nothing has been begun.

    A KeyboardInterrupt would come out of whatever is being imported, as a traceback,
    or be taken there for another error.
    """
    os.write(2, b"\nstopped. Run the same command again: it goes on.\n")
    os._exit(130)


def before_the_work():
    """Let Ctrl-C end this process at once, unless it was told to ignore Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_at_once)
        # Called last of all, for it is the first that is registered. Then everything is
        # done, and Python takes its own handlers away.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
