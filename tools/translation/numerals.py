"""Numbers in words, English and Chinese: is one of them lost in translation?"""

from __future__ import annotations

import re

# A word for a number, and how its translation may be written.
_WORDS = {
    "two": "[两二双俩对2]",
    "three": "[三3]",
    "four": "[四4]",
    "five": "[五5]",
    "six": "[六6]",
    "seven": "[七7]",
    "eight": "[八8]",
    "nine": "[九9]",
    "ten": "十|10",
    "twelve": "十二|12",
    "thirteen": "十三|13",
    "fifteen": "十五|15",
    "sixteen": "十六|16",
    "twenty": "二十|2",
    "thirty": "三十|3",
    "forty": "四十|4",
    "fifty": "五十|5",
    "sixty": "六十|6",
    "seventy": "七十|7",
    "eighty": "八十|8",
    "ninety": "九十|9",
    "hundred": r"百|\d00",
    "thousand": r"[千万]|\d,?000",
    "million": r"百.?万|\d,?000,?000",
    "twice": "[两二2倍]",
    "half": r"[半½]|二分之一|一分为二|0\.5|50",
    "a third": "[三3⅓]",
    "a quarter": "[四4¼]",
    "a tenth": "十|10",
    "percent": "%|百分",
}
_LARGE = ("million", "thousand", "hundred")
_NUMERAL = "|".join(sorted(_WORDS, key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_NUMERAL})s?\b(?:[- ](?:{_NUMERAL})s?\b)*", re.IGNORECASE)


def lost_numerals(english: str, other: str) -> list[str]:
    """Number words of a sentence for which its translation has no sign.

    Of a number that several words make ("three hundred"), the largest has to be there.

    Example:
        >>> lost_numerals("Two cats and three dogs.", "两只猫。")
        ['three']
    """
    lost = []
    for match in _RUN.finditer(english):
        words = [w.lower() for w in re.findall(_NUMERAL, match[0], re.IGNORECASE)]
        largest = next((word for word in _LARGE if word in words), words[0])
        if not re.search(_WORDS[largest], other):
            lost.append(match[0])
    return lost
