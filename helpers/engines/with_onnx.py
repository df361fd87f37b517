"""The same base through ONNX Runtime: faster on many processors, alike within 1e-4."""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np

from helpers.engines.with_tensorflow import WORKERS
from helpers.errors import InputError
from helpers.plumbing import PYTHON
from helpers.start import quietly

PACKAGES = ("onnx", "onnxruntime", "tf2onnx")


def onnx_engine(base: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Hand the base to ONNX Runtime, an engine that only computes and never trains.

    Keras exports the base once in each run, which takes some seconds, so it pays off
    for many pictures. It takes three packages that nothing else here needs.

    Args:
        base: A model from raw pixels, shape (batch, height, width, 3), to features.

    Returns:
        A function from uint8 pixels, shape (batch, height, width, 3), to float32
        features, shape (batch, features).

    Raises:
        InputError: if a package is not installed. The message says how to do it.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> forward = onnx_engine(keras.Model(inputs, outputs))
        >>> forward(np.full((1, 8, 8, 3), 200, np.uint8)).tolist()
        [[200.0, 200.0, 200.0]]
    """
    missing = [package for package in PACKAGES if find_spec(package) is None]
    if missing:
        raise InputError(
            f"onnx_engine needs {' and '.join(missing)}, which this Python does not "
            f"have. Run `{PYTHON} -m pip install {' '.join(PACKAGES)}` once, or leave "
            "the engine out: TensorFlow gives the same features."
        )
    # compute_features keeps two batches going; they share the cores.
    return computing(exported(base), threads=max(1, (os.cpu_count() or 1) // WORKERS))


def computing(model: bytes, threads: int = 0) -> Callable[[np.ndarray], np.ndarray]:
    """Open an ONNX file in ONNX Runtime.

    Args:
        model: What `exported` gives.
        threads: How many threads compute a batch; 0 lets ONNX Runtime choose.

    Returns:
        A function as `onnx_engine` returns it.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalMaxPooling2D()(inputs)
        >>> forward = computing(exported(keras.Model(inputs, outputs)), threads=1)
        >>> forward(np.full((5, 8, 8, 3), 9, np.uint8)).shape
        (5, 3)
    """
    with quietly():
        import onnxruntime
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model, settings, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    return lambda pixels: session.run(None, {name: pixels.astype(np.float32)})[0]


def exported(base: keras.Model) -> bytes:
    """The base as an ONNX file, for pixels as float32 in batches of any size.

    Args:
        base: A model from raw pixels, shape (batch, height, width, 3), to features.

    Returns:
        What Keras's `export` writes, its names counted: the same for the same base.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalMaxPooling2D()(inputs)
        >>> file = exported(keras.Model(inputs, outputs))
        >>> import onnx
        >>> [node.op_type for node in onnx.load_from_string(file).graph.node]
        ['ReduceMax']
    """
    pixels = keras.InputSpec("float32", shape=(None, *base.input_shape[1:]))
    with quietly(), warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # Keras's patch of tf2onnx talks of np.object
        logging.getLogger("tf2onnx").setLevel(logging.WARNING)
        file = Path(folder, "base.onnx")
        base.export(file, format="onnx", verbose=False, input_signature=[pixels])
        return _named_by_place(file.read_bytes())


def _named_by_place(data: bytes) -> bytes:
    """Count what tf2onnx names: its own names are others in each run.

    The order of the nodes is the same, that of the constants is not.
    """
    import onnx

    model = onnx.load_from_string(data)
    graph = model.graph
    if any(part.HasField("g") for node in graph.node for part in node.attribute):
        return data  # a graph in the graph has names of its own
    names = {"": ""}  # an input that is left out
    for end in (*graph.input, *graph.output):
        names[end.name] = end.name
        for size in end.type.tensor_type.shape.dim:
            if size.dim_param:
                size.dim_param = names.setdefault(size.dim_param, f"size{len(names)}")
    for place, node in enumerate(graph.node):
        node.name = f"{node.op_type}_{place}"
        for ends in (node.input, node.output):
            for at, name in enumerate(ends):
                ends[at] = names.setdefault(name, f"t{len(names)}")
    order = {name: place for place, name in enumerate(names)}
    constants = [one for one in graph.initializer if one.name in names]
    del graph.initializer[:]
    for constant in sorted(constants, key=lambda one: order[one.name]):
        constant.name = names[constant.name]
        graph.initializer.append(constant)
    del graph.value_info[:]  # sizes in between, by the old names; they can be reckoned
    graph.doc_string = ""  # a number of TensorFlow's
    return model.SerializeToString(deterministic=True)
