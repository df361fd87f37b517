"""What some tests need and not every computer has: a browser, and what extras make.

`.ci/run` makes the extras first, and stops if that fails.
"""

import importlib

import pytest

from helpers.errors import InputError
from helpers.page_file import page_parts
from helpers.plumbing import python_of, ray_is_there
from tests.browser import firefox
from tools.book.__main__ import BOOK
from tools.chromium import PROGRAM
from tools.many import STORE

NO_BROWSER = "no Chromium on this computer: what a browser shows is not tested"
NO_FIREFOX = "no Firefox on this computer: the page is not tested in it"
NO_PARTS = "the page's parts are not installed (tools.page_parts): it is not tested"
NO_MANY = "Ray is not installed (tools.many): many computers are not tested"
NO_STORE = (
    "no store on this computer (tools.many --store): reading from one is not tested"
)
NO_BOOK = "the book is not made (make book): what a browser shows of it is not tested"


def _are_there():
    try:
        return bool(page_parts())
    except InputError:
        return False


def only_with_ray():
    """At the top of a module: without Ray, it is passed over; else Ray is found."""
    if not ray_is_there():
        pytest.skip(NO_MANY, allow_module_level=True)
    importlib.import_module("helpers.many")


needs_store = pytest.mark.skipif(not python_of(STORE).is_file(), reason=NO_STORE)
needs_chromium = pytest.mark.skipif(PROGRAM is None, reason=NO_BROWSER)
needs_firefox = pytest.mark.skipif(firefox.PROGRAM is None, reason=NO_FIREFOX)
needs_parts = pytest.mark.skipif(not _are_there(), reason=NO_PARTS)
needs_book = pytest.mark.skipif(not (BOOK / "index.html").is_file(), reason=NO_BOOK)
