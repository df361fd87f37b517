"""Heads trained on features, put back on the base that made the features."""

from __future__ import annotations

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from helpers.errors import InputError


def join(base: keras.Model, head: keras.Model) -> keras.Model:
    """Join a base and a head into one model, from a photograph to probabilities.

    A head trained on features and the same head trained on top of the frozen base are
    the same function. Joined, it can be saved and asked like any other model.

    Args:
        base: From raw pixels, values 0 to 255, to features, shape (batch, features).
        head: From features to probabilities, shape (batch, classes).

    Returns:
        A model from raw pixels to probabilities, its base frozen.

    Raises:
        InputError: if the head takes another number of features than the base gives.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> pooled = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> features = keras.Input((3,))
        >>> head = keras.Model(features, keras.layers.Dense(2, "softmax")(features))
        >>> join(keras.Model(inputs, pooled), head).output_shape
        (None, 2)
    """
    if base.output_shape[-1] != head.input_shape[-1]:
        raise InputError(
            f"expected a head for {base.output_shape[-1]} features, found one for "
            f"{head.input_shape[-1]}. Train the head on features of this base."
        )
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    return keras.Model(inputs, head(base(inputs)))


def head_from_regression(regression: LogisticRegression | Pipeline) -> keras.Model:
    """Turn scikit-learn's logistic regression into a Keras head that answers alike.

    Logistic regression *is* a dense layer: its coefficients are the kernel, and a
    softmax over (0, z) equals its sigmoid of z. A `StandardScaler` before it, in a
    `make_pipeline`, only moves and stretches the kernel.

    Args:
        regression: A fitted `LogisticRegression`, or a pipeline of a `StandardScaler`
            and one; two classes or more.

    Returns:
        A model from features, shape (batch, features), to probabilities, shape
        (batch, classes), in the order of `regression.classes_`.

    Example:
        >>> features, labels = np.array([[0.0], [1.0], [2.0], [3.0]]), [0, 0, 1, 1]
        >>> regression = LogisticRegression().fit(features, labels)
        >>> head = head_from_regression(regression)
        >>> bool(np.allclose(head(features), regression.predict_proba(features)))
        True
    """
    last = regression[-1] if isinstance(regression, Pipeline) else regression
    kernel, bias = last.coef_.T, last.intercept_  # (features, classes), (classes,)
    if isinstance(regression, Pipeline):
        scaler = regression[0]
        kernel = kernel / scaler.scale_[:, np.newaxis]
        bias = bias - scaler.mean_ @ kernel
    if kernel.shape[1] == 1:  # scikit-learn keeps one column for two classes
        kernel = np.hstack([np.zeros_like(kernel), kernel])
        bias = np.append(0.0, bias)
    inputs = keras.Input((kernel.shape[0],))
    dense = keras.layers.Dense(kernel.shape[1], activation="softmax")
    head = keras.Model(inputs, dense(inputs))
    dense.set_weights([kernel, bias])
    return head
