"""What stands around an import of TensorFlow, and is gone behind it."""

import gc
import subprocess
import sys

import pytest

from helpers.plumbing import ROOT
from helpers.start import importing


@pytest.fixture
def without_tensorflow(monkeypatch):
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)


def test_after_an_import_that_fails_python_looks_for_garbage_again(without_tensorflow):
    with pytest.raises(ImportError), importing():
        assert not gc.isenabled()
        raise ImportError
    assert gc.isenabled()


def test_who_has_told_python_not_to_look_is_not_overruled(without_tensorflow):
    gc.disable()
    try:
        with importing():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.slow
def test_what_is_made_before_a_second_import_stays_garbage():
    """A lesson's first cell may be run again, between models that are done with."""
    code = (
        "import gc; from helpers.start import importing\n"
        "with importing():\n"
        "    import tensorflow\n"
        "first = gc.get_freeze_count()\n"
        "class Large: pass\n"
        "large = Large(); large.itself = large\n"
        "with importing():\n"
        "    import tensorflow\n"
        "print(first > 100_000, gc.get_freeze_count() == first)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "True True\n", done.stderr
