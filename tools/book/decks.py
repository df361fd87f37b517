"""Decks of slides: a file for each lesson, shown by any browser, with nothing besides.

A deck is HTML with its look, its script and its figures inside, so it may be taken away
alone. Arrows, a clicker or the address go from slide to slide; printed, each is a page;
on a phone they stand below each other.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import jinja2
import nbformat
import numpy as np
from markdown_it import MarkdownIt
from PIL import Image

from tools.book.blocks import width
from tools.book.slides import Slide, slides
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons
from tools.lessons.words import in_language, language_of, speaker

HERE = Path(__file__).parent
TALL = 1.2  # a picture that is less wide for its height comes in two
BESIDE = 1.8  # one that is less wide has its words beside it
BLANK = 32  # gray levels that a row of nothing may spread over, in a JPEG
LARGE, SMALL = 200, 380  # letters on a slide: to these, and from these on
SHOWN = ("kind", "heading", "above", "lines", "answers", "right", "printed", "notes")


def deck(source: Path, notebook: nbformat.NotebookNode) -> str:
    """The deck of a lesson.

    Args:
        source: The percent-format text, in any language.
        notebook: Built from it, with outputs.

    Returns:
        HTML, for the folder `slides` of the book.
    """
    shown = [one for slide in slides(source, notebook) for one in _laid_out(slide)]
    language = language_of(source)
    say = speaker(language)
    words = {
        "slides": say("Slides"),
        "back": say("Back"),
        "next": say("Next"),
        "lesson": say("The lesson"),
        "exercises": say("Its exercises"),
        "hint": say("← and → turn the slides, S opens your notes"),
    }
    return _template().render(
        slides=shown,
        language=(language or "en").replace("_", "-"),
        title=shown[0]["heading"],
        name=source.stem,
        words=words,
        style=(HERE / "slides.css").read_text(encoding="utf-8"),
        script=(HERE / "slides.js").read_text(encoding="utf-8"),
    )


def write_decks(target: Path, language: str | None = None) -> None:
    """Write the deck of every lesson.

    Args:
        target: The folder; it is made.
        language: Such as `zh_CN`; None for English.
    """
    target.mkdir()
    for source in (in_language(lesson, language) for lesson in lessons()):
        notebook = nbformat.read(notebook_of(source), as_version=4)
        text = deck(source, notebook)
        (target / f"{source.stem}.html").write_text(text, encoding="utf-8")


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inline = MarkdownIt("commonmark", {"html": False}).renderInline  # escapes tags
    environment.filters["markdown"] = inline
    return environment.get_template("slides.html.j2")


def _laid_out(slide: Slide) -> Iterator[dict]:
    """A slide as the template takes it; two, if its figure is tall."""
    letters = sum(map(width, slide.lines))
    facts = {name: getattr(slide, name) for name in SHOWN}
    facts["letters"] = _letters(slide.printed.splitlines())
    facts["size"] = "large" if letters < LARGE else "small" if letters > SMALL else ""
    if slide.picture is None:
        yield {**facts, "picture": None}
        return
    ((kind, data),) = (
        item for item in slide.picture.data.items() if item[0].startswith("image/")
    )
    facts["told"] = slide.picture.metadata[kind]["alt"]
    for part in _parts(base64.b64decode(data)):
        picture = Image.open(io.BytesIO(part))
        ratio = picture.width / picture.height
        facts["picture"] = f"data:{kind};base64,{base64.b64encode(part).decode()}"
        facts["ratio"] = f"{ratio:.3f}"
        yield {**facts, "size": "beside" if ratio < BESIDE else ""}


def _letters(lines: list[str]) -> str:
    """How large, in rem, a printed output may be to fill its slide."""
    widest = max(map(width, lines), default=1)
    return f"{max(1, min(1.9, 64 / widest, 9 / max(1, len(lines)))):.2f}"


def _parts(data: bytes) -> list[bytes]:
    """A figure, or its upper and its lower part if it is tall and has a gap between."""
    picture = Image.open(io.BytesIO(data))
    if picture.width > TALL * picture.height:
        return [data]
    gaps = _gaps(np.asarray(picture.convert("L")))
    if not gaps:
        return [data]
    cut = min(gaps, key=lambda row: abs(row - picture.height / 2))
    found = []
    for top, bottom in ((0, cut), (cut, picture.height)):
        part = io.BytesIO()
        cropped = picture.crop((0, top, picture.width, bottom))
        cropped.save(part, picture.format, quality=92)
        found.append(part.getvalue())
    return found


def _gaps(pixels: np.ndarray) -> list[int]:
    """Where a picture may be cut: in the gaps that follow something tall.

    What is not tall is a title, and belongs to what is below it.

    Args:
        pixels: (height, width), 0 to 255.

    Returns:
        Rows in the middle half.
    """
    height, found, begun = len(pixels), [], 0
    for row, spread in enumerate(np.ptp(pixels, axis=1)):
        if spread < BLANK:
            if row - begun > height / 10 and height / 4 < row < height * 3 / 4:
                found.append(row + 1)
            begun = row + 1
    return found
