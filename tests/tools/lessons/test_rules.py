"""The rules of the house hold in every lesson; and a fault of each kind is caught."""

import base64
import hashlib

import nbformat
import pytest

from helpers.plumbing import ROOT
from tools.lessons import rules
from tools.lessons.notebooks import notebook_of
from tools.lessons.rules import SECTIONS, broken_rules
from tools.lessons.sources import lessons


@pytest.mark.parametrize("source", lessons(), ids=lambda source: source.stem)
def test_a_lesson_keeps_the_rules(source):
    notebook = nbformat.read(notebook_of(source), as_version=4)
    assert broken_rules(source, notebook) == []


PIXEL = base64.b64encode(b"\x89PNG" + bytes(60)).decode()
DIGEST = hashlib.sha256(b"\x89PNG" + bytes(60)).hexdigest()[:16]


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A small lesson that keeps every rule, to be spoiled by the tests."""
    monkeypatch.setattr(rules, "NOTEBOOKS", tmp_path)
    source = tmp_path / "08_add_numbers.py"
    headings = "\n#\n".join(f"# ## {name}" for name in SECTIONS)
    source.write_text(
        f"# %% [markdown]\n# # 8 · Add numbers\n#\n{headings}\n", encoding="utf-8"
    )
    picture = nbformat.v4.new_output(
        "display_data",
        {"image/png": PIXEL, "text/plain": "A line rises."},
        metadata={"image/png": {"alt": "A line rises.", "sha256": DIGEST}},
    )
    v4 = nbformat.v4
    check = v4.new_code_cell("assert total == 2", metadata={"tags": ["check"]})
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# 8 · Add numbers\n[here](08_add_numbers.py)"),
            v4.new_code_cell("total = 1 + 1", outputs=[picture]),
            check,
            v4.new_code_cell('compare_text("08_add_numbers", globals())'),
        ]
    )
    return source, notebook


def test_a_good_lesson_breaks_no_rule(lesson):
    assert broken_rules(*lesson) == []


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("!pip install keras", "installs or calls the shell"),
        ("from helpers.layers import *", "import *"),
        ("open('/home/me/cat.jpg')", "an absolute path"),
        ("open('C:\\\\cats')", "an absolute path"),
        ("from keras.src import ops", "a name that may go without notice"),
        ("plt.show()", "gives a text alternative"),
        ("ax.plot([1, 2]);", "a trailing semicolon"),
        ("model.fit_generator(data)", "a name of 2019 outside a cell tagged 'then'"),
        ("\n".join(["total = 2"] * 26), "over 25 lines"),
    ],
)
def test_a_cell_that_breaks_a_rule(lesson, code, message):
    source, notebook = lesson
    notebook.cells[1].source = code
    (found,) = broken_rules(source, notebook)
    assert message in found
    assert found.startswith("08_add_numbers, cell")


def swap_the_sentence(cells):
    cells[1].outputs[0].data["text/plain"] = "<Figure size 700x360 with 1 Axes>"


def drop_the_sentence(cells):
    cells[1].outputs[0].metadata = nbformat.from_dict({})


def swap_the_picture(cells):
    other = base64.b64encode(b"\x89PNG" + bytes(61)).decode()
    cells[1].outputs[0].data["image/png"] = other


def make_a_picture_large(cells):
    cells[1].outputs[0].data["image/png"] = PIXEL * 2000


def forget_the_check(cells):
    cells[2].metadata = nbformat.from_dict({})


def forget_to_compare(cells):
    cells.pop()


def break_a_link(cells):
    cells[0].source = "[next](09_nowhere.ipynb)"


def grow(cells):
    cells[0].source = "word " * 250_000


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (swap_the_sentence, "a picture without a text alternative"),
        (drop_the_sentence, "a picture without a text alternative"),
        (swap_the_picture, "a picture that this cell did not draw"),
        (make_a_picture_large, "a picture of more than 100 kB"),
        (forget_the_check, "no cell has the tag 'check'"),
        (forget_to_compare, "the last code cell does not compare the text"),
        (break_a_link, "a link to 09_nowhere.ipynb, which does not exist"),
        (grow, "over 1 MB"),
    ],
)
def test_a_notebook_that_breaks_a_rule(lesson, spoil, message):
    source, notebook = lesson
    spoil(notebook.cells)
    (found,) = broken_rules(source, notebook)
    assert message in found


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# 8 · Add", "# 9 · Add", "expected a title '8 · …', found '9 · Add numbers'"),
        ("# ## Try it", "# ## Try", "no section ['Try it']"),
        ("# ## Try it", "# ## The idea", "no section ['Try it']"),
        ("# ## Go on", "# ## Go on\n# in 40 s", "a number with no tie: '40'"),
    ],
)
def test_a_text_that_breaks_a_rule(lesson, old, new, message):
    source, notebook = lesson
    source.write_text(source.read_text(encoding="utf-8").replace(old, new))
    (found,) = broken_rules(source, notebook)
    assert message in found


def test_the_sections_stand_in_words_for_authors():
    """CONTRIBUTING.md's table has the same headings, in the same order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("| section |")[2].partition("\n\n")[0].splitlines()[2:]
    assert [line.split("|")[1].strip() for line in table] == list(SECTIONS)


def test_the_order_of_the_sections_is_fixed(lesson):
    source, notebook = lesson
    text = source.read_text(encoding="utf-8")
    text = text.replace("## Try it", "## X").replace("## Go on", "## Try it")
    source.write_text(text.replace("## X", "## Go on"), encoding="utf-8")
    (found,) = broken_rules(source, notebook)
    assert "the sections stand in another order" in found


def test_a_link_to_a_heading_needs_the_heading(lesson):
    source, notebook = lesson
    (source.parent / "GLOSSARY.md").write_text("## Transfer learning\n")
    notebook.cells[0].source = "[a](GLOSSARY.md#transfer-learning)"
    assert broken_rules(source, notebook) == []
    notebook.cells[0].source = "[a](GLOSSARY.md#freezing)"
    (found,) = broken_rules(source, notebook)
    assert "a link to GLOSSARY.md#freezing: no such heading" in found
