"""Ask the classifier that lesson 6 saved, or another one, what is on pictures.

.venv/bin/python -m data_scripts.name_picture my_cat.jpg another.png
.venv/bin/python -m data_scripts.name_picture my_pictures --csv names.csv
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import parser, printable, run, whole_file
from helpers.start import importing


def sentence(row: dict) -> str:
    """What the classifier says of one picture that could be read.

    Args:
        row: From `helpers.classifier.naming.each_answer`.

    Example:
        >>> row = {"picture": "pets/tom.jpg", "name": "cat", "probability": 0.973}
        >>> sentence({**row, "unknown": False})
        'tom.jpg: cat (97.3%)'
        >>> sentence({**row, "unknown": True})
        'tom.jpg: none of these, perhaps (nearest: cat 97.3%)'
    """
    name, share = Path(row["picture"]).name, f"{row['probability']:.1%}"
    if row["unknown"]:
        return f"{name}: none of these, perhaps (nearest: {row['name']} {share})"
    return f"{name}: {row['name']} ({share})"


def summary(rows: list[dict]) -> str:
    """How many pictures got which name.

    Args:
        rows: From `helpers.classifier.naming.each_answer`.

    Example:
        >>> cat, cup = {"name": "cat", "problem": ""}, {"name": "dog", "problem": ""}
        >>> cat["unknown"], cup["unknown"] = False, True
        >>> summary([cat, cat, cup])
        'named 3 of 3 pictures: 2 cat, 1 none of these, perhaps'
    """
    named = [row for row in rows if not row["problem"]]
    names = ("none of these, perhaps" if r["unknown"] else r["name"] for r in named)
    counts = [f"{number} {name}" for name, number in Counter(names).most_common()]
    return f"named {len(named)} of {len(rows)} pictures: {', '.join(counts) or 'none'}"


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("picture", nargs="+", type=Path, help="or a folder of them")
    options.add_argument("--model", type=Path, help="a .keras file; lesson 6's if not")
    options.add_argument("--csv", type=Path, help="write the answers to a new table")
    arguments = options.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # a name in another script
    if arguments.csv:
        _refuse_to_replace(arguments.csv)
    # Imported here, so that --help and a wrong argument answer at once.
    with importing():
        from helpers.classifier import (
            all_pictures,
            each_answer,
            name_table,
            open_classifier,
        )
        from helpers.pictures import not_read

    pictures = all_pictures(arguments.picture)
    for place in arguments.picture:
        if told := not_read(place):
            print(told.strip(), file=sys.stderr)
    classifier = open_classifier(arguments.model)
    rows = []
    for row in each_answer(classifier, pictures):
        rows.append(row)
        if not row["problem"]:
            print(printable(sentence(row)), flush=True)
        elif len(pictures) > 1:
            print(f"error: {printable(row['problem'])}", file=sys.stderr)
    if len(rows) > 1:
        print(printable(summary(rows)))
    if arguments.csv:
        _refuse_to_replace(arguments.csv)  # nor what came while we were at work
        with whole_file(arguments.csv) as unfinished:  # with the mark that Excel needs
            name_table(classifier, rows).to_csv(
                unfinished, index=False, encoding="utf-8-sig", lineterminator="\n"
            )
    problems = [row["problem"] for row in rows if row["problem"]]
    if problems and len(rows) == 1:
        raise InputError(problems[0])
    if problems:
        raise InputError(
            f"{len(problems)} of {len(rows)} pictures could not be read, as said above."
        )


def _refuse_to_replace(path: Path) -> None:
    if os.path.exists(path):
        raise InputError(
            f"expected a new name for the table, found {path} there already. It was "
            "not touched; name another file, or move it away."
        )


if __name__ == "__main__":
    run(_main)
