"""The small package that the lessons import: one module for each noun.

Importing it sets what TensorFlow, Keras, matplotlib and tqdm read once, when they are
first imported themselves. How this computer's owner has set them up for other work
makes no difference here.
"""

import os
import sys
from pathlib import Path

from helpers.errors import InputError

os.umask(os.umask(0o022) & 0o077)  # or we may not open what we have made ourselves
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # no start-up log in the notebooks
# Intel's kernels are on by default on some processors only. On all of them, a forward
# pass takes about two thirds of the time, and every computer computes alike.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["KERAS_NNX_ENABLED"] = "false"  # a setting for JAX, whatever keras.json says
for limit in ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH"):
    os.environ.pop(limit, None)  # `fit` would stop before its time
for name in list(os.environ):  # tqdm stops at a number that is none
    if name.startswith("TQDM_") and name != "TQDM_DISABLE":
        del os.environ[name]
# A name that matplotlib does not know ends each import of it; a notebook's is a module.
if not os.environ.get("MPLBACKEND", "module://").startswith("module://"):
    del os.environ["MPLBACKEND"]


def _keras_starts_with(path: Path) -> bool:
    """Whether Keras can be imported beside this settings file.

    It reads the file on import and stops at what it does not expect. What it accepts,
    a number type or an order of axes, is put right where it matters.
    """
    if not os.path.exists(path):  # unlike `path.exists()`, never an error itself
        return True
    if not os.path.isfile(path):  # a pipe: whoever reads it waits
        return False
    import json  # by those alone who have such a file

    try:
        settings = json.loads(path.read_text())
    except ValueError:
        return True  # Keras goes on without it
    except (OSError, RecursionError):
        return False
    return (
        isinstance(settings, dict)
        and settings.get("floatx", "float32") in ["float16", "float32", "float64"]
        and isinstance(settings.get("epsilon", 1e-7), float)
        and settings.get("image_data_format", "channels_last")
        in ["channels_last", "channels_first"]
    )


if "keras" not in sys.modules:
    home = os.environ.get("KERAS_HOME", os.path.join("~", ".keras"))
    if not _keras_starts_with(Path(os.path.expanduser(home), "keras.json")):
        # Elsewhere Keras makes a file of its own; the damaged one stays as it is.
        os.environ["KERAS_HOME"] = str(Path(__file__).parents[1] / "data" / "keras")
elif (backend := sys.modules["keras"].config.backend()) != "tensorflow":
    raise InputError(
        f"expected Keras to run on TensorFlow, found that it runs on {backend} here "
        "already. Restart the kernel, and import `helpers` before `keras`."
    )
