"""What the book is made of: the project's own pages, each in its place.

Pages keep their folders, so their links lead on. What a page in the book looks like is
said in `tools.book.pages`; here is which pages there are, and in what order.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import nbformat

from helpers.plumbing import ROOT
from tools.book.pages import MEASURED, exercises_page, lesson_page, text_page
from tools.book.routes import routes_page
from tools.book.sheets import sheets
from tools.lessons.exercises import exercises_of
from tools.lessons.notebooks import notebook_of
from tools.lessons.sources import lessons, title

LOOK_UP = ("notebooks/glossary.md", "notebooks/article.md", "TROUBLESHOOTING.md")
MADE = (
    "CONTRIBUTING.md",
    "notebooks/read_by_hand.md",
    "tests/matrix.md",
    "helpers/page/README.md",
)
BESIDE = ("LICENSE", "LICENSE-text", "notebooks/pictures")  # what pages link to
PRINTED = '<div class="sheet"></div>'  # small on paper: see book.css
HERE = Path(__file__).parent


def gather(target: Path) -> list[str]:
    """Put every page of the book, and how Sphinx is to make it, into a folder.

    Args:
        target: A folder that does not exist, or is empty.

    Returns:
        The pages without their endings, in the order of reading:
        `["index", "notebooks/00_start_here", …]`.
    """
    parts = {
        "Lessons": [
            _notebook(notebook_of(s), lesson_page(s), target) for s in lessons()
        ],
        "Exercises": [
            _notebook(exercises_of(s), exercises_page(s), target) for s in lessons()
        ],
        "For a class": _class(target),
        "To look up": [_text(name, target) for name in LOOK_UP],
        "Measured": [_measured(target)],
        "How it is made": [_text(name, target) for name in MADE],
    }
    trees = [_tree(caption, pages) for caption, pages in parts.items()]
    front = text_page("README.md", (ROOT / "README.md").read_text(encoding="utf-8"))
    _write(target / "index.md", "\n\n".join([front, *trees]))
    for name in BESIDE:
        _copy(ROOT / name, target / name)
    for picture in (ROOT / MEASURED).glob("*.png"):
        _copy(picture, target / MEASURED / picture.name)
    _copy(HERE / "conf.py", target / "conf.py")
    _copy(HERE / "book.css", target / "_static" / "book.css")
    return ["index", *(page for pages in parts.values() for page in pages)]


def _class(target: Path) -> list[str]:
    """What a teacher prints: routes, a sheet for each lesson, one for learners."""
    written = {  # two folders deeper in the project than in the book
        f"class/{path.name}": path.read_text("utf-8").replace("../../../", "../")
        for path in (HERE / "class").iterdir()
    }
    made = {"class/routes.md": routes_page(), **sheets()}
    for name, text in (written | made).items():
        _write(target / name, f"{text}\n{PRINTED}\n")
    return [name.removesuffix(".md") for name in (*made, *sorted(written))]


def _measured(target: Path) -> str:
    """A page that leads to every result of a benchmark."""
    names = sorted(
        p.relative_to(ROOT).as_posix() for p in (ROOT / MEASURED).glob("*.md")
    )
    pages = [Path(_text(name, target)).name for name in names]
    listed = "\n".join(pages)
    text = f"# Measured\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    _write(target / MEASURED / "index.md", text)
    return f"{MEASURED}/index"


def _notebook(place: Path, page: nbformat.NotebookNode, target: Path) -> str:
    name = place.relative_to(ROOT)
    _write(target / name, nbformat.writes(page))
    return name.with_suffix("").as_posix()


def _text(name: str, target: Path) -> str:
    page = text_page(name, (ROOT / name).read_text(encoding="utf-8"))
    _write(target / name, page)
    return name.removesuffix(".md")


def _tree(caption: str, pages: Sequence[str]) -> str:
    names = {exercises_of(s).stem: title(s) for s in lessons()}
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
