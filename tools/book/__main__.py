"""Make the web book: every lesson, exercise and table, and slides for each lesson.

The book in another language is in a folder of its own within it.

    .venv/bin/python -m tools.book

What makes it (Sphinx and a theme) is installed once, by its own lock, into an
environment of its own in build/book. No lesson is run: the pages show the outputs that
are stored, which the tests compare. A link that leads nowhere, or any other warning,
ends it. The book needs no server and asks nobody for anything.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
import tempfile
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import (
    ROOT,
    Place,
    lessons_in,
    locked,
    parser,
    python_of,
    resolved,
    run,
    whole_folder,
)
from tools.extras import install_extra

BOOK = ROOT / "build" / "book" / "html"
ENVIRONMENT = ROOT / "build" / "book" / "environment"
LOCK = "requirements-book.txt"
RECORD = "made.json"  # of every file of the book
FULL = 1_000_000  # bytes that are free on a disk where Sphinx fails for that
LANGUAGES = {"zh_CN": "简体中文"}  # what a language calls itself
NOT_NEEDED = ("*.map", "*-macros.html")  # for whoever changes the theme


def make_book(target: Path = BOOK) -> int:
    """Make the book, whole or not at all; the one before is replaced.

    Args:
        target: The folder of the book; its first page is `index.html`, its slides
            are in `slides`. Anything there that is not of an earlier book is not
            touched, but an error. Of a link, what it leads to.

    Returns:
        How many pages it has.

    Raises:
        InputError: if what makes it cannot be installed, a lesson was never built, or
            Sphinx warns of something. Its own words were shown as they came.
    """
    from tools.book.decks import write_decks
    from tools.book.gathering import gather
    from tools.translation import EDITIONS

    place, n_pages = Place(resolved(target), RECORD, ("index.html",)), 0
    place.refuse_theirs()
    python = _environment()
    with locked(place.folder), whole_folder(place.folder) as unfinished:
        for language in (None, *EDITIONS):
            with tempfile.TemporaryDirectory() as scratch:
                n_pages += len(gather(Path(scratch, "source"), language))
                _sphinx(python, Path(scratch), unfinished, language)
            part = lessons_in(language).name if language else ""
            write_decks(unfinished / part / "slides", language)
        for pattern in NOT_NEEDED:
            for file in unfinished.rglob(pattern):
                file.unlink()
        place._replace(folder=unfinished).write_record({"pages": n_pages})
        place.refuse_theirs()  # it may have come meanwhile
    return n_pages


def _sphinx(python: Path, scratch: Path, book: Path, language: str | None) -> None:
    """Let Sphinx make the pages of a language, each with a link to its other one."""
    from tools.lessons.words import speaker
    from tools.translation import EDITIONS

    told, target = {"language": language or "en"}, book
    if language:
        target = book / lessons_in(language).name
        told |= {"html_context.other": "en", "html_context.to_other": "../"}
        told |= {"html_context.other_words": "English"}
        say = speaker(language)
        title = say("Transfer learning")
        told |= {"project": title, "html_title": title}
    elif EDITIONS:
        place, words = lessons_in(EDITIONS[0]).name, LANGUAGES[EDITIONS[0]]
        told |= {"html_context.other": place, "html_context.to_other": f"{place}/"}
        told |= {"html_context.other_words": words}
    command = [python, "-m", "sphinx", "--builder", "html", "--quiet"]
    command += ["--nitpicky", "--fail-on-warning", "--keep-going"]
    command += [f"--define={name}={value}" for name, value in told.items()]
    command += ["--doctree-dir", scratch / "doctrees", scratch / "source", target]
    if subprocess.run(list(map(str, command)), cwd=scratch).returncode != 0:
        for folder in (book, scratch):
            if shutil.disk_usage(folder).free < FULL:
                raise OSError(errno.ENOSPC, "no space left", str(folder))
        raise InputError(
            "the book is not made: Sphinx's own words stand above, each with the page "
            "and the line. Mend that page, and run the same command again."
        )


def _environment(place: Path = ENVIRONMENT) -> Path:
    """The Python that makes books: of the lock, and nothing else."""
    once = "Installing what makes the book: once, half a minute."
    install_extra(place, LOCK, first=once)
    return python_of(place)


def _main() -> None:
    parser(__doc__).parse_args()
    pages = make_book()
    print(f"{BOOK.relative_to(ROOT) / 'index.html'}: {pages} pages. Open it.")


if __name__ == "__main__":
    run(_main)
