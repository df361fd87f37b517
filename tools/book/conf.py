"""How Sphinx makes the book; `python -m tools.book` calls it.

Everything that a page needs lies beside it: no font, no script, no style comes from
elsewhere. MathJax is off, since nothing here is written in its notation.
"""

project = "Transfer learning"
author = "its contributors"
root_doc = "index"
language = "en"
extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["**/.ipynb_checkpoints"]
templates_path = ["templates"]
# A sample of code may leave something out with "…".
suppress_warnings = ["misc.highlighting_failure"]

nb_execution_mode = "off"  # the outputs are those that the tests compare
nb_merge_streams = True
nb_code_prompt_show = nb_code_prompt_hide = "One good answer"
myst_heading_anchors = 4

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_sphinx = False
html_use_index = False
html_show_search_summary = False  # a page from the disk may not read another one
html_show_copyright = False
html_last_updated_fmt = None
html_permalinks_icon = "#"
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "collapse_navigation": False,
    "article_header_end": ["language.html", "article-header-buttons.html"],
    "navbar_persistent": [],  # the search stands in the list of pages already
}
copybutton_exclude = ".linenos, .gp, .go"


def setup(app: object) -> None:
    """Sphinx calls it: Chinese is searched as `chinese.py` says."""
    import importlib
    import sys
    from pathlib import Path

    from sphinx.search import languages

    sys.path.insert(0, str(Path(__file__).parent))
    languages["zh"] = importlib.import_module("chinese").searching()
