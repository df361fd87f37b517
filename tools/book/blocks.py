"""Take the Markdown of a lesson apart: blocks, sentences, as many as a slide holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt

_KINDS = {
    "paragraph_open": "paragraph",
    "bullet_list_open": "item",
    "ordered_list_open": "item",
    "blockquote_open": "aside",
    "table_open": "table",
    "fence": "code",
}
_HEADINGS = {"h1": "title", "h2": "heading"}
_WORDS = ("title", "heading", "paragraph", "item")  # of which a slide takes words
_FOLD = re.compile(r"^(<details>.*?</details>)", re.DOTALL | re.MULTILINE)
# A sentence ends at its mark, with the quotes and stars that close behind it.
_END = re.compile(r"""[.?!]["”’)*_]*(?=\s)|[。？！]["”’）*_]*""")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Block:
    """A paragraph, an item of a list, a table, …

    Attributes:
        kind: One of title, heading, paragraph, item, fold, aside, table, code, other.
        text: Its Markdown, without the mark of a heading or an item; nothing of an
            aside and a table.
    """

    kind: str
    text: str


def blocks(markdown: str) -> list[Block]:
    """The blocks of a text, in order.

    Args:
        markdown: As it stands in a cell.

    Returns:
        A block for each paragraph and each item; a fold is one, with all that is in it.

    Example:
        >>> [(b.kind, b.text) for b in blocks("## An idea\\n\\nOne\\nline.\\n\\n- Two")]
        [('heading', 'An idea'), ('paragraph', 'One line.'), ('item', 'Two')]
    """
    found = []
    for part in _FOLD.split(markdown):
        if part.startswith("<details>"):
            found.append(Block("fold", part))
        else:
            found += _plain(part)
    return found


def _plain(markdown: str) -> Iterator[Block]:
    """The blocks of a text without folds, as a parser of Markdown finds them."""
    kind = ""
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.level == 0 and token.nesting >= 0:
            kind = _KINDS.get(token.type) or _HEADINGS.get(token.tag, "other")
            if kind not in _WORDS:
                yield Block(kind, token.content)
        if token.type == "inline" and kind in _WORDS:
            yield Block(kind, " ".join(token.content.split()))


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, English or Chinese.

    Args:
        text: Of a `Block`.

    Example:
        >>> sentences('**Out of order.** Is it "x"? Ask `a. b`.')
        ['**Out of order.**', 'Is it "x"?', 'Ask `a. b`.']
    """
    # A full stop in code ends nothing.
    hidden = re.sub(r"`[^`]*`", lambda code: "x" * len(code[0]), text)
    cuts = [0, *(match.end() for match in _END.finditer(hidden)), len(text)]
    found = (text[a:b].strip() for a, b in pairwise(cuts))
    return [sentence for sentence in found if sentence]


def width(text: str) -> int:
    """How wide a text is, in Latin letters; a Chinese character counts as two.

    Example:
        >>> width("cat"), width("猫")
        (3, 2)
    """
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in text)


def lead(text: str, most: int) -> str:
    """The beginning of a paragraph, in whole sentences.

    Args:
        text: Of a `Block`.
        most: Letters that there is room for; the first sentence comes in any case,
            and a second one if the first is in bold: `**Forgotten compile.** …`.

    Returns:
        Markdown without links; a colon at the end has become an ellipsis.

    Example:
        >>> lead("See [this](a.html). And more. And so on.", most=20)
        'See this. And more.'
    """
    taken = ""
    for sentence in sentences(_LINK.sub(r"\1", text)):
        gap = "" if re.search(r"[。？！]\W*$", taken) else " "
        joined = f"{taken}{gap}{sentence}".strip()
        titled = re.fullmatch(r"\*\*[^*]*\*\*", taken)
        if taken and not titled and width(joined) > most:
            break
        taken = joined
    return re.sub(r"\s*[:：]$", " …", taken)
