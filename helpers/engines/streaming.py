"""Pictures through an engine: read ahead, two batches computed at once, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

import numpy as np

from helpers.engines.with_tensorflow import BATCH, WORKERS
from helpers.errors import InputError

AHEAD = 48  # batches read while the graph is built; 29 MB at 224 by 224
Item = TypeVar("Item")


def stream(
    forward: Callable[[np.ndarray], np.ndarray],
    size: tuple[int, int],
    items: Iterable[Item],
    read: Callable[[Item], np.ndarray],
) -> Iterator[tuple[Item, np.ndarray | InputError]]:
    """Compute the features of pictures, whatever they are read from.

    Args:
        forward: What an engine gives. Several threads call it at the same time.
        size: (height, width) of the pictures.
        items: What `read` knows to read; taken as they are needed.
        read: Gives the pixels of an item, uint8 of shape (height, width, 3). Several
            threads call it.

    Yields:
        Each item, in order, with its features, float32 of shape (features,), or with
        the `InputError` that `read` raised.

    Example:
        >>> def forward(pixels):
        ...     return pixels.mean(axis=(1, 2))
        >>> def read(number):
        ...     return np.full((2, 2, 3), number, np.uint8)
        >>> [values.tolist() for _, values in stream(forward, (2, 2), [7, 9], read)]
        [[7.0, 7.0, 7.0], [9.0, 9.0, 9.0]]
    """

    def read_batch(chunk: list[Item]) -> tuple[list, np.ndarray]:
        # The last batch is filled up, so that the graph is built for one shape alone
        # and a picture's features do not depend on how many came with it.
        pixels = np.zeros((BATCH, *size, 3), np.uint8)
        faults: list[InputError | None] = [None] * len(chunk)
        for place, item in enumerate(chunk):
            try:
                pixels[place] = read(item)
            except InputError as error:
                faults[place] = error
        return list(zip(chunk, faults, strict=True)), pixels

    def compute(given: tuple[list, np.ndarray]) -> list:
        batch, pixels = given
        computed = forward(pixels)
        return [
            (item, fault or values)
            for (item, fault), values in zip(batch, computed, strict=False)
        ]

    with ThreadPoolExecutor(WORKERS) as readers, ThreadPoolExecutor(WORKERS) as pool:
        try:
            batches = _ahead(readers, read_batch, _chunks(items), AHEAD)
            # The first goes alone: it ends the building of the graph, which two would
            # do twice, while the next ones are read. Then, where the layers of a
            # network must wait for each other, another batch keeps the cores busy.
            for first in islice(batches, 1):
                yield from compute(first)
            for found in _ahead(pool, compute, batches, WORKERS + 1):
                yield from found
        finally:  # after an error, or an interrupt, nobody begins anything else
            readers.shutdown(cancel_futures=True)
            pool.shutdown(cancel_futures=True)


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    items = iter(items)
    while chunk := list(islice(items, BATCH)):
        yield chunk


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
