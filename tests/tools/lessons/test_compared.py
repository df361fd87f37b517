"""What nbval would pass over is compared: pictures, and the words of exempt cells."""

import base64
import hashlib
import io
import os
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import pytest
from PIL import Image, ImageChops

from helpers.plumbing import ROOT
from tools.lessons.compared import UNLIKE, distance


def drawn(slope=1, **settings):
    with plt.rc_context(settings):
        fig, ax = plt.subplots(figsize=(7, 3.5))
        ax.plot([1, 2, 3], [0, slope, 2 * slope], label="a line")
        ax.set(title="A line rises", xlabel="epoch", ylim=(-2, 2))
        ax.legend()
        buffer = io.BytesIO()
        fig.savefig(buffer, format="png")
        plt.close(fig)
    return base64.b64encode(buffer.getvalue()).decode()


def test_the_font_engine_makes_no_other_picture():
    other = {"text.hinting": "none", "text.antialiased": False}
    assert 0 < distance(drawn(), drawn(**other)) < UNLIKE / 3


def test_a_picture_that_moved_by_a_pixel_is_the_same():
    picture = Image.open(io.BytesIO(base64.b64decode(drawn())))
    buffer = io.BytesIO()
    ImageChops.offset(picture, 1, 1).save(buffer, format="png")
    moved = base64.b64encode(buffer.getvalue()).decode()
    assert distance(drawn(), moved) == 0


def test_another_line_is_another_picture():
    assert distance(drawn(), drawn(slope=-1)) > UNLIKE


def test_another_shape_is_another_picture():
    assert distance(drawn(), drawn(**{"figure.constrained_layout.use": True})) < 255
    wide = Image.new("RGB", (70, 10))
    buffer = io.BytesIO()
    wide.save(buffer, format="png")
    assert distance(drawn(), base64.b64encode(buffer.getvalue()).decode()) == 255


DRAW = """\
import matplotlib.pyplot as plt
from helpers.figures import show
fig, ax = plt.subplots()
ax.plot([1, 2], [1, 2], linewidth=20)
ax.set_title("A line")
show(fig, "It rises.")"""
TAKE = "print('frozen', 62.0, 'ms')\nprint('unfrozen', 1355.0, 'ms')"


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What a run says of five notebooks: a true one, and four that somebody changed."""
    folder = tmp_path_factory.mktemp("compared")
    import nbclient

    v4 = nbformat.v4
    exempt = {"tags": ["nbval-ignore-output"]}
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell(DRAW), v4.new_code_cell(TAKE, metadata=exempt)]
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    nbclient.NotebookClient(notebook).execute(env=environment)
    for change in (nothing, other_numbers, other_words, another_title, another_picture):
        spoiled = nbformat.reads(nbformat.writes(notebook), as_version=4)
        change(spoiled.cells)
        nbformat.write(spoiled, folder / f"{change.__name__}.ipynb")
    options = ["-c", "pyproject.toml", "--rootdir", str(ROOT), "-p", "conftest"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    return done.stdout


def nothing(cells):
    pass


def other_numbers(cells):
    cells[1].outputs[0].text = "frozen 9.5 ms\nunfrozen 88.0 ms\n"


def other_words(cells):
    cells[1].outputs[0].text = "unfrozen 62.0 ms\nfrozen 1355.0 ms\n"


def another_title(cells):
    output = cells[0].outputs[0]
    output.data["text/plain"] = output.data["text/plain"].replace("A line", "A fall")


def another_picture(cells):
    """With its digest: whoever swaps it knows of that."""
    other = drawn(slope=-1)
    output = cells[0].outputs[0]
    width, height = Image.open(
        io.BytesIO(base64.b64decode(output.data["image/png"]))
    ).size
    picture = Image.open(io.BytesIO(base64.b64decode(other))).resize((width, height))
    buffer = io.BytesIO()
    picture.save(buffer, format="png")
    output.data["image/png"] = base64.b64encode(buffer.getvalue()).decode()
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()[:16]
    output.metadata["image/png"]["sha256"] = digest


@pytest.mark.slow
def test_a_change_of_stored_outputs_is_caught(said):
    assert "3 failed, 7 passed" in said, said
    for message in (
        "unfrozen N ms",
        "A fall",
        "The stored picture is not the one that this cell draws",
    ):
        assert message in said
