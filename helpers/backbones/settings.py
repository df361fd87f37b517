"""The settings of Keras that a network's layers are built under."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def usual_settings() -> Iterator[None]:
    """Build layers as Keras does unless somebody's `keras.json` says otherwise.

    Layers ask for the type of their numbers and for the order of their axes when they
    are made. Published weights fit one answer alone, float32 numbers and channels last;
    under another the weights file would be blamed, or be stored with half of its
    digits.

    Example:
        >>> keras.config.set_image_data_format("channels_first")
        >>> with usual_settings():
        ...     keras.config.image_data_format(), keras.layers.Dense(2).compute_dtype
        ('channels_last', 'float32')
        >>> keras.config.image_data_format()
        'channels_first'
        >>> keras.config.set_image_data_format("channels_last")
    """
    config = keras.config
    floatx, policy = config.floatx(), config.dtype_policy()
    data_format = config.image_data_format()
    config.set_floatx("float32")  # of inputs
    config.set_dtype_policy("float32")  # of layers
    config.set_image_data_format("channels_last")
    try:
        yield
    finally:
        config.set_floatx(floatx)
        config.set_dtype_policy(policy)
        config.set_image_data_format(data_format)
