"""Run the lessons, one after another, and tell how each went.

    python -m tools.run_lessons                      0 to 7, on photographs if any
    python -m tools.run_lessons --offline            drawn pets
    python -m tools.run_lessons --photos pets.zip    an archive, an address or a folder
    python -m tools.run_lessons 5 6                  these lessons
    python -m tools.run_lessons --language zh_CN     in Chinese
    python -m tools.run_lessons --record 8           measure what a first run costs;
                                                     then python -m tools.author map

The executed notebooks go to the folder `build`; those in `notebooks` stay as they are.
With `--record` the lessons, all if you name none, run on drawn pets in a copy of the
project.
"""

from __future__ import annotations

from helpers.plumbing import languages, parser, run


def _main() -> None:
    """The command. What the work needs is imported late: Ctrl-C ends it with a line."""
    options = parser(__doc__)
    options.add_argument("lesson", nargs="*", help="such as 6; 0 to 7 if none")
    options.add_argument("--photos", help="an archive, an address or a folder")
    options.add_argument("--offline", action="store_true", help="fetch no photographs")
    options.add_argument("--record", action="store_true", help="write budgets.csv")
    options.add_argument("--language", choices=languages(), help="in another language")
    arguments = options.parse_args()
    if arguments.record and arguments.photos:
        options.error("--record measures with drawn pets: leave out --photos")

    from tools.lessons import course

    if arguments.record:
        results = course.measure(arguments.lesson)
    else:
        results = course.learn(
            arguments.lesson, arguments.photos, arguments.offline, arguments.language
        )
    if any(result.fault for result in results):
        raise SystemExit(1)


if __name__ == "__main__":
    run(_main)
