"""How this computer's owner has set up Keras makes no difference to the lessons."""

import json
import os
import subprocess
import sys

import pytest

from helpers import _keras_starts_with
from helpers.plumbing import ROOT


def run(code, **variables):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )


DEEP = "[" * 100_000
REFUSED = ([], 5, {"floatx": "float8"}, {"epsilon": 1}, {"image_data_format": None})


@pytest.mark.parametrize("settings", REFUSED, ids=str)
def test_what_keras_would_stop_at_is_told(tmp_path, settings):
    path = tmp_path / "keras.json"
    path.write_text(json.dumps(settings))
    assert not _keras_starts_with(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "keras.json").mkdir()
    assert not _keras_starts_with(tmp_path / "keras.json")
    (tmp_path / "deep.json").write_text(DEEP)
    assert not _keras_starts_with(tmp_path / "deep.json")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")  # whoever opens it waits
        assert not _keras_starts_with(tmp_path / "pipe.json")


@pytest.mark.parametrize("text", ["", "{", "{}", '{"floatx": "float16"}'])
def test_what_keras_takes_or_passes_over_is_left_to_it(tmp_path, text):
    path = tmp_path / "keras.json"
    assert _keras_starts_with(path)  # no such file
    path.write_text(text)
    assert _keras_starts_with(path)


@pytest.mark.slow
@pytest.mark.parametrize("settings", REFUSED, ids=str)
def test_what_is_told_is_what_keras_stops_at(tmp_path, settings):
    (tmp_path / "keras.json").write_text(json.dumps(settings))
    assert run("import keras", KERAS_HOME=str(tmp_path)).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch", "numpy"])
def test_keras_starts_on_tensorflow_whatever_is_set(tmp_path, backend):
    settings = tmp_path / ".keras" / "keras.json"
    settings.parent.mkdir()
    settings.write_text("[]")
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    limits = {"KERAS_MAX_EPOCHS": "1", "KERAS_MAX_STEPS_PER_EPOCH": "many"}
    limits["KERAS_NNX_ENABLED"] = "1"  # for JAX
    code = (
        "import helpers; from keras import config; "
        "print(config.backend(), config.max_epochs(), config.max_steps_per_epoch())"
    )
    done = run(code, KERAS_BACKEND=backend, **home, **limits)
    assert done.stdout == "tensorflow None None\n"
    assert settings.read_text() == "[]"


def test_a_keras_that_runs_on_another_engine_already_is_named():
    code = (
        "import sys, types\n"
        "sys.modules['keras'] = keras = types.SimpleNamespace()\n"
        "keras.config = types.SimpleNamespace(backend=lambda: 'jax')\n"
        "import helpers.start\n"
    )
    last = run(code).stderr.splitlines()[-1]
    assert last == (
        "helpers.errors.InputError: expected Keras to run on TensorFlow, found that it "
        "runs on jax here already. Restart the kernel, and import `helpers` before "
        "`keras`."
    )
