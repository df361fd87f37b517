"""Does a translation say what the English says? What can be told without reading it.

Every number, tie, piece of code, link and placeholder of the English is in it; so are
the terms of the list. What reads well, only a reader can say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from markdown_it import MarkdownIt

from helpers.errors import InputError
from helpers.ties import find_ties, without_ties
from tools.lessons.tie_rules import is_band
from tools.translation.numerals import lost_numerals
from tools.translation.terms import Term, term_faults

_MARKDOWN = MarkdownIt("commonmark")
_TIE = re.compile(r"<!--[=?!].*?-->", re.DOTALL)
_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"(?<=\])\([^)\s]*\)|https?://[^\s)>]+")
_FILLED_IN = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)*%?")
_NUMBERED = re.compile(r"\d+(?:\.\d+)? · ")
_HAN = "\u3400-\u9fff"
_HALF_WIDTH = re.compile(rf"[{_HAN}」』”）][,;:?!]|[{_HAN}]\.(?!\w)")
_ABOUT = re.compile("约|大概|左右|上下|将近|接近|差不多|几乎")
# How what the readers of a lesson look for begins; each is a message of its own.
BEGINNINGS = ("**Predict:**", "**Yes.**", "**No.**")


def faults(
    english: str,
    other: str,
    terms: Sequence[Term] = (),
    beginnings: Mapping[str, str] | None = None,
    markdown: bool = True,
    language: str = "zh_CN",
) -> list[str]:
    """What is wrong with a translation, half a sentence each.

    Args:
        english: A piece of text, with its ties.
        other: Its translation.
        terms: The words that it has to keep to.
        beginnings: The translations of `BEGINNINGS`.
        markdown: Whether it is Markdown; what a judge says is printed as it is.
        language: Of the translation. How numbers are spelled and where blanks stand is
            looked at in Chinese only.

    Example:
        >>> faults("It is 5<!--= n --> cm.", "它有 6<!--= n --> 厘米。")
        ['the numbers of the English are 5, here 6']
        >>> faults("Call `fit`.", "调用它。")
        ['`fit` is missing']
    """
    found = []
    found += _not_the_same("the ties", *map(_TIE.findall, (english, other)))
    uncoded = [_CODE.sub("", text) for text in (english, other)]
    found += _not_the_same("the links", *map(_LINK.findall, uncoded))
    found += _missing_code(english, other)
    wanted, there = (set(_FILLED_IN.findall(text)) for text in (english, other))
    found += _not_the_same("the places to fill in", wanted, there)
    plain, plain_other = _plain(english), _plain(other)
    chinese = language.startswith("zh")
    if not _only_names(plain, plain_other):
        found += _number_faults(plain, plain_other)
        found += term_faults(plain, plain_other, list(terms))
        found += _quotations(plain, plain_other)
        if chinese:
            lost = lost_numerals(plain, plain_other)
            found += [f"“{word}” is lost" for word in lost]
            found += _signs(plain_other)
    if not found:  # a tie is only looked at where all are there
        found += _tie_faults(english, other, chinese)
    for begin, begin_other in (beginnings or {}).items():
        if english.startswith(begin) and not other.startswith(begin_other):
            found.append(f"“{begin}” is “{begin_other}” at the beginning")
    begin = _NUMBERED.match(english)
    if begin and not other.startswith(begin[0]):
        found.append(f"“{begin[0]}” belongs at the beginning")
    return found + (_markup(english, other) if markdown else [])


def _not_the_same(what: str, english: Iterable[str], other: Iterable[str]) -> list[str]:
    wanted, there = Counter(english), Counter(other)
    found = [f"of {what} one is missing: {each}" for each in wanted - there]
    return found + [
        f"of {what} one is not in the English: {each}" for each in there - wanted
    ]


def _missing_code(english: str, other: str) -> list[str]:
    """Code may be named again, where the English has a pronoun; it may not be lost."""
    wanted, there = (Counter(_CODE.findall(_TIE.sub("", t))) for t in (english, other))
    lacking = [f"{code} is missing" for code in wanted - there]
    return lacking + [
        f"{code} is not in the English" for code in set(there) - set(wanted)
    ]


def _plain(text: str) -> str:
    """The words alone: without ties, code, links, and places to fill in."""
    for pattern in (_TIE, _CODE, _LINK, _FILLED_IN):
        text = pattern.sub(" ", text)
    return text


def _only_names(english: str, other: str) -> bool:
    """`VGG16, ResNet` is the same in every language."""
    return english == other and not re.search(r"\b[a-z]{2,}\s+[a-z]{2,}\b", english)


def _number_faults(english: str, other: str) -> list[str]:
    wanted, there = (Counter(_NUMBER.findall(text)) for text in (english, other))
    spelled = lost_numerals(english, "")  # "two" may have become 2
    extra = sum((there - wanted).values())
    if wanted - there or extra > len(spelled):
        listed = [", ".join(sorted(n.elements())) or "none" for n in (wanted, there)]
        return [f"the numbers of the English are {listed[0]}, here {listed[1]}"]
    return []


def _signs(other: str) -> list[str]:
    found = []
    if not re.search(f"[{_HAN}]", other):
        found.append("there is no Chinese in it")
    if match := _HALF_WIDTH.search(other):
        found.append(f"“{match[0]}”: behind Chinese stands ，；：？！。")
    return found


def _quotations(english: str, other: str) -> list[str]:
    quoted = len(re.findall(r'“[^”]*”|"[^"]*"', english))
    if len(re.findall(r'“[^”]*”|"[^"]*"|「[^」]*」|《[^》]*》', other)) < quoted:
        return [f"{quoted} quotation(s) should be in “ ”"]
    return []


def _tie_faults(english: str, other: str, chinese: bool) -> list[str]:
    """Each number stands before the tie that it stands before in English."""
    try:
        wanted, there = (
            Counter((tie.claim, tie.expression) for tie in find_ties(text))
            for text in (english, other)
        )
        bands = [t for t in find_ties(other) if is_band(t) and t.claim is not None]
    except InputError as error:
        return [str(error)]
    found = [
        f"{claim or 'what'} stands before <!--… {expression} --> in English"
        for claim, expression in wanted - there
    ]
    if chinese and bands and not _ABOUT.search(other):
        found.append(f"{bands[0].claim} has a tolerance, so say 约 or 左右")
    return found


def _markup(english: str, other: str) -> list[str]:
    """Bold is bold, and no `*` is left: “**对。**它” is not bold in Markdown."""
    wanted, there = (_rendered(without_ties(text)) for text in (english, other))
    found = []
    if wanted["strong"] != there["strong"]:
        found.append(
            f"{wanted['strong']} part(s) should be bold, {there['strong']} would be: "
            "between ** and Chinese stands a space if punctuation is on the other side"
        )
    elif there["stray"] > wanted["stray"]:
        found.append("a * is left over: set a space before or behind it")
    if wanted["link"] != there["link"]:
        found.append("a link would not be one")
    if [m[0] for m in re.finditer("<[^>!]*>", english)] != [
        m[0] for m in re.finditer("<[^>!]*>", other)
    ]:
        found.append("the <…> differ from the English")
    return found


def _rendered(text: str) -> Counter:
    seen: Counter[str] = Counter()
    for token in _MARKDOWN.parseInline(text)[0].children or []:
        kinds = {"strong_open": "strong", "link_open": "link", "image": "link"}
        seen[kinds.get(token.type, "other")] += 1
        if token.type == "text":
            seen["stray"] += token.content.count("*")
    return seen
