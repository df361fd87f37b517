"""Other environments: what is installed, and what is told of them."""

import os
import venv

import pytest

from helpers.errors import InputError
from tools import matrix
from tools.matrix import (
    SETTINGS,
    Setting,
    found_in,
    lessons_of,
    merged,
    page,
    requirements,
    row,
)

LISTED = """# why
tensorflow-cpu==2.21.0; sys_platform == "win32"
keras>=3.12     # what the lessons teach
numpy           # arrays
"""
LOCKED = """keras==3.12.4 ; python_full_version < '3.11' \\
    --hash=sha256:aa
keras==3.15.1 ; python_full_version >= '3.11' \\
    --hash=sha256:bb
numpy==2.4.6 \\
    --hash=sha256:cc
"""


def test_the_newest_have_no_pins():
    assert requirements("newest", LISTED, LOCKED).splitlines() == [
        'tensorflow-cpu; sys_platform == "win32"',
        "keras",
        "numpy",
    ]


def test_the_oldest_have_the_oldest_keras_and_the_lock_for_the_rest():
    assert requirements("oldest", LISTED, LOCKED).splitlines() == [
        "numpy==2.4.6",
        "keras==3.12.0",
    ]


def test_the_lock_keeps_its_markers():
    assert requirements("lock", LISTED, LOCKED).splitlines() == [
        "keras==3.12.4 ; python_full_version < '3.11'",
        "keras==3.15.1 ; python_full_version >= '3.11'",
        "numpy==2.4.6",
    ]


REPORT = """<testsuites><testsuite>
<testcase classname="notebooks.01_a.ipynb" file="notebooks/01_a.ipynb" name="Cell 0"/>
<testcase file="notebooks/02_b.ipynb" name="Cell 3">
<failure>Cell 3: Cell outputs differ
 mismatch 'stdout'
</failure></testcase>
<testcase file="notebooks/02_b.ipynb" name="Cell 4"><failure>later</failure></testcase>
<testcase file="notebooks/03_c.ipynb" name="Cell 0"><skipped/></testcase>
<testcase file="notebooks/04_d.ipynb" name="Cell 0"><skipped/></testcase>
<testcase file="notebooks/04_d.ipynb" name="Cell 1"/>
</testsuite></testsuites>"""


def test_the_first_cell_that_differs_is_told_for_each_lesson():
    assert lessons_of(REPORT) == {
        "01_a": "ok",
        "02_b": "Cell 3: mismatch 'stdout'",
        "03_c": "not run",
        "04_d": "ok",
    }


def test_a_row_says_which_lessons_agree_and_which_were_passed_over():
    line = row(found_in(Setting("one core"), "Keras 3.15.1", lessons_of(REPORT)))
    assert line.startswith("| one core | ")
    told = "02_b Cell 3: mismatch 'stdout'; 03_c not run | the same |"
    assert line.endswith(f"| Keras 3.15.1 | 1, 4 | {told}")


def test_what_was_not_run_stays_and_stands_in_order():
    newest = found_in(Setting("newest"), "Python 3.12.1, …", {"00_a": "ok"})
    oldest = {**newest, "setting": "Python 3.11", "versions": "Python 3.11.4, …"}
    records = merged([newest], oldest)
    assert records == [oldest, newest]
    table = page(records)
    assert table.index("| Python 3.11 |") < table.index("| newest |")
    assert "Never run: Python 3.13, one core, " in table  # 3.12 ran
    assert f"Systems that ran: {newest['machine'].split()[0]}." in table
    assert merged(records, newest) == records


def test_an_unknown_setting_is_named():
    with pytest.raises(
        InputError, match=r"found 'Python 2'\. There are Python 3\.11, "
    ):
        matrix._chosen(["Python 2"])
    assert matrix._chosen([]) == SETTINGS


def test_an_environment_without_its_packages_has_no_empty_row(tmp_path):
    bare = tmp_path / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    venv.create(tmp_path)
    with pytest.raises(InputError, match="not run: ModuleNotFoundError"):
        matrix.versions_of(bare)


def test_a_python_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(matrix, "BUILD", tmp_path)
    with pytest.raises(InputError, match=r"not run: .*3\.99"):
        matrix.prepare(Setting("none", "3.99"))
