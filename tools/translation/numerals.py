"""Numbers in words, English and Chinese: is one of them lost in translation?"""

from __future__ import annotations

import re

# A word for a number, and one of the signs that its translation has to have.
_WORDS = {
    "two": "两二双2",
    "three": "三3",
    "four": "四4",
    "five": "五5",
    "six": "六6",
    "seven": "七7",
    "eight": "八8",
    "nine": "九9",
    "ten": "十1",
    "twelve": "十1",
    "thirteen": "十1",
    "fifteen": "十1",
    "sixteen": "十1",
    "twenty": "十2",
    "thirty": "十3",
    "forty": "十4",
    "fifty": "十5",
    "sixty": "十6",
    "seventy": "十7",
    "eighty": "十8",
    "ninety": "十9",
    "hundred": "百1",
    "thousand": "千万1",
    "million": "百万1",
    "twice": "两二2倍",
    "half": "半一½5",
    "a third": "三3",
    "a quarter": "四4",
    "a tenth": "十1",
    "percent": "%百",
}
_NUMERAL = "|".join(sorted(_WORDS, key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_NUMERAL})s?\b(?:[- ](?:{_NUMERAL})s?\b)*", re.IGNORECASE)


def lost_numerals(english: str, other: str) -> list[str]:
    """Number words of a sentence for which its translation has no sign.

    Numbers that several words make ("three hundred") need a sign of one of them.

    Example:
        >>> lost_numerals("Two cats and three dogs.", "两只猫。")
        ['three']
    """
    lost = []
    for match in _RUN.finditer(english):
        words = re.findall(_NUMERAL, match[0], re.IGNORECASE)
        signs = {sign for word in words for sign in _WORDS[word.lower()]}
        if not signs & set(other):
            lost.append(match[0])
    return lost
