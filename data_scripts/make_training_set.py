"""Split a folder of cats and a folder of dogs into a training and a test set.

    .venv/bin/python -m data_scripts.make_training_set --source data/photos/source \\
        --folder data/photos

It makes train, train_labels.csv and test in the layout that the lessons use. Identical,
mirrored or resized copies never stand on both sides.
"""

from __future__ import annotations

import argparse

from helpers.plumbing import DATA, given_path, run


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", default=DATA / "photos" / "source")
    parser.add_argument("--folder", default=DATA / "photos")
    parser.add_argument("--train-per-class", type=int, default=100)
    parser.add_argument("--test-per-class", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = vars(parser.parse_args())
    for name in ("source", "folder"):
        arguments[name] = given_path(arguments[name])
    # Imported here, so that --help and a wrong argument answer at once.
    from helpers.sources import make_training_set

    counts = make_training_set(**arguments)
    cats, dogs = counts.loc["cat"], counts.loc["dog"]
    print(
        f"{cats.train} cats and {dogs.train} dogs to learn from, {cats.test} and "
        f"{dogs.test} to test with; {counts.copies.sum()} copies of these left out. "
        f"They are in {arguments['folder']}."
    )


if __name__ == "__main__":
    run(_main)
