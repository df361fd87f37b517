"""Do the drawn pets teach? A frozen base against a network trained from scratch.

    python -m benchmarks.drawn_pets

Both learn from the same 200 pictures and are asked about the same 400 others. It draws
the pets and computes their features if they are not there yet; about two minutes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import keras
import numpy as np
from keras import layers
from sklearn.linear_model import LogisticRegression

from benchmarks.setting import make_base, open_set
from helpers.features import compute_features
from helpers.pictures import read_picture
from helpers.plumbing import run

PER_CLASS = (10, 25, 50, 100)
Learner = Callable[[np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]


def regression(
    features: np.ndarray, labels: np.ndarray, asked: np.ndarray, seed: int
) -> np.ndarray:
    """Logistic regression on features, shape (pictures, 1280): the answers, 0 or 1."""
    return LogisticRegression(max_iter=1000).fit(features, labels).predict(asked)


def dense_head(
    features: np.ndarray, labels: np.ndarray, asked: np.ndarray, seed: int
) -> np.ndarray:
    """The article's head on features: the answers, 0 or 1."""
    head = [layers.Dense(1024, activation="relu"), layers.Dense(2, "softmax")]
    return _fitted(head, features, labels, asked, seed, epochs=20)


def small_network(
    pixels: np.ndarray, labels: np.ndarray, asked: np.ndarray, seed: int
) -> np.ndarray:
    """A convolutional network from scratch, (pictures, 112, 112, 3): the answers."""
    network = [layers.Rescaling(1 / 255)]
    for filters in (16, 32, 64, 64):
        network += [
            layers.Conv2D(filters, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
        ]
    network += [layers.Flatten(), layers.Dropout(0.4)]
    network += [layers.Dense(64, activation="relu"), layers.Dense(2, "softmax")]
    return _fitted(network, pixels, labels, asked, seed, epochs=30)


def _fitted(
    network: list[keras.Layer],
    inputs: np.ndarray,
    labels: np.ndarray,
    asked: np.ndarray,
    seed: int,
    epochs: int,
) -> np.ndarray:
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(network)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(inputs, labels, batch_size=20, epochs=epochs, verbose=0)
    return model.predict(asked, verbose=0).argmax(axis=1)


def accuracies(
    learn: Learner, inputs: np.ndarray, labels: np.ndarray, per_class: int, seeds: int
) -> np.ndarray:
    """Learn from `per_class` cats and dogs, ask about all but the first 100 of each.

    Args:
        learn: One of the functions above.
        inputs: Features or pixels, a row for each picture.
        labels: 0 or 1 for each.
        per_class: How many of each class to learn from, 100 at most.
        seeds: How many times to shuffle and begin again.

    Returns:
        The share of right answers in each repetition, shape (seeds,).
    """
    shares = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        mixed = [rng.permutation(np.flatnonzero(labels == kind)) for kind in (0, 1)]
        train = rng.permutation(np.concatenate([kind[:per_class] for kind in mixed]))
        test = np.concatenate([kind[100:] for kind in mixed])
        answers = learn(inputs[train], labels[train], inputs[test], seed)
        shares.append(np.mean(answers == labels[test]))
    return np.array(shares)


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="repetitions (5)")
    seeds = parser.parse_args().seeds
    _, pictures, labels = open_set(None)
    features = compute_features(make_base(), pictures, progress=True)
    pixels = np.stack([read_picture(picture, (112, 112)) for picture in pictures])

    print(f"\n200 pictures to learn from, {len(labels) - 200} unseen, {seeds} seeds\n")
    print(f"{'':44}{'mean':>6}{'least':>7}{'most':>6}")
    means = []
    for name, learn, given in (
        ("frozen EfficientNet-Lite0, logistic regression", regression, features),
        ("frozen EfficientNet-Lite0, Dense 1024, Dense 2", dense_head, features),
        ("small convolutional network from scratch", small_network, pixels),
    ):
        shares = accuracies(learn, given, labels, 100, seeds)
        means.append(shares.mean())
        print(f"{name:44}{shares.mean():6.3f}{shares.min():7.3f}{shares.max():6.3f}")
    points = 100 * (means[0] - means[2])
    print(f"\nTransfer is ahead by {points:.1f} points.\n")
    print("pictures a class, logistic regression on frozen features")
    for n in PER_CLASS:
        shares = accuracies(regression, features, labels, n, seeds)
        print(
            f"{n:16}{'':28}{shares.mean():6.3f}{shares.min():7.3f}{shares.max():6.3f}"
        )


if __name__ == "__main__":
    run(_main)
