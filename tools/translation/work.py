"""What the command does: extract, check."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.errors import InputError
from helpers.plumbing import PYTHON, languages, read_translations, translations_in
from tools.lessons.sources import short
from tools.translation import EDITIONS
from tools.translation.catalogs import entries, write, written
from tools.translation.collecting import collected
from tools.translation.edition import build, pages
from tools.translation.files import files

BUILD = f"Run `{PYTHON} -m tools.translation build`"


def extract() -> None:
    """Bring the files of every language up to date with what is said in English."""
    found = collected()
    for language in languages():
        folder = translations_in(language)
        paths = {name: folder / f"{name}.po" for name in found}
        old = {p: entries(read_translations(p)) for p in sorted(folder.glob("*.po"))}
        everything = {m.id: m for there in old.values() for m in there if m.string}
        for name, said in found.items():
            there = {m.id: m for m in old.get(paths[name], [])}
            moved = {s.text for s in said} & set(everything)
            kept = [*there.values(), *(everything[text] for text in sorted(moved))]
            if write(paths[name], written(language, said, kept)):
                print(f"{short(paths[name])}: {len(said)} entries, brought up to date")
        for path in set(old) - set(paths.values()):
            path.unlink()
            print(f"{short(path)}: what it translated is gone, and so is it")


def build_editions() -> None:
    """Make the pages of every edition anew; what is as it should be is left alone."""
    for language in EDITIONS:
        for path in build(language):
            print(f"{short(path)}: written")
    print(f"{', '.join(EDITIONS) or 'no edition'}: as the translations say.")


def unfinished(language: str) -> list[str]:
    """What keeps an edition from being released, a sentence each.

    Args:
        language: Such as `zh_CN`.

    Returns:
        Of each file, its faults and what is stale; of each sentence without a
        translation, a line; of each page that is not what the translations say, too.
    """
    found = []
    for file in files(language):
        found += file.faults()
        found += [f"{file.name}: no translation of “{t}”" for t in file.untranslated()]
    return found + [
        f"{short(place)} is not what the translations say. {BUILD}."
        for place, text in pages(language)
        if not place.is_file() or place.read_text(encoding="utf-8") != text
    ]


def check(names: Sequence[str]) -> None:
    """Check the files of every language, and print what is left to translate.

    Args:
        names: How the names of the files begin; none for all.

    Raises:
        InputError: with a line for each translation that is wrong, stale, or of
            something that is said no more.
    """
    found = []
    for language in languages():
        for file in files(language):
            if not names or file.name.startswith(tuple(names)):
                print(file.summary())
                found += file.faults()
    if found:
        raise InputError("\n".join(found))
