"""Ask the classifier that lesson 6 saved what is on a picture.

python -m data_scripts.name_picture my_cat.jpg another.png
"""

from __future__ import annotations

import argparse
from pathlib import Path

from helpers.plumbing import run
from helpers.start import quietly


def _main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("picture", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, help="a .keras file; lesson 6's if not")
    arguments = parser.parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    with quietly():
        from helpers.classifier import MODEL, load_classifier, name_picture

    model, class_names = load_classifier(arguments.model or MODEL)
    for picture in arguments.picture:
        name, probability = name_picture(model, picture, class_names)
        print(f"{picture.name}: {name} ({probability:.1%})")


if __name__ == "__main__":
    run(_main)
