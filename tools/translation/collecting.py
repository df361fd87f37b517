"""Which files are translated, and what each of them says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from helpers.exercises import templates
from helpers.plumbing import ROOT
from tools.lessons.sources import lessons
from tools.translation.catalogs import COMMON, Said, sorted_out
from tools.translation.checks import BEGINNINGS
from tools.translation.segments import has_words, segments

# What people read beside the lessons; the rest of the project stays English.
TEXTS = {
    "README": "README.md",
    "TROUBLESHOOTING": "TROUBLESHOOTING.md",
    "glossary": "notebooks/glossary.md",
    "article": "notebooks/article.md",
    "for_learners": "tools/book/class/for_learners.md",
    "survey": "tools/book/class/survey.md",
}
JUDGES = ROOT / "helpers" / "exercises"
WRITERS = [
    p for f in ("lessons", "book") for p in sorted((ROOT / "tools" / f).glob("*.py"))
]
SHARED = ("asking.py", "answers.py")  # what all judges say
# "[1, The idea](01_x.ipynb#The-idea)": made from the translated heading.
SECTION_LINK = re.compile(r"\[(\d+), ([^\]]+)\]\((\d\d_\w+\.ipynb)#([^)]+)\)")
LANGUAGES = re.compile(r"\A\[.*\]\(README\.\w+\.md\)\n+")  # the README's first line
_MAP = re.compile(r"(?<=<!-- lessons -->\n).*?(?=\n<!-- /lessons -->)", re.DOTALL)
_COUNTED = re.compile(r"(?<=<!-- compared -->\n).*?(?=\n<!-- /compared -->)", re.DOTALL)
MARKDOWN_CELL = re.compile(
    r"^# %% \[markdown\].*\n((?:#(?! %%).*\n?|\n)*)", re.MULTILINE
)


def collected() -> dict[str, list[Said]]:
    """Everything to translate, by the file of translations that it belongs in."""
    found = {s.stem: list(_said_by_lesson(s)) for s in lessons()}
    for name, file in TEXTS.items():
        text = (ROOT / file).read_text(encoding="utf-8")
        found[name] = list(_said_by_text(written_by_hand(text), file))
    for path in sorted(JUDGES.glob("lesson_*.py")):
        found[f"{path.stem[-2:]}_judge"] = list(_said_by_code(path))
    found["edition"] = [said for path in WRITERS for said in _said_by_writer(path)]
    found["judges"] = [said for name in SHARED for said in _said_by_code(JUDGES / name)]
    there = sorted_out(found)
    words = [Said(begin, "every lesson", "questions") for begin in BEGINNINGS]
    return there | {COMMON: [*words, *there[COMMON]]}


def markdown_cells(source: str) -> list[str]:
    """The Markdown of a lesson's source, cell by cell, with its ties.

    Example:
        >>> markdown_cells("# %% [markdown]\\n# # A\\n#\\n# Two.\\n\\n# %%\\nx = 1\\n")
        ['# A\\n\\nTwo.']
    """
    return [
        re.sub(r"^# ?", "", match[1].strip(), flags=re.MULTILINE)
        for match in MARKDOWN_CELL.finditer(source)
    ]


def written_by_hand(text: str) -> str:
    """A page without what the build writes, which knows it in every language.

    That is the map of lessons and the line with other languages; of numbers that are
    counted, marks are left.

    Example:
        >>> print(written_by_hand("<!-- compared -->\\nAll 13.\\n<!-- /compared -->"))
        <!-- compared -->
        All {1}.
        <!-- /compared -->
    """

    def marked(match: re.Match) -> str:
        places = iter(range(1, 100))
        return re.sub(r"\d+", lambda _: f"{{{next(places)}}}", match[0])

    return _COUNTED.sub(marked, _MAP.sub("", LANGUAGES.sub("", text)))


def _said_by_lesson(source: Path) -> Iterator[Said]:
    file, section = f"notebooks/source/{source.name}", ""
    for cell in markdown_cells(source.read_text(encoding="utf-8")):
        for said in _said_by_text(cell, file, section):
            section = said.section
            yield said


def _said_by_code(path: Path) -> Iterator[Said]:
    file = path.relative_to(ROOT).as_posix()
    for text, function in templates(path.read_text(encoding="utf-8")):
        if has_words(text):
            yield Said(text, file, function)


def _said_by_writer(path: Path) -> Iterator[Said]:
    """What a module of ours says, with `say("…")`: see `tools.lessons.words`."""
    file = path.relative_to(ROOT).as_posix()
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _says(node.func) and _written(node.args[0])
    ]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        for piece in segments(call.args[0].value):
            yield Said(piece, file, "")


def _written(words: ast.expr) -> bool:
    return isinstance(words, ast.Constant) and isinstance(words.value, str)


def _says(function: ast.expr) -> bool:
    """Whether it is `say`, `to_say`, or `speaker(…)`."""
    if isinstance(function, ast.Call):
        return isinstance(function.func, ast.Name) and function.func.id == "speaker"
    return isinstance(function, ast.Name) and function.id in ("say", "to_say")


def _said_by_text(text: str, file: str, section: str = "") -> Iterator[Said]:
    headings = {
        " ".join(found.split()) for found in re.findall(r"^#+ (.+)$", text, re.M)
    }
    for piece in segments(text):
        if piece in headings:
            section = piece
        if not SECTION_LINK.fullmatch(piece):
            yield Said(piece, file, section)
