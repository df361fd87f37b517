"""A line for each epoch: how a training goes, in figures that two computers share."""

from __future__ import annotations

import keras

MEASURES = ("loss", "accuracy")  # in the order in which a line names them


class EpochLines(keras.callbacks.Callback):
    """Print a line for each epoch, or for every tenth of a long training.

    `verbose=2` prints seconds too, which no two runs share, and four decimals, which no
    two computers share. This prints what a reader compares: loss and accuracy to two
    decimals, of the training and, where there is one, of the validation set.

    Args:
        every: A line for every so many epochs; the last one always has its line.

    Example:
        >>> import numpy as np
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> nothing = np.zeros((4, 1))
        >>> _ = model.fit(nothing, nothing, epochs=5, verbose=0,
        ...     callbacks=[EpochLines(every=2)])
        epoch 2 of 5: loss 0.00
        epoch 4 of 5: loss 0.00
        epoch 5 of 5: loss 0.00
    """

    def __init__(self, every: int = 1) -> None:
        super().__init__()
        self.every = every

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Print the line; Keras calls this, with epochs counted from 0."""
        epochs = self.params["epochs"]
        if (epoch + 1) % self.every and epoch + 1 < epochs:
            return
        logs = logs or {}
        seen = [key for key in MEASURES if key in logs]
        training = [f"{key} {logs[key]:.2f}" for key in seen]
        unseen = [
            f"{key} {logs[f'val_{key}']:.2f}" for key in seen if f"val_{key}" in logs
        ]
        line = (
            f"epoch {epoch + 1:{len(str(epochs))}} of {epochs}: {', '.join(training)}"
        )
        print(f"{line}; validation: {', '.join(unseen)}" if unseen else line)
