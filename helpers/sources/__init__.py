"""Pictures and labels from outside: folders, archives, addresses, tables."""

from helpers.sources.archives import extract
from helpers.sources.copies import are_copies, describe, find_copies
from helpers.sources.label_table import (
    CLASSES,
    read_label_table,
    refuse_unless_plain,
)
from helpers.sources.photos import get_photos
from helpers.sources.training_set import make_training_set

__all__ = [
    "CLASSES",
    "are_copies",
    "describe",
    "extract",
    "find_copies",
    "get_photos",
    "make_training_set",
    "read_label_table",
    "refuse_unless_plain",
]
