"""What people have read is what still stands there, and they have read all of it."""

from .read_by_hand import page_and_documents, stale, texts, unread


def test_nothing_has_changed_since_it_was_read():
    assert stale(*page_and_documents()) == []


def test_nothing_is_unread():
    assert unread(*page_and_documents()) == []


def test_each_kind_is_found():
    found = [kind for kind, _ in texts(page_and_documents()[1])]
    assert found.count("glossary") > 80
    assert found.count("remedy") > 15
    assert found.count("history") > 20


def test_what_is_new_is_unread():
    page, documents = page_and_documents()
    documents["README.md"] += "\n\nNobody thought of it before 1958."
    told = ("history", "README.md: Nobody thought of it before 1958.")
    assert unread(page, documents) == [told]
