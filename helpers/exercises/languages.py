"""What a judge says, in the language of the notebook that asks.

Judges write English. Each of their sentences came from a template in their code (see
`sentences`); its translation is filled in with the same pieces, translated as well.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import known_in, languages, lessons_in
from helpers.ties import LESSON_SOURCES

_PLACE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_spoken: list[str] = []  # the language, if it is not English


def speak(language: str) -> None:
    """Let `check`, `hint` and `solution` answer in a language.

    The first cell of a notebook in this language calls it.

    Args:
        language: Such as `"zh_CN"`, or `"en"`.

    Raises:
        InputError: if there is no such translation.

    Example:
        >>> speak("en")
        >>> spoken("0.1 is right: it is.")
        '0.1 is right: it is.'
    """
    if language not in ("en", *languages()):
        raise InputError(
            f"expected one of en, {', '.join(languages())}, found {language!r}."
        )
    _spoken[:] = [language] if language != "en" else []


def sources() -> Path:
    """The folder with the lessons' sources in the language that is spoken.

    Example:
        >>> sources() == LESSON_SOURCES
        True
    """
    return lessons_in(_spoken[0]) / "source" if _spoken else LESSON_SOURCES


def spoken(sentence: str) -> str:
    """A sentence of a judge in the language that is spoken; English if it has none.

    Example:
        >>> spoken("0.1 is right: it is.")
        '0.1 is right: it is.'
    """
    return translated(sentence, known_in(_spoken[0])) if _spoken else sentence


def translated(sentence: str, known: Mapping[str, str]) -> str:
    """A sentence by the translations of templates; what none fits stays.

    Args:
        sentence: In English, filled in.
        known: Translations of templates by the English ones.

    Example:
        >>> known = {"not yet: {why}.": "noch nicht: {why}.", "{n} cats": "{n} Katzen"}
        >>> translated("not yet: 3 cats.", known)
        'noch nicht: 3 Katzen.'
        >>> known = {"{number}, no: {why}.": "nein: {why}.", "{number} is: {it}.": "ja"}
        >>> translated("0.2, no: this is: not so.", known)
        'nein: this is: not so.'
        >>> known = {"{number}, no: {why}.": "nein: {why}.", "{a}, lacks {b}": "{b}!"}
        >>> translated("0.2, no: here, lacks this.", known)
        'nein: this!.'
    """
    if sentence in known:
        return _filled(known[sentence], {})
    for template, pattern in _patterns(frozenset(known)):
        if match := pattern.fullmatch(sentence):
            pieces = match.groupdict()
            places = {k[1:]: translated(text, known) for k, text in pieces.items()}
            return _filled(known[template], places)
    return sentence


@functools.lru_cache(maxsize=4)
def _patterns(templates: frozenset[str]) -> list[tuple[str, re.Pattern]]:
    """What sentences look like that came from templates; the most wordy first.

    But before all others what goes round a refusal or a praise, "{number}, not yet: …":
    a wordy refusal would take it for its own beginning.
    """
    with_places = [template for template in templates if _PLACE.search(template)]
    with_places.sort(
        key=lambda t: (not t.startswith("{number}"), -len(_PLACE.sub("", t)), t)
    )
    return [(template, _pattern(template)) for template in with_places]


def _pattern(template: str) -> re.Pattern:
    seen: set[str] = set()
    parts = _PLACE.split(template)  # words, a place, words, …
    for at in range(1, len(parts), 2):
        name = f"p{parts[at]}"
        # Of an exercise: "0.2, not yet: … where it is right: …" is no praise.
        what = r"\S+" if parts[at] == "number" else ".+?"
        parts[at] = f"(?P={name})" if name in seen else f"(?P<{name}>{what})"
        seen.add(name)
    for at in range(0, len(parts), 2):
        parts[at] = re.escape(_one_brace(parts[at]))
    return re.compile("".join(parts), re.DOTALL)


def _filled(template: str, places: Mapping[str, str]) -> str:
    parts = _PLACE.split(template)
    parts[1::2] = [places.get(name, f"{{{name}}}") for name in parts[1::2]]
    parts[::2] = map(_one_brace, parts[::2])
    return "".join(parts)


def _one_brace(text: str) -> str:
    """Words of a template as they are said: there, a brace is written twice."""
    return text.replace("{{", "{").replace("}}", "}")
