"""Open the lessons in JupyterLab, as copies that are yours.

    python -m tools.lab                    in my_notebooks: made once, then left alone
    python -m tools.lab --clean            fresh copies beside those of before
    python -m tools.lab --language zh_CN   in Chinese, in my_notebooks/zh
    python -m tools.lab -- --no-browser    what follows -- goes to JupyterLab

The copies have no outputs: predict, then run. What you change in them stays, whatever
becomes of the lessons. A copy that you delete is made anew at the next start.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
from pathlib import Path

from helpers.plumbing import (
    ROOT,
    known_in,
    languages,
    lessons_in,
    read_json,
    run,
    write_whole,
)

NAME = "my_notebooks"
SETTINGS = Path(__file__).with_name("lab_settings")
PAGES = ("glossary.md", "article.md")
CONTENTS = "contents.md"
# Where a lesson leads to the list of lessons, in any language.
MAP = re.compile(
    r"(?<=\])\((?:\.\./)+README(?:\.\w+)?\.md#(?:lessons\)|[^)\s]+\)(?= \| ))"
)
MARK = "copy_of"  # in a copy's metadata: the digest of what was copied


def open_lab(
    clean: bool, wishes: list[str], project: Path = ROOT, language: str | None = None
) -> None:
    """Make the copies that are missing, and open JupyterLab on them.

    Args:
        clean: Make fresh copies beside those that are there.
        wishes: More arguments for JupyterLab.
        project: The project's folder.
        language: Such as `zh_CN`; None for English.
    """
    os.environ.pop("JUPYTER_PATH", None)  # the kernel of another environment
    lessons, folder = project / "notebooks", place_of_copies(project, clean)
    if language:
        name = lessons_in(language).name
        lessons, folder = lessons / name, folder / name
    made = fill(folder, lessons)
    where = os.path.relpath(folder, project).replace(os.sep, "/")
    print(f"Your copies of the lessons are in {where}.", flush=True)
    if made:
        print(f"New in it: {', '.join(made)}.", flush=True)
    if old := outdated(folder, lessons):
        print(
            f"The lessons have changed since these copies were made: {', '.join(old)}. "
            "Yours stay as they are. `make lab CLEAN=1` (without make, --clean) makes "
            "fresh ones beside them.",
            flush=True,
        )
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance([*arguments(folder, project), *wishes])


def arguments(folder: Path, project: Path = ROOT) -> list[str]:
    """How JupyterLab is started: links to anywhere in the project work.

    Args:
        folder: The copies.
        project: The project's folder.
    """
    where = os.path.relpath(folder, project).replace(os.sep, "/")
    first = min(path.name for path in folder.glob("[0-9][0-9]_*.ipynb"))
    return [
        f"--ServerApp.root_dir={project}",
        f"--LabApp.default_url=/lab/tree/{where}/{first}",
        f"--LabApp.app_settings_dir={SETTINGS}",
        # No news, and nothing fetched to find any.
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
    ]


def place_of_copies(project: Path, clean: bool = False) -> Path:
    """The newest folder of copies; with `clean`, one that is not there yet.

    Args:
        project: The project's folder.
        clean: Whether fresh copies are wanted.

    Returns:
        `my_notebooks`, `my_notebooks_2`, and so on.
    """
    number = 1
    while (project / _numbered(number + 1)).exists():
        number += 1
    if clean and (project / _numbered(number)).exists():
        number += 1
    return project / _numbered(number)


def fill(folder: Path, lessons: Path) -> list[str]:
    """Make the copies that are missing; what is there is left as it is.

    Args:
        folder: Where the copies go, beside the folder of lessons: so links out of it,
            and the way to `helpers`, are the same.
        lessons: The folder `notebooks`, or that of another language in it.

    Returns:
        The names of what was made.
    """
    made = []
    for name, original in originals(lessons).items():
        if not os.path.lexists(folder / name):
            write_whole(folder / name, _copy(original))
            made.append(name)
    for name in (*PAGES, CONTENTS):
        if not os.path.lexists(folder / name):
            write_whole(folder / name, _page(lessons, name))
            made.append(name)
    return made


def outdated(folder: Path, lessons: Path) -> list[str]:
    """Copies of lessons that say something else by now.

    Args:
        folder: The copies.
        lessons: The folder `notebooks`.

    Returns:
        Their names. A copy that cannot be read as a notebook is not among them.
    """
    import nbformat

    found = []
    for name, original in originals(lessons).items():
        try:  # a pipe, or what is endless, is not read
            mark = read_json(folder / name)["metadata"][MARK]
        except (LookupError, TypeError):  # somebody's own business
            continue
        if mark and mark != _digest(nbformat.read(original, as_version=4)):
            found.append(name)
    return found


def originals(lessons: Path) -> dict[str, Path]:
    """The notebooks that are copied, by their place in the folder of copies."""
    found = sorted(lessons.glob("[0-9][0-9]_*.ipynb"))
    found += sorted((lessons / "exercises").glob("*.ipynb"))
    return {path.relative_to(lessons).as_posix(): path for path in found}


def _copy(original: Path) -> str:
    import nbformat

    notebook = nbformat.read(original, as_version=4)
    notebook.metadata |= {MARK: _digest(notebook)} | _language()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:  # the list of lessons in README.md leads to the originals
            cell.source = MAP.sub(f"({CONTENTS})", cell.source)
    return nbformat.writes(notebook) + "\n"


def _language() -> dict[str, object]:
    """What JupyterLab would write into a copy as soon as it is opened.

    With it, a copy that nobody has changed is not shown as unsaved.
    """
    from ipykernel.ipkernel import IPythonKernel
    from jupyter_client.kernelspec import KernelSpecManager

    spec = KernelSpecManager().get_kernel_spec("python3")
    kernel = {
        "name": "python3",
        "display_name": spec.display_name,
        "language": spec.language,
    }
    return {"kernelspec": kernel, "language_info": IPythonKernel.language_info}


def _digest(notebook: object) -> str:
    texts = [cell.source for cell in notebook.cells]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _page(lessons: Path, name: str) -> str:
    if name != CONTENTS:
        return (lessons / name).read_text(encoding="utf-8")
    readme, heading = lessons.parent / "README.md", "Lessons"
    if lessons.name != "notebooks":  # of another language
        (readme,) = lessons.parents[1].glob(f"README.{lessons.name}*.md")
        language = readme.name.split(".")[1]
        heading = known_in(language).get(heading, heading)
    text = readme.read_text(encoding="utf-8")
    (table,) = re.findall(r"<!-- lessons -->\n(.*?)<!-- /lessons -->", text, re.S)
    place = lessons.relative_to(readme.parent).as_posix()
    return f"# {heading}\n{table}".replace(f"({place}/", "(")


def _numbered(number: int) -> str:
    return NAME if number == 1 else f"{NAME}_{number}"


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clean", action="store_true", help="make fresh copies")
    parser.add_argument("wishes", nargs="*", help="arguments for JupyterLab, after --")
    parser.add_argument("--language", choices=languages(), help="in another language")
    given = parser.parse_args(sys.argv[1:])
    open_lab(given.clean, given.wishes, language=given.language)


if __name__ == "__main__":
    run(_main)
