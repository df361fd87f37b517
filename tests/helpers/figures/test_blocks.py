"""The diagram of a block: where it begins, which branches it has, how it is drawn."""

import itertools

import keras
import pytest
from keras import layers
from matplotlib import pyplot as plt

from helpers.errors import InputError
from helpers.figures import block_diagram, branches

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def inception():
    with keras.StatelessScope(initialize_variables=False):
        return keras.applications.InceptionV3(
            weights=None, include_top=False, input_shape=(299, 299, 3)
        )


def test_the_first_block_has_the_branches_of_the_paper(inception):
    assert branches(inception, "mixed0") == [
        ["1×1 conv, 64"],
        ["1×1 conv, 48", "5×5 conv, 64"],
        ["1×1 conv, 64", "3×3 conv, 96", "3×3 conv, 96"],
        ["average, 3×3", "1×1 conv, 32"],
    ]


def test_a_block_that_halves_says_so_in_each_branch(inception):
    ends = [path[-1] for path in branches(inception, "mixed3")]
    assert ends == ["3×3 conv /2, 384", "3×3 conv /2, 96", "maximum, 3×3 /2"]


@pytest.mark.parametrize("number", range(11))
def test_the_channels_of_the_branches_add_up(inception, number):
    layer = inception.get_layer(f"mixed{number}")
    channels = sum(tensor.shape[-1] for tensor in layer.input)
    assert layer.output.shape[-1] == channels
    fig = block_diagram(inception, [f"mixed{number}"])
    written = [text.get_text() for text in fig.axes[0].texts]
    plt.close(fig)
    assert written[0] == f"joined\n{channels} channels"
    assert sum(text.startswith("input") for text in written) == 1


def test_branches_that_fork_again_stand_apart(inception):
    assert len(branches(inception, "mixed9")) == 6
    fig = block_diagram(inception, ["mixed0", "mixed9"])
    places = [text.get_position() for text in fig.axes[1].texts]
    titles = [ax.get_title() for ax in fig.axes]
    plt.close(fig)
    assert titles == ["mixed0", "mixed9"]
    assert len(set(places)) == len(places)
    for row in {row for _, row in places}:
        columns = sorted(column for column, y in places if y == row)
        gaps = [b - a for a, b in itertools.pairwise(columns)]
        assert all(gap >= 1 for gap in gaps)


def test_a_shortcut_is_a_branch_of_its_own():
    inputs = keras.Input((8, 8, 3))
    added = layers.Add(name="added")([inputs, layers.Conv2D(3, 1)(inputs)])
    assert branches(keras.Model(inputs, added), "added") == [[], ["1×1 conv, 3"]]


def test_a_layer_that_joins_nothing_is_refused(inception):
    with pytest.raises(InputError, match=r"joins branches.*'conv2d.*a Conv2D with one"):
        branches(inception, inception.layers[1].name)
