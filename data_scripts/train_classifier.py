"""Train a classifier on classes of your own: a folder for each, any names.

    .venv/bin/python -m data_scripts.train_classifier my_things
    .venv/bin/python -m data_scripts.train_classifier scans --labels scans/labels.csv
    .venv/bin/python -m data_scripts.train_classifier my_things --name kitchen

Five pictures a class are enough to begin with. The folder is only read. What comes out
is a classifier, data/models/NAME.keras, and a report that opens in a browser,
data/reports/NAME.html. Then ask it: .venv/bin/python -m data_scripts.name_picture
PICTURE --model data/models/NAME.keras. A second run with some new pictures takes
seconds.
"""

from __future__ import annotations

from helpers.plumbing import parser, run
from helpers.start import quietly


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("folder", help="a folder with a folder for each class")
    options.add_argument("--labels", help="a table: columns File Name and Label")
    options.add_argument("--name", help="of the classifier; the folder's if not given")
    arguments = options.parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    with quietly():
        from helpers.teaching import teach

    teach(arguments.folder, arguments.labels, arguments.name)


if __name__ == "__main__":
    run(_main)
