"""Draw cats and dogs to learn from: the same pictures on every computer.

    .venv/bin/python -m data_scripts.draw_pets          300 of each, about 15 seconds
    .venv/bin/python -m data_scripts.draw_pets --folder my_pets --per-class 20 --seed 1

Run again, it does nothing. Lessons draw their pets themselves if they find none.
"""

from __future__ import annotations

from helpers.plumbing import DATA, given_path, parser, run


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("--folder", default=DATA / "drawn" / "source")
    options.add_argument("--per-class", type=int, default=300)
    options.add_argument("--seed", type=int, default=0)
    arguments = options.parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    from helpers.pets import draw_pets

    folder = given_path(arguments.folder)
    counts = draw_pets(folder, arguments.per_class, arguments.seed, progress=True)
    print(f"{counts['cat']} cats and {counts['dog']} dogs are in {folder}.")


if __name__ == "__main__":
    run(_main)
