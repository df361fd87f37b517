"""A block of a network, from where its branches part to where they join, drawn."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import keras
import matplotlib.pyplot as plt
from keras import layers
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.errors import InputError
from helpers.figures.palette import CONVOLUTION, JOIN, OUTLINE, POOLING

# Layers that follow each convolution and would only repeat it in a drawing.
QUIET = (layers.BatchNormalization, layers.Activation, layers.ReLU)


@dataclass
class Box:
    """A drawn layer, or the block's input.

    Attributes:
        text: What stands in it, two lines; "/2" means that it halves height and width.
        color: Its fill.
        inputs: The boxes above it.
        column: Its place from left to right: branches are one apart.
        row: Its place from top to bottom: the input has row 0.

    Example:
        >>> start = Box("input\\n3 channels", "white", [])
        >>> Box("1×1 conv\\n4", "white", [start], row=1).inputs[0].row
        0
    """

    text: str
    color: str
    inputs: list[Box]
    column: float = 0
    row: int = 0


def branches(model: keras.Model, name: str) -> list[list[str]]:
    """List the paths through a block, layer by layer.

    A block ends in a layer that joins branches (`"mixed0"`), and begins where the
    branches part.

    Args:
        model: A built functional model.
        name: The joining layer's name.

    Returns:
        For each path, from left to right, the texts of its convolutions and poolings
        from top to bottom. A convolution's text stands for its normalization and
        activation too.

    Raises:
        InputError: if the layer joins nothing, or there is no layer of that name.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> wide = keras.layers.Conv2D(4, 3, padding="same")(inputs)
        >>> narrow = keras.layers.Conv2D(2, 1)(inputs)
        >>> joined = keras.layers.Concatenate(name="both")([narrow, wide])
        >>> branches(keras.Model(inputs, joined), "both")
        [['1×1 conv, 2'], ['3×3 conv, 4']]

    Lesson: 2, Look inside InceptionV3.
    """

    def paths(box: Box) -> list[list[str]]:
        if not box.inputs:  # the block's input
            return [[]]
        own = [] if len(box.inputs) > 1 else [box.text.replace("\n", ", ")]
        return [path + own for above in box.inputs for path in paths(above)]

    return paths(_boxes(model, name))


def block_diagram(model: keras.Model, names: Sequence[str]) -> Figure:
    """Draw blocks of a network side by side: boxes for layers, lines for their data.

    Args:
        model: A built functional model.
        names: The layers that end the blocks (`["mixed0", "mixed4"]`).

    Returns:
        The figure, not shown yet: a panel for each block, data flowing downwards.

    Raises:
        InputError: as `branches`.

    Example:
        >>> inputs = keras.Input((8, 8, 3))
        >>> halves = [keras.layers.Conv2D(4, n, padding="same")(inputs) for n in (1, 3)]
        >>> joined = keras.layers.Concatenate(name="both")(halves)
        >>> fig = block_diagram(keras.Model(inputs, joined), ["both"])
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['joined\\n8 channels', '1×1 conv\\n4', 'input\\n3 channels', '3×3 conv\\n4']

    Lesson: 2, Look inside InceptionV3.
    """
    ends = [_boxes(model, name) for name in names]
    rows = max(end.row for end in ends)
    widths = [len(branches(model, name)) for name in names]
    fig, axes = plt.subplots(
        1,
        len(ends),
        figsize=(8, 0.7 * (rows + 1) + 0.3),
        width_ratios=widths,
        squeeze=False,
    )
    for ax, end, name, width in zip(axes.flat, ends, names, widths, strict=True):
        for box in _all_from(end):
            _draw(ax, box)
        ax.set(title=name, xlim=(-0.5, width - 0.5), ylim=(rows + 0.45, -0.45))
        ax.set_axis_off()
    return fig


def _all_from(end: Box) -> list[Box]:
    """A box and all that lie above it, each once, a branch after the other."""
    found: dict[int, Box] = {}
    waiting = [end]
    while waiting:
        box = waiting.pop()
        if id(box) not in found:
            found[id(box)] = box
            waiting += reversed(box.inputs)
    return list(found.values())


def _draw(ax: Axes, box: Box) -> None:
    frame = {"boxstyle": "round,pad=0.35", "facecolor": box.color, "edgecolor": OUTLINE}
    style = {"ha": "center", "va": "center", "fontsize": 9, "bbox": frame}
    ax.text(box.column, box.row, box.text, **style)
    for above in box.inputs:
        # Straight down in the branch's own column, aslant only over the last row.
        ax.plot(
            [above.column, above.column, box.column],
            [above.row, max(above.row, box.row - 0.8), box.row],
            color=OUTLINE,
            linewidth=1,
            zorder=0,
        )


def _boxes(model: keras.Model, name: str) -> Box:
    """The joining layer's box; it holds all that lies above it in the block."""
    if name not in [layer.name for layer in model.layers]:
        raise InputError(
            f"expected the name of a layer that joins branches, found no layer "
            f"{name!r}. The names are in [layer.name for layer in model.layers]."
        )
    join = model.get_layer(name)
    if not isinstance(join.input, list):
        raise InputError(
            f"expected the name of a layer that joins branches, such as a Concatenate, "
            f"found {name!r}, a {type(join).__name__} with one input."
        )
    maker = {id(layer.output): layer for layer in model.layers}
    start = _parting(model, join, maker)
    top = Box(f"input\n{maker[start].output.shape[-1]} channels", "white", [])
    boxes = {start: top}

    def box_of(tensor: int) -> Box:
        layer = maker[tensor]
        sources = [id(source) for source in keras.tree.flatten(layer.input)]
        if tensor not in boxes and isinstance(layer, QUIET):
            return box_of(sources[0])
        if tensor not in boxes:
            above = [box_of(source) for source in sources]
            row = 1 + max(box.row for box in above)
            boxes[tensor] = Box(_text(layer), _color(layer), above, row=row)
        return boxes[tensor]

    end = box_of(id(join.output))
    _spread(end, itertools.count(), {})
    return end


