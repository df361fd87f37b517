"""A lesson taken apart at its headings, for tests that look words up in it."""

import json
import re
from pathlib import Path

import nbformat


def sections(notebook: Path) -> dict[str, dict[str, str]]:
    """What stands below each heading of a notebook, up to the next one.

    Args:
        notebook: The file.

    Returns:
        For each heading, its `"prose"` (with the heading) and its `"code"` (with the
        outputs, as JSON).
    """
    parts, name = {"": {"prose": "", "code": ""}}, ""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            parts[name]["code"] += f"\n{cell.source}\n{json.dumps(cell.outputs)}"
            continue
        for piece in re.split(r"^(?=##? )", cell.source, flags=re.MULTILINE):
            if piece.startswith("#"):
                name = piece.partition("\n")[0].lstrip("# ")
                parts.setdefault(name, {"prose": "", "code": ""})
            parts[name]["prose"] += f"\n\n{piece}"
    return parts
