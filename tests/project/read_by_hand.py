"""Definitions and remedies: no run proves them. Somebody reads them, and says so.

`notebooks/read_by_hand.md` has a row for each text that was read, with what it was read
against, when, and a digest of the text. A text that changes afterwards is unread.

    python -m tests.project.read_by_hand       what is unread, and each text's digest
"""

import hashlib
import re

from helpers.plumbing import ROOT

PAGE = ROOT / "notebooks" / "read_by_hand.md"
GLOSSARY, TROUBLE = "notebooks/glossary.md", "TROUBLESHOOTING.md"
_ROW = re.compile(
    r"^\| (glossary|remedy) \| (.+?) \| (.+?) \| (\d{4}-\d\d-\d\d) \| `(\w{10})` \|$",
    re.M,
)


def texts(glossary, trouble):
    """What has to be read: definitions by word, remedies by the first message."""
    entries = re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \| \[\d+\]", glossary, re.M)
    rows = re.findall(r"^\| (.+?) \| (.+) \| (.+) \|$", trouble, re.M)[1:]
    found = {("glossary", word): text for word, text in entries}
    return found | {
        ("remedy", _short(message)): f"{message} {cause} {cure}"
        for message, cause, cure in rows
    }


def _short(message):
    (first, *_) = [*re.findall(r"`([^`]*)`", message), message]
    return first if len(first) <= 50 else f"{first[:50].rsplit(None, 1)[0]} …"


def digest(text):
    """Ten digits of a text, whatever its ties and line breaks."""
    plain = " ".join(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:10]


def stale(page, glossary, trouble):
    """Rows of the page whose text has changed since, or is gone."""
    now = texts(glossary, trouble)
    found = []
    for kind, name, _, when, read in _ROW.findall(page):
        if (kind, name) not in now:
            found.append(f"{kind} {name!r}, read on {when}, is gone: take the row out")
        elif digest(now[kind, name]) != read:
            found.append(f"{kind} {name!r} has changed since it was read on {when}")
    return found


def unread(page, glossary, trouble):
    """What has no row: nobody has said that they read it."""
    rows = {(kind, name) for kind, name, *_ in _ROW.findall(page)}
    return [key for key in texts(glossary, trouble) if key not in rows]


def documents():
    return [
        path.read_text(encoding="utf-8")
        for path in (PAGE, ROOT / GLOSSARY, ROOT / TROUBLE)
    ]


if __name__ == "__main__":
    left = unread(*documents())
    for key, text in texts(*documents()[1:]).items():
        print(digest(text), *key, "" if key not in left else "(unread)")
    print(*stale(*documents()), sep="\n")
