"""What we made, told from what is somebody's: by its digests, never by its name.

Beside everything that a command makes lies a record: what was asked for, and the name,
size, date and SHA-256 of every file that was made. It decides what a later run may do:

- The same is asked for, and nothing has changed: it is used, at once.
- The same is asked for, and somebody has changed it: theirs is used, and a sentence
  says so.
- Something else is asked for: what is ours to the last file is replaced. If a single
  file is not, nothing is touched.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from helpers.errors import InputError
from helpers.plumbing.files import explained, sha256, whole_file
from helpers.plumbing.paths import shown

UNFINISHED = "unfinished"  # a recipe that nobody asks for
LARGEST = 64_000_000  # bytes of a record: about 400,000 files
# What file managers leave behind is nobody's work: these names, and macOS's twins of
# files, which begin as no work of anybody's does.
LEFT_BEHIND = {".DS_Store", "Thumbs.db", "desktop.ini", "@eaDir"}
TWIN = b"\0\5\x16\7"


class Standing(NamedTuple):
    """What stands in a place, compared with its record.

    Attributes:
        recipe: What had been asked for; None without a valid record.
        facts: What else the record tells.
        added: Files that are not in the record: somebody's.
        changed: Files that were ours, with another content: somebody's now.
        removed: Files of the record that are gone.
        needed: Whether all is there without which it cannot be used.

    Example:
        >>> left = Standing({"pets": 1}, {}, ["tom.jpg"], ["rex.jpg"], [], needed=True)
        >>> left.theirs, left.difference()
        (['rex.jpg', 'tom.jpg'], 'rex.jpg changed, tom.jpg added')
    """

    recipe: object
    facts: dict
    added: list[str]
    changed: list[str]
    removed: list[str]
    needed: bool

    @property
    def theirs(self) -> list[str]:
        """What would be lost if the place were made anew."""
        return sorted(self.added + self.changed)

    def difference(self) -> str:
        """What somebody has changed, in words; empty if nothing."""
        groups = ((self.changed, "changed"), (self.added, "added"))
        groups += ((self.removed, "removed"),)
        return ", ".join(f"{_some(names)} {how}" for names, how in groups if names)


class Place(NamedTuple):
    """Where something is made, and how its record is called.

    Attributes:
        folder: The folder; resolve a link before.
        record: The name of the record in it.
        needs: Names without which what stands there cannot be used: a file, or a
            folder that is not empty.
        parts: What in the folder belongs to it; all of it if none is named.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     place = Place(Path(folder), "made.json", ("tom.txt",))
        ...     _ = (place.folder / "tom.txt").write_text("a cat")
        ...     place.write_record({"pets": 1}, counts={"cat": 1})
        ...     print(place.reuse({"pets": 1}).facts)
        ...     _ = (place.folder / "tom.txt").write_text("a dog")
        ...     place.look().difference()
        {'counts': {'cat': 1}}
        'tom.txt changed'
    """

    folder: Path
    record: str
    needs: tuple[str, ...]
    parts: tuple[str, ...] = ()

    def reuse(self, recipe: object, renew: str = "") -> Standing | None:
        """What stands there if it is to be used, or None if it is to be made.

        Args:
            recipe: What is asked for, of dicts, lists, strings and whole numbers.
            renew: What is to be moved away to begin anew; the folder if not given.

        Raises:
            InputError: if something of somebody's would be lost by making it.
        """
        found = self.look()
        if found.recipe == recipe and found.needed:
            self.say_difference(found, renew)
            return found
        self.refuse_theirs()
        return None

    def say_difference(self, found: Standing, renew: str = "") -> None:
        """Say what somebody has changed, if anything, and that it is used so."""
        if difference := found.difference():
            print(
                f"{shown(self.folder)} is used as you left it: {difference}. To begin "
                f"anew, move {renew or 'the folder'} away and run this again."
            )

    def refuse_theirs(self) -> None:
        """Refuse to replace what is not ours to the last byte."""
        found = self.look(closely=True)
        if found.theirs:
            owner = "somebody else's" if found.recipe is None else "yours"
            raise InputError(
                f"expected {shown(self.folder)} to be empty or to hold only what was "
                f"made there, found {_some(found.theirs, ' files')} of {owner}. "
                "Nothing was touched: name another folder, or move them away."
            )

    def look(self, closely: bool = False) -> Standing:
        """Compare what stands there with its record.

        Args:
            closely: Read every file. Otherwise one of the recorded size and date is
                taken for the same: programs that keep dates (of photographs, of
                synchronized folders) may have changed it.
        """
        with explained(self.folder):
            there = self._files(self.folder)
            record = _read(self.folder / self.record)
            if record is None:
                if os.path.lexists(self.folder / self.record):
                    there[self.record] = self.folder / self.record  # not one of ours
                record = {"recipe": None, "facts": {}, "files": {}, "earlier": {}}
            made = (record["files"], record["earlier"])
            changed, added = [], []
            for name, path in there.items():
                entries = [files[name] for files in made if name in files]
                if not entries:
                    added.append(name)
                elif not any(_is_same(path, entry, closely) for entry in entries):
                    changed.append(name)
        return Standing(
            recipe=record["recipe"],
            facts=record["facts"],
            added=sorted(added),
            changed=sorted(changed),
            removed=sorted(set(record["files"]) - set(there)),
            needed=all(
                any(name == need or name.startswith(f"{need}/") for name in there)
                for need in self.needs
            ),
        )

    def write_record(
        self,
        recipe: object,
        unfinished: Mapping[str, Path] | None = None,
        **facts: object,
    ) -> None:
        """Write what was asked for, and a digest of each file.

        Args:
            recipe: As for `reuse`.
            unfinished: Where each of the parts is before it is put in its place, to be
                written before that happens: a run that is killed in between leaves
                files of before and of now, and both are ours.
            facts: What else is worth knowing.
        """
        from multiprocessing.pool import ThreadPool  # it takes long to import

        sources = unfinished or {part: self.folder / part for part in self.parts}
        there = {
            f"{part}/{name}".rstrip("/"): path
            for part, source in sources.items()
            for name, path in _tree(source).items()
        }
        there = there or self._files(self.folder)
        with ThreadPool() as pool:  # digests are computed side by side
            entries = pool.map(_entry, there.values())
        earlier = _read(self.folder / self.record) if unfinished else None
        record = {
            "recipe": UNFINISHED if unfinished else recipe,
            "facts": facts,
            "files": dict(zip(there, entries, strict=True)),
            "earlier": {**earlier["earlier"], **earlier["files"]} if earlier else {},
        }
        with whole_file(self.folder / self.record) as file:
            text = json.dumps(record, indent=1, ensure_ascii=True)
            file.write_text(text + "\n", encoding="utf-8", newline="\n")

    def _files(self, folder: Path) -> dict[str, Path]:
        if not self.parts:
            found = _tree(folder)
            found.pop(self.record, None)
            return found
        return {
            f"{part}/{name}".rstrip("/"): path
            for part in self.parts
            for name, path in _tree(folder / part).items()
        }


def read_json(path: Path) -> object:
    """A small file of JSON, whatever is in it: None if it cannot be understood.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "facts.json")
        ...     _ = path.write_text('{"pets": 2}')
        ...     read_json(path), read_json(Path(folder, "none.json"))
        ({'pets': 2}, None)
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, MemoryError):
        return None


