"""What an extra makes, or is made of, some tests need; it need not be there.

`.ci/run` makes it first, and stops if that fails.
"""

import pytest

from helpers.errors import InputError
from helpers.page_file import page_parts
from tools.book.__main__ import BOOK

NONE = "the page's parts are not installed (tools.page_parts): the page is not tested"


def _are_there():
    try:
        return bool(page_parts())
    except InputError:
        return False


needs_parts = pytest.mark.skipif(not _are_there(), reason=NONE)
NO_BOOK = "the book is not made (make book): what a browser shows of it is not tested"
needs_book = pytest.mark.skipif(not (BOOK / "index.html").is_file(), reason=NO_BOOK)
