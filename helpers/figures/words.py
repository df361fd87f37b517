"""The words of a figure: what is written on it, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter


def words(figure: Figure) -> list[str]:
    """Read a figure's titles, labels and legends.

    Args:
        figure: A Matplotlib figure.

    Returns:
        In a fixed order: the title above all; then for each panel its title, the label
        and the named ticks of its axes, and its legend. What is not there is left out,
        what comes again in another panel too.

    Example:
        >>> import matplotlib.pyplot as plt
        >>> fig, ax = plt.subplots()
        >>> _ = ax.plot([1, 2], label="training")
        >>> _ = ax.set(title="It learns", xlabel="epoch"), ax.legend()
        >>> words(fig)
        ['“It learns”', 'across: epoch', 'legend: training']
        >>> plt.close(fig)
    """
    found = [f"“{figure.get_suptitle()}”"] if figure.get_suptitle() else []
    for ax in figure.axes:
        found += _panel(ax)
    return list(dict.fromkeys(" ".join(part.split()) for part in found))


def _panel(ax: Axes) -> Iterator[str]:
    for place in ("left", "center", "right"):
        if title := ax.get_title(loc=place):
            yield f"“{title}”"
    if ax.axison:  # an axis that is off shows no labels
        yield from _axis("across", ax.xaxis)
        yield from _axis("up", ax.yaxis)
    if ax.get_legend():
        labels = [text.get_text() for text in ax.get_legend().get_texts()]
        yield f"legend: {' | '.join(labels)}"


def _axis(direction: str, axis: Axis) -> Iterator[str]:
    if label := axis.get_label_text():
        yield f"{direction}: {label}"
    if isinstance(axis.get_major_formatter(), FixedFormatter | StrCategoryFormatter):
        names = [tick.get_text() for tick in axis.get_ticklabels()]
        if any(names):
            yield f"{direction}, one by one: {' | '.join(filter(None, names))}"
