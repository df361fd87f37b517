"""What is said in other languages: the files in `translations`, gettext's format."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError
from helpers.plumbing.files import ROOT

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

TRANSLATIONS = ROOT / "translations"


def languages() -> list[str]:
    """The languages that there are translations into.

    Example:
        >>> "zh_CN" in languages()
        True
    """
    return sorted(path.name for path in TRANSLATIONS.glob("*") if path.is_dir())


def lessons_in(language: str) -> Path:
    """Where the lessons of a language are: `notebooks/zh` for `zh_CN`.

    Example:
        >>> lessons_in("zh_CN").name
        'zh'
    """
    return ROOT / "notebooks" / language.partition("_")[0]


def translations_in(language: str) -> Path:
    """The folder with a language's files.

    Example:
        >>> translations_in("zh_CN").name
        'zh_CN'
    """
    return TRANSLATIONS / language


@functools.cache
def known_in(language: str) -> dict[str, str]:
    """Every translation into a language by the English; stale ones are left out.

    Args:
        language: Such as `zh_CN`.

    Raises:
        InputError: if a file is not written as gettext writes them.

    Example:
        >>> known_in("no such language")
        {}
    """
    return {
        message.id: message.string
        for path in sorted(translations_in(language).glob("*.po"))
        for message in read_translations(path)
        if message.id and message.string and not message.fuzzy
    }


def read_translations(path: Path) -> Catalog:
    """A file of translations.

    Raises:
        InputError: if it is not written as gettext writes them.

    Example:
        >>> read_translations(TRANSLATIONS / "zh_CN" / "common.po").get("The idea").id
        'The idea'
    """
    from babel.messages.pofile import PoFileError, read_po  # which takes a moment

    try:
        with path.open("rb") as file:
            return read_po(file, abort_invalid=True)
    except (PoFileError, SyntaxError, ValueError) as error:
        raise InputError(
            f'expected {path.name} in gettext\'s format (msgid "…", msgstr "…"), '
            f"found: {error}. Mend that line."
        ) from error
