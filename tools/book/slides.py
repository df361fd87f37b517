"""Which slides a lesson has, and what stands on them: by rule, from its notebook.

Nothing is written for a slide. Its words are whole sentences of the lesson, its numbers
those that the run has proven, so a deck cannot go stale:

- a section's slide has the beginning of its first paragraph, and the sentences that
  explain a word in bold; or, where paragraphs begin in bold, each of them;
- a question stands alone, then with its answer;
- each figure fills a slide, above what the text reads from it. A paragraph behind an
  output is a reading if it carries a tie: others announce what comes next. A section
  without a figure shows its last output instead, if that has a reading and is small;
- titles, goals, exercises and what was seen are the lesson's own lists.

What a section is for, and where ties stand, is read from the English source; the words
from the notebook, whatever its language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path

import jupytext
import nbformat

from helpers.errors import InputError
from tools.book.blocks import Block, blocks, lead, sentences, width
from tools.lessons.minutes import minutes_of_sections
from tools.lessons.notebooks import exercise_tag
from tools.lessons.sources import short
from tools.lessons.words import english, language_of, speaker

# Letters that a slide has room for, at a size that the last row reads.
IDEA, POINT, READING, REASON = 300, 150, 170, 320
LITTLE = 90  # too few for a slide
MOST_POINTS = 5
MOST_LINES, MOST_COLUMNS = 10, 62  # of an output
SKIPPED = ("You need", "Set up", "Check it", "Go on")
LISTS = {"What you will learn": "goals", "What you saw": "seen", "Try it": "exercises"}
_TIED = "\ue000"  # stands for a tie where blocks are compared
_BOLD = re.compile(r"\*\*(.+?)\*\*\s*")
_LINKED = re.compile(r"\[([^\]]*)\]\([^)]*\)[:：]\s*(.*)")
_FOLD = re.compile(r"<details><summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)


@dataclass(frozen=True)
class Slide:
    """What stands on a slide; texts are Markdown.

    Attributes:
        kind: title, goals, idea, question, answer, figure, output, reading, exercises,
            seen.
        heading: Of the section; of a question, the question.
        above: A word or two above the heading, or nothing.
        lines: Sentences, each a paragraph or, if there are several, an item.
        answers: Those of a question.
        right: Which of them is right, on an answer's slide; or None.
        picture: The output with the figure, or None.
        printed: An output that is text.
        notes: For whoever speaks.
    """

    kind: str
    heading: str
    above: str = ""
    lines: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    right: int | None = None
    picture: nbformat.NotebookNode | None = None
    printed: str = ""
    notes: tuple[str, ...] = ()


@dataclass
class _Section:
    """A section of a lesson.

    Attributes:
        name: Its heading in the source; `""` above the first one.
        heading: Its heading in the notebook.
        parts: What it is made of: blocks, questions, outputs, and None at the end of a
            cell.
    """

    name: str
    heading: str
    parts: list = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """A block of a notebook, and whether the run proves what a slide takes of it."""

    block: Block
    tied: bool


def slides(source: Path, notebook: nbformat.NotebookNode) -> list[Slide]:
    """The slides of a lesson.

    Args:
        source: The percent-format text, in any language.
        notebook: Built from it, with outputs.

    Returns:
        Slides in the order of the lesson; what was seen, and the exercises, come last.

    Raises:
        InputError: if the notebook was not built from this source.
    """
    say, source = speaker(language_of(source)), english(source)
    minutes = minutes_of_sections(source)
    found = []
    for section in _sections(source, notebook):
        if section.name in SKIPPED:
            new = list(_questions(section))
        elif section.name in LISTS:
            new = [_list(section)]
        else:
            new = list(_section(section))
        if new and section.name:
            note = say("{n} min", n=max(1, round(minutes[section.name])))
            new[0] = replace(new[0], notes=(note, *new[0].notes))
        found += new
    return found


def _sections(source: Path, notebook: nbformat.NotebookNode) -> list[_Section]:
    written = [c for c in jupytext.read(source).cells if exercise_tag(c) is None]
    if len(written) != len(notebook.cells):
        raise InputError(
            f"expected a notebook of {len(written)} cells, as {short(source)} has, "
            f"found one of {len(notebook.cells)}. Build it again."
        )
    sections = [_Section("", "")]
    for cell, shown in zip(written, notebook.cells, strict=True):
        if shown.cell_type == "code":
            sections[-1].parts += shown.outputs
            continue
        ties = re.sub(r"<!--[=?].*?-->", _TIED, cell.source, flags=re.DOTALL)
        ties = re.sub(r"<!--!.*?-->", "", ties, flags=re.DOTALL)
        pairs = zip_longest(blocks(ties), blocks(shown.source))
        for theirs, block in pairs:
            if block is None:  # a list's place, and nothing was filled in
                continue
            if block.kind == "title":
                sections[-1].heading = block.text
            elif block.kind == "heading":
                sections.append(_Section(theirs.text.replace(_TIED, ""), block.text))
            else:
                _put(sections[-1].parts, theirs, block)
        sections[-1].parts.append(None)
    return sections


def _put(parts: list, theirs: Block | None, block: Block) -> None:
    """Add a block to a section: alone, or to the question that it belongs to."""
    words = theirs.text if theirs else ""
    if words.startswith("**Predict:**"):
        above, _, asked = block.text.removeprefix("**").partition("**")
        asked = asked.strip()
        asked = asked[:1].upper() + asked[1:]
        parts.append(Slide("question", asked, above.strip(":： ")))
    elif block.kind == "fold":
        summary, body = _FOLD.fullmatch(block.text).groups()
        right, one = "</summary>\n\n**Yes.**" in words, parts[-1]
        reason = " ".join(_BOLD.sub("", body, count=1).split())
        parts[-1] = replace(
            one,
            answers=(*one.answers, summary),
            right=len(one.answers) if right else one.right,
            lines=(lead(reason, REASON),) if right and reason else one.lines,
            notes=one.notes if right else (*one.notes, f"{summary} · {reason}"),
        )
    elif parts and isinstance(parts[-1], Slide) and not parts[-1].answers:
        asked = f"{parts[-1].heading} {block.text}"  # a question of two paragraphs
        parts[-1] = replace(parts[-1], heading=asked)
    else:
        parts.append(_Read(block, _TIED in lead(words, READING)))


def _list(section: _Section) -> Slide:
    """A slide of a list that the lesson has: in full, or the first of each item."""
    kind = LISTS[section.name]
    texts = [p.block for p in section.parts if isinstance(p, _Read)]
    items = [block.text for block in texts if block.kind == "item"]
    most = {"goals": REASON, "exercises": POINT, "seen": 1}[kind]
    lines = [lead(item, most) for item in items]
    if kind == "exercises":  # a link, and what to do
        lines = [
            f"**{name}** {lead(task, most)}"
            for name, task in (_LINKED.match(item).groups() for item in items)
        ]
    if kind == "seen":  # and its limits
        after = texts[len(texts) - texts[::-1].index(Block("item", items[-1])) :]
        lines += [lead(b.text, 1) for b in after if b.kind == "paragraph"][:1]
    return Slide(kind, section.heading, lines=tuple(lines))


def _section(section: _Section) -> Iterator[Slide]:
    """The slides of any other section."""
    kind = "idea" if section.name else "title"
    idea, shown = _idea(section), _shown(section)
    if idea or not shown:
        yield Slide(kind, section.heading, lines=idea)
    for place, part in enumerate(section.parts):
        if isinstance(part, Slide):
            yield from _asked(part, section)
        elif any(part is one for one in shown):
            reading = _reading(section.parts[place + 1 :])
            alone = reading if len(reading) < 2 else ()
            if _is_picture(part):
                told = (part.data["text/plain"],)
                yield Slide(
                    "figure", section.heading, "", alone, picture=part, notes=told
                )
            else:
                text = _printed(part)
                yield Slide("output", section.heading, lines=alone, printed=text)
            if not alone and reading:
                yield Slide("reading", section.heading, lines=reading)


def _questions(section: _Section) -> Iterator[Slide]:
    for part in section.parts:
        if isinstance(part, Slide):
            yield from _asked(part, section)


def _asked(question: Slide, section: _Section) -> Iterator[Slide]:
    """A question's slide, and its answer's; above both, where it is asked."""
    question = replace(question, above=f"{question.above} · {section.heading}")
    yield replace(question, right=None, lines=(), notes=())
    yield replace(question, kind="answer")


def _idea(section: _Section) -> tuple[str, ...]:
    """What a section is about, in few sentences."""
    ahead, every = _words(section, ahead=True), _words(section)
    mishaps = section.name == "What can go wrong"
    titled = [b.text for b in (every if mishaps else ahead) if b.text.startswith("**")]
    if mishaps or len(titled) > 1:
        return tuple(lead(text, POINT) for text in titled[:MOST_POINTS])
    if not section.name:
        return (lead(ahead[0].text, IDEA),)
    if not ahead:
        return ()
    lines = [lead(ahead[0].text, POINT)]
    if lines[0].endswith("…") or ahead[0].kind == "item":
        items = [block.text for block in ahead[1:] if block.kind == "item"]
        lines += [lead(text, 1) for text in items[: MOST_POINTS - 1]]
    room = IDEA
    for sentence in (s for block in ahead for s in sentences(block.text)):
        line = lead(sentence, 1)
        if _BOLD.search(line) and not any(line.rstrip("…") in one for one in lines):
            room -= width(line)
            lines += [line] if room > 0 and len(lines) < MOST_POINTS else []
    if sum(map(width, lines)) < LITTLE:
        more = ahead if _shown(section) or any(_questions(section)) else every
        lines += [lead(block.text, POINT) for block in more[1:2]]
    return tuple(lines)


def _words(section: _Section, ahead: bool = False) -> list[Block]:
    """Paragraphs and items of a section; only those ahead of its first output."""
    found = []
    for part in section.parts:
        if isinstance(part, _Read):
            found += [part.block] if part.block.kind in ("paragraph", "item") else []
        elif part is not None and ahead:
            break
    return found


def _shown(section: _Section) -> list[nbformat.NotebookNode]:
    """The outputs that get a slide: figures; or else the last one that is told of."""
    outputs = [part for part in section.parts if isinstance(part, dict)]
    figures = [output for output in outputs if _is_picture(output)]
    if figures or section.name == "What can go wrong":
        return figures
    for place in range(len(section.parts) - 1, -1, -1):
        part = section.parts[place]
        if (
            isinstance(part, dict)
            and _printed(part)
            and _reading(section.parts[place + 1 :])
        ):
            return [part]
    return []


def _reading(parts: Sequence) -> tuple[str, ...]:
    """What the text reads from an output: the blocks behind it, if they are tied."""
    read = []
    for part in parts:
        if not isinstance(part, _Read) or part.block.kind not in ("paragraph", "item"):
            break
        read.append(part)
        if part.block.kind == "paragraph":
            break
    if not any(part.tied for part in read):
        return ()
    if read[0].block.kind == "paragraph":
        return (lead(read[0].block.text, READING),) if read[0].tied else ()
    items = [part.block.text for part in read if part.block.kind == "item"]
    return tuple(lead(item, 1) for item in items[:MOST_POINTS])


def _is_picture(output: nbformat.NotebookNode) -> bool:
    return any(kind.startswith("image/") for kind in output.get("data", {}))


def _printed(output: nbformat.NotebookNode) -> str:
    """A printed output, if a slide has room for it."""
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    lines = [line for line in lines if "dtype: " not in line]  # of a pandas Series
    fits = len(lines) <= MOST_LINES and max(map(width, lines), default=0) <= (
        MOST_COLUMNS
    )
    wrapped = any(line.endswith("\\") or " ... " in line for line in lines)
    return "\n".join(lines) if fits and not wrapped else ""
