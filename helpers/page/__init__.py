"""One HTML file that holds a classifier: it opens anywhere, and learns."""

from helpers.page.making import make_page
from helpers.page.parts import LOCK, PARTS, STAMP, page_parts

__all__ = ["LOCK", "PARTS", "STAMP", "make_page", "page_parts"]
