"""Links of a translated page: to the translated page where there is one."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from helpers.plumbing import ROOT, lessons_in
from helpers.ties import prose, without_ties
from tools.lessons.sources import lessons
from tools.translation.segments import folded

_LINK = re.compile(r"(\]\()([^)\s#]*)(#[^)\s]*)?(\))")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def twins(language: str) -> dict[Path, Path]:
    """The pages that a language has, by the English ones.

    Args:
        language: Such as `zh_CN`.

    Example:
        >>> found = twins("zh_CN")
        >>> found[ROOT / "notebooks/glossary.md"].relative_to(ROOT).as_posix()
        'notebooks/zh/glossary.md'
    """
    english, other = ROOT / "notebooks", lessons_in(language)
    top = other.parent.parent
    pages = {
        ROOT / f"{name}.md": top / f"{name}.{language}.md"
        for name in ("README", "TROUBLESHOOTING")
    }
    names = ["glossary.md", "article.md"]
    for source in lessons():
        for folder in ("", "exercises/", "solutions/"):
            names.append(f"{folder}{source.stem}.ipynb")
    return pages | {english / name: other / name for name in names}


def relinked(text: str, place: Path, language: str, say: Callable[[str], str]) -> str:
    """The text with links that lead to the pages of its language.

    Args:
        text: Translated, with the links of the English page.
        place: Of the English page.
        language: Such as `zh_CN`.
        say: Gives the translation of a heading.
    """
    pages = twins(language)

    def link(match: re.Match) -> str:
        begin, target, anchor, end = match.groups("")
        if re.match(r"\w+:", target):
            return match[0]
        there = Path(os.path.normpath(place.parent / target)) if target else place
        if anchor and there in pages:
            anchor = f"#{_anchors(there, say).get(anchor[1:], anchor[1:])}"
        if target:
            target = Path(
                os.path.relpath(pages.get(there, there), pages[place].parent)
            ).as_posix() + ("/" if target.endswith("/") else "")
        return f"{begin}{target}{anchor}{end}"

    return _LINK.sub(link, text)


def _anchors(page: Path, say: Callable[[str], str]) -> Mapping[str, str]:
    """The anchors of a page's headings, by the English ones."""
    anchor = jupyter_anchor if page.suffix == ".ipynb" else github_anchor
    return {
        anchor(without_ties(heading)): anchor(without_ties(say(heading)))
        for heading in _headings(page)
    }


@functools.cache
def _headings(page: Path) -> list[str]:
    if page.suffix == ".ipynb":
        text = (ROOT / "notebooks" / "source" / f"{page.stem}.py").read_text("utf-8")
        text = f"{prose(text)}\n\n{prose(text, exercises=True)}"
    else:
        text = page.read_text(encoding="utf-8")
    return [folded(heading) for heading in _HEADING.findall(text)]


def jupyter_anchor(heading: str) -> str:
    """The anchor that Jupyter gives a heading.

    Example:
        >>> jupyter_anchor("Is it so?")
        'Is-it-so?'
    """
    return heading.replace(" ", "-")


def github_anchor(heading: str) -> str:
    """The anchor that GitHub gives a heading.

    Example:
        >>> github_anchor("Is it so?")
        'is-it-so'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