def _read(path: Path) -> dict | None:
    """A record, if every part of it is what we write."""
    record = read_json(path)
    if not isinstance(record, dict):
        return None
    tables = [record.get(key) for key in ("facts", "files", "earlier")]
    if record.get("recipe") is None or not all(isinstance(t, dict) for t in tables):
        return None
    for entry in (*tables[1].values(), *tables[2].values()):
        if not isinstance(entry, list) or [type(e) for e in entry] != [int, int, str]:
            return None
    return record


def _tree(folder: Path) -> dict[str, Path]:
    """The files below a folder, links to folders too; a file alone has the name ""."""
    if folder.is_file() or not folder.is_dir():
        return {"": folder} if os.path.lexists(folder) else {}
    found = {}
    for here, folders, files in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if name not in LEFT_BEHIND]
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        room = Path(here).relative_to(folder).as_posix()
        for name in files + links:
            path = Path(here, name)
            if name not in LEFT_BEHIND and not _is_twin(path):
                found[name if room == "." else f"{room}/{name}"] = path
    return found


def _is_twin(path: Path) -> bool:
    if not path.name.startswith("._") or not path.is_file():
        return False
    with open(path, "rb") as file:
        return file.read(len(TWIN)) == TWIN


def _entry(path: Path) -> list[int | str]:
    status = path.lstat()
    return [status.st_size, status.st_mtime_ns, sha256(path)]


def _is_same(path: Path, entry: list, closely: bool) -> bool:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_size != entry[0]:
        return False
    # A copy of the folder has other dates, and is as good.
    dated = status.st_mtime_ns == entry[1] and not closely
    return dated or sha256(path) == entry[2]


def _some(names: list[str], noun: str = "") -> str:
    more = f" and {len(names) - 1} more{noun}" if names[1:] else ""
    return f"{shown(names[0] or 'a file')}{more}"


def _raise(error: OSError) -> None:
    raise error
