"""Which pictures a run of the lessons sees."""

from __future__ import annotations

from helpers.errors import InputError
from helpers.picture_sets import open_pictures
from helpers.sources import PHOTOS, get_photos, make_training_set
from tools.lessons.sources import short

LEAST = 300  # of each class: 100 to learn from, 200 to test with


def choose_pictures(photos: str | None, offline: bool) -> str:
    """Decide which pictures the lessons see, put them in place and say so.

    Args:
        photos: A source for `helpers.sources.get_photos`, or None.
        offline: Do not try to fetch photographs.

    Returns:
        `"photos"` or `"drawn"`, as `helpers.picture_sets.open_pictures` knows them.

    Raises:
        InputError: if the photographs that were asked for cannot be had.
    """
    if offline and not photos:
        print("The lessons use drawn pets.")
        return "drawn"
    if not photos and PHOTOS.is_dir():
        open_pictures("photos")  # split before, perhaps by the reader's own wishes
    else:
        if photos:
            get_photos(photos, least=LEAST)
        elif not _are_there():
            return "drawn"
        make_training_set(PHOTOS, PHOTOS.parent)
    print(f"The lessons use the photographs in {short(PHOTOS)}.")
    return "photos"


def _are_there() -> bool:
    """Try once, and shortly, to fetch the real set; say so if it cannot be had."""
    print("Looking for the real photographs (69 MB, once) ...", flush=True)
    try:
        get_photos(timeout=5, least=LEAST)
    except InputError as error:
        print(f"The lessons use drawn pets: {str(error).splitlines()[0]}")
        return False
    return True
