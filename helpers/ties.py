"""Is the text of a lesson true? Its claims, compared with the run.

In a lesson's source a result that stands in the text carries a *tie*: a comment with
Python. Behind `=` it gives the number or the message; behind `?` it must be True.

    The head has 1,313,794<!--= n_head --> parameters and is right on about
    98.2%<!--= accuracy, 0.01 -->, and it learns faster<!--? seconds < rival -->.

The built notebook holds the sentence without the comments; `compare_text` reads the
source and evaluates each expression in the notebook's own kernel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from helpers.errors import InputError
from helpers.plumbing import ROOT

LESSON_SOURCES = ROOT / "notebooks" / "source"

_TIE = re.compile(r"<!--([=?!])(.*?)-->", re.DOTALL)
_HIDDEN = re.compile(rf"```.*?```|`[^`]*`|{_TIE.pattern}", re.DOTALL)
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?%?$")
_QUOTE = re.compile(r"`([^`]+)`$")
_DECORATION = "*_ \n"  # what may stand between a number and its tie
_BREAK = re.compile(
    r"(?:(?<=[.?!])[*_)”\"]*\s+|\n\s*\n\s*|\n\s*(?=(?:[-*+]|#+|\d+\.) )|\|)"
    r"(?:(?:[-*+]|#+|\d+\.)\s+)?"  # marks of an item, a heading, a number of a list
)


@dataclass(frozen=True)
class Tie:
    """A piece of text that claims a result, and the expression that gives it.

    Attributes:
        claim: What the text says: `98.2%`, `1,313,794`, or a quoted message. None if
            the sentence itself is the claim, and the expression must be True.
        expression: Python, evaluated in the lesson's kernel.
        sentence: The sentence around it, for the failure.

    Example:
        >>> find_ties("It has 311<!--= n --> layers.")
        [Tie(claim='311', expression='n', sentence='It has 311 layers.')]
    """

    claim: str | None
    expression: str
    sentence: str


def without_ties(text: str) -> str:
    """The text as readers see it.

    Example:
        >>> without_ties("right on **98.2%**<!--= accuracy --> of them")
        'right on **98.2%** of them'
    """
    return _TIE.sub("", text)


def sentences(text: str) -> list[str]:
    """Take a text apart: sentences, items of a list, cells of a table, headings.

    Args:
        text: Markdown; ties and code stay whole, whatever they hold.

    Example:
        >>> sentences("One. Two<!--? a. b -->.\\n- Three `a. b`\\n- Four")
        ['One.', 'Two<!--? a. b -->.', 'Three `a. b`', 'Four']
    """
    masked = _HIDDEN.sub(lambda hidden: "\0" * len(hidden[0]), f"\n{text}")
    breaks = [match.span() for match in _BREAK.finditer(masked)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(masked)]
    pieces = (f"\n{text}"[a:b].strip() for a, b in zip(starts, ends, strict=True))
    return [piece for piece in pieces if piece]


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
    return [
        Tie(_claim(sentence, match), match[2].strip(), _plain(sentence))
        for sentence in sentences(text)
        for match in _TIE.finditer(sentence)
        if match[1] != "!"
    ]


def _claim(sentence: str, match: re.Match) -> str | None:
    if match[1] == "?":
        return None
    before = without_ties(sentence[: match.start()]).rstrip(_DECORATION)
    quote, number = _QUOTE.search(before), _NUMBER.search(before)
    if quote or number:
        return quote[1] if quote else number[0]
    raise InputError(
        "expected a number or a message in `backticks` before the tie, found "
        f"{before[-30:]!r} before {match[0]}. For words, write <!--? … -->."
    )


def _plain(sentence: str) -> str:
    return " ".join(without_ties(sentence).split())


def differs(claim: str | None, value: object) -> bool:
    """Does a run give something else than the text claims?

    Args:
        claim: A number as text writes it (`1,000`, `98.2%`, `0.31`), a message, or None
            for a sentence that is true or false.
        value: What the expression gave. For a number, a number, which may differ by
            half of the claim's last digit; or, for a claim that says "about", a pair
            (number, tolerance), or (number, tolerance, rival): then the tolerance is
            at most a fifth of the distance to the rival, or to chance. For a message,
            the string in which its words occur; a single word must be all of it. For
            None, True or False.

    Raises:
        InputError: if the value is of another kind, or the tolerance is too wide.

    Example:
        >>> differs("98.2%", 0.98249), differs("98.2%", 0.9831), differs("40", (43, 4))
        (False, True, False)
        >>> differs(None, 2 > 1), differs("no cat", "no cats")
        (False, True)
    """
    if claim is None:
        if isinstance(value, bool | np.bool_):
            return not value
        raise InputError(f"expected True or False, found {value!r}. Compare something.")
    if isinstance(value, str):
        words, told = claim.split(), " ".join(value.split())
        said = re.escape(" ".join(words))
        alone = len(words) == 1
        return not re.search(rf"^{said}$" if alone else rf"(?<!\w){said}(?!\w)", told)
    digits = claim.rstrip("%").replace(",", "").replace("−", "-")
    scale = 0.01 if claim.endswith("%") else 1.0
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    tolerance = 0.5 * 10.0**-decimals * scale
    claimed = float(digits) * scale
    if isinstance(value, tuple):
        value, tolerance, *rival = value
        if rival and tolerance > abs(claimed - rival[0]) / 5 * (1 + 1e-9):
            raise InputError(
                f"expected a tolerance of a fifth of the distance from {claim} to "
                f"{rival[0]:.3g} at most, found {tolerance}. Measure more often, or "
                "say less."
            )
    return not abs(claimed - float(value)) <= tolerance * (1 + 1e-9)


def untrue(text: str, names: Mapping[str, object]) -> Iterator[str]:
    """Find what a text claims and these names do not bear out.

    Args:
        text: Markdown with ties.
        names: In which the expressions are evaluated: a notebook's `globals()`.

    Yields:
        For each tie that fails: the sentence, what was expected, and what was found.

    Example:
        >>> list(untrue("It has 311<!--= n --> layers.", {"n": 312}))
        ['“It has 311 layers.”: expected 311, found 312 (n)']
    """
    for tie in find_ties(text):
        expected = "True" if tie.claim is None else tie.claim
        try:
            value = eval(tie.expression, dict(names))
            if not differs(tie.claim, value):
                continue
            found = value[0] if isinstance(value, tuple) else value
            found = " ".join(str(found).split())
            found = found if len(found) <= 200 else f"{found[:200]}…"
        except InputError as error:
            found = str(error)
        except Exception as error:
            found = repr(error)
        yield f"“{tie.sentence}”: expected {expected}, found {found} ({tie.expression})"


def compare_text(
    lesson: str, names: Mapping[str, object], exercises: bool = False
) -> None:
    """Compare the claims in a lesson's text with this run.

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
    text = prose(source.read_text(encoding="utf-8"), exercises)
    n_ties, wrong = len(find_ties(text)), list(untrue(text, names))
    if wrong:
        print(f"{len(wrong)} of {n_ties} results in the text differ from this run:")
        print("\n".join(wrong))
    else:
        print(f"All {n_ties} results in the text agree with this run.")


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
