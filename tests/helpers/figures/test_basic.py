"""Figures: what they hold, and what stands in for them."""

import base64
import hashlib
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers.errors import InputError
from helpers.figures import STYLE, encode, picture_grid, show, training_curves
from helpers.figures.basic import MAX_BYTES
from helpers.figures.palette import TWO_CLASSES


@pytest.fixture
def published():
    """What a notebook's kernel would send; no kernel is left behind."""
    messages = []
    shell = InteractiveShell.instance()
    shell.display_pub.publish = lambda **message: messages.append(message)
    yield messages
    InteractiveShell.clear_instance()


def test_a_shown_figure_carries_its_sentence(published):
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    show(fig, "A line rises.")
    assert published[0]["data"]["text/plain"] == "A line rises."
    assert published[0]["data"]["image/png"].startswith("iVBOR")
    metadata = published[0]["metadata"]["image/png"]
    assert metadata["alt"] == "A line rises."
    picture = base64.b64decode(published[0]["data"]["image/png"])
    assert hashlib.sha256(picture).hexdigest().startswith(metadata["sha256"])
    assert not plt.fignum_exists(fig.number)  # so it appears once


def test_what_is_written_on_a_figure_is_told_behind_the_sentence(published):
    fig, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2], label="training")
    left.set(title="It learns", xlabel="epoch", ylabel="loss")
    left.legend()
    right.bar(["cat", "dog"], [1, 2])
    right.set_title("Two bars", loc="left")
    fig.suptitle("All\nof it")
    show(fig, "Two bars rise.")
    assert published[0]["data"]["text/plain"] == (
        "Two bars rise. (“All of it”; “It learns”; across: epoch; up: loss; "
        "legend: training; across, one by one: cat | dog)"
    )


def test_a_swapped_title_or_legend_changes_what_is_compared(published):
    for title, labels in (("a", "bc"), ("a", "cb"), ("d", "bc")):
        fig, ax = plt.subplots()
        ax.set_title(title)
        ax.plot([1, 2], label=labels[0])
        ax.plot([2, 1], label=labels[1])
        ax.legend()
        show(fig, "Lines.")
    assert len({message["data"]["text/plain"] for message in published}) == 3


def test_the_same_figure_gives_the_same_bytes():
    def draw():
        fig, ax = plt.subplots()
        ax.plot([1, 3, 2])
        return encode(fig)

    assert draw() == draw()


def test_pictures_become_small_jpegs():
    noise = np.random.default_rng(0).integers(0, 256, (9, 224, 224, 3))
    kind, data = encode(picture_grid(list(noise)))
    assert kind == "jpeg"
    assert len(data) <= MAX_BYTES


def test_a_grid_shows_each_picture_under_its_title():
    white = np.full((4, 6, 3), 255.0)
    fig = picture_grid([white, white[..., 0]], ["cat", "dog"], columns=2, title="two")
    assert [ax.get_title() for ax in fig.axes] == ["cat", "dog"]
    assert all((ax.images[0].get_array() == 255).all() for ax in fig.axes)
    with pytest.raises(InputError, match="each of the 2 pictures, got 1 titles"):
        picture_grid([white, white], ["cat"])


def test_curves_count_epochs_from_one_and_name_what_is_missing():
    fig = training_curves(
        {"loss": [2, 1], "val_loss": [3, 2], "accuracy": [0.5, 0.9]},
    )
    loss, accuracy = fig.axes
    assert loss.lines[0].get_xdata()[0] == 1
    assert [line.get_linestyle() for line in loss.lines] == ["-", "--"]
    assert len(accuracy.lines) == 1
    with pytest.raises(InputError, match=r"found \['loss'\]. Pass metrics="):
        training_curves({"loss": [1]})


def test_every_color_is_named_in_the_palette():
    modules = {path.stem: path.read_text("utf-8") for path in STYLE.parent.glob("*.py")}
    named = [name for name, code in modules.items() if re.search(r'"#\w{3,8}"', code)]
    assert named == ["palette"]
    assert re.search(
        f"'{TWO_CLASSES[0][1:]}', '{TWO_CLASSES[1][1:]}'", STYLE.read_text()
    )
