"""One picture, read the same way everywhere, and the pictures of a folder."""

from helpers.pictures.files import (
    find_pictures,
    is_picture_name,
    is_picture_path,
    not_read,
    passed_over,
    unreadable_pictures,
)
from helpers.pictures.reading import (
    MAX_BYTES,
    MAX_PIXELS,
    check_picture,
    open_picture,
    picture_bytes,
    pixels_of,
    read_picture,
)
from helpers.pictures.shifts import at_night, in_pencil
from helpers.plumbing import shown

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "at_night",
    "check_picture",
    "find_pictures",
    "in_pencil",
    "is_picture_name",
    "is_picture_path",
    "not_read",
    "open_picture",
    "passed_over",
    "picture_bytes",
    "pixels_of",
    "read_picture",
    "shown",
    "unreadable_pictures",
]
