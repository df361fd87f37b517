"""The frozen base as ONNX, made once and kept."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from helpers.engines import computing, exported, identity
from helpers.errors import InputError
from helpers.plumbing import DATA, whole_file

KEPT = DATA / "networks"
TOLERANCE = 1e-3  # of a feature, between Keras and ONNX Runtime


def network(base: keras.Model, kept: Path = KEPT) -> bytes:
    """The base as an ONNX file that gives the features that Keras gives.

    Keras takes some seconds to write it. So it is kept, under what the base is known
    by; whatever lies there is compared with the base before it is used.

    Args:
        base: From (batch, height, width, 3), values 0 to 255, to (batch, features).
        kept: The folder in which such files are kept. It may be deleted at any time.

    Returns:
        The file's bytes.

    Raises:
        InputError: if ONNX has no word for a layer, or the answers differ.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> with TemporaryDirectory() as folder:
        ...     file = network(keras.Model(inputs, outputs), Path(folder))
        ...     [path.read_bytes() == file for path in Path(folder).iterdir()]
        [True]
    """
    try:
        path = kept / f"{identity(base)}.onnx"
    except InputError:  # it cannot be told by its content
        path = None
    if path and path.is_file():
        data = path.read_bytes()
        if _difference(base, data) <= TOLERANCE:
            return data
    try:
        data = exported(base)
    except Exception as error:  # tf2onnx raises many kinds
        raise InputError(
            "expected a base that can be handed over as ONNX, found one that cannot: "
            f"{error!s:.200}. Use a backbone of helpers.backbones."
        ) from error
    if (difference := _difference(base, data)) > TOLERANCE:
        raise InputError(
            f"expected the same features from ONNX Runtime within {TOLERANCE}, found a "
            f"difference of {difference:.3g}. No page was made: it would answer "
            "otherwise than the classifier."
        )
    if path:
        with whole_file(path) as unfinished:
            unfinished.write_bytes(data)
    return data


def _difference(base: keras.Model, data: bytes) -> float:
    shape = (2, *base.input_shape[1:])
    noise = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    try:
        found = computing(data, threads=1)(noise)
    except Exception:  # a damaged file; ONNX Runtime raises many kinds
        return np.inf
    expected = base.predict_on_batch(noise.astype(np.float32))
    return float(np.abs(found - expected).max())
