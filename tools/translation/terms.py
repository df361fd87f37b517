"""The words that a translation keeps to: `translations/LANGUAGE/terms.csv`.

A line says how an English term is translated (several ways apart by `|`, the first is
the usual one), which words are wrong for it, and where the term comes from.
"""

from __future__ import annotations

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

from helpers.errors import InputError
from tools.lessons.sources import short

COLUMNS = ["English", "translation", "not", "source"]


@dataclass(frozen=True)
class Term:
    """A term and its translations.

    Attributes:
        english: One form of it, such as `learning rate`.
        translations: The right ones.
        wrong: Words that may not stand for it.

    Example:
        >>> Term("epoch", ("轮次", "轮"), ("时代",)).wrong
        ('时代',)
    """

    english: str
    translations: tuple[str, ...]
    wrong: tuple[str, ...]


def read_terms(path: Path) -> list[Term]:
    """The terms of a language, the longest first; none if there is no such file.

    Raises:
        InputError: if a line has not four columns, or no source.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    bad = [
        row
        for row in rows
        if len(row) != len(COLUMNS) or not all(row[i] for i in (0, 1, 3))
    ]
    if header != COLUMNS or bad:
        raise InputError(
            f"expected the columns {', '.join(COLUMNS)} in {short(path)}, only “not” "
            f"empty, found {(bad or [header])[0]}. Mend that line."
        )
    terms = [
        Term(row[0], tuple(row[1].split("|")), tuple(filter(None, row[2].split("|"))))
        for row in rows
    ]
    return sorted(terms, key=lambda term: -len(term.english))


def term_faults(english: str, other: str, terms: list[Term]) -> list[str]:
    """Where a translation leaves the list of terms, a sentence each.

    Args:
        english: The sentence, without code, links and ties.
        other: Its translation, likewise.
        terms: From `read_terms`.

    Example:
        >>> rate = Term("learning rate", ("学习率",), ("学习速率",))
        >>> term_faults("A low learning rate.", "学习速率低。", [rate])
        ['“learning rate” is 学习率 here, not 学习速率']
        >>> term_faults("A low learning rate.", "低。", [rate])
        ['“learning rate” is 学习率 here, and that is missing']
    """
    found, rest = [], english
    for term in terms:  # "learning rate" hides the "learning" in it
        rest, n = _pattern(term.english).subn(" · ", rest)
        if not n:
            continue
        wanted = " or ".join(term.translations)
        wrong = [word for word in term.wrong if word in other]
        if wrong:
            found.append(f"“{term.english}” is {wanted} here, not {wrong[0]}")
        elif not any(word in other for word in term.translations):
            found.append(f"“{term.english}” is {wanted} here, and that is missing")
    return found


@functools.cache
def _pattern(english: str) -> re.Pattern:
    """The term as a word of its own, in the singular or the plural."""
    words = r"[\s-]+".join(map(re.escape, re.split(r"[ -]", english)))
    return re.compile(rf"(?<![\w-]){words}(?:e?s)?(?![\w])", re.IGNORECASE)
