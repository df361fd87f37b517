"""What in notebooks can be seen to be untrue or unproven, without running them.

    .venv/bin/python -m tools.prove NOTEBOOK…         files, or folders of them

For anybody's notebooks: nothing of this project is needed in them, nothing is run, and
nothing is written. Each finding names the file, the cell (from 1, as Jupyter shows
them) and the words. Exit code 0: nothing was found; 1: something was; 2: a file could
not be read.

Found are cells that were not run, or not in order; stored errors and messages; numbers
in prose that stand in no code or output of the notebook; pictures without alternative
text; links and files that lead nowhere; commands that name a file that is not there;
and packages that are installed without a version.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import given_path, run, shown
from tools.proving import findings, read_notebook

MOST = 40  # findings of a notebook that are printed


def notebooks(paths: list[str]) -> Iterator[Path]:
    """The notebooks in files and folders, in order; copies that Jupyter keeps left out.

    Raises:
        InputError: if a path is not there, or a folder holds none.
    """
    for text in paths:
        path = given_path(text)
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.rglob("*.ipynb"))
        inside = [p for p in inside if ".ipynb_checkpoints" not in p.parts]
        if not inside:
            raise InputError(
                f"expected notebooks in {shown(path)}, found none. Name a folder with "
                ".ipynb files in it."
            )
        yield from inside


def report(path: Path) -> int:
    """Print what is found in a notebook; return how much it is.

    Raises:
        InputError: if it is no notebook.
    """
    found = findings(read_notebook(path), path.parent)
    print(f"{shown(path)}: {len(found) or 'nothing'} found")
    for finding in found[:MOST]:
        print(f"  {shown(finding)}")
    if len(found) > MOST:
        print(f"  … and {len(found) - MOST} more")
    return len(found)


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebook", nargs="+", help="a notebook, or a folder of them")
    total, unreadable = 0, 0
    for path in notebooks(parser.parse_args().notebook):
        try:
            total += report(path)
        except InputError as error:
            unreadable += 1
            print(f"error: {error}", file=sys.stderr)
    if total or unreadable:
        raise SystemExit(2 if unreadable else 1)


if __name__ == "__main__":
    run(_main)
