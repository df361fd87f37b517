"""Lessons of a cell or two, for tests that really execute them."""

import nbformat
import pytest


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
