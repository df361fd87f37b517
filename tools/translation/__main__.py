"""Translations: bring their files up to date, check them, make the other editions.

    python -m tools.translation extract         what is new, or changed, in English
    python -m tools.translation check           every file, a line for each fault
    python -m tools.translation check 04 README these files
    python -m tools.translation build           the notebooks and pages of each edition

A translation is a file `translations/zh_CN/NAME.po`; CONTRIBUTING.md tells how.
"""

from __future__ import annotations

import argparse

from helpers.plumbing import run


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", choices=("extract", "check", "build"))
    parser.add_argument("name", nargs="*", help="a file's name, or how it begins")
    arguments = parser.parse_args()

    from tools.translation import work

    if arguments.action == "extract":
        work.extract()
    elif arguments.action == "build":
        work.build_editions()
    else:
        work.check(arguments.name)


if __name__ == "__main__":
    run(_main)
