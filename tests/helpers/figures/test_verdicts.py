"""A table of verdicts, in color and in words."""

import pandas as pd
import pytest
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgba

from helpers.errors import InputError
from helpers.figures import verdict_grid
from helpers.figures.palette import VERDICTS


def test_each_verdict_has_its_color_and_its_words():
    table = pd.DataFrame({"a": ["fits 97%", "error"], "b": ["silent 50%", "scores 9%"]})
    fig = verdict_grid(table, "title")
    (ax,) = fig.axes
    plt.close(fig)
    texts = [text.get_text() for text in ax.texts]
    assert texts == ["fits\n97%", "silent\n50%", "error", "scores\n9%"]
    colors = [patch.get_facecolor() for patch in ax.patches]
    assert colors == [to_rgba(VERDICTS[text.split("\n")[0]]) for text in texts]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "b"]


def test_another_word_is_refused():
    with pytest.raises(InputError, match="silent, error, found 'perhaps' in row 0"):
        verdict_grid(pd.DataFrame({"a": ["perhaps"]}))
