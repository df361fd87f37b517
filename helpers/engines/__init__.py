"""How a frozen base computes a batch: with TensorFlow, or with ONNX Runtime."""

from helpers.engines.fingerprints import identity
from helpers.engines.shards import keep, kept
from helpers.engines.streaming import stream
from helpers.engines.with_onnx import computing, exported, onnx_engine
from helpers.engines.with_tensorflow import BATCH, WORKERS, tensorflow_engine

__all__ = [
    "BATCH",
    "WORKERS",
    "computing",
    "exported",
    "identity",
    "keep",
    "kept",
    "onnx_engine",
    "stream",
    "tensorflow_engine",
]
