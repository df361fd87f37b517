"""Read a tar archive from its beginning to its end, and no more than is allowed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

PIECE = 1 << 20  # bytes at once: also the most that one header may take up
AHEAD = 10_000_000  # bytes that may be read before anything is unpacked of them
TABLES = 1000  # entries of a header that holds for all members that follow
PACKED = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


class TooMuch(Exception):
    """An archive that would take more than it should; its text says of what."""


class Forward(io.RawIOBase):
    """The unpacked bytes of a file, read forward only and up to a limit.

    What tar headers claim (sizes below zero, names of gigabytes) is believed by whoever
    reads them; here it comes to nothing, for no read is large and none goes back.

    Args:
        archive: A file, plain or packed by gzip, bzip2 or xz.
        allowed: How many unpacked bytes may pass.
    """

    def __init__(self, archive: Path, allowed: int) -> None:
        with open(archive, "rb") as file:
            start = file.read(8)
        unpack = next((PACKED[m] for m in PACKED if start.startswith(m)), None)
        self._packed = _Packed(archive, self)
        self._file = unpack(self._packed, "rb") if unpack else self._packed
        self._allowed = allowed
        self.passed = 0  # bytes that have been unpacked
        self._last = b""  # the last of them: tarfile looks one byte back
        self._place = 0  # where the next read begins

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        self._place = place
        return place

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= PIECE:
            raise TooMuch("a header of more than a megabyte")
        while self.passed < self._place:
            if not self._unpack(min(PIECE, self._place - self.passed)):
                return b""
        back = self.passed - self._place
        if back > len(self._last):
            raise tarfile.ReadError("a member begins before the one in front of it")
        data = self._last[len(self._last) - back :][:size]
        while len(data) < size and (more := self._unpack(size - len(data))):
            data += more
        self._place += len(data)
        return data

    def _unpack(self, size: int) -> bytes:
        data = self._file.read(size)
        self.passed += len(data)
        if self.passed > self._allowed:
            raise TooMuch("more than pictures take up: a bomb")
        self._last = (self._last + data)[-tarfile.BLOCKSIZE :]
        return data

    def close(self) -> None:
        self._file.close()
        self._packed.close()
        super().close()


class _Packed(io.FileIO):
    """An archive as it is packed, of which little more is read than comes out.

    Millions of packed parts with nothing in them would take hours to pass by.
    """

    def __init__(self, archive: Path, unpacked: Forward) -> None:
        super().__init__(archive)
        self._unpacked, self._taken = unpacked, 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._taken += len(data)
        if self._taken > self._unpacked.passed + AHEAD:
            raise TooMuch("more packing than content")
        return data


class _Headers(Forward):
    """The same, for headers: some versions of Python take minutes for long digits."""

    def read(self, size: int = -1) -> bytes:
        data = super().read(size)
        if size > tarfile.BLOCKSIZE and re.search(rb"\d{40}", data):
            raise TooMuch("a header with endless numbers")
        return data


def tar_members(archive: Path, allowed: int) -> Iterator[tarfile.TarInfo]:
    """The members of a tar archive, in their order.

    Raises:
        TooMuch: if it would take more memory or disk than pictures do.
        tarfile.ReadError: if it is damaged, or more follows behind its end.
    """
    with (
        _Headers(archive, allowed) as stream,
        tarfile.open(fileobj=stream, mode="r:") as opened,
    ):
        while (info := opened.next()) is not None:
            opened.members.clear()  # it would keep them all
            if info.size < 0:
                raise TooMuch("a member smaller than nothing")
            if info.sparse is not None:
                raise NotImplementedError("a file with holes")
            if len(opened.pax_headers) > TABLES:
                raise TooMuch("a header that is too long")
            yield info
        # tarfile takes whatever it cannot read for the end. The real one is a block of
        # zeros; reading on from there makes gzip, bzip2 and xz compare their checksums.
        stream.seek(opened.offset)
        if len(end := stream.read(tarfile.BLOCKSIZE)) < tarfile.BLOCKSIZE:
            raise tarfile.ReadError("its end is missing")
        if any(end):
            raise tarfile.ReadError("a part in the middle is spoiled")
        while piece := Forward.read(stream, PIECE):
            if piece.strip(b"\0"):
                raise NotImplementedError("a second archive follows behind its end")
