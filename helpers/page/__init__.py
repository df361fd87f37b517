"""One HTML file that holds a classifier: it opens anywhere, and learns."""

from helpers.page.making import make_page

__all__ = ["make_page"]
