"""Push each picture through a frozen base once, and keep what comes out.

A frozen base gives the same features for the same picture in every epoch, in every
lesson, on every evening. So they are computed once and kept on disk, under the content
of the picture and of the base: a second run reads them in milliseconds, and a picture
that has changed is the only one to be computed again.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import keras
import numpy as np
from tqdm.auto import tqdm

from helpers.engines import identity, keep, kept, stream, tensorflow_engine
from helpers.errors import InputError
from helpers.pictures import picture_bytes, pixels_of, shown, unreadable_pictures
from helpers.plumbing import DATA

SHARD = 256  # pictures that a killed run may lose
CACHE = DATA / "features"


def compute_features(
    base: keras.Model,
    pictures: Sequence[Path | str],
    cache: Path | str = CACHE,
    unreadable: str = "raise",
    progress: bool = False,
    engine: Callable[[keras.Model], Callable] | None = None,
    crop: bool = False,
) -> np.ndarray:
    """Compute the features of pictures, or read them if they were computed before.

    Pictures are read ahead, and two batches are computed at once, so that all cores
    are busy; memory does not grow with the number of pictures, beyond the features
    themselves. A run that is killed loses the last 256 pictures at most; the next one
    goes on from there and ends with the same bytes.

    Args:
        base: A built model from raw pixels, shape (batch, height, width, 3) with a
            fixed size and values 0 to 255, to features, shape (batch, features).
            Preprocessing is a layer in it, so that it cannot be forgotten.
        pictures: Paths of pictures, in any common format.
        cache: The folder in which features are kept. It may be deleted at any time.
            A base or engine that holds what cannot be told by its content (an open
            file, say) is computed each time, and a warning says so.
        unreadable: `"raise"` an error that names each unreadable picture, or give it a
            row of `"nan"`.
        progress: Show a bar with the rate and the time left.
        engine: Makes the function that computes a batch:
            `helpers.engines.tensorflow_engine`, which is the default, or
            `helpers.engines.onnx_engine`. Several threads call it at the same time.
        crop: Cut pictures to the base's proportions instead of squeezing them; what
            that gains, lesson 7 says. See `helpers.pictures.read_picture`.

    Returns:
        A float32 array of shape (pictures, features), a row for each picture in order.

    Raises:
        InputError: if a picture cannot be read, or the base has another form.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> compute_features(keras.Model(inputs, outputs), []).shape
        (0, 3)
    """
    engine = engine or tensorflow_engine
    pictures = _checked(base, pictures, unreadable)
    folder = _place(Path(cache), base, engine, crop)
    rows, faults = _rows_of_each(pictures)
    features = np.full((len(pictures), base.output_shape[-1]), np.nan, np.float32)
    for digest, values in kept(folder, features.shape[1]) if folder else ():
        if digest in rows:
            features[rows.pop(digest)] = values
    done: list[tuple[bytes, np.ndarray]] = []
    with tqdm(total=len(rows), unit="picture", disable=not (progress and rows)) as bar:
        asked = [(digest, pictures[where[0]]) for digest, where in rows.items()]
        for digest, found in _computed(base, asked, engine, crop):
            bar.update()
            if isinstance(found, InputError):
                faults.append(str(found))
                continue
            features[rows[digest]] = found
            done.append((digest, found))
            if folder and len(done) == SHARD:
                keep(folder, done)
                done = []
    if folder and done:
        keep(folder, done)
    if faults and unreadable == "raise":
        raise unreadable_pictures(
            len(pictures),
            faults,
            "pass unreadable='nan' to skip them. The features of the others are kept.",
        )
    return features


def fingerprint(
    base: keras.Model, engine: Callable = tensorflow_engine, crop: bool = False
) -> str:
    """Name a base by what it computes: layers, weights, code, versions and engine.

    The names of layers do not count, since Keras numbers them anew in each session.

    Args:
        base: The model.
        engine: What makes the function that computes a batch.
        crop: Whether pictures are cut to the base's proportions.

    Returns:
        Sixteen hexadecimal digits.

    Raises:
        InputError: if the base or the engine holds what cannot be told by its content;
            see `helpers.engines.fingerprints`.

    Example:
        >>> a, b = (keras.Sequential([keras.Input((8,)), keras.layers.ReLU()])
        ...         for _ in range(2))
        >>> fingerprint(a) == fingerprint(b)
        True
    """
    return identity(base, engine, crop)


def _checked(
    base: keras.Model, pictures: Sequence[Path | str], unreadable: str
) -> list[Path]:
    takes = getattr(base, "input_shape", None)
    gives = getattr(base, "output_shape", None)
    if not (_fits(takes, 4, 3) and None not in takes[1:] and _fits(gives, 2)):
        raise InputError(
            "expected a base from (None, height, width, 3) to (None, features), found "
            f"{takes or 'no shape'} to {gives or 'no shape'}. Give it an input_shape, "
            'and a pooling layer (pooling="avg") at its end; a model of your own class '
            "goes into keras.Model(inputs, model(inputs))."
        )
    if unreadable not in ("raise", "nan"):
        raise InputError(f'expected unreadable="raise" or "nan", found {unreadable!r}.')
    if isinstance(pictures, (str, os.PathLike)):
        raise InputError(
            f"expected a list of pictures, found one path, {shown(pictures)}. "
            "List a folder with helpers.pictures.find_pictures(folder); put a single "
            "picture into [ ]."
        )
    return [Path(picture) for picture in pictures]


def _fits(shape: object, dimensions: int, last: int | None = None) -> bool:
    if not isinstance(shape, tuple) or len(shape) != dimensions:
        return False  # a list or dict of shapes: several inputs or outputs
    return isinstance(shape[-1], int) and last in (None, shape[-1])


def _place(cache: Path, base: keras.Model, engine: Callable, crop: bool) -> Path | None:
    try:
        return cache / fingerprint(base, engine, crop)
    except InputError as error:
        warnings.warn(
            f"the features are computed, but not kept for the next time: {error}",
            stacklevel=3,
        )
        return None


def _rows_of_each(pictures: list[Path]) -> tuple[dict[bytes, list[int]], list[str]]:
    """The rows of each content, since a picture may be asked for twice; and faults."""
    rows: dict[bytes, list[int]] = {}
    faults = []
    for row, picture in enumerate(pictures):
        try:
            digest = hashlib.sha256(picture_bytes(picture)).digest()
        except InputError as error:
            faults.append(str(error))
        else:
            rows.setdefault(digest, []).append(row)
    return rows, faults


def _computed(
    base: keras.Model,
    asked: list[tuple[bytes, Path]],
    engine: Callable,
    crop: bool,
) -> Iterator[tuple[bytes, np.ndarray | InputError]]:
    if not asked:
        return
    size = base.input_shape[1:3]

    def read(one: tuple[bytes, Path]) -> np.ndarray:
        digest, path = one
        data = picture_bytes(path)
        _unchanged(data, digest, path)
        return pixels_of(data, path, size, crop)

    for (digest, _), found in stream(engine(base), size, asked, read):
        yield digest, found


def _unchanged(data: bytes, digest: bytes, path: Path) -> None:
    """See that the bytes to be decoded are those whose features are to be kept."""
    if hashlib.sha256(data).digest() != digest:
        raise InputError(
            f"{shown(path)} changed while it was read. Run the same again when no "
            "other program writes to it."
        )
