"""Put photographs of cats and dogs in place of, or beside, the drawn pets.

    .venv/bin/python -m data_scripts.get_photos             3,000 photographs, 69 MB
    .venv/bin/python -m data_scripts.get_photos oxford      37 breeds, 792 MB
    .venv/bin/python -m data_scripts.get_photos /media/stick/pets.zip
    .venv/bin/python -m data_scripts.get_photos my_pets     a folder of your own

An archive or folder of your own is only read. Then open_pictures("photos") in a lesson,
or `make run PHOTOS=…`, uses them.
"""

from __future__ import annotations

from helpers.plumbing import DATA, given_path, parser, run


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("source", nargs="?", default="filtered")
    options.add_argument("--folder", default=DATA / "photos" / "source")
    arguments = options.parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    from helpers.sources import get_photos

    folder = given_path(arguments.folder)
    counts = get_photos(arguments.source, folder)
    print(
        f"{counts['cat']} cats and {counts['dog']} dogs are in {folder}; "
        f"{counts['set_aside']} pictures were set aside"
        + (" (set_aside.csv says why)." if counts["set_aside"] else ".")
    )


if __name__ == "__main__":
    run(_main)
