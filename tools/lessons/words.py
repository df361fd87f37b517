"""The words that the build itself writes, in the language of the lesson they go with.

A lesson's language is told by its folder: `notebooks/source` is English, the sources in
`notebooks/zh/source` are made from it by `tools.translation`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpers.plumbing import ROOT, known_in, languages, lessons_in
from tools.translation.segments import translated

ENGLISH = ROOT / "notebooks"


def language_of(source: Path) -> str | None:
    """The language of a lesson's source; None for English.

    Example:
        >>> language_of(ROOT / "notebooks/zh/source/00_start_here.py")
        'zh_CN'
    """
    folders = {lessons_in(language): language for language in languages()}
    return folders.get(folder_of_lessons(source))


def folder_of_lessons(source: Path) -> Path:
    """The folder with the notebooks of a language.

    Example:
        >>> folder_of_lessons(ROOT / "notebooks/source/00_start_here.py").name
        'notebooks'
    """
    return source.parent.parent if source.parent.name == "source" else ENGLISH


def english(source: Path) -> Path:
    """The English source that a lesson's source was translated from, or is.

    Example:
        >>> zh = ROOT / "notebooks/zh/source/00_start_here.py"
        >>> english(zh).relative_to(ROOT).as_posix()
        'notebooks/source/00_start_here.py'
    """
    return ENGLISH / "source" / source.name if language_of(source) else source


def in_language(source: Path, language: str | None) -> Path:
    """The source of the same lesson in a language; the English one for None.

    Example:
        >>> in_language(ROOT / "notebooks/source/00_start_here.py", None).name
        '00_start_here.py'
    """
    return lessons_in(language) / "source" / source.name if language else source


def to_say(words: str) -> str:
    """Words that are said later: so `tools.translation` finds them where they stand.

    Example:
        >>> to_say("One hour")
        'One hour'
    """
    return words


def speaker(language: str | None) -> Callable[..., str]:
    """A function that says things in a language.

    Its first argument is English Markdown, written where it is called, so that
    `tools.translation` finds it; others fill places in it.

    Args:
        language: Such as `zh_CN`; None for English.

    Example:
        >>> say = speaker(None)
        >>> say("Exercises, {minutes} min each", minutes=5)
        'Exercises, 5 min each'
    """
    known = known_in(language) if language else {}

    def say(words: str, /, **places: object) -> str:
        text = words
        if language:
            text = translated(words, lambda piece: known.get(piece, piece))
        return text.format(**places) if places else text

    return say
