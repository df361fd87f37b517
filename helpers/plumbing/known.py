"""What pictures are known by that are only read: have they changed since?"""

from __future__ import annotations

import contextlib
import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path

from helpers.plumbing.files import sha256

TOO_LONG = 200_000_000  # bytes; no picture has as many: its size and date must do


def identity(files: Mapping[str, Path], before: object = None) -> dict[str, str]:
    """Two digests of files: one to be had at once, one of what is in them.

    A copy of a folder has other dates and the same content, so it counts as the same.

    Args:
        files: For each name its path.
        before: An earlier answer for them. If names, sizes and dates are as they were
            then, no file is read.

    Returns:
        `"quick"`, a digest of names, sizes and dates, and `"content"`, a digest of
        names and contents; both 64 hexadecimal digits.

    Example:
        >>> before = identity({"this": Path(__file__)})
        >>> before == identity({"this": Path(__file__)}, before)
        True
    """
    quick, regular = hashlib.sha256(), []
    for name, path in files.items():
        line = name
        try:
            status = path.stat()
            line += f" {status.st_size} {status.st_mtime_ns}"
            if stat.S_ISREG(status.st_mode) and status.st_size < TOO_LONG:
                regular.append(name)
        except OSError:  # a link that leads nowhere
            pass
        quick.update(f"{line}\n".encode("utf-8", "surrogateescape"))
    known = {"quick": quick.hexdigest()}
    if isinstance(before, dict) and before.get("quick") == known["quick"]:
        return {**known, "content": before.get("content")}
    from multiprocessing.pool import ThreadPool  # it takes long to import

    with ThreadPool() as pool:
        digests = pool.map(_digest, [files[name] for name in regular])
    contents = dict(zip(regular, digests, strict=True))
    content = hashlib.sha256()
    for name in files:
        line = f"{name} {contents.get(name, '')}\n"
        content.update(line.encode("utf-8", "surrogateescape"))
    return {**known, "content": content.hexdigest()}


def _digest(path: Path) -> str:
    with contextlib.suppress(OSError):  # whoever checks it will say so
        return sha256(path)
    return ""
