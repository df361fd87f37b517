"""What of a lesson's outputs may differ from run to run, and what even then may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat

from helpers.plumbing import ROOT

EXEMPT = {"nbval-ignore-output", "nbval-skip"}
REASONS = (  # with which the reason of an exempt cell begins
    "seconds differ between machines",
    "seconds and megabytes differ between machines",
    "a training from scratch",  # no two processors take the same way
    "a picture on the border",
    "a picture or two lie on the border",
    "every weight of the network learns here",  # and rounding grows with each step
)
LOCK = ROOT / "requirements.txt"
_VERSIONS = re.compile(r"TensorFlow (\S+) · Keras (\S+)")


def exempt_faults(cells: list[nbformat.NotebookNode]) -> Iterator[str]:
    """Find exemptions without a reason, or too many of them.

    Args:
        cells: The code cells of a notebook.

    Yields:
        What is wrong, a sentence each.
    """
    exempt = [cell for cell in cells if EXEMPT & set(cell.metadata.get("tags", []))]
    for cell in exempt:
        where = f"cell {cell.source.splitlines()[0]!r}: exempt from comparison"
        reason = cell.metadata.get("reason", "")
        if not reason:
            yield f'{where} without a reason. Add reason="…" beside the tag.'
        elif not reason.startswith(REASONS):
            yield f"{where}, because {reason!r}. Begin with one of {list(REASONS)}."
    if len(exempt) * 10 > len(cells):
        yield (
            f"{len(exempt)} of {len(cells)} code cells are exempt from comparison; "
            "at most one in ten may be."
        )


def masked(text: str) -> str:
    """A text without its numbers, and without what their width moves.

    Example:
        >>> masked("frozen   62.0 ms") == masked("frozen  355.0 ms")
        True
    """
    return re.sub(r"[\s-]+", " ", re.sub(r"[-−]?\d[\d.,]*(?:e[-+]\d+)?", "N", text))


def stale_versions(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Find stored versions that are not those of the lock.

    Args:
        notebook: A built notebook.

    Yields:
        A sentence for each package.
    """
    lock = LOCK.read_text(encoding="utf-8")
    stored = re.search(_VERSIONS, str(notebook))
    for name, version in zip(
        ("tensorflow", "keras"), stored.groups() if stored else (), strict=False
    ):
        locked = re.findall(rf"^{name}==([^\s;]+)", lock, flags=re.MULTILINE)
        if version not in locked:
            yield f"it was built with {name} {version}; the lock has {locked}."
