"""Lessons of a cell or two, for tests that really execute them."""

import nbformat
import pytest

from helpers.plumbing import ROOT


@pytest.fixture
def lesson(tmp_path):
    """Write a notebook from the texts of its cells; the last one is its check."""

    def write(name, *cells):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_markdown_cell("# A lesson")]
        notebook.cells += [nbformat.v4.new_code_cell(text) for text in cells]
        notebook.cells[-1].metadata["tags"] = ["check"]
        path = tmp_path / "notebooks" / name
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def reporting():
    """A first cell, after which checks report as they do in every lesson."""
    return f"""import sys; sys.path.insert(0, {str(ROOT)!r})
from helpers.checks import report_checks
report_checks()"""
