"""Push each picture through a frozen base once, and keep what comes out.

A frozen base gives the same features for the same picture in every epoch, in every
lesson, on every evening. So they are computed once and kept on disk, under the content
of the picture and of the base: a second run reads them in milliseconds, and a picture
that has changed is the only one to be computed again.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from helpers.engines import tensorflow_engine
from helpers.engines.with_tensorflow import BATCH, WORKERS
from helpers.errors import InputError
from helpers.pictures import read_picture
from helpers.plumbing import DATA, sha256, whole_file

AHEAD = 48  # batches read while the graph is built; 29 MB at 224 by 224
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
        unreadable: `"raise"` an error that names each unreadable picture, or give it a
            row of `"nan"`.
        progress: Show a bar with the rate and the time left.
        engine: Makes the function that computes a batch:
            `helpers.engines.tensorflow_engine`, which is the default, or
            `helpers.engines.onnx_engine`. Several threads call it at the same time.
        crop: Cut pictures to the base's proportions instead of squeezing them, which
            is better where they are not square; see `helpers.pictures.read_picture`.

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
    height, width, channels = base.input_shape[1:]
    if None in (height, width) or channels != 3 or len(base.output_shape) != 2:
        raise InputError(
            "expected a base from (None, height, width, 3) to (None, features), found "
            f"{base.input_shape} to {base.output_shape}. Give it an input_shape, and "
            'a pooling layer (pooling="avg") at its end.'
        )
    if unreadable not in ("raise", "nan"):
        raise InputError(f'expected unreadable="raise" or "nan", found {unreadable!r}.')
    engine = engine or tensorflow_engine
    pictures = [Path(picture) for picture in pictures]
    digests, faults = _digests(pictures)
    way = f"{engine.__name__} crop" if crop else engine.__name__
    folder = Path(cache) / fingerprint(base, way)
    features = np.full((len(pictures), base.output_shape[-1]), np.nan, np.float32)
    rows: dict[bytes, list[int]] = {}  # the same picture may be asked for twice
    for row, digest in digests.items():
        rows.setdefault(digest, []).append(row)
    for digest, values in _kept(folder):
        features[rows.pop(digest, [])] = values
    missing = [(digest, pictures[where[0]]) for digest, where in rows.items()]
    done: list[tuple[bytes, np.ndarray]] = []
    with tqdm(total=len(missing), unit="picture", disable=not progress) as bar:
        for digest, values in _computed(base, missing, engine, crop, faults):
            features[rows[digest]] = values
            done.append((digest, values))
            bar.update()
            if len(done) == SHARD:
                _keep(folder, done)
                done = []
    if done:
        _keep(folder, done)
    if faults and unreadable == "raise":
        listed = "\n".join(f"  {fault}" for fault in faults[:10])
        raise InputError(
            f"expected {len(pictures)} readable pictures, found {len(faults)} that are "
            f"not:\n{listed}\nTake them out, or pass unreadable='nan' to skip them. "
            "The features of the others are kept."
        )
    return features


def fingerprint(base: keras.Model, engine: str = "tensorflow_engine") -> str:
    """Name a base by what it computes: layers, weights, versions and engine.

    The names of layers do not count, since Keras numbers them anew in each session.

    Args:
        base: The model.
        engine: The name of the engine.

    Returns:
        Sixteen hexadecimal digits.

    Example:
        >>> a, b = (keras.Sequential([keras.Input((8,)), keras.layers.ReLU()])
        ...         for _ in range(2))
        >>> fingerprint(a) == fingerprint(b)
        True
    """
    text = json.dumps(base.get_config(), sort_keys=True, default=str)
    names = [layer.name for layer in base._flatten_layers()]
    for place, name in enumerate(names):
        text = text.replace(f'"{name}"', f'"#{place}"')
    digest = hashlib.sha256(text.encode())
    digest.update(f"{tf.__version__} {keras.__version__} {engine}".encode())
    for weight in base.weights:
        digest.update(np.ascontiguousarray(weight.numpy()))
    return digest.hexdigest()[:16]


def _digests(pictures: Sequence[Path]) -> tuple[dict[int, bytes], list[str]]:
    found, faults = {}, []
    for row, picture in enumerate(pictures):
        try:
            found[row] = bytes.fromhex(sha256(picture))
        except OSError as error:
            faults.append(f"{picture}: {error.strerror}")
    return found, faults


def _kept(folder: Path) -> Iterator[tuple[bytes, np.ndarray]]:
    # A shard's name is the checksum of what is in it, so damage shows.
    for shard in sorted(folder.glob("*.npy")):
        data = shard.read_bytes()
        if hashlib.sha256(data).hexdigest()[:32] != shard.stem:
            shard.unlink(missing_ok=True)
            continue
        table = np.load(io.BytesIO(data), allow_pickle=False)
        yield from zip(map(bytes, table["picture"]), table["features"], strict=True)


def _keep(folder: Path, done: list[tuple[bytes, np.ndarray]]) -> None:
    size = len(done[0][1])
    table = np.zeros(len(done), [("picture", np.uint8, 32), ("features", "<f4", size)])
    table["picture"] = [list(digest) for digest, _ in done]
    table["features"] = [values for _, values in done]
    buffer = io.BytesIO()
    np.save(buffer, table, allow_pickle=False)
    name = hashlib.sha256(buffer.getvalue()).hexdigest()[:32]
    with whole_file(folder / f"{name}.npy") as unfinished:
        unfinished.write_bytes(buffer.getvalue())


def _computed(
    base: keras.Model,
    missing: list[tuple[bytes, Path]],
    engine: Callable,
    crop: bool,
    faults: list[str],
) -> Iterator[tuple[bytes, np.ndarray]]:
    if not missing:
        return
    forward, size = engine(base), base.input_shape[1:3]
    chunks = [missing[first : first + BATCH] for first in range(0, len(missing), BATCH)]
    unread: dict[bytes, str] = {}

    def read(chunk: list[tuple[bytes, Path]]) -> tuple[list, np.ndarray]:
        # The last batch is filled up, so that the graph is built for one shape alone
        # and a picture's features do not depend on how many came with it.
        pixels = np.zeros((BATCH, *size, 3), np.uint8)
        for place, (digest, path) in enumerate(chunk):
            try:
                pixels[place] = read_picture(path, size, crop)
            except InputError as error:
                unread[digest] = str(error)
        return chunk, pixels

    def compute(batch: tuple[list, np.ndarray]) -> tuple[list, np.ndarray]:
        chunk, pixels = batch
        return chunk, forward(pixels)

    with ThreadPoolExecutor(WORKERS) as readers, ThreadPoolExecutor(WORKERS) as pool:
        try:
            batches = _ahead(readers, read, chunks, AHEAD)
            # The first goes alone: it ends the building of the graph, which two would
            # do twice, while the next ones are read. Then, where the layers of a
            # network must wait for each other, another batch keeps the cores busy.
            first = compute(next(batches))
            others = _ahead(pool, compute, batches, WORKERS + 1)
            for chunk, computed in itertools.chain([first], others):
                for (digest, _), values in zip(chunk, computed, strict=False):
                    if digest in unread:
                        faults.append(unread[digest])
                    else:
                        yield digest, values
        finally:  # after an error, or an interrupt, nobody begins anything else
            readers.shutdown(cancel_futures=True)
            pool.shutdown(cancel_futures=True)


def _ahead(
    pool: ThreadPoolExecutor, work: Callable, items: Iterable, number: int
) -> Iterator:
    # `pool.map` with an end to how far it runs ahead, so that memory stays small. Not
    # tf.data: it takes Python functions one by one, and none ahead, once lessons have
    # asked TensorFlow to be deterministic.
    results: deque[Future] = deque()
    for item in items:
        results.append(pool.submit(work, item))
        if len(results) == number:
            yield results.popleft().result()
    while results:
        yield results.popleft().result()
