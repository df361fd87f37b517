"""Put a classifier into one HTML file that opens anywhere, and that learns.

    .venv/bin/python -m data_scripts.make_page                        lesson 6's
    .venv/bin/python -m data_scripts.make_page data/models/mugs.keras
    .venv/bin/python -m data_scripts.make_page data/models/mugs.keras --thumbnails
    .venv/bin/python -m data_scripts.make_page --language zh          in Chinese

It writes data/pages/NAME.html. The page needs no server, no program and no network; no
picture that it is shown leaves it. `.venv/bin/python -m tools.page_parts` installs what
it is made of, once.
"""

from __future__ import annotations

from helpers.plumbing import given_path, parser, run
from helpers.start import importing


def _main() -> None:
    options = parser(__doc__)
    options.add_argument("classifier", nargs="?", help="a file; lesson 6's if not")
    options.add_argument("--pictures", help="where those are that it learned from")
    options.add_argument(
        "--thumbnails",
        action="store_true",
        help="put small copies of your pictures into it; drawn pets always are",
    )
    options.add_argument(
        "--language", default="en", help="of the words on the page: en or zh"
    )
    asked = options.parse_args()
    # Imported here, so that --help and a wrong argument answer at once.
    with importing():
        from helpers.page import make_page

    make_page(
        given_path(asked.classifier) if asked.classifier else None,
        given_path(asked.pictures) if asked.pictures else None,
        asked.thumbnails,
        language=asked.language,
    )


if __name__ == "__main__":
    run(_main)
