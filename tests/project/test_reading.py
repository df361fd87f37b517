"""Whatever is said has been read since it changed; what changes is named."""

import pytest

from tools.reading import READ, Piece, faults, gone, groups, lines_of, of_lesson, unread

GROUPS = groups()
TEXT = """\
# %% [markdown]
# It is right on 98%<!--= share -->, far more than a coin<!--? share > 0.9 -->.

# %% tags=["check"] asserts=1
assert share > 0.9
"""


@pytest.mark.parametrize("name", GROUPS)
def test_nothing_is_unread(name):
    assert faults(name, GROUPS[name], lines_of(name)) == []


def test_there_are_no_lines_of_something_else():
    assert {path.stem for path in READ.iterdir()} == set(GROUPS)


def test_each_kind_of_text_has_pieces():
    places = {piece.place for pieces in GROUPS.values() for piece in pieces}
    for place in (
        *("README.md", "CONTRIBUTING.md", "requirements.in", "Makefile"),
        *("helpers/page/page.html", "tests/faults/FUZZ.md", "tests/matrix.json"),
        *("helpers/accuracy.py", "tools/set_up.py", "helpers/exercises/lesson_09.py"),
        *("notebooks/02_look_inside_inceptionv3.ipynb", "notebooks/budgets.csv"),
        *("translations/zh_CN/09_choose_a_backbone.po", "tools/book/class/survey.md"),
    ):
        assert place in places


def pieces(text):
    return [Piece("lesson.py", piece) for piece in of_lesson(text)]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("far more", "far less", ", far less than a coin"),
        ("share > 0.9 -->", "share > 0.1 -->", "<!--? share > 0.1 -->"),
        ("= share", "= 1 - share", "<!--= 1 - share -->"),
        ("98%", "98 points", "98 points"),
        ("assert share > 0.9", "assert share > 0", "“assert share > 0”"),
        ("asserts=1", "asserts=0", "asserts=0"),
    ],
)
def test_a_change_is_named(old, new, named):
    lines = [piece.line() for piece in pieces(TEXT)]
    (fault,) = faults("lesson", pieces(TEXT.replace(old, new)), lines)
    assert named in fault
    assert "python -m tools.reading done lesson`" in fault


def test_a_number_that_a_tie_holds_is_compared_by_a_run_instead():
    lines = [piece.line() for piece in pieces(TEXT)]
    assert unread(pieces(TEXT.replace("98%", "97%")), lines) == []


def test_what_is_taken_out_is_missed():
    lines = [piece.line() for piece in pieces(TEXT)]
    left = pieces(TEXT.replace("assert share > 0.9\n", "pass\n"))[:-2]
    assert any("assert share > 0.9" in line for line in gone(left, lines))
    assert any("is gone" in fault for fault in faults("lesson", left, lines))
