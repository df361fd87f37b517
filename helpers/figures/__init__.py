"""Every drawing of a lesson: plots, boxes and arrows, maps, grids of pictures.

Each function returns a Matplotlib figure (or draws into the axes that it is given);
`show` puts a figure and its text alternative on the page.
"""

from helpers.figures.basic import (
    STYLE,
    encode,
    learning_curve_axes,
    picture_grid,
    show,
    training_curves,
)
from helpers.figures.batches import batch_map, batch_size_curves
from helpers.figures.blocks import block_diagram, branches
from helpers.figures.boxes import diagram
from helpers.figures.changes import change_figure
from helpers.figures.decisions import decision_map
from helpers.figures.descents import descent_curves, descent_map
from helpers.figures.feature_maps import (
    activation_figure,
    pooling_figure,
    spot_figure,
    strongest_spots,
)
from helpers.figures.heat_maps import heat_figure
from helpers.figures.verdicts import verdict_grid
from helpers.figures.volumes import volume_diagram

__all__ = [
    "STYLE",
    "activation_figure",
    "batch_map",
    "batch_size_curves",
    "block_diagram",
    "branches",
    "change_figure",
    "decision_map",
    "descent_curves",
    "descent_map",
    "diagram",
    "encode",
    "heat_figure",
    "learning_curve_axes",
    "picture_grid",
    "pooling_figure",
    "show",
    "spot_figure",
    "strongest_spots",
    "training_curves",
    "verdict_grid",
    "volume_diagram",
]
