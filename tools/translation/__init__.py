"""Other languages: what is to be translated, what was, and what is made from it."""

# The languages that have an edition. Each is whole: a sentence without a translation,
# or with a stale one, fails a test, and the book is made in each of them.
EDITIONS: tuple[str, ...] = ("zh_CN",)
