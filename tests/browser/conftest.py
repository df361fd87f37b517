"""A browser for whoever reads: pages, the console and what is asked for are watched."""

import pytest

from tools.chromium import browser


@pytest.fixture(scope="module")
def page():
    """A tab of Chromium, for all tests of a file that has no other one."""
    with browser() as tab:
        for domain in ("Page", "Runtime", "Network", "Log"):
            tab.call(f"{domain}.enable")
        yield tab
