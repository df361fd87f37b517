"""Pictures and labels from outside: folders, archives, addresses, tables."""

from helpers.sources.archives import extract
from helpers.sources.copies import are_copies, copy_pairs, find_copies
from helpers.sources.descriptions import describe
from helpers.sources.label_table import (
    CLASSES,
    read_label_table,
    refuse_unless_plain,
)
from helpers.sources.photos import PHOTOS, get_photos
from helpers.sources.training_set import changed_since, make_training_set, place_of

__all__ = [
    "CLASSES",
    "PHOTOS",
    "are_copies",
    "changed_since",
    "copy_pairs",
    "describe",
    "extract",
    "find_copies",
    "get_photos",
    "make_training_set",
    "place_of",
    "read_label_table",
    "refuse_unless_plain",
]
