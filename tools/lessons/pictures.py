"""Which pictures a run of the lessons sees."""

from __future__ import annotations

from helpers.errors import InputError
from helpers.sources import PHOTOS, get_photos, make_training_set
from tools.lessons.sources import short


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
    if photos:
        get_photos(photos)
    elif not PHOTOS.is_dir():
        print("Looking for the real photographs (65 MB, once) ...", flush=True)
        try:
            get_photos(timeout=5)
        except InputError as error:
            reason = str(error).splitlines()[0]
            print(f"The lessons use drawn pets: {reason}")
            return "drawn"
    make_training_set(PHOTOS, PHOTOS.parent)
    print(f"The lessons use the photographs in {short(PHOTOS)}.")
    return "photos"
