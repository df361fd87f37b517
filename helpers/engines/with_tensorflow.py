"""A base as one TensorFlow graph that only computes: no layer in it can learn."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

BATCH = 4  # nearly the fastest on two cores, with little memory; see benchmarks/
WORKERS = 2  # batches at once, whatever the cores: TensorFlow divides each one too


def tensorflow_engine(base: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Compute a batch with TensorFlow: the base as one graph, its weights constants.

    A batch normalization that does not learn multiplies by numbers that are known and
    adds others, and the convolution before it can do that too, together with the
    activation after it. EfficientNet-Lite0 takes two fifths less time; features are
    equal within 1e-5 of the largest value.

    Args:
        base: The model. What later happens to its weights does not change the graph.

    Returns:
        A function from uint8 pixels, shape (batch, height, width, 3), to float32
        features, shape (batch, features). Several threads may call it.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> forward = tensorflow_engine(keras.Model(inputs, outputs))
        >>> forward(np.full((1, 8, 8, 3), 200, np.uint8)).tolist()
        [[200.0, 200.0, 200.0]]
    """
    inference = _inference(base)
    values = [(variable, variable.numpy()) for variable in inference.variables]

    @tf.function(autograph=False)
    def compute(pixels):
        # TensorFlow puts a slope into the convolution before it if both are constants.
        # It would find slopes by itself, but takes a quarter longer for the graph.
        constants = [(variable, tf.constant(value)) for variable, value in values]
        with keras.StatelessScope(constants):
            outputs = inference(tf.cast(pixels, "float32"), training=False)
        [features] = keras.tree.flatten(outputs)
        return tf.cast(features, "float32")

    # Built now, for the batches of compute_features. A graph that is built at its first
    # call makes TensorFlow warn, the fifth time, of what is meant here.
    shape = (BATCH, *base.input_shape[1:])
    compute.get_concrete_function(tf.TensorSpec(shape, "uint8"))
    return lambda pixels: compute(pixels).numpy()


def _inference(layer: keras.Layer) -> keras.Layer:
    """The same layer for those that never train; models of layers are built anew.

    Keras's classes alone: what a subclass computes is in its own `call`.
    """
    if type(layer) is keras.layers.BatchNormalization:
        plain = layer.axis == -1 and layer.compute_dtype == "float32"
        return _Affine(layer) if plain else layer
    if type(layer) is keras.Sequential and layer.built:
        [inputs], [outputs] = layer.inputs, layer.outputs
    elif type(layer) is GRAPH:
        inputs, outputs = layer.input, layer.output
    else:
        return layer
    # A model of its own, since clone_model would also compile what was compiled.
    graph = keras.Model(inputs, outputs)
    return keras.models.clone_model(graph, clone_function=_inference)


class _Affine(keras.Layer):
    """What a batch normalization does when it does not learn: a slope, an intercept."""

    def __init__(self, layer: keras.layers.BatchNormalization) -> None:
        super().__init__(dtype=layer.dtype_policy)
        self.slope = 1 / np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
        if layer.scale:
            self.slope *= layer.gamma.numpy()
        self.intercept = -self.slope * layer.moving_mean.numpy()
        if layer.center:
            self.intercept += layer.beta.numpy()

    def call(self, inputs, training=None, mask=None):
        return tf.nn.bias_add(_multiplied(inputs, self.slope), self.intercept)


def _multiplied(outputs: tf.Tensor, slope: np.ndarray) -> tf.Tensor:
    """Channels times numbers: the kernel before them, if TensorFlow leaves that to us.

    It does so for depthwise convolutions: each would multiply its outputs afterwards,
    and not be joined with the addition and the activation that follow.
    """
    convolution = getattr(outputs, "op", None)
    if getattr(convolution, "type", None) != "DepthwiseConv2dNative":
        return slope * outputs
    inputs, kernel = convolution.inputs
    settings = ("strides", "padding", "explicit_paddings", "data_format", "dilations")
    return tf.raw_ops.DepthwiseConv2dNative(
        input=inputs,
        filter=kernel * slope.reshape(kernel.shape[2:]),
        **{name: convolution.get_attr(name) for name in settings},
    )


def _class_of_graphs() -> type:
    inputs = keras.Input((1,))
    return type(keras.Model(inputs, keras.layers.Identity()(inputs)))


GRAPH = _class_of_graphs()  # what `keras.Model(inputs, outputs)` really makes
