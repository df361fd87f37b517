"""Figures that no run can change are refused; those that show a result are not."""

import pytest
from nbformat.v4 import new_code_cell

from tools.lessons.drawn import figure_claims


@pytest.mark.parametrize(
    "code",
    [
        'show(fig, f"It rises to {top:.2f}.")',
        "text = ', '.join(names)\nshow(fig, text)",
        "ax.plot(history['loss'])",
        "ax.plot([1, 2, 3], losses, 'o')",
        "sizes = [5, 10]\nax.plot(sizes, [accuracy(n) for n in sizes])",
        "ax.bar(['cat', 'dog'], [len(cats), len(dogs)])",
        "this is no Python",
    ],
)
def test_a_figure_of_results(code):
    assert list(figure_claims(new_code_cell(code))) == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('show(fig, "It rises.")', "the text of a figure is a constant"),
        ('show(fig, f"It rises.")', "the text of a figure is a constant"),
        ('text = "It rises."\nshow(fig, text)', "the text of a figure is a constant"),
        ("ax.plot([1, 2], [3, 4])", "draws numbers that nothing computed"),
        ("ax.bar(['cat', 'dog'], [90, 95])", "draws numbers that nothing computed"),
        ("y = [90, 95]\nax.scatter([1, 2], y)", "draws numbers that nothing computed"),
    ],
)
def test_a_figure_by_hand(code, message):
    (found,) = figure_claims(new_code_cell(code))
    assert message in found
