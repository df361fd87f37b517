"""Whatever is said has been read since it changed; what changes is named."""

import pytest

from helpers.errors import InputError
from helpers.plumbing import ROOT
from tools.reading import lines
from tools.reading.__main__ import _chosen
from tools.reading.lines import (
    DOCUMENTS,
    faults,
    find,
    group,
    in_a_row,
    lines_of,
    names,
)
from tools.reading.pieces import of_code, of_lesson, of_module

TEXT = """\
# %% [markdown]
# It is right on 98%<!--= share -->, far more than a coin<!--? share > 0.9 -->.
#
# The end.

# %% tags=["check"] asserts=1
for share in shares:
    assert share > 0.9
"""


@pytest.mark.parametrize("name", names())
def test_nothing_is_unread(name):
    assert faults(name, group(name), lines_of(name)) == []


def test_there_are_no_lines_of_something_else():
    left = {path.stem for path in lines.READ.glob("*.txt")} - set(names())
    assert not left, "gone: `python -m tools.reading --done` takes their lines away"


@pytest.mark.parametrize(
    "place",
    [
        *("README.md", "CONTRIBUTING.md", "requirements.in", "Makefile", "LICENSE"),
        *("helpers/page/page.html", "tests/faults/FUZZ.md", "tests/matrix.json"),
        *("helpers/accuracy.py", "tools/set_up.py", "helpers/exercises/lesson_09.py"),
        *("notebooks/02_look_inside_inceptionv3.ipynb", "notebooks/budgets.csv"),
        *("notebooks/solutions/06_train_cats_vs_dogs.ipynb", ".ci/run"),
        *("translations/zh_CN/09_choose_a_backbone.po", "tools/book/class/survey.md"),
        *(".github/workflows/proof.yml", "notebooks/read_by_hand.md"),
    ],
)
def test_a_file_has_its_pieces(place):
    assert len(find(place)[1]) > 1


def test_no_page_is_left_out():
    """But those that our tools write, from records and translations."""
    folders = ("helpers", "data_scripts", "tools", "benchmarks", "notebooks", "tests")
    pages = {
        *ROOT.glob("*.md"),
        *(p for f in folders for p in (ROOT / f).rglob("*.md")),
    }
    left = pages - {path for pattern in DOCUMENTS for path in ROOT.glob(pattern)}
    assert {path for path in left if "zh" not in str(path.relative_to(ROOT))} == {
        *(ROOT / "benchmarks" / "results").glob("*.md"),
        ROOT / "tests" / "matrix.md",
    }


def changed(old, new):
    """What is named after a change in the small lesson."""
    assert old in TEXT
    before, after = (
        list(in_a_row("lesson.py", of_lesson(text)))
        for text in (TEXT, TEXT.replace(old, new))
    )
    return faults("07_lesson", after, [piece.line() for piece in before])


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("far more", "far less", ", far less than a coin"),
        ("share > 0.9 -->", "share > 0.1 -->", "<!--? share > 0.1 -->"),
        ("= share", "= 1 - share", "<!--= 1 - share -->"),
        ("98%", "98 points", "98 points"),
        ("    assert share", "    assert 2 * share", "assert 2 * share > 0.9"),
        ("    assert share", "    pass\nassert share", "assert share > 0.9"),
        ("asserts=1", "asserts=0", "asserts=0"),
        ("# The end.\n", "", "“# %% tags"),
        ("for share in shares:\n    assert share > 0.9\n", "", "“(the end)”"),
    ],
)
def test_a_change_is_named(old, new, named):
    found = changed(old, new)
    assert any(named in fault for fault in found)
    assert all("python -m tools.reading --done 07`" in fault for fault in found)


def test_what_moves_is_named():
    before = list(in_a_row("a.md", ["Right:", "Yes.", "Wrong:", "No."]))
    after = list(in_a_row("a.md", ["Wrong:", "Yes.", "Right:", "No."]))
    told = faults("documents", after, [piece.line() for piece in before])
    assert any("“Yes.”" in fault for fault in told)


def test_a_number_that_a_tie_holds_is_compared_by_a_run_instead():
    assert changed("98%", "97%") == []


def test_a_file_that_is_gone_is_missed():
    read = [piece.line() for piece in in_a_row("a.md", ["One."])]
    (told,) = faults("documents", [], read)
    assert "a file that was read is gone" in told


def test_words_rest_on_constants_labels_and_arguments():
    text = (
        "MOST = 100  # rows\n"
        'parser.add_argument("--pets", default=300)\n'
        'ax.set(xlabel="epoch")\n'
        'said = "简体中文"\n'
        'key = "epochs"\n'
    )
    assert list(of_module(text)) == [
        *("# rows", "MOST = 100", 'parser.add_argument("--pets", default=300)'),
        *("epoch", "简体中文"),
    ]


def test_a_cell_may_hold_nothing_but_a_comment():
    assert of_code("") == []
    assert of_code("# Your turn.\n") == ["# Your turn."]


def test_a_file_that_python_cannot_read_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "ROOT", tmp_path)
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "broken.py").write_text("def f(:\n")
    with pytest.raises(InputError, match=r"helpers/broken\.py cannot be taken apart"):
        group("messages")


def test_a_name_is_a_lesson_a_group_or_a_file():
    assert _chosen(["9", "09", "README.md", "zh_CN"]) == [
        *("09_choose_a_backbone", "documents", "zh_CN"),
    ]
    assert _chosen([]) == names()
    with pytest.raises(InputError, match="a lesson's number, a file"):
        _chosen(["9", "zh"])
