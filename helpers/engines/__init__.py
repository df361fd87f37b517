"""How a frozen base computes a batch: with TensorFlow, or with ONNX Runtime."""

from helpers.engines.identity import identity
from helpers.engines.with_onnx import onnx_engine
from helpers.engines.with_tensorflow import tensorflow_engine

__all__ = ["identity", "onnx_engine", "tensorflow_engine"]
