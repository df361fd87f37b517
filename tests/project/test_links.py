"""Every link inside the project leads somewhere, in every document and notebook."""

import re
import subprocess

import nbformat
import pytest

from helpers.plumbing import ROOT
from tools.lessons.rules import anchors

LINK = re.compile(r"\]\(([^)\s]+)\)")


def documents():
    """The Markdown files and notebooks of the project, and nothing that was made."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.splitlines()]
    else:  # an unpacked archive, which has no history
        folders = ("", "notebooks", "benchmarks", "tests", ".github", "helpers")
        paths = [*ROOT.glob("*.md")]
        paths += [p for folder in folders[1:] for p in (ROOT / folder).rglob("*.*")]
    return sorted(
        path for path in paths if path.suffix in (".md", ".ipynb") and path.is_file()
    )


def text_of(path):
    """What of a document is read: of a notebook, its Markdown cells."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = nbformat.reads(text, as_version=4).cells
        text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    return text


def dead_links(path):
    """The links of a document that lead nowhere, with the reason."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", text_of(path), flags=re.DOTALL | re.M)
    found = []
    for target in LINK.findall(text):
        if re.match(r"https?://|mailto:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or not file.is_relative_to(ROOT):
            found.append(f"{target}: no such file")
        elif anchor and anchor not in anchors(file):
            found.append(f"{target}: no such heading")
    return found


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    assert dead_links(path) == []


def test_the_documents_that_matter_are_among_them():
    names = {path.relative_to(ROOT).as_posix() for path in documents()}
    assert names >= {
        *["README.md", "CONTRIBUTING.md", "TROUBLESHOOTING.md"],
        *["notebooks/glossary.md", "notebooks/article.md", "tests/faults/README.md"],
        *["benchmarks/results/growth.md", "notebooks/06_train_cats_vs_dogs.ipynb"],
    }


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("nowhere.md", "no such file"),
        ("#nowhere", "no such heading"),
        ("README.md#nowhere", "no such heading"),
        ("notebooks/06_train_cats_vs_dogs.ipynb#judge", "no such heading"),
        ("../elsewhere.md", "no such file"),
    ],
)
def test_a_dead_link_is_found(monkeypatch, link, told):
    monkeypatch.setattr(f"{__name__}.text_of", lambda path: f"see [there]({link}).")
    assert dead_links(ROOT / "README.md") == [f"{link}: {told}"]


@pytest.mark.parametrize(
    "link", ["README.md#licences", "https://example.org", "notebooks", "#lessons"]
)
def test_a_good_link_is_left_in_peace(monkeypatch, link):
    monkeypatch.setattr(f"{__name__}.text_of", lambda path: f"see [there]({link}).")
    assert dead_links(ROOT / "README.md") == []
