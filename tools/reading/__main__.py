"""What nobody has read since it changed, and that somebody has.

python -m tools.reading                       what is unread, piece by piece
python -m tools.reading 9 README.md           of a lesson, of a file
python -m tools.reading --done 9 README.md    these have been read
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from helpers.plumbing import run
from tools.reading import lines


def _chosen(wanted: Sequence[str]) -> list[str]:
    """The groups that lessons' numbers, groups or files name."""
    found = []
    for name in wanted or lines.names():
        start = f"{int(name):02}_" if name.isdigit() else f"{name}/"
        groups = [g for g in lines.names() if g == name or g.startswith(start)]
        found += groups or [lines.find(name)[0]]
    return list(dict.fromkeys(found))


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="*", help="a lesson's number, or a file")
    parser.add_argument("--done", action="store_true", help="they have been read")
    arguments = parser.parse_args()
    for name in _chosen(arguments.name):
        pieces = lines.group(name)
        new = lines.unread(pieces, lines.lines_of(name))
        for piece in new:
            print(f"{piece.place}\n    {' '.join(piece.text.split())}\n")
        if arguments.done:
            lines.write(name, pieces)
        told = "read now" if arguments.done else "unread"
        print(f"{name}: {len(new)} of {len(pieces)} pieces are {told}.")
    if arguments.done and not arguments.name:
        for path in lines.READ.glob("*.txt"):
            if path.stem not in lines.names():
                path.unlink()
                print(f"{path.name}: of something that is gone; taken away.")


if __name__ == "__main__":
    run(_main)
