"""Is the text of a lesson true? Its numbers and messages, compared with the run.

In a lesson's source a result that stands in the text carries a *tie*: a comment with
the Python expression that gives it.

    The head has 1,313,794<!--= n_head --> parameters and is right on
    98.2%<!--= accuracy -->, about 40<!--= speed_up, 20 --> times faster.

The built notebook holds the sentence without the comments; `compare_text` reads the
source and evaluates each expression in the notebook's own kernel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.errors import InputError
from helpers.plumbing import ROOT

LESSON_SOURCES = ROOT / "notebooks" / "source"

_TIE = re.compile(r"<!--=(.*?)-->", re.DOTALL)
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?%?$")
_QUOTE = re.compile(r"`([^`]+)`$")
_DECORATION = "*_ "  # what may stand between a number and its tie


@dataclass(frozen=True)
class Tie:
    """A piece of text that claims a result, and the expression that gives it.

    Attributes:
        claim: What the text says: `98.2%`, `1,313,794`, or a quoted message.
        expression: Python, evaluated in the lesson's kernel.
        sentence: The text around it, for the failure.

    Example:
        >>> find_ties("It has 311<!--= n --> layers.")
        [Tie(claim='311', expression='n', sentence='It has 311 layers.')]
    """

    claim: str
    expression: str
    sentence: str


def without_ties(text: str) -> str:
    """The text as readers see it.

    Example:
        >>> without_ties("right on **98.2%**<!--= accuracy --> of them")
        'right on **98.2%** of them'
    """
    return _TIE.sub("", text)


def find_ties(text: str) -> list[Tie]:
    """Find the ties in a text.

    Args:
        text: Markdown with ties.

    Returns:
        A tie for each comment, in order.

    Raises:
        InputError: if neither a number nor a quoted message stands before a comment.

    Example:
        >>> [tie.claim for tie in find_ties("**98.2%**<!--= a --> of 1,000<!--= n -->")]
        ['98.2%', '1,000']
    """
    ties = []
    for match in _TIE.finditer(text):
        before = without_ties(text[: match.start()]).rstrip(_DECORATION)
        claim = _QUOTE.search(before) or _NUMBER.search(before)
        sentence = _sentence(text, match)
        if claim is None:
            raise InputError(
                "expected a number or a message in `backticks` before the tie, found "
                f"{before[-30:]!r} before <!--={match[1]}-->."
            )
        claimed = claim[1] if claim.re is _QUOTE else claim[0]
        ties.append(Tie(claimed, match[1].strip(), sentence))
    return ties


def _sentence(text: str, match: re.Match) -> str:
    start = max(text.rfind(mark, 0, match.start()) for mark in (". ", "\n\n", "| "))
    ends = [text.find(mark, match.end()) for mark in (". ", "\n\n", " |")]
    end = min((place for place in ends if place >= 0), default=len(text))
    return " ".join(without_ties(text[start + 1 : end]).split())


def differs(claim: str, value: object) -> bool:
    """Does a run give something else than the text claims?

    Args:
        claim: A number as text writes it (`1,000`, `98.2%`, `0.31`), or a message.
        value: What the expression gave: a number, which may differ by half of the
            claim's last digit; a pair (number, tolerance), for a claim that says
            "about"; or a string, in which the claimed message must occur.

    Example:
        >>> differs("98.2%", 0.98249), differs("98.2%", 0.9831), differs("40", (52, 20))
        (False, True, False)
    """
    if isinstance(value, str):
        return " ".join(claim.split()) not in " ".join(value.split())
    digits = claim.rstrip("%").replace(",", "").replace("−", "-")
    scale = 0.01 if claim.endswith("%") else 1.0
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    tolerance = 0.5 * 10.0**-decimals * scale
    if isinstance(value, tuple):
        value, tolerance = value
    return not abs(float(digits) * scale - float(value)) <= tolerance * (1 + 1e-9)


def compare_text(
    lesson: str, names: Mapping[str, object], exercises: bool = False
) -> None:
    """Compare the numbers and messages in a lesson's text with this run.

    It prints, and does not fail: when you change a lesson or give it photographs, other
    results are what you want. The comparison of stored outputs fails instead.

    Args:
        lesson: The lesson's name, `"06_train_cats_vs_dogs"`.
        names: The notebook's `globals()`, in which the expressions are evaluated.
        exercises: Compare the text of the lesson's exercises, not its own.

    Raises:
        InputError: if there is no such lesson, or a tie has nothing before it.

    Example:
        >>> compare_text("no_such_lesson", {})  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a lesson's name, such as '06_train_...
    """
    source = LESSON_SOURCES / f"{lesson}.py"
    if not source.is_file():
        raise InputError(
            f"expected a lesson's name, such as '06_train_cats_vs_dogs', found "
            f"{lesson!r}. The lessons are in {LESSON_SOURCES}."
        )
    ties = find_ties(prose(source.read_text(encoding="utf-8"), exercises))
    wrong = []
    for tie in ties:
        try:
            value = eval(tie.expression, dict(names))
        except Exception as error:
            wrong.append(f"“{tie.sentence}”: {tie.expression} gives {error!r}")
            continue
        if differs(tie.claim, value):
            wrong.append(
                f"“{tie.sentence}”: expected {tie.claim}, this run gives {value}"
            )
    if wrong:
        print(f"{len(wrong)} of {len(ties)} results in the text differ from this run:")
        print("\n".join(wrong))
    else:
        print(f"All {len(ties)} results in the text agree with this run.")


def prose(source: str, exercises: bool = False) -> str:
    """The Markdown of a percent-format source, cells apart by an empty line.

    Args:
        source: The text.
        exercises: Take the cells that are tagged as exercises, and no others.

    Example:
        >>> text = '''# %% [markdown]
        ... # Two words.
        ... # %% [markdown] tags=["exercise"]
        ... # Three more words.
        ... # %%
        ... x = 1
        ... '''
        >>> prose(text), prose(text, exercises=True)
        ('Two words.', 'Three more words.')
    """
    cells = re.split(r"^# %%", source, flags=re.MULTILINE)
    markdown = [c.partition("\n") for c in cells if c.startswith(" [markdown]")]
    wanted = [t for marker, _, t in markdown if ('"exercise' in marker) == exercises]
    lines = "\n\n".join(cell.strip() for cell in wanted).splitlines()
    return "\n".join(re.sub(r"^# ?", "", line) for line in lines)
