"""One file of translations, as it stands: what is done, stale, wrong."""

from __future__ import annotations

from dataclasses import dataclass

from babel.messages.catalog import Message

from helpers.plumbing import PYTHON, read_translations, translations_in
from tools.lessons.sources import short
from tools.translation.catalogs import entries
from tools.translation.checks import BEGINNINGS, faults
from tools.translation.collecting import collected
from tools.translation.terms import Term, read_terms

EXTRACT = f"Run `{PYTHON} -m tools.translation extract`"


@dataclass(frozen=True)
class File:
    """A file of translations, beside what is said in English today.

    Attributes:
        language: Such as `zh_CN`.
        name: Without its ending: `04_freeze_layers`.
        wanted: What is said in English.
        messages: What the file holds, by the English.
        terms: The language's terms.
        beginnings: How questions and their answers begin in it.

    Example:
        >>> File("xx", "a", ("One",), {}, (), {}).untranslated()
        ['One']
    """

    language: str
    name: str
    wanted: tuple[str, ...]
    messages: dict[str, Message]
    terms: tuple[Term, ...]
    beginnings: dict[str, str]

    def untranslated(self) -> list[str]:
        """What has no translation yet."""
        return [t for t in self.wanted if not _string(self.messages.get(t))]

    def stale(self) -> list[str]:
        """What changed in English after it was translated, and what is said no more."""
        changed = [
            t for t in self.wanted if t in self.messages and self.messages[t].fuzzy
        ]
        return changed + sorted(set(self.messages) - set(self.wanted))

    def faults(self) -> list[str]:
        """What is wrong with the file, a sentence each; all that is stale, too."""
        where = short(translations_in(self.language) / f"{self.name}.po")
        found = []
        for text in self.stale():
            todo = (
                "translate what is new in it, and take the word fuzzy away"
                if text in self.wanted
                else EXTRACT
            )
            found.append(f"{where}: “{_cut(text)}” is stale: {todo}.")
        for text in self.wanted:
            message = self.messages.get(text)
            if message is None:
                found.append(f"{where}: “{_cut(text)}” is not in it. {EXTRACT}.")
            elif _string(message) and not message.fuzzy:
                wrong = faults(
                    text,
                    message.string,
                    self.terms,
                    self.beginnings,
                    markdown="judge" not in self.name,
                    language=self.language,
                )
                found += [f"{where}: “{_cut(text)}”: {fault}." for fault in wrong]
        return found

    def summary(self) -> str:
        """How far it is, in one line."""
        return (
            f"{self.language} {self.name}: {len(self.wanted)} entries, "
            f"{len(self.untranslated())} untranslated, {len(self.stale())} stale, "
            f"{len(self.faults())} faults"
        )


def files(language: str) -> list[File]:
    """All files of a language."""
    folder = translations_in(language)
    wanted = {name: [s.text for s in said] for name, said in collected().items()}
    there = {
        name: {m.id: m for m in entries(read_translations(folder / f"{name}.po"))}
        for name in wanted
        if (folder / f"{name}.po").is_file()
    }
    terms = tuple(read_terms(folder / "terms.csv"))
    known = {text: _string(m) for found in there.values() for text, m in found.items()}
    beginnings = {b: known[b] for b in BEGINNINGS if known.get(b)}
    return [
        File(language, name, tuple(texts), there.get(name, {}), terms, beginnings)
        for name, texts in wanted.items()
    ]


def _string(message: Message | None) -> str:
    return message.string if message else ""


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
