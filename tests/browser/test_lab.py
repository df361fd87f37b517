"""`make lab` as a learner meets it: JupyterLab in a real browser."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from helpers.plumbing import ROOT
from tests.parts import needs_chromium
from tools.chromium import browser
from tools.lab import originals

pytestmark = [pytest.mark.slow, needs_chromium]

PARTS = ("helpers", "tools", "data_scripts", "notebooks", "benchmarks", "README.md")
PARTS += ("CONTRIBUTING.md", "TROUBLESHOOTING.md", "LICENSE", "LICENSE-text", "tests")
DATA = ("drawn", "weights", "features")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project: its lab writes into it."""
    copy = tmp_path_factory.mktemp("lab") / "project"
    passed_over = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, copy / part, ignore=passed_over)
        else:
            shutil.copy(ROOT / part, copy / part)
    for part in DATA:
        if (ROOT / "data" / part).is_dir():
            shutil.copytree(ROOT / "data" / part, copy / "data" / part)
    return copy


@pytest.fixture(scope="module")
def page(project, tmp_path_factory):
    """The page that `python -m tools.lab` opens, without Jupyter's own settings."""
    home = tmp_path_factory.mktemp("home")
    settings = {k: v for k, v in os.environ.items() if "JUPYTER" not in k}
    settings |= {
        f"JUPYTER_{place}": str(home / place)
        for place in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    } | {"JUPYTERLAB_SETTINGS_DIR": str(home / "s"), "HOME": str(home)}
    settings |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "w")}
    settings.pop("STRICT_CHECKS", None)
    wishes = ["--no-browser", "--allow-root", "--ServerApp.port=0"]
    wishes += ["--LabApp.expose_app_in_browser=True"]  # for the tests to ask it
    running = subprocess.Popen(
        [sys.executable, "-m", "tools.lab", "--", *wishes],
        cwd=project,
        env=settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        for line in running.stderr:
            if shown := re.search(r"^ +(http://127\S+token=\w+)", line):
                break
        with browser() as page:
            page.show(shown[1])
            opened(page, "my_notebooks/00_start_here.ipynb")
            yield page
    finally:
        running.terminate()
        running.communicate()


# A page without a window has no focus, and so no widget that is current.
CURRENT = "[...(window.jupyterapp?.shell.widgets('main') ?? [])].find(w => w.isVisible)"
TITLE = f"{CURRENT}?.context?.path"
SAVED = f"JSON.stringify({CURRENT}.content.model.toJSON())"


def opened(page, path, seconds=120):
    """Wait until a document is open and has been drawn."""
    page.wait(f"{TITLE} === {path!r} && {CURRENT}.context.isReady", seconds)
    page.wait(f"!!{CURRENT}.node.querySelector('.jp-RenderedMarkdown')", seconds)


def execute(page, command, arguments="{}"):
    """Execute a command of JupyterLab; what it gives stays in the browser."""
    page.do(f"jupyterapp.commands.execute({command!r}, {arguments}).then(() => null)")


def open_path(page, path):
    execute(page, "docmanager:open", f"{{path: {path!r}}}")
    opened(page, path)


def click_link(page, text):
    """Click the first link with this text in the document that is open."""
    page.wait(
        f"(() => {{ const link = [...{CURRENT}.node.querySelectorAll('a')]"
        f".find(a => a.textContent.trim() === {text!r});"
        " if (link) link.click(); return !!link; })()"
    )


def cells(page):
    """The notebook that is open, as it would be saved."""
    return page.do(f"{CURRENT}.content.model.toJSON()")["cells"]


def outputs(page):
    """What the code cells of the notebook printed, a text for each cell."""
    return [
        "".join("".join(o.get("text", o.get("evalue", ""))) for o in cell["outputs"])
        for cell in cells(page)
        if cell["cell_type"] == "code"
    ]


def start(page):
    """What the menu's Run All Cells does; nobody waits for it to end."""
    page.do(f"jupyterapp.shell.activateById({CURRENT}.id), 0")
    page.do("jupyterapp.commands.execute('notebook:run-all-cells'), 0")


def run_all(page, seconds=300):
    start(page)
    page.wait(
        f"{CURRENT}.content.model.toJSON().cells.filter(c => c.cell_type === 'code')"
        ".every(c => c.execution_count || c.outputs.some(o => o.ename))",
        seconds,
    )


def type_into(page, old, new):
    """Replace text in the one code cell that has it."""
    page.do(
        f"(() => {{ const found = [...{CURRENT}.content.model.cells]"
        f".filter(c => c.type === 'code' && c.sharedModel.source.includes({old!r}));"
        " if (found.length !== 1) throw Error(found.length);"
        " const m = found[0].sharedModel;"
        f" m.setSource(m.source.replace({old!r}, {new!r}));"
        " })()"
    )


def test_the_first_lesson_is_open_without_outputs_and_without_news(page):
    opened(page, "my_notebooks/00_start_here.ipynb")
    assert not any(outputs(page))
    told = page.do("document.body.innerText")
    assert "official Jupyter news" not in told
    listed = page.wait(
        "[...document.querySelectorAll('.jp-DirListing-itemText')]"
        ".map(n => n.textContent).filter(Boolean).length > 8"
        " && [...document.querySelectorAll('.jp-DirListing-itemText')]"
        ".map(n => n.textContent)"
    )
    numbered = [name for name in listed if re.match(r"\d\d_", name)]
    assert numbered == sorted(numbered)
    assert numbered[0] == "00_start_here.ipynb"
    assert not {"source", "budgets.csv"} & set(listed)


@pytest.mark.parametrize("name", originals(ROOT / "notebooks"))
def test_nothing_opens_as_unsaved(page, name):
    open_path(page, f"my_notebooks/{name}")
    page.wait(f"{CURRENT}.sessionContext.session?.kernel?.status === 'idle'")
    assert page.do(f"{CURRENT}.context.model.dirty") is False
    page.do(f"{CURRENT}.sessionContext.shutdown().then(() => null)")
    execute(page, "application:close")


@pytest.mark.parametrize(
    ("origin", "text", "expected"),
    [
        ("00_start_here.ipynb", "Contents", "my_notebooks/contents.md"),
        ("00_start_here.ipynb", "Glossary", "my_notebooks/glossary.md"),
        ("00_start_here.ipynb", "For a class", "README.md"),
        (
            "00_start_here.ipynb",
            "0.1 · Learn from twenty",
            "my_notebooks/exercises/00_start_here.ipynb",
        ),
        (
            "exercises/00_start_here.ipynb",
            "← the lesson",
            "my_notebooks/00_start_here.ipynb",
        ),
        (
            "07_compute_features_once.ipynb",
            "drawn pets",
            "benchmarks/results/accuracy_drawn.md",
        ),
        ("contents.md", "0 · Start here", "my_notebooks/00_start_here.ipynb"),
    ],
)
def test_links_lead_to_what_they_name(page, origin, text, expected):
    open_path(page, f"my_notebooks/{origin}")
    click_link(page, text)
    opened(page, expected)


def test_run_all_runs_the_lesson_to_its_end(page):
    open_path(page, "my_notebooks/00_start_here.ipynb")
    run_all(page)
    told = outputs(page)
    assert re.fullmatch(
        r"All \d+ results in the text agree with this run\.\n", told[-1]
    )
    assert "all true\n" in told
    stored = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    assert len(told) == len([c for c in stored.cells if c.cell_type == "code"])


def test_a_check_that_does_not_hold_reports_and_the_lesson_goes_on(page):
    open_path(page, "my_notebooks/00_start_here.ipynb")
    type_into(page, "accuracy > 0.95", "accuracy > 0.999")
    type_into(page, "head.fit(seen, names)", "head.fit(seen[:8], names[:8])")
    start(page)
    page.wait(f"{SAVED}.includes('differ from this')", 300)
    (reported,) = [text for text in outputs(page) if "Not so in this run" in text]
    assert "accuracy > 0.999" in reported


def test_an_exercise_fails_with_a_sentence_and_passes(page):
    open_path(page, "my_notebooks/exercises/00_start_here.ipynb")
    run_all(page)
    told = [text for text in outputs(page) if text.startswith("0.")]
    assert [text[:12] for text in told] == [f"0.{n}, not yet" for n in (1, 2, 3)]
    type_into(page, "n = len(names)", "n = 20")
    type_into(page, 'check("0.2")\n# hint', 'check("0.2")\nhint')
    start(page)
    page.wait(f"{SAVED}.includes('0.1 is right')", 300)
    page.wait(f"{SAVED}.includes('There is another')")


def test_what_was_changed_is_there_at_the_next_start(page, project):
    open_path(page, "my_notebooks/exercises/00_start_here.ipynb")
    page.do(f"{CURRENT}.context.save().then(() => null)")
    mine = project / "my_notebooks" / "exercises" / "00_start_here.ipynb"
    before = mine.read_bytes()
    assert b"n = 20" in before
    done = subprocess.run(
        [sys.executable, "-m", "tools.lab", "--", "--version"],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert "New in it" not in done.stdout, done.stderr
    assert mine.read_bytes() == before
