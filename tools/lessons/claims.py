"""What a lesson's prose claims without a tie that proves it."""

from __future__ import annotations

import re

# Numbers that are no results: years, names with a version, places in the course, the
# range of a pixel, and none, one and two.
_NO_RESULT = re.compile(
    r"\b(?:19|20)\d\d\b"
    r"|(?:Python|TensorFlow|Keras|NumPy|pandas|Adam|version|[Ll]essons?|[Ss]ections?)"
    r" \d[\d.]*(?:(?:,| to| and|, and) \d+)*"
    r"|(?<![\d.,])[−-]?[012](?![\d%]|[.,]\d)"
    r"|\b255\b"
)
_ANY_NUMBER = re.compile(r"(?<![\w.])[-−]?\d[\d,]*(?:\.\d+)?%?(?![\w])")


def untied_numbers(markdown: str) -> list[str]:
    """Find numbers that a reader could take for a result and that nothing proves.

    Args:
        markdown: The prose of a lesson's source, with its ties.

    Returns:
        For each such number, the number and the words around it.

    Example:
        >>> untied_numbers("In 2019 it took 40 minutes; now 3<!--= m --> will do.")
        ["'40' in: In 2019 it took 40 minutes; now 3 will do."]
    """
    text = re.sub(r"^```.*?^```", "", markdown, flags=re.DOTALL | re.MULTILINE)
    # Headings, numbers of a list, and where links go:
    text = re.sub(r"^#+ .*$|^\s*\d+\. ", "", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"<!--=.*?-->", "\0", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]*`", "`code`", text)
    claims = _NO_RESULT.sub(lambda match: re.sub(r"\d", "n", match[0]), text)
    found = []
    for match in _ANY_NUMBER.finditer(claims):
        if text[match.end() :].lstrip("*_ ").startswith("\0"):
            continue
        around = text[max(0, match.start() - 40) : match.end() + 30]
        found.append(f"{match[0]!r} in: {' '.join(around.replace(chr(0), '').split())}")
    return found


def untied_messages(markdown: str) -> list[str]:
    """Find quoted error messages that nothing proves.

    Example:
        >>> untied_messages("It says `ValueError: no such layer`.")
        ['ValueError: no such layer']
    """
    quoted = re.finditer(r"`([^`\n]*(?:Error|Warning): [^`]*)`(\s*<!--=)?", markdown)
    return [match[1] for match in quoted if not match[2]]
