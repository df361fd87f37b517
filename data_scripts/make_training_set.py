"""Split a folder of cats and a folder of dogs into a training and a test set.

    .venv/bin/python -m data_scripts.make_training_set --source data/photos/source \\
        --folder data/photos

It makes train, train_labels.csv and test in the layout that the lessons use. Identical,
mirrored or resized copies never stand on both sides.
"""

from __future__ import annotations

from helpers.plumbing import DATA, given_path, parser, run


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("--source", default=DATA / "photos" / "source")
    options.add_argument("--folder", default=DATA / "photos")
    options.add_argument("--train-per-class", type=int, default=100)
    options.add_argument("--test-per-class", type=int, default=200)
    options.add_argument("--seed", type=int, default=0)
    arguments = vars(options.parse_args())
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
