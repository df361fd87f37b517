"""Zip files that anybody may have made."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path


class ListedZip(io.FileIO):
    """A zip file of which no more is read at once than its list may be long.

    `zipfile` reads the list of members whole, however long a file says it is, and keeps
    hundreds of bytes of each.

    Args:
        path: The file.
        longest: How many bytes its list may have.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "a.zip")
        ...     with zipfile.ZipFile(path, "w") as made:
        ...         made.writestr("tom.jpg", b"...")
        ...     with ListedZip(path, 1000) as file:
        ...         zipfile.ZipFile(file).namelist()
        ['tom.jpg']
    """

    def __init__(self, path: Path | str, longest: int) -> None:
        super().__init__(path)
        self._longest = longest

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > self._longest:
            raise zipfile.BadZipFile("its list of members is too long")
        return super().read(size)
