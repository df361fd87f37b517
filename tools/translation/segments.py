"""The pieces of a Markdown text that are translated, each as a whole.

A piece is a paragraph, a heading, an item of a list, a cell of a table, or what stands
in `<summary>`. It has its ties in it (see helpers.ties), and is written on one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_TIE = re.compile(r"<!--[=?!].*?-->", re.DOTALL)
_MASK = re.compile("\ue000(\\d+)\ue001")
_SUMMARY = re.compile(r"<summary>(.*?)</summary>", re.DOTALL)
_NO_WORDS = re.compile(
    r"<!--.*?-->|`[^`]*`|(?<=\])\([^)]*\)|https?://\S+|\{\w*\}|[\W\d_]", re.DOTALL
)


def segments(markdown: str) -> list[str]:
    """The pieces to translate, in order.

    Args:
        markdown: A text, with its ties.

    Returns:
        Each piece on one line; pieces without a word (numbers, code) are left out.

    Example:
        >>> segments("# Title\\n\\nTwo\\nlines, 5<!--= n -->.\\n\\n- `code`")
        ['Title', 'Two lines, 5<!--= n -->.']
    """
    masked, ties = _mask(markdown)
    return [_unmask(text, ties) for _, _, text in _places(masked) if has_words(text)]


def translated(markdown: str, translate: Callable[[str], str]) -> str:
    """The text with each piece replaced by its translation; all else stays.

    Args:
        markdown: A text, with its ties.
        translate: Gives the translation of a piece.

    Example:
        >>> translated("- Two\\n  lines\\n- `code`", str.upper)
        '- TWO LINES\\n- `code`'
    """
    masked, ties = _mask(markdown)
    for start, end, text in sorted(_places(masked), reverse=True):
        if has_words(text):
            new = translate(_unmask(text, ties))
            masked = masked[:start] + new + masked[end:]
    return _unmask(masked, ties)


def has_words(text: str) -> bool:
    """Whether a piece says anything, besides numbers, code and where links lead.

    Example:
        >>> has_words("`make run`: 5"), has_words("[run](it.md)")
        (False, True)
    """
    return len(_NO_WORDS.sub("", text)) > 1


def folded(text: str) -> str:
    """The text on one line, as pieces are compared.

    Example:
        >>> folded("two\\n  lines")
        'two lines'
    """
    return " ".join(text.split())


def _mask(markdown: str) -> tuple[str, list[str]]:
    """Ties may hold anything, `|` too: while the text is read, each is a mark."""
    ties = _TIE.findall(markdown)
    left = iter(range(len(ties)))
    return _TIE.sub(lambda _: f"\ue000{next(left)}\ue001", markdown), ties


def _unmask(text: str, ties: list[str]) -> str:
    return _MASK.sub(lambda mark: folded(ties[int(mark[1])]), text)


def _places(text: str) -> Iterator[tuple[int, int, str]]:
    """Where pieces begin and end, and what they say, folded to one line."""
    lines = text.splitlines(keepends=True)
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    reached = 0  # cells of a table share a line: each is looked for behind the last
    for token in _MARKDOWN.parse(text):
        if token.map is None:
            continue
        first, last = (offsets[min(at, len(lines))] for at in token.map)
        if token.type == "html_block":
            for match in _SUMMARY.finditer(text, first, last):
                yield match.start(1), match.end(1), folded(match[1])
        elif token.type == "inline" and token.content.strip():
            start, at = None, max(first, reached)
            for part in token.content.split("\n"):
                at = text.index(part, at, last)
                start = at if start is None else start
                at += len(part)
            reached = at
            for a, b in _between_breaks(text, start, at):
                yield a, b, _plain(text[a:b])


def _between_breaks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a piece between its `<br>`: the goals in a cell of a table."""
    for match in re.finditer(r"(?:(?!<br>).)+", text[start:end], re.DOTALL):
        yield start + match.start(), start + match.end()


def _plain(piece: str) -> str:
    """A piece on one line, without the `>` that begin the lines of a quotation."""
    return folded(re.sub(r"\n[ \t]*(?:>[ \t]?)+", "\n", piece))
