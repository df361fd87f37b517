"""What a learner calls: check an answer, get a hint, see the solution."""

from __future__ import annotations

import importlib
import inspect
import io
import os
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout

from IPython import get_ipython

from helpers.checks import STRICT
from helpers.exercises.answers import NotYet
from helpers.exercises.cells import Exercise, exercise
from helpers.exercises.languages import sources, spoken

_checked: set[str] = set()  # exercises that somebody has tried in this process
_asked: Counter[tuple[str, str]] = Counter()  # for hints, for solutions untried


def check(number: str, names: Mapping[str, object] | None = None) -> None:
    """Say whether the answer to an exercise is right; if not yet, what is not, and why.

    It raises nothing, whatever the answer is, and changes nothing. Only where the
    environment variable `STRICT_CHECKS` is set, as when solutions are proven, an answer
    that is not right is an AssertionError.

    Args:
        number: Of the exercise, such as `"0.1"`.
        names: Where the answer's names are looked up; the notebook's own, if None.

    Raises:
        AssertionError: if the answer is not right and `STRICT_CHECKS` is set.

    Example:
        >>> check("0.1", {"n": ...})  # doctest: +ELLIPSIS
        0.1, not yet: ...
    """
    judge = _judge(number)
    if judge is None:
        return _say_no(_no_exercise(number))
    if names is None:
        shell = get_ipython()
        names = shell.user_ns if shell else {}
    _checked.add(number)
    try:
        # What an answer prints while it is tried, a progress bar say, is not wanted.
        with redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            praise = judge(**_answer(judge, names))
    except NotYet as refusal:
        return _say_no(f"{number}, not yet: {refusal}.")
    except Exception as error:  # nobody should read a traceback of ours
        return _say_no(
            f"{number}, not yet: your answer could not be looked at "
            f"({type(error).__name__}: {error}). Is it what the task asks for?"
        )
    print(_said(f"{number} is right: {praise}."))
    return None


def hint(number: str) -> None:
    """Print a hint to an exercise; called again, the next one.

    Args:
        number: Of the exercise, such as `"0.1"`.

    Example:
        >>> hint("9.9")
        expected the number of an exercise, such as check('0.1'), found '9.9'.
    """
    if one := _exercise(number):
        hints = one.texts("exercise-hint")
        place = _asked["hint", number] % len(hints)
        _asked["hint", number] += 1
        print(hints[place])
        if place + 1 < len(hints):
            print(spoken(f'There is another: hint("{number}") once more.'))


def solution(number: str) -> None:
    """Print a solution, if the exercise was tried; if not, ask for a try first.

    Args:
        number: Of the exercise, such as `"0.1"`.

    Example:
        >>> solution("9.9")
        expected the number of an exercise, such as check('0.1'), found '9.9'.
    """
    if one := _exercise(number):
        _asked["solution", number] += 1
        if number not in _checked and _asked["solution", number] == 1:
            print(
                spoken(
                    f'Try first: fill the gap, then check("{number}"). There is '
                    f'hint("{number}"), too. Asked once more, the solution is shown.'
                )
            )
            return
        print("\n\n".join(one.texts("exercise-solution")))


def _exercise(number: str) -> Exercise | None:
    one = exercise(number, sources()) if isinstance(number, str) else None
    if one is None:
        print(spoken(_no_exercise(number)))
    return one


def _no_exercise(number: object) -> str:
    return (
        f"expected the number of an exercise, such as check('0.1'), found {number!r}."
    )


def _judge(number: str) -> Callable | None:
    """The function that judges answers to an exercise, or None."""
    if not isinstance(number, str) or exercise(number) is None:
        return None
    lesson, _, place = number.partition(".")
    module = importlib.import_module(f"helpers.exercises.lesson_{int(lesson):02}")
    return getattr(module, f"exercise_{place}")


def _answer(judge: Callable, names: Mapping[str, object]) -> dict[str, object]:
    """The answer's values, by the names that the judge asks for."""
    wanted = inspect.signature(judge).parameters
    missing = [f"`{name}`" for name in wanted if name not in names]
    if missing:
        raise NotYet(
            f"there is no {', '.join(missing)} here. Run the cells above, from "
            "the first one on; keep the names that stand before the `=`"
        )
    return {name: names[name] for name in wanted}


def _said(sentence: str) -> str:
    """A sentence in the language that is spoken, ended once.

    A judge writes half a sentence, but it may be a question, or end in the words of an
    error, which have their own full stop.
    """
    return re.sub(r"(?<=[.!?。！？])[.。]$", "", spoken(sentence))


def _say_no(sentence: str) -> None:
    sentence = _said(sentence)
    if os.environ.get(STRICT):
        raise AssertionError(sentence)
    print(sentence)
