"""Each assert of a cell reports by itself; where lessons are proven, it fails."""

import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers import checks
from helpers.plumbing import ROOT


@pytest.fixture
def shell(monkeypatch):
    shell = InteractiveShell()
    monkeypatch.setattr(checks, "get_ipython", lambda: shell)
    monkeypatch.delenv(checks.STRICT, raising=False)
    checks.report_checks()
    checks.report_checks()  # a second start of the lesson does no harm
    assert len(shell.ast_transformers) == 1
    return shell


CELL = """\
accuracy, sizes = 0.94, [5, 10]
assert accuracy >= 0.97, accuracy
assert all(size > 7 for size in sizes)
assert len(sizes) == 2
assert sorted(sizes, key=lambda size: -size)[0] == 10
for size in sizes:
    assert size == 5
print("done")
"""


def test_every_check_reports_and_the_cell_goes_on(shell, capsys):
    assert shell.run_cell(CELL).success
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(". Have")[0] for line in lines] == [
        "Not so in this run: accuracy >= 0.97 (accuracy is 0.94)",
        "Not so in this run: all((size > 7 for size in sizes))",
        "Not so in this run: size == 5 (size is 10)",
        "done",
    ]


@pytest.mark.slow
def test_where_checks_are_strict_the_first_one_ends_it(shell, monkeypatch):
    monkeypatch.setenv(checks.STRICT, "1")
    result = shell.run_cell(CELL)
    assert isinstance(result.error_in_exec, AssertionError)
    assert str(result.error_in_exec) == "accuracy >= 0.97 (accuracy is 0.94)"


def test_a_claim_that_cannot_be_asked_is_an_error_in_both(shell):
    assert isinstance(shell.run_cell("assert nowhere > 1").error_in_exec, NameError)


OPTIMIZED = """
from IPython.core.interactiveshell import InteractiveShell
from helpers import checks
shell = InteractiveShell()
checks.get_ipython = lambda: shell
checks.report_checks()
raise SystemExit(0 if shell.run_cell("assert 1 == 2").success else 3)
"""


@pytest.mark.slow
def test_a_python_that_leaves_assertions_out_checks_too(monkeypatch):
    monkeypatch.setenv(checks.STRICT, "1")
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    done = subprocess.run([sys.executable, "-c", OPTIMIZED], cwd=ROOT)
    assert done.returncode == 3
