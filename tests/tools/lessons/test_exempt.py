"""What may differ is said to, and the stored versions are those of the lock."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools.lessons.exempt import LOCK, masked, stale_versions


def built_with(tensorflow, keras):
    line = f"Python 3.11.7 · TensorFlow {tensorflow} · Keras {keras} · seed 0\n"
    output = new_output("stream", text=line)
    return new_notebook(cells=[new_code_cell("start_lesson()", outputs=[output])])


def test_versions_that_the_lock_has_not_are_stale():
    lock = LOCK.read_text(encoding="utf-8")
    tensorflow, keras = (
        re.search(rf"^{name}==([^\s;]+)", lock, flags=re.MULTILINE)[1]
        for name in ("tensorflow", "keras")
    )
    assert list(stale_versions(built_with(tensorflow, keras))) == []
    (found,) = stale_versions(built_with("2.0.0", keras))
    assert found.startswith("it was built with tensorflow 2.0.0; the lock has ['")
    (found,) = stale_versions(built_with(tensorflow, "2.3.1"))
    assert found.startswith("it was built with keras 2.3.1; the lock has ['")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("frozen    62.0    0.0\n", "frozen   355.0  -13.8\n", True),
        ("<td>1e-05</td>", "<td>0.3</td>", True),
        ("frozen 62.0", "unfrozen 62.0", False),
        ("62.0 ms", "62.0 s", False),
        ("1 2", "1", False),
    ],
)
def test_only_numbers_are_left_out(one, other, alike):
    assert (masked(one) == masked(other)) is alike
