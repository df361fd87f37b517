"""Train a classifier on classes of your own: a folder for each, any names.

    .venv/bin/python -m data_scripts.train_classifier my_things
    .venv/bin/python -m data_scripts.train_classifier scans --labels scans/labels.csv
    .venv/bin/python -m data_scripts.train_classifier my_things --name kitchen

Five pictures a class are enough to begin with. The folder is only read. What comes out
is a classifier, data/models/NAME.keras, and a report that opens in a browser,
data/reports/NAME.html. Then ask it: .venv/bin/python -m data_scripts.name_picture
PICTURE --model data/models/NAME.keras. A second run with some new pictures takes
seconds.

For very many pictures, `--ray` lets a process for each core compute the features, and
`--ray ADDRESS` all computers of a cluster that reach the project's folder and the
pictures under the same names; `.venv/bin/python -m tools.many` installs what it needs.
"""

from __future__ import annotations

from helpers.plumbing import parser, run
from helpers.start import importing


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("folder", help="a folder with a folder for each class")
    options.add_argument("--labels", help="a table: columns File Name and Label")
    options.add_argument("--name", help="of the classifier; the folder's if not given")
    options.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="compute with a cluster of Ray, or with a process for each core",
    )
    arguments = options.parse_args()
    more = {}
    if arguments.ray is not None:
        with importing():
            from helpers.many import on_cluster

        more["by"] = on_cluster(arguments.ray or None)
    # Imported here, so that --help and a wrong argument answer at once.
    with importing():
        from helpers.teaching import teach

    teach(arguments.folder, arguments.labels, arguments.name, **more)


if __name__ == "__main__":
    run(_main)
