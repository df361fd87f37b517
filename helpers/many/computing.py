"""The features of pictures by many processes, on one computer or on a hundred.

Ray Data divides the parts among workers, one for each core: each builds the base once
and then computes part after part, as `helpers.features` does on one computer. When a
worker or its computer dies, its part goes to another one; when all die, the next run
finds the parts that were done.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
from tqdm.auto import tqdm

from helpers.engines import stream, tensorflow_engine
from helpers.errors import InputError
from helpers.features import CACHE, fingerprint
from helpers.many.computers import cluster
from helpers.many.listing import Entry, list_pictures, picture_of
from helpers.many.parts import (
    Row,
    cut,
    entries_from_bytes,
    entries_to_bytes,
    key_of,
    read_part,
    write_part,
)
from helpers.many.reading import INDEX, read_features
from helpers.many.stores import NoAnswer, Store, open_store, reported, write_bytes
from helpers.pictures import pixels_of, unreadable_pictures

UNREADABLE = "unreadable.json"
TASKS = 10_000  # pieces into which the parts are put, for Ray to give away


class Outcome(NamedTuple):
    """How it went.

    Attributes:
        pictures: How many there are.
        computed: How many of them were not there before.
        unreadable: Name and reason of each that cannot be read.
        seconds: From the first part that was given away to the last that came back.

    Example:
        >>> found = Outcome(5000, 384, [("cat/tom.jpg", "it is empty")], 31.0)
        >>> len(found.unreadable)
        1
    """

    pictures: int
    computed: int
    unreadable: list[tuple[str, str]]
    seconds: float


def compute_parts(
    base: keras.Model,
    pictures: Path | str | Sequence[Path | str],
    target: Path | str,
    files: object = None,
    target_files: object = None,
    engine: Callable[[keras.Model], Callable] = tensorflow_engine,
    crop: bool = False,
    progress: bool = False,
) -> Outcome:
    """Compute the features of pictures with all workers of a cluster; keep them.

    To be called within `helpers.many.cluster`. What is in `target` for the same base
    and the same pictures is not computed again. What it takes of memory does not grow
    with the pictures, but for some 30 bytes each here, where the list is.

    Args:
        base: As for `helpers.features.compute_features`; Keras must be able to save it.
        pictures: A folder, an archive, a list, or paths: see
            `helpers.many.list_pictures`. Each computer reaches them under this name.
        target: The folder that gets the parts, or an address; reached by all, too.
        files: A file system of pyarrow or fsspec for `pictures`, if need be.
        target_files: The same for `target`.
        engine: As for `compute_features`.
        crop: As for `compute_features`.
        progress: Show a bar with the rate and the time left.

    Returns:
        How it went; `read_features` reads the features. Unreadable pictures end
        nothing: the list of them is in `unreadable.json` as well.

    Raises:
        InputError: if there are no such pictures, the disk of the target is full, or a
            store does not answer. The same command again goes on where it ended.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> outputs = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> base = keras.Model(inputs, outputs)
        >>> compute_parts(base, "no_such_folder", "features")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such place: no_such_folder. ...
    """
    import ray

    with reported():
        source, entries = list_pictures(pictures, files)
        kept = open_store(target, target_files)
        name = fingerprint(base, engine, crop)
        size = base.output_shape[-1]
        parts, items = divide(name, entries)
        total = sum(number for _, number in parts)
        done: dict[str, dict] = {}
        start = time.perf_counter()
        if items:
            given = {
                "base": ray.put(_saved(base)),
                "stores": (source, kept),
                "engine": engine,
                "crop": crop,
            }
            with tqdm(total=total, unit="picture", disable=not progress) as bar:
                for row in _through_ray(items, given):
                    if row["key"] not in done:
                        bar.update(row["pictures"])
                    done[row["key"]] = row
        seconds = time.perf_counter() - start
        faults = [
            tuple(fault)
            for key, _ in parts
            for fault in json.loads(done[key]["unreadable"])
        ]
        told = {"base": name, "features": size, "pictures": total, "parts": parts}
        write_bytes(kept, kept.path(UNREADABLE), json.dumps(faults, indent=1).encode())
        write_bytes(kept, kept.path(INDEX), json.dumps(told).encode())
    computed = sum(row["computed"] for row in done.values())
    return Outcome(total, computed, faults, seconds)


def divide(
    fingerprint: str, entries: Iterable[Entry]
) -> tuple[list[tuple[str, int]], list[dict]]:
    """Divide a list into parts: what is known of each here, and what is given away.

    Args:
        fingerprint: Of the base, from `helpers.features.fingerprint`.
        entries: From `list_pictures`.

    Returns:
        The name of each part and how many pictures it has; and for each a row of a data
        set, `key` and `entries`, the list in few bytes.

    Example:
        >>> entry = Entry("tom.jpg", "cat", "/pets/tom.jpg", 0, 9, "file", 0)
        >>> parts, rows = divide("a1b2", [entry] * 500)
        >>> [number for _, number in parts]
        [384, 116]
    """
    parts, rows = [], []
    for part in cut(entries):
        parts.append((key_of(fingerprint, part), len(part)))
        rows.append({"key": parts[-1][0], "entries": entries_to_bytes(part)})
    return parts, rows


def on_cluster(address: str | None = None) -> Callable[..., np.ndarray]:
    """`compute_features` by a cluster: takes the same, and returns the same array.

    Args:
        address: As for `helpers.many.cluster`.

    Returns:
        A function like `helpers.features.compute_features`. What it keeps is in the
        folder `many` of its cache, which all computers must reach under this name, as
        they must the pictures.

    Example:
        >>> list(inspect.signature(on_cluster("10.0.0.5:6379")).parameters)[:3]
        ['base', 'pictures', 'cache']
    """

    def compute(
        base: keras.Model,
        pictures: Sequence[Path | str],
        cache: Path | str = CACHE,
        progress: bool = False,
        engine: Callable = tensorflow_engine,
        crop: bool = False,
    ) -> np.ndarray:
        target = Path(cache, "many")
        with cluster(address):
            found = compute_parts(
                base,
                pictures,
                target,
                engine=inspect.unwrap(engine),  # a memory of engines stays here
                crop=crop,
                progress=progress,
            )
        if found.unreadable:
            raise unreadable_pictures(
                found.pictures,
                [reason for _, reason in found.unreadable],
                "see that each computer of the cluster reaches them under these names.",
            )
        return read_features(target).features

    return compute


def _saved(base: keras.Model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "base.keras")
        base.save(file)
        return file.read_bytes()


def _through_ray(items: list[dict], given: dict):
    """A row for each part that is done, as they come."""
    import ray

    workers = int(ray.cluster_resources().get("CPU", 0))
    if not workers:
        raise InputError(
            "expected a cluster with cores to work on, found none. Start workers: `ray "
            "start --address=...` on each computer."
        )
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.raise_original_map_exception = True  # or its sentence is lost on the way
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    data = ray.data.from_items(items, override_num_blocks=min(len(items), TASKS))
    data = data.map_batches(
        Worker,
        fn_constructor_kwargs=given,
        batch_size=1,
        num_cpus=1,
        # All at once; but when a computer is lost, it goes on with those there are.
        compute=ray.data.ActorPoolStrategy(
            min_size=1, max_size=workers, initial_size=min(workers, len(items))
        ),
    )
    try:
        yield from data.iter_rows()
    except Exception as error:
        for cause in _causes(error):
            if type(cause) in (InputError, NoAnswer):
                # Ray's own words about settings follow it.
                raise InputError(str(cause).splitlines()[0]) from None
        raise


def _causes(error: BaseException | None):
    while error is not None:
        yield error
        error = getattr(error, "cause", None) or error.__cause__


class Worker:
    """A process that computes one part after the other; it builds the base once.

    Args:
        base: A reference to what Keras saved of it.
        stores: Where the pictures are, and where parts are kept.
        engine: As for `compute_parts`.
        crop: As for `compute_parts`.
    """

    def __init__(self, base, stores: tuple[Store, Store], engine: Callable, crop: bool):
        import ray
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(1)  # it has one core
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "base.keras")
            file.write_bytes(ray.get(base))
            model = keras.models.load_model(file, compile=False, safe_mode=True)
        self.source, self.kept = stores
        self.forward, self.crop = engine(model), crop
        self.shape, self.size = model.input_shape[1:3], model.output_shape[-1]

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, list]:
        """Compute a part, unless it is there; tell what there is now."""
        key, entries = batch["key"][0], entries_from_bytes(batch["entries"][0])
        table = read_part(self.kept, key, self.size)
        if table is not None:
            names, problems = table["name"].to_pylist(), table["problem"].to_pylist()
            computed = 0
        else:
            rows = self.rows(entries)
            write_part(self.kept, key, rows, self.size)
            names, problems = [r.name for r in rows], [r.problem for r in rows]
            computed = len(rows)
        faults = [pair for pair in zip(names, problems, strict=True) if pair[1]]
        return {
            "key": [key],
            "pictures": [len(names)],
            "computed": [computed],
            "unreadable": [json.dumps(faults)],
        }

    def rows(self, entries: list[Entry]) -> list[Row]:
        """What is found out of each picture of a part, in order."""
        digests = [b""] * len(entries)

        def read(number: int) -> np.ndarray:
            data = picture_of(self.source, entries[number])
            digests[number] = hashlib.sha256(data).digest()
            return pixels_of(data, entries[number].name, self.shape, self.crop)

        rows = []
        for number, found in stream(
            self.forward, self.shape, range(len(entries)), read
        ):
            fault = str(found) if isinstance(found, InputError) else ""
            features = None if fault else found
            name, label = entries[number][:2]
            rows.append(Row(name, label, digests[number], features, fault))
        return rows
