"""The page's one file, packed without starting TensorFlow."""

from helpers.page_file.packing import SOURCE, pack
from helpers.page_file.parts import LOCK, PARTS, STAMP, page_parts

__all__ = ["LOCK", "PARTS", "SOURCE", "STAMP", "pack", "page_parts"]
