"""What people have read is what still stands there."""

import re

from .read_by_hand import PAGE, documents, stale, texts, unread


def test_nothing_has_changed_since_it_was_read():
    assert stale(*documents()) == []


def test_the_page_says_how_much_was_read():
    page = PAGE.read_text(encoding="utf-8")
    told = re.search(
        r"(\d+) of (\d+) definitions .*?(\d+) of (\d+)\s+remedies", page, re.S
    )
    every, left = texts(*documents()[1:]), unread(*documents())
    for kind, read, all_of_it in (
        ("glossary", told[1], told[2]),
        ("remedy", told[3], told[4]),
    ):
        total = sum(key[0] == kind for key in every)
        assert int(all_of_it) == total > 15
        assert int(read) == total - sum(key[0] == kind for key in left)