def _parting(model: keras.Model, join: layers.Layer, maker: dict) -> int:
    """The one tensor that all paths to a joining layer come through."""
    place = {layer.name: number for number, layer in enumerate(model.layers)}
    front = {id(tensor) for tensor in join.input}
    while len(front) > 1:  # go back over the layer that stands last
        last = max(front, key=lambda tensor: place[maker[tensor].name])
        front.remove(last)
        front |= {id(tensor) for tensor in keras.tree.flatten(maker[last].input)}
    return front.pop()


def _spread(box: Box, free: Iterator[int], taken: dict[int, list[int]]) -> list[int]:
    """Give each path a column of its own, and each box the middle of its paths."""
    if box.inputs:
        columns = [c for above in box.inputs for c in _spread(above, free, taken)]
    else:
        columns = [next(free)]
    mine = taken.setdefault(id(box), [])
    mine += columns
    box.column = sum(mine) / len(mine)
    return columns


def _text(layer: layers.Layer) -> str:
    if isinstance(layer, layers.Conv2D):
        size = "×".join(map(str, layer.kernel_size))
        halved = " /2" if layer.strides[0] > 1 else ""
        return f"{size} conv{halved}\n{layer.filters}"
    if isinstance(layer, (layers.AveragePooling2D, layers.MaxPooling2D)):
        kind = "average" if isinstance(layer, layers.AveragePooling2D) else "maximum"
        size = "×".join(map(str, layer.pool_size))
        return f"{kind}\n{size}" + (" /2" if layer.strides[0] > 1 else "")
    does = "joined" if isinstance(layer, layers.Concatenate) else type(layer).__name__
    return f"{does}\n{layer.output.shape[-1]} channels"


def _color(layer: layers.Layer) -> str:
    if isinstance(layer, layers.Conv2D):
        return CONVOLUTION
    return JOIN if isinstance(layer, layers.Concatenate) else POOLING
