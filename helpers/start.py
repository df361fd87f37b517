"""The first line of every lesson: a quiet, repeatable start."""

from __future__ import annotations

import contextlib
import gc
import os
import platform
import sys
import warnings
from collections.abc import Iterator


def start_lesson(seed: int = 0) -> None:
    """Import TensorFlow quietly, fix every seed, set the style of figures.

    After this the same cells give the same numbers: on one machine to the last bit,
    on another one to about six decimals, which is why lessons print three.

    Args:
        seed: Seeds Python's, NumPy's and Keras's random numbers (an int, 0 to 2**32-1).

    Example:
        >>> start_lesson(seed=0)  # doctest: +ELLIPSIS
        Python 3... · TensorFlow 2... · Keras 3... · seed 0
    """
    # Keras 3.13 asks NumPy for what it has no more: each lesson would begin with that.
    warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
    with importing():
        import keras
        import tensorflow as tf
    from matplotlib import pyplot

    from helpers.checks import report_checks
    from helpers.figures import STYLE

    # What this computer's owner has told Keras for other work (~/.keras/keras.json).
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    keras.config.set_image_data_format("channels_last")
    keras.config.set_epsilon(1e-7)
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    # A second model in one process makes TensorFlow warn of retracing, with an address.
    tf.get_logger().setLevel("ERROR")
    # h5py warns on every save under the newest NumPy; nothing a learner could act on.
    warnings.filterwarnings("ignore", message=".*__array__ implementation.*")
    # Pillow warns of careless notes in a camera's file; they do not touch the pixels.
    warnings.filterwarnings("ignore", module="PIL")
    pyplot.style.use(STYLE)
    report_checks()
    print(
        f"Python {platform.python_version()} · TensorFlow {tf.__version__} · "
        f"Keras {keras.__version__} · seed {seed}"
    )


@contextlib.contextmanager
def importing() -> Iterator[None]:
    """Import TensorFlow quietly, and a fifth faster: nothing of it is ever garbage.

    Python looks through all objects again and again while they grow to four hundred
    thousand, and later with each quarter more. It rests here, and what has come by the
    end is looked through no more. Where TensorFlow was there already, it does as usual.

    Example:
        >>> with importing():
        ...     import tensorflow
        >>> gc.isenabled()
        True
    """
    rests = gc.isenabled() and "tensorflow" not in sys.modules
    if rests:
        gc.disable()
    try:
        with quietly():
            yield
    finally:
        if rests:
            gc.freeze()
            gc.enable()


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Close standard error while something is imported that talks too much.

    TensorFlow's C++ code announces its settings on file descriptor 2, past Python's
    `sys.stderr`, at every log level. Errors of Python still come through.

    Example:
        >>> with quietly():
        ...     _ = os.write(2, b"This TensorFlow binary is optimized ...")
        ...     print("What is printed is seen.")
        What is printed is seen.
    """
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
