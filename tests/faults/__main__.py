"""Write README.md: each fault and what a learner sees.

python -m tests.faults
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from helpers.plumbing import ROOT

from . import FAULTS, Fault, meet

README = Path(__file__).with_name("README.md")
GROUPS = ("pictures", "tables", "folders", "archives", "network", "weights", "machine")
GROUPS += ("pages", "tools")
# What another library or the system says is left out: its words change.
THEIRS = (
    (r"(half copied )\([\d,]+ bytes\)", r"\1(…)"),
    (r"(missing or spoiled )\(.*?\)(?=\. Copy)", r"\1(…)"),
    (r"(is a damaged archive: ).*?(?=\. Download)", r"\1…"),
    (r"(cannot unpack: ).*?(?=\. Unpack)", r"\1…"),
    (r"(is no table: ).*?(?= \(row)", r"\1…"),
    (r"(another kind of file or damaged )\(.*?\)(?=\. Reinstall)", r"\1(…)"),
    (r"(cannot read \S+: ).*?(?=\. Reinstall)", r"\1…"),
    (r"(does not hold the weights of this \w+) \(.*?\)(?=\. Give)", r"\1 (…)"),
    (r"Keras [\d.]+ (cannot load \S+): .*? (?=Run lesson)", r"Keras \1: … "),
    (r"^(could not download http.*?: )(?!the |there |//).*?(?=\n)", r"\1…"),
    (r"[0-9a-f]{16}/[0-9a-f]{32}", "…"),
    (r"([0-9a-f]{8}-|…-)+pets", "…-pets"),
    (r"xxx+(…x+)?", "xxx…"),
    (r"\.venv\\Scripts\\python", ".venv/bin/python"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1"),
    (r"\n *", "<br>"),
    (r"\|", r"\\|"),
)


def as_markdown() -> str:
    """The table, as README.md holds it."""
    healed = sum(fault.works for fault in FAULTS)
    lines = [
        "# What goes wrong, and what you see",
        "",
        "Written by `.venv/bin/python -m tests.faults`; `tests/faults/test_faults.py` "
        "makes",
        "every fault anew, and fails if it ends in any other way. “…” stands for a",
        "folder, or for the words of another program.",
        "",
        f"{len(FAULTS)} faults: {healed} do no harm, {len(FAULTS) - healed} get a "
        "message and leave every file as it was.",
    ]
    for group in GROUPS:
        faults = [fault for fault in FAULTS if fault.group == group]
        lines += ["", f"## {group.capitalize()} ({len(faults)})", ""]
        lines += ["| fault | what you see |", "|---|---|", *map(_row, faults)]
    return "\n".join(lines) + "\n"


def _row(fault: Fault) -> str:
    return f"| {fault.name} | {seen(fault)} |"


def seen(fault: Fault) -> str:
    """What a learner sees of a fault, in the cell of a table."""
    text = fault.sees if fault.works else meet(fault).message
    text = text.replace(str(ROOT), "…")
    text = re.sub(r"…[^\s:]*", lambda place: place[0].replace(os.sep, "/"), text)
    for pattern, ours in THEIRS:
        text = re.sub(pattern, ours, text, flags=re.DOTALL)
    return text


if __name__ == "__main__":
    README.write_text(as_markdown(), encoding="utf-8", newline="\n")
    print(f"{README}: {len(FAULTS)} faults")
