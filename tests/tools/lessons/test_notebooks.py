"""The committed notebooks are true, executed copies; and whoever tampers is caught."""

import json
import sys

import pytest

from helpers.errors import InputError
from tools.lessons.notebooks import build, faults, notebook_of, refresh_links
from tools.lessons.sources import NOTEBOOKS, lessons


@pytest.mark.parametrize("source", lessons(), ids=lambda source: source.stem)
def test_a_lesson_is_built_from_its_source(source):
    assert faults(source, notebook_of(source)) == []


def test_every_notebook_has_a_source():
    assert [n.stem for n in sorted(NOTEBOOKS.glob("*.ipynb"))] == [
        source.stem for source in lessons()
    ]


LESSON = """\
# %% [markdown]
# # 8 · Add numbers
#
# One and one is 2<!--= total -->.

# %%
total = 1 + 1
total

# %% tags=["raises-exception"]
1 / 0

# %% [markdown]
# The end.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lessons")
    source = folder / "08_add_numbers.py"
    source.write_text(LESSON, encoding="utf-8")
    (folder / "09_next.py").write_text("# %% [markdown]\n# # 9 · Next\n")
    build(source, folder / "08_add_numbers.ipynb")
    return source


def edit(built, tmp_path, change):
    """A copy of the built notebook with something done to it."""
    notebook = json.loads(built.with_suffix(".ipynb").read_text(encoding="utf-8"))
    change(notebook["cells"])
    target = tmp_path / "08_add_numbers.ipynb"
    target.write_text(json.dumps(notebook), encoding="utf-8")
    return target


@pytest.mark.slow
def test_a_build_is_a_true_copy_and_repeats_to_the_byte(built, tmp_path):
    target = built.with_suffix(".ipynb")
    assert faults(built, target) == []
    build(built, tmp_path / "again.ipynb")
    assert (tmp_path / "again.ipynb").read_bytes() == target.read_bytes()
    text = target.read_text(encoding="utf-8")
    assert "<!--" not in text
    assert "| [Glossary](glossary.md) | [9 · Next →](09_next.ipynb)" in text


def forget_to_run(cells):
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = None, []


def run_out_of_order(cells):
    cells[1]["execution_count"] = 7


def edit_by_hand(cells):
    cells[0]["source"][-1] = "One and one is 3."


def change_a_tag(cells):
    cells[1]["metadata"]["tags"] = ["raises-exception"]


def store_standard_error(cells):
    cells[1]["outputs"].append(
        {"output_type": "stream", "name": "stderr", "text": "W0000 rebuild with AVX"}
    )


def store_an_address(cells):
    cells[1]["outputs"].append(
        {"output_type": "stream", "name": "stdout", "text": "<f at 0x7fde39097e20>"}
    )


def store_an_error(cells):
    cells[1]["outputs"] = [
        {
            "output_type": "error",
            "ename": "NameError",
            "evalue": "total",
            "traceback": [],
        }
    ]


def count_other_ties(cells):
    agreed = "All 99 results in the text agree with this run.\n"
    cells[1]["outputs"].append(
        {"output_type": "stream", "name": "stdout", "text": agreed}
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (forget_to_run, "was not run from top to bottom"),
        (run_out_of_order, "was not run from top to bottom"),
        (edit_by_hand, "is not what 08_add_numbers.py says: stale"),
        (change_a_tag, "is not what 08_add_numbers.py says: stale"),
        (store_standard_error, "stored standard error"),
        (store_an_address, "an address in memory"),
        (store_an_error, "stored error NameError"),
        (count_other_ties, "compared 99 results; 08_add_numbers.py ties "),
    ],
)
def test_tampering_is_caught(built, tmp_path, change, message):
    (found,) = faults(built, edit(built, tmp_path, change))
    assert message in found
    assert "python -m tools.author build 08`" in found


def test_a_changed_source_makes_the_notebook_stale(built, tmp_path):
    source = tmp_path / built.name
    source.write_text(LESSON.replace("One and one", "1 + 1"), encoding="utf-8")
    (tmp_path / "09_next.py").write_text("# %% [markdown]\n# # 9 · Next\n")
    (found,) = faults(source, built.with_suffix(".ipynb"))
    assert "stale" in found
    (missing,) = faults(built, tmp_path / "08_add_numbers.ipynb")
    assert "08_add_numbers.ipynb is missing" in missing


def test_exemptions_have_reasons_and_are_few(tmp_path):
    source = tmp_path / "08_add_numbers.py"
    tag = '# %% tags=["nbval-ignore-output"]'
    source.write_text(LESSON.replace("# %%\n", f"{tag}\n"), encoding="utf-8")
    build(source, tmp_path / "08_add_numbers.ipynb")
    reasonless, many = faults(source, tmp_path / "08_add_numbers.ipynb")
    assert "exempt from comparison without a reason" in reasonless
    assert "1 of 2 code cells are exempt" in many


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "import sys\ntotal = print('careful', file=sys.stderr)",
            "writes to standard error",
        ),
        ("raise KeyError('cat')", "does not run to its end. It stops with KeyError"),
        (
            "total = print('1 of 1 results in the text differ from this run')",
            "Correct the text",
        ),
    ],
)
def test_what_does_not_run_quietly_is_not_stored(tmp_path, code, message):
    source = tmp_path / "08_add_numbers.py"
    source.write_text(LESSON.replace("total = 1 + 1", code), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        build(source, tmp_path / "08_add_numbers.ipynb")
    assert not (tmp_path / "08_add_numbers.ipynb").exists()


def test_a_neighbor_that_comes_changes_the_links_and_nothing_else(built, tmp_path):
    source = tmp_path / built.name
    source.write_text(LESSON, encoding="utf-8")
    target = edit(built, tmp_path, lambda cells: None)
    (tmp_path / "07_before.py").write_text("# %% [markdown]\n# # 7 · Before\n")
    (stale,) = faults(source, target)
    assert "stale" in stale
    outputs = [cell.get("outputs") for cell in json.loads(target.read_text())["cells"]]
    assert refresh_links(source, target)
    assert faults(source, target) == []
    cells = json.loads(target.read_text(encoding="utf-8"))["cells"]
    assert [cell.get("outputs") for cell in cells] == outputs
    assert "[← 7 · Before](07_before.ipynb)" in "".join(cells[0]["source"])
    assert "9 · Next" not in "".join(cells[-1]["source"])
    assert not refresh_links(source, target)  # there is nothing left to do


def test_links_alone_do_not_make_a_changed_lesson_true(built, tmp_path):
    source = tmp_path / built.name
    source.write_text(LESSON.replace("One and one", "1 + 1"), encoding="utf-8")
    target = edit(built, tmp_path, lambda cells: None)
    before = target.read_bytes()
    assert not refresh_links(source, target)
    assert target.read_bytes() == before
    assert not refresh_links(source, tmp_path / "missing.ipynb")


def test_a_list_of_lessons_follows_the_sources_without_a_run(tmp_path):
    source = tmp_path / "08_add_numbers.py"
    text = LESSON.replace("The end.", "Go on:\n#\n# <!-- lessons -->")
    source.write_text(text, encoding="utf-8")
    (tmp_path / "09_next.py").write_text("# %% [markdown]\n# # 9 · Next\n")
    target = tmp_path / "08_add_numbers.ipynb"
    build(source, target)
    (tmp_path / "10_last.py").write_text("# %% [markdown]\n# # 10 · Last\n")
    assert refresh_links(source, target)
    last = "".join(
        json.loads(target.read_text(encoding="utf-8"))["cells"][-1]["source"]
    )
    listed = "- [9 · Next](09_next.ipynb)\n- [10 · Last](10_last.ipynb)"
    assert last.startswith(f"Go on:\n\n{listed}\n\n")


@pytest.mark.slow
def test_the_build_lets_no_lesson_replace_the_learners_classifier(tmp_path):
    source = tmp_path / "08_add_numbers.py"
    code = "import os\nos.listdir(os.environ['TRANSFER_MODELS'])\ntotal = 2"
    source.write_text(LESSON.replace("total = 1 + 1", code), encoding="utf-8")
    build(source, tmp_path / "08_add_numbers.ipynb")


@pytest.mark.slow
def test_a_lesson_runs_in_this_python_whatever_jupyter_finds(tmp_path, monkeypatch):
    """Another environment's kernel of the same name must not be taken."""
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = ["no-such-python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "x", "language": "x"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    source = tmp_path / "08_add_numbers.py"
    code = f"import sys\ntotal = 2\nassert sys.executable == {sys.executable!r}"
    source.write_text(LESSON.replace("total = 1 + 1", code), encoding="utf-8")
    build(source, tmp_path / "08_add_numbers.ipynb")
