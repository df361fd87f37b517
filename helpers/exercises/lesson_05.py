"""Judges for the exercises of lesson 5, Feed pictures."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from helpers.exercises.answers import (
    NotYet,
    called,
    instance,
    number,
    refuse_unless,
)


def exercise_1(n_steps: object) -> str:
    """Does `n_steps` count as `fit` does, rests included?"""
    for n, size, epochs in ((200, 50, 1), (200, 64, 1), (200, 64, 3), (7, 10, 2)):
        asked = f"{n} pictures, batches of {size}, {epochs} epoch(s)"
        said = called("n_steps", n_steps, n, size, epochs)
        claimed, wanted = number("what n_steps gives", said), epochs * -(-n // size)
        others = {
            "it leaves out what remains at the end of an epoch": epochs * (n // size),
            "it counts a rest where there is none": epochs * (n // size + 1),
            "it counts one epoch only": -(-n // size),
            "it deals epochs out in one go: each epoch ends with its own rest": -(
                -n * epochs // size
            ),
            "a step is whole: round up": epochs * n / size,
            "it counts pictures, not steps": epochs * n,
        }
        for why, other in others.items():
            refuse_unless(
                claimed == wanted or claimed != other,
                f"for {asked} `n_steps` gives {claimed:g} instead of {wanted}: {why}",
            )
        refuse_unless(
            claimed == wanted,
            f"for {asked} `n_steps` gives {claimed:g} instead of {wanted}",
        )
    return "as many steps as `fit` makes, a rest included"


def exercise_2(dataset: object, folder: Path) -> str:
    """Does `dataset` give cats and dogs only, cropped, with the right numbers?"""
    _dataset("dataset", dataset)
    images, numbers = _all("dataset", dataset)
    refuse_unless(
        images.shape[1:3] == (32, 32),
        f"`dataset` gives pictures of {images.shape[1]} by {images.shape[2]} pixels "
        "instead of 32 by 32",
    )
    per_class = {name: len(list((folder / name).iterdir())) for name in ("cat", "dog")}
    wanted = sum(per_class.values())
    refuse_unless(
        len(images) <= wanted,
        f"`dataset` has {len(images)} pictures and not {wanted}: what the Mac left is "
        "among them",
    )
    refuse_unless(
        len(images) == wanted, f"`dataset` has {len(images)} pictures and not {wanted}"
    )
    refuse_unless(
        numbers.ndim == 1 or numbers.shape[1] == 1,
        "`dataset` gives several numbers for each label: cats should be 0 and dogs 1, "
        "which is the default",
    )
    numbers = numbers.ravel()
    squeezed, cropped = (_reference(folder, crop) for crop in (False, True))
    refuse_unless(
        _alike(images, cropped[0]) or not _alike(images, squeezed[0]),
        "`dataset` squeezes its pictures: crop them",
    )
    refuse_unless(
        _alike(images, cropped[0]),
        "`dataset` gives other pixels than cropping does: leave all other settings "
        "out, values from 0 to 255",
    )
    # Shuffled or not: each picture is found again by its pixels.
    right = cropped[1][[_nearest(image, cropped[0]) for image in images]]
    refuse_unless(
        not np.array_equal(numbers, 1 - right),
        "`dataset` has it the wrong way round: cats are 1 and dogs 0",
    )
    refuse_unless(
        np.array_equal(numbers, right),
        f"`dataset` has other labels than 0 for cats and 1 for dogs: {numbers}",
    )
    return f"{per_class['cat']} cats, {per_class['dog']} dogs, cropped to 32 by 32"


def exercise_3(train_ds: object, images: np.ndarray, reads: list) -> str:
    """Is each picture read once, and augmented anew in each epoch?"""
    _dataset("train_ds", train_ds)
    _all("train_ds", train_ds)  # fills a cache, if there is one
    n_before = len(reads)
    epochs = [_all("train_ds", train_ds) for _ in range(3)]
    n_more = len(reads) - n_before
    for _, numbers in epochs:
        refuse_unless(
            sorted(numbers.ravel().tolist()) == list(range(len(images))),
            f"`train_ds` should give each of the {len(images)} pictures once an "
            f"epoch, with its label; it gives the labels {numbers.ravel()}",
        )
    sizes = [len(numbers) for _, numbers in train_ds]
    refuse_unless(
        max(sizes) == 4,
        f"`train_ds` gives batches of {max(sizes)} pictures instead of 4",
    )
    first, second = (inputs[np.argsort(labels)] for inputs, labels in epochs[:2])
    refuse_unless(
        not np.allclose(first, images, atol=1e-3),
        "`train_ds` gives the pictures as they are: `augment` does nothing, unless it "
        "is told `training=True`",
    )
    refuse_unless(
        not np.array_equal(first, second),
        "`train_ds` gives the same version in each epoch: the cache comes after what "
        "is random",
    )
    refuse_unless(
        n_more == 0,
        f"`train_ds` reads again: {n_more} reads more in {len(epochs)} further "
        "epochs. Keep what was read, before it is changed",
    )
    gaps = np.abs(first - images).mean(axis=(1, 2, 3))
    others = np.abs(first - np.roll(images, 1, axis=0)).mean(axis=(1, 2, 3))
    refuse_unless(
        np.mean(gaps < others) > 0.5,
        "`train_ds` gives pictures with the labels of others",
    )
    return f"{len(images)} reads for any number of epochs, and each epoch is another"


def _dataset(name: str, value: object) -> None:
    instance(name, value, tf.data.Dataset, "tf.data.Dataset")
    shape = getattr(value, "element_spec", None)
    refuse_unless(
        isinstance(shape, tuple) and len(shape) == 2,
        f"`{name}` should give pairs, images and labels",
    )
    refuse_unless(
        shape[0].shape.rank == 4,
        f"`{name}` gives single pictures, and no batches of them",
    )


def _all(name: str, dataset: tf.data.Dataset) -> tuple[np.ndarray, np.ndarray]:
    parts = called(name, lambda: list(dataset.take(100).as_numpy_iterator()))
    if not parts:
        raise NotYet(f"`{name}` gives nothing")
    inputs, labels = zip(*parts, strict=True)
    return np.concatenate(inputs), np.concatenate(labels)


def _reference(folder: Path, crop: bool) -> tuple[np.ndarray, np.ndarray]:
    dataset = keras.utils.image_dataset_from_directory(
        folder,
        class_names=["cat", "dog"],
        image_size=(32, 32),
        crop_to_aspect_ratio=crop,
        shuffle=False,
        verbose=False,
    )
    return _all("dataset", dataset)


def _nearest(image: np.ndarray, others: np.ndarray) -> int:
    return int(np.abs(others - image).mean(axis=(1, 2, 3)).argmin())


def _alike(images: np.ndarray, others: np.ndarray) -> bool:
    if images.shape != others.shape:
        return False
    nearest = [_nearest(image, others) for image in images]
    return bool(np.allclose(images, others[nearest], atol=0.5))
