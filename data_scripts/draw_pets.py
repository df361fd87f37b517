"""Draw cats and dogs to learn from: the same pictures on every computer.

    .venv/bin/python -m data_scripts.draw_pets          300 of each, about 15 seconds
    .venv/bin/python -m data_scripts.draw_pets --folder my_pets --per-class 20 --seed 1

Run again, it does nothing. Lessons draw their pets themselves if they find none.
"""

from __future__ import annotations

import argparse

from helpers.plumbing import DATA, given_path, run


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", default=DATA / "drawn" / "source")
    parser.add_argument("--per-class", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    from helpers.pets import draw_pets

    folder = given_path(arguments.folder)
    counts = draw_pets(folder, arguments.per_class, arguments.seed, progress=True)
    print(f"{counts['cat']} cats and {counts['dog']} dogs are in {folder}.")


if __name__ == "__main__":
    run(_main)
