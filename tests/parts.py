"""What the page in one file is made of is an extra; some tests need it.

`.ci/run` installs it first, and stops if that fails.
"""

import pytest

from helpers.errors import InputError
from helpers.page_file import page_parts

NONE = "the page's parts are not installed (tools.page_parts): the page is not tested"


def _are_there():
    try:
        return bool(page_parts())
    except InputError:
        return False


needs_parts = pytest.mark.skipif(not _are_there(), reason=NONE)
