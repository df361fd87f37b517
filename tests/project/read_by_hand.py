"""Definitions, remedies, history: no run proves them. Somebody reads them, and says so.

`notebooks/read_by_hand.md` has a row for each of these texts: what it was read against,
when, and a digest of the text. A text that changes afterwards is unread. History is
every sentence that names a year.

    python -m tests.project.read_by_hand       what is unread, and each text's digest
"""

import hashlib
import re

from helpers.plumbing import ROOT
from helpers.ties import prose, sentences, without_ties
from tools.lessons.sources import lessons
from tools.reading.lines import without_numbers

PAGE = ROOT / "notebooks" / "read_by_hand.md"
GLOSSARY, TROUBLE = "notebooks/glossary.md", "TROUBLESHOOTING.md"
FILES = (GLOSSARY, TROUBLE, "README.md", "notebooks/article.md")  # besides the lessons
_ROW = re.compile(
    r"^\| (glossary|remedy|history) \| (.+?) \| (.+?) \| (\d{4}-\d\d-\d\d) \| "
    r"`(\w{10})` \|$",
    re.M,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def texts(documents):
    """What has to be read.

    Definitions go by their word, remedies by the first message, sentences of history by
    the document that tells it and their first words.
    """
    definition = r"^\| \*\*(.+?)\*\* \| (.+) \| \[\d+\]"
    found = {
        ("glossary", word): text
        for word, text in re.findall(definition, documents[GLOSSARY], re.M)
    }
    rows = re.findall(r"^\| (.+?) \| (.+) \| (.+) \|$", documents[TROUBLE], re.M)[1:]
    found |= {("remedy", _short(row[0])): " ".join(row) for row in rows}
    return found | {
        ("history", f"{name}: {_first(told)}"): told
        for name, text in documents.items()
        for told in history(text)
    }


def history(text):
    """The sentences that name a year, without numbers that a tie holds.

    A year in code, in an address or in a table does not count.

    >>> history("Of [1997](https://a.org/2017), [2](https://a.org/2000).")
    ['Of [1997](https://a.org/2017), [2](https://a.org/2000).']
    >>> history("See [there](https://a.org/2017). It takes 2000<!--= n --> ties.")
    []
    """
    elsewhere = re.compile(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", re.DOTALL)
    outside_tables = re.sub(r"^(\|.*|> ?)", "", text, flags=re.MULTILINE)
    told = [without_numbers(sentence) for sentence in sentences(outside_tables)]
    return [
        " ".join(without_ties(sentence).split())
        for sentence in told
        if _YEAR.search(elsewhere.sub("", sentence))
    ]


def _first(text):
    plain = re.sub(r"[*`]|\]\([^)]*\)|\[", "", text).lstrip("- ")
    return plain if len(plain) <= 50 else f"{plain[:50].rsplit(None, 1)[0]} …"


def _short(message):
    (first, *_) = [*re.findall(r"`([^`]*)`", message), message]
    return first if len(first) <= 50 else f"{first[:50].rsplit(None, 1)[0]} …"


def digest(text):
    """Ten digits of a text, whatever its ties and line breaks."""
    plain = " ".join(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).split())
    return hashlib.sha256(plain.encode()).hexdigest()[:10]


def stale(page, documents):
    """Rows of the page whose text has changed since, or is gone."""
    now = texts(documents)
    found = []
    for kind, name, _, when, read in _ROW.findall(page):
        if (kind, name) not in now:
            found.append(f"{kind} {name!r}, read on {when}, is gone: take the row out")
        elif digest(now[kind, name]) != read:
            found.append(f"{kind} {name!r} has changed since it was read on {when}")
    return found


def unread(page, documents):
    """What has no row: nobody has said that they read it."""
    rows = {(kind, name) for kind, name, *_ in _ROW.findall(page)}
    return [key for key in texts(documents) if key not in rows]


def page_and_documents():
    """The page, and the texts of the documents by name; a lesson's is its number."""
    documents = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
    for source in lessons():
        text = source.read_text(encoding="utf-8")
        told = f"{prose(text)}\n\n{prose(text, exercises=True)}"
        documents[source.stem[:2]] = told
    return PAGE.read_text(encoding="utf-8"), documents


if __name__ == "__main__":
    page, documents = page_and_documents()
    left = unread(page, documents)
    for key, text in texts(documents).items():
        print(digest(text), *key, "" if key not in left else "(unread)")
    print(*stale(page, documents), sep="\n")
