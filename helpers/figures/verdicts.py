"""A table of verdicts, drawn: what fits, what fails aloud, what fails silently."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from helpers.errors import InputError
from helpers.figures.palette import VERDICTS


def verdict_grid(verdicts: pd.DataFrame, title: str | None = None) -> Figure:
    """Draw a table of verdicts, a box for each; color and text say the same.

    Args:
        verdicts: Texts whose first word is `fits`, `scores`, `silent` or `error`; what
            follows is written below it. A column name may hold a line break.
        title: What the table shows, above it.

    Returns:
        The figure, not shown yet.

    Raises:
        InputError: if a text begins with another word.

    Example:
        >>> fig = verdict_grid(pd.DataFrame({"a": ["fits 97%", "error"]}, ["x", "y"]))
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['fits\\n97%', 'error']

    Lesson: 3, Add a head.
    """
    rows, columns = verdicts.shape
    fig, ax = plt.subplots(figsize=(8, 0.55 * rows + 0.9))
    for row, column in np.ndindex(rows, columns):
        word, _, rest = verdicts.iat[row, column].partition(" ")
        if word not in VERDICTS:
            raise InputError(
                f"expected a verdict that begins with {', '.join(VERDICTS)}, found "
                f"{verdicts.iat[row, column]!r} in row {verdicts.index[row]!r}."
            )
        box = plt.Rectangle(
            (column, row), 0.96, 0.9, facecolor=VERDICTS[word], edgecolor="none"
        )
        ax.add_patch(box)
        middle = {"ha": "center", "va": "center", "fontsize": 10}
        label = f"{word}\n{rest}" if rest else word
        ax.text(column + 0.48, row + 0.45, label, **middle)
    ax.set(xlim=(0, columns), ylim=(rows, 0))
    ax.set_xticks([c + 0.48 for c in range(columns)], verdicts.columns)
    ax.set_yticks([r + 0.45 for r in range(rows)], verdicts.index)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    if title:
        fig.suptitle(title, x=0.01, ha="left")
    return fig
