"""Training a base itself on two computers: Keras on JAX, as two processes of this one.

    python -m benchmarks.base_on_many

The project computes on TensorFlow. Keras on JAX goes into an environment of its own,
deleted at the end: half a gigabyte from the package index. A small network learns, by
one process on whole batches and by two on half of each, which
`keras.distribution.DataParallel` brings together; then one of the two is killed, and
both begin again from what was saved. Five minutes.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import subprocess
import tempfile
import time
import venv
from pathlib import Path

import numpy as np

from benchmarks.report import report, table
from helpers.plumbing import python_of, run

PACKAGES = ("keras==3.15.1", "jax==0.10.2", "jaxlib==0.10.2", "numpy==2.4.6")
NETWORKS = {"convolutions": False, "with batch normalization": True}
STEPS, SAVED = 40, 20  # batches; after how many the model is saved
BATCH = 32  # pictures
PATIENCE = 300  # seconds
# What each process runs; Keras reads its backend before anything else.
CODE = """
import json, os, sys
os.environ["KERAS_BACKEND"] = "jax"
import jax, numpy as np
asked = json.loads(sys.argv[1])
me, of, batch = asked["me"], asked["of"], asked["batch"]
if of > 1:
    jax.distributed.initialize(f"127.0.0.1:{asked['port']}", of, me)
import keras
from keras import layers
if of > 1:
    data = keras.distribution.DataParallel(auto_shard_dataset=False)
    keras.distribution.set_distribution(data)
keras.utils.set_random_seed(0)
if asked["begin"]:
    model = keras.models.load_model(f"{asked['begin']}{me}.keras")
else:
    norm = [layers.BatchNormalization()] if asked["norm"] else []
    model = keras.Sequential([
        keras.Input((32, 32, 3)),
        layers.Conv2D(8, 3, activation="relu"), *norm,
        layers.Conv2D(16, 3, strides=2, activation="relu"),
        layers.GlobalAveragePooling2D(), layers.Dense(2, activation="softmax"),
    ])
    adam = keras.optimizers.Adam(3e-3)
    model.compile(adam, "sparse_categorical_crossentropy")
rng = np.random.default_rng(0)
labels = rng.integers(0, 2, batch * asked["steps"])
pixels = rng.normal(0, 1, (len(labels), 32, 32, 3)).astype("float32")
pixels[..., 0] += 0.2 * labels[:, None, None]
share = batch // of
losses = []
for step in range(asked["first"], asked["steps"]):
    begin = batch * step + me * share
    mine = slice(begin, begin + share)
    losses.append(float(model.train_on_batch(pixels[mine], labels[mine])))
    if step + 1 == asked["saved"]:
        model.save(f"{asked['name']}.keras")  # by all: it waits for the others
    print("step", step + 1, flush=True)
np.savez(f"{asked['name']}.npz", *model.get_weights())
print(json.dumps({"losses": losses, "of": jax.process_count()}), flush=True)
"""


def _start(python: Path, folder: Path, **asked: object) -> subprocess.Popen:
    given = {"first": 0, "begin": "", "saved": SAVED, "steps": STEPS}
    given |= {"batch": BATCH, "norm": False, **asked}
    with open(folder / f"{asked['name']}.txt", "w") as told:
        return subprocess.Popen(
            [python, "-c", CODE, json.dumps(given)],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
        )


def _end(process: subprocess.Popen) -> dict:
    told, _ = process.communicate(timeout=PATIENCE)
    if process.returncode:
        raise RuntimeError(f"a process ended with {process.returncode}.")
    return json.loads(told.splitlines()[-1])


def _weights(folder: Path, name: str) -> np.ndarray:
    with np.load(folder / f"{name}.npz") as kept:
        return np.concatenate([kept[n].ravel() for n in kept.files])


def _apart(folder: Path, name: str) -> float:
    """How far the weights of two are off those of one, at most."""
    alone = _weights(folder, "alone")
    return max(np.abs(_weights(folder, f"{name}{me}") - alone).max() for me in (0, 1))


def _pair(python: Path, folder: Path, name: str, **asked: object) -> list:
    with socket.create_server(("127.0.0.1", 0)) as asked_for:
        port = asked_for.getsockname()[1]
    return [
        _start(python, folder, me=me, of=2, port=port, name=f"{name}{me}", **asked)
        for me in (0, 1)
    ]


def _compare(python: Path, folder: Path, norm: bool) -> list[str]:
    """One process on whole batches and two on half of each: where they end."""
    alone = _end(_start(python, folder, me=0, of=1, norm=norm, name="alone"))
    both = [_end(one) for one in _pair(python, folder, "two", norm=norm)]
    assert [found["of"] for found in both] == [2, 2]
    lost = [alone["losses"][0], alone["losses"][-1], both[0]["losses"][-1]]
    return [*(f"{loss:.4f}" for loss in lost), f"{_apart(folder, 'two'):.0e}"]


def _kill(python: Path, folder: Path) -> tuple[str, str]:
    """Kill one of two: what the other does; how far both are off if they go on.

    After `_compare` with the same network, which both are compared with.
    """
    left, victim = _pair(python, folder, "killed", norm=True)
    for line in victim.stdout:
        if line.split() == ["step", str(SAVED + 1)]:
            break
    victim.kill()
    victim.communicate()
    start = time.perf_counter()
    try:
        told, _ = left.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        left.kill()
        told, _ = left.communicate()
    waited = time.perf_counter() - start
    done = told.splitlines()[-1]
    does = f"{'ends' if left.returncode else 'goes on'} after {waited:.0f} s, at {done}"
    again = _pair(python, folder, "again", norm=True, begin="killed", first=SAVED)
    for one in again:
        _end(one)
    return does, f"{_apart(folder, 'again'):.0e}"


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        venv.create(folder / "environment", with_pip=True)
        python = python_of(folder / "environment")
        install = [python, "-m", "pip", "install", "-q", "--only-binary", ":all:"]
        subprocess.run([*install, *PACKAGES], check=True)
        rows = [[name, *_compare(python, folder, NETWORKS[name])] for name in NETWORKS]
        does, off = _kill(python, folder)
        told = (folder / "killed0.txt").read_text().splitlines()
        error = next(line for line in reversed(told) if re.match(r"[\w.]+Error", line))
    report(
        "base_on_many",
        "A base that learns on two computers: Keras on JAX",
        f"A network of two convolutions, {STEPS} batches of {BATCH}, noise of two "
        "colors. Two processes, each with half of every batch, are brought together by "
        "`keras.distribution.DataParallel` over `jax.distributed`; their weights are "
        f"compared with those of one process. ({', '.join(PACKAGES)}; on the CPU.)",
        table(
            [
                "network",
                "loss, first batch",
                "last, one process",
                "last, two",
                "weights differ by",
            ],
            rows,
        ),
        f"After {SAVED} batches all save the model, and after the next one of the two "
        "is killed. Both begin again from what was saved:",
        table(
            ["killed", "the other", "weights differ by, in the end"],
            [["one of two", does, off]],
        ),
        f"It ends with: `{error[:200]}`",
    )


if __name__ == "__main__":
    run(_main)
