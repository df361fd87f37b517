"""Falsehoods, planted on purpose, and what catches each.

A row says what is false, which words in a text become which, what reads the text, and
what it then says. `tests/lessons/test_planted_faults.py` plants one after another and
holds that nothing was said before and the right thing afterwards. Rows about lessons
are in `lessons.py`, planted in the small lesson `lesson.txt`; other kinds of texts have
a module of rows each, a list `ROWS`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Planted:
    """A falsehood.

    Attributes:
        what: What is false, in words.
        text: The text in which it is planted, true before.
        old: What stands there.
        new: What stands there instead.
        check: Takes a text and gives sentences about what is false in it.
        says: A pattern that one of these sentences matches, and none did before.
    """

    what: str
    text: str = field(repr=False)
    old: str
    new: str
    check: Callable[[str], Iterable[str]]
    says: str
