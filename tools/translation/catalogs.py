"""The files of a translation: `translations/LANGUAGE/NAME.po`, gettext's format.

A file of ours has a file with translations of the same name. What occurs in several of
them stands once, in `common.po`. Nothing in a file depends on the day, on a line's
number or on who wrote it, so a diff shows what was translated.
"""

from __future__ import annotations

import difflib
import io
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from helpers.plumbing import write_whole

COMMON = "common"
ALIKE = 0.6  # a sentence that has more than this of an old one is taken for it, changed
WAS = "was: "  # before the English that a stale translation is of
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True)
class Said:
    """Something that is to be translated.

    Attributes:
        text: What the file says, on one line.
        file: Where it says it, from the project's folder on.
        section: The heading above it, or the function around it.

    Example:
        >>> Said("Freeze it.", "notebooks/glossary.md", "Glossary").text
        'Freeze it.'
    """

    text: str
    file: str
    section: str


def sorted_out(found: Mapping[str, Iterable[Said]]) -> dict[str, list[Said]]:
    """What each file of translations holds: once each, what several say in `common`.

    Args:
        found: By the name of a file of translations, what its file says, in order.

    Example:
        >>> one, two = Said("One", "a.md", ""), Said("Two", "a.md", "")
        >>> found = sorted_out({"a": [one, two, two], "b": [two]})
        >>> {name: [said.text for said in there] for name, there in found.items()}
        {'common': ['Two'], 'a': ['One'], 'b': []}
    """
    homes: dict[str, set[str]] = {}
    for name, there in found.items():
        for said in there:
            homes.setdefault(said.text, set()).add(name)
    sorted_: dict[str, dict[str, Said]] = {COMMON: {}, **{name: {} for name in found}}
    for name, there in found.items():
        for said in there:
            home = name if len(homes[said.text]) == 1 else COMMON
            sorted_[home].setdefault(said.text, said)
    return {name: list(there.values()) for name, there in sorted_.items()}


def entries(catalog: Catalog) -> list[Message]:
    """The messages of a file of translations, without its header."""
    return [message for message in catalog if message.id]


def written(language: str, said: Iterable[Said], old: Iterable[Message]) -> str:
    """A file of translations that holds what is said now.

    Args:
        language: Such as `zh_CN`.
        said: What it is to hold, in order.
        old: Messages from before. One whose English is the same keeps its translation;
            one whose English is much like it hands it on, marked `fuzzy`: stale.

    Example:
        >>> old = [Message("Freeze it.", "冻结它。")]
        >>> text = written("zh_CN", [Said("Freeze it now.", "a.md", "")], old)
        >>> print(text[text.index("# was"):].strip())
        # was: Freeze it.
        #: a.md
        #, fuzzy
        msgid "Freeze it now."
        msgstr "冻结它。"
    """
    said, before = list(said), {message.id: message for message in old}
    wanted = {one.text for one in said}
    lost = [m for m in before.values() if m.id not in wanted and m.string]
    catalog = Catalog(locale=language)
    for one in said:
        about = {"locations": [(one.file, None)], "auto_comments": _comments(one)}
        known = before.get(one.text)
        if known is not None:
            about["user_comments"] = known.user_comments
            if not known.fuzzy:
                about["user_comments"] = _own(known)
            about["flags"] = {"fuzzy"} if known.fuzzy else set()
            catalog.add(one.text, known.string, **about)
        elif (close := _closest(one.text, lost)) is not None:
            about["flags"] = {"fuzzy"}
            about["user_comments"] = close.user_comments
            if not close.fuzzy:
                about["user_comments"] = [*_own(close), f"{WAS}{close.id}"]
            catalog.add(one.text, close.string, **about)
            lost.remove(close)
        else:
            catalog.add(one.text, **about)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, omit_header=True)
    text = buffer.getvalue().decode("utf-8")
    return f"{_HEADER.format(language=language)}{text.strip()}\n"


def write(path: Path, text: str) -> bool:
    """Write a file of translations, whole or not at all; tell whether it changed."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)
    return True


def _own(message: Message) -> list[str]:
    """What a translator noted; what `extract` noted below it is in lines of its own."""
    return list(
        itertools.takewhile(lambda c: not c.startswith(WAS), message.user_comments)
    )


def _comments(said: Said) -> list[str]:
    return [f"section: {said.section}"] if said.section else []


def _closest(text: str, lost: list[Message]) -> Message | None:
    """Of the messages that are said no more, the one that this may have been."""
    best, likeness = None, ALIKE
    for message in lost:
        matcher = difflib.SequenceMatcher(None, message.id, text, autojunk=False)
        if matcher.quick_ratio() > likeness and (found := matcher.ratio()) > likeness:
            best, likeness = message, found
    return best
