"""What the book is made of: the project's own pages, each in its place.

Pages keep their folders, so their links lead on. What a page in the book looks like is
said in `tools.book.pages`; here is which pages there are, and in what order.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nbformat

from helpers.plumbing import ROOT
from tools.book.pages import MEASURED, exercises_page, lesson_page, text_page
from tools.book.routes import routes_page
from tools.book.sheets import sheets
from tools.lessons.exercises import exercises_of
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons, title
from tools.lessons.words import in_language, speaker
from tools.translation.links import twins

LOOK_UP = ("notebooks/glossary.md", "notebooks/article.md", "TROUBLESHOOTING.md")
MADE = (
    "CONTRIBUTING.md",
    "notebooks/read_by_hand.md",
    "tests/matrix.md",
    "helpers/many/README.md",
    "helpers/page/README.md",
)
BESIDE = ("LICENSE", "LICENSE-text", "notebooks/pictures")  # what pages link to
PRINTED = '<div class="sheet"></div>'  # small on paper: see book.css
HERE = Path(__file__).parent


def gather(target: Path, language: str | None = None) -> list[str]:
    """Put every page of the book, and how Sphinx is to make it, into a folder.

    Args:
        target: A folder that does not exist, or is empty.
        language: Such as `zh_CN`; None for English. What it has no page for is there
            in English.

    Returns:
        The pages without their endings, in the order of reading:
        `["index", "notebooks/00_start_here", …]`.
    """
    say = speaker(language)
    told = {s: in_language(s, language) for s in lessons()}
    parts = {
        say("Lessons"): [
            _notebook(notebook_of(s), lesson_page(told[s]), target) for s in told
        ],
        say("Exercises"): [
            _notebook(exercises_of(s), exercises_page(told[s]), target) for s in told
        ],
        say("For a class"): _class(target, language),
        say("To look up"): [_text(name, target, language) for name in LOOK_UP],
        say("Measured"): [_measured(target, say)],
        say("How it is made"): [_text(name, target) for name in MADE],
    }
    names = {s.stem: title(told[s]) for s in told}
    trees = [_tree(caption, pages, names) for caption, pages in parts.items()]
    front = _page("README.md", language)
    _write(target / "index.md", "\n\n".join([front, *trees]))
    for name in BESIDE:
        _copy(ROOT / name, target / name)
    for picture in (ROOT / MEASURED).glob("*.png"):
        _copy(picture, target / MEASURED / picture.name)
    for name in ("conf.py", "chinese.py", "templates"):
        _copy(HERE / name, target / name)
    _copy(HERE / "book.css", target / "_static" / "book.css")
    return ["index", *(page for pages in parts.values() for page in pages)]


def _class(target: Path, language: str | None) -> list[str]:
    """What a teacher prints: routes, a sheet for each lesson, one for learners."""
    say = speaker(language)
    written = {  # two folders deeper in the project than in the book
        f"class/{path.name}": say(path.read_text("utf-8")).replace("../../../", "../")
        for path in (HERE / "class").iterdir()
    }
    made = {"class/routes.md": routes_page(language), **sheets(language)}
    for name, text in (written | made).items():
        _write(target / name, f"{text}\n{PRINTED}\n")
    return [name.removesuffix(".md") for name in (*made, *sorted(written))]


def _measured(target: Path, say: Callable[..., str]) -> str:
    """A page that leads to every result of a benchmark."""
    names = sorted(
        p.relative_to(ROOT).as_posix() for p in (ROOT / MEASURED).glob("*.md")
    )
    pages = [Path(_text(name, target)).name for name in names]
    listed = "\n".join(pages)
    heading = say("# Measured")
    text = f"{heading}\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    _write(target / MEASURED / "index.md", text)
    return f"{MEASURED}/index"


def _notebook(place: Path, page: nbformat.NotebookNode, target: Path) -> str:
    name = place.relative_to(ROOT)
    _write(target / name, nbformat.writes(page))
    return name.with_suffix("").as_posix()


def _text(name: str, target: Path, language: str | None = None) -> str:
    _write(target / name, _page(name, language))
    return name.removesuffix(".md")


def _page(name: str, language: str | None) -> str:
    """A page of the project, in a language, as it stands in the book."""
    place = twins(language)[ROOT / name] if language else ROOT / name
    name = place.relative_to(ROOT).as_posix()
    # The book's pages lead to their other language by themselves.
    text = re.sub(r"\A\[.*\n+", "", place.read_text(encoding="utf-8"))
    return text_page(name, text, language)


def _tree(caption: str, pages: Sequence[str], names: Mapping[str, str]) -> str:
    listed = "\n".join(
        f"{names[Path(page).name]} <{page}>" if "/exercises/" in page else page
        for page in pages
    )
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}\n```"


def _write(place: Path, text: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    (shutil.copytree if source.is_dir() else shutil.copy)(source, place)
