"""What prose claims without a tie that proves it: digits, messages, words."""

from __future__ import annotations

import ast
import re

from helpers.ties import sentences, without_ties

# Numbers that are no results: years, names with a version, places in the course, the
# range of a pixel, and none, one and two where nothing is counted.
_COUNTED = r"of|times|x\b|pictures?|mistakes?|errors?|points?|[kMG]i?B\b|(?:milli)?s\b"
_NO_RESULT = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![.,]?\d|[%\w])"
    r"|(?:Python|TensorFlow|Keras|NumPy|pandas|Adam|version|[Ll]essons?|[Ss]ections?)"
    r" \d[\d.]*(?:(?:,| to| and|, and| or) \d+)*"
    rf"|(?<![\d.,])[−-]?[012](?![\d%½⅓¼¾]|[.,]\d|e-?\d| ?(?:{_COUNTED}))"
    r"|(?<![\d.,])255(?![\d%]|[.,]\d)"
)
_NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?%?|[½⅓⅔¼¾⅕⅛]")
_SIZE = re.compile(r"\d+(?:×\d+)+")
_TIE = re.compile(r"<!--([=?!])(.*?)-->", re.DOTALL)
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)

# Words that only an experiment can bear out.
_WORDS = re.compile(
    r"\b(?:"
    # comparisons
    r"better|worse|best|worst|(?:fast|slow|small|strong|weak|high|long|short|few|great"
    r"|bigg|hard|eas|cheap|steep|likel)(?:i?er|i?est)(?<!no longer)"
    r"|(?:large|close|wide|safe)(?:r|st)|lowest"
    r"|(?<!other )(?<!rather )than|as (?!long)\w+ as|(?<!at )(?:most(?! often)|least)"
    # amounts in words
    r"|twice|thrice|half|halve[sd]?|double[sd]?|a (?:third|quarter|fifth|tenth)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten)[ -]"
    r"(?:in|out of|times|fold|of (?:the )?(?=\d|three|four|five|six|seven|eight|nine"
    r"|ten|twenty|a?\s?hundred))"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|hundreds?|thousands?"
    # always and never, and how nearly
    r"|never|always|hardly|barely|nearly|almost|exactly|every time|next to nothing"
    r"|the same (?:answer|number|weight|result|order|label|accurac)\w*"
    # causes
    r"|because|therefore|which is why|thanks to|due to"
    r")\b",
    re.IGNORECASE,
)


def untied_numbers(markdown: str, code: str | None = None) -> list[str]:
    """Find numbers that a reader could take for a result and that nothing proves.

    A number is proven by a tie behind it, or by a `<!--? … -->` in its sentence that
    holds the same number.

    Args:
        markdown: The prose of a lesson's source, with its ties.
        code: The code of the lesson, for what stands in code marks: fine is a piece of
            this code, and any Python with a name in it. None lets all code marks pass.

    Returns:
        For each such number, the number and the words around it.

    Example:
        >>> untied_numbers("In 2019 it took 40 minutes; now 3<!--= m --> will do.")
        ["'40' in: In 2019 it took 40 minutes; now 3 will do."]
        >>> untied_numbers("It is over 10 times faster<!--? times > 10 -->.")
        []
    """
    text = _FENCE.sub("", markdown)
    text = re.sub(r"^# \d+ · ", "# ", text)  # the lesson's own number
    text = re.sub(r"\]\([^)]*\)", "]", text)  # where links go
    return [found for sentence in sentences(text) for found in _untied(sentence, code)]


def _untied(sentence: str, code: str | None) -> list[str]:
    kinds = [kind for kind, _ in _TIE.findall(sentence)]
    asked = " ".join(e for kind, e in _TIE.findall(sentence) if kind == "?")
    proven = {number.replace("_", "") for number in re.findall(r"[\d_.]+", asked)}
    text = _TIE.sub(lambda tie: "\0" if tie[1] == "=" else "", sentence)
    # What is none is hidden by as many letters: the places stay.
    claims = re.sub(r"`[^`]*`(?=[*_\s]*\0)", _hide, text)  # tied as a whole
    for pattern in (re.compile(r"`[^`]*`"), _SIZE):
        claims = pattern.sub(
            lambda span: _hide(span) if _is_code(span[0].strip("`"), code) else span[0],
            claims,
        )
    claims = _NO_RESULT.sub(_hide, claims)
    found = []
    for match in _NUMBER.finditer(claims):
        rest = claims[match.end() :].lstrip("*_ \n")
        if rest.startswith("\0") or match[0].replace(",", "") in proven | {""}:
            continue
        around = text[max(0, match.start() - 40) : match.end() + 30].replace("\0", "")
        found.append(f"{match[0]!r} in: {' '.join(around.split())}")
    return [] if "!" in kinds else found


def _hide(match: re.Match) -> str:
    return "c" * len(match[0])


def _is_code(span: str, code: str | None) -> bool:
    """Is what stands in code marks a piece of code, and not a result?"""
    if code is None or not re.search(r"\d", span):
        return True
    if span in code or (_SIZE.fullmatch(span) and span.replace("×", ", ") in code):
        return not re.fullmatch(r"[-−]?[\d.,]+%?", span)
    try:
        tree = ast.parse(span)
    except SyntaxError:
        # A command, or an option of one; a name with a blank stands in the prose.
        return bool(re.match(r"(?:python|git|make|\.venv|--?[a-z])", span))
    return any(isinstance(node, ast.Name | ast.Import) for node in ast.walk(tree))


def untied_messages(markdown: str) -> list[str]:
    """Find quoted error messages that nothing proves.

    Example:
        >>> untied_messages("It says `ValueError: no such layer`.")
        ['ValueError: no such layer']
    """
    quoted = re.finditer(r"`([^`\n]*(?:Error|Warning): [^`]*)`(\s*<!--=)?", markdown)
    return [match[1] for match in quoted if not match[2]]


def untied_words(markdown: str) -> list[str]:
    """Find sentences that compare, count in words or give a cause, and prove nothing.

    Args:
        markdown: The prose of a lesson's source, with its ties.

    Returns:
        For each sentence without a tie, the words that claim something, and it. What
        asks claims nothing.

    Example:
        >>> untied_words("It is faster<!--? a < b -->. It is never wrong.")
        ["'never' in: It is never wrong."]
    """
    found = []
    for sentence in sentences(_FENCE.sub("", markdown)):
        seen = re.sub(r"`[^`]*`|\]\([^)]*\)", "", without_ties(sentence))
        words = dict.fromkeys(word.lower().strip() for word in _WORDS.findall(seen))
        if words and not seen.endswith("?") and not _TIE.search(sentence):
            said = " ".join(without_ties(sentence).split())
            found.append(f"{', '.join(map(repr, words))} in: {said}")
    return found
