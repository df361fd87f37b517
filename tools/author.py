"""What an author of lessons needs: build, check, and bring up to date what is derived.

    python -m tools.author all          whatever is not up to date, in the right order
    python -m tools.author build        run every lesson and store its outputs
    python -m tools.author build 4 6    these lessons; links of the others as well
    python -m tools.author exercises 4  exercises and solutions, not the lesson itself
    python -m tools.author check        nothing is run: copies, rules, figures of style
    python -m tools.author map          the map of lessons in README.md

A lesson is written in `notebooks/source/NN_name.py` (jupytext's percent format);
CONTRIBUTING.md tells how.
"""

from __future__ import annotations

import argparse

from helpers.plumbing import run


def _main() -> None:
    """The command. What the work needs is imported late: Ctrl-C ends it with a line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("all", "build", "exercises", "check", "map"))
    parser.add_argument("lesson", nargs="*", help="a number, such as 6; all if none")
    arguments = parser.parse_args()
    if arguments.lesson and arguments.action in ("all", "map"):
        parser.error(f"{arguments.action} is about every lesson: give no numbers")

    from tools.lessons import derived

    if arguments.action == "build":
        derived.build_lessons(arguments.lesson)
    elif arguments.action == "exercises":
        derived.build_exercises_alone(arguments.lesson)
    elif arguments.action == "check":
        derived.check(arguments.lesson)
    elif arguments.action == "map":
        derived.draw_map()
    else:
        derived.bring_up_to_date()


if __name__ == "__main__":
    run(_main)
