"""What judges of answers share: a sentence for everything that may come.

A judge is a function `exercise_K` in the module `lesson_NN` of this room. Its
parameters are the names of the answer; it returns a sentence about what is right, or
raises `NotYet` with one about what is not yet, and why.
"""

from __future__ import annotations

import hashlib
import math
import numbers
from collections.abc import Callable

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.model_selection import BaseShuffleSplit, cross_val_score

KNOWN: dict[bytes, np.ndarray] = {}  # cross-validated accuracies


class NotYet(Exception):
    """An answer is not right yet; the message says what is not, and why."""


def refuse_unless(holds: object, sentence: str) -> None:
    """Refuse an answer, unless something holds of it.

    Args:
        holds: What has to be true. An array counts as true if all of it is.
        sentence: What is not yet right, and why.

    Raises:
        NotYet: if it does not hold.

    Example:
        >>> refuse_unless(2 > 1, "two is more than one")
    """
    if not np.all(holds):
        raise NotYet(sentence)


def answered(name: str, value: object) -> None:
    """Refuse a gap that nobody has filled.

    Args:
        name: The name that the answer has in the notebook.
        value: The answer.

    Raises:
        NotYet: if the value is `...` or None.

    Example:
        >>> answered("n", 20)
    """
    if value is ...:
        raise NotYet(f"`{name}` is still `...`: put your answer in its place")
    if value is None:
        raise NotYet(
            f"`{name}` is None: a function without `return`, or a method such as "
            "`sort` or `compile` that works in place, gives None"
        )


def number(name: str, value: object) -> float:
    """Take an answer as a number.

    Args:
        name: The name that the answer has in the notebook.
        value: The answer: of Python, NumPy or TensorFlow; an array may hold one number.

    Returns:
        The number.

    Raises:
        NotYet: if it is none, or not finite.

    Example:
        >>> number("accuracy", np.float32(0.5))
        0.5
    """
    answered(name, value)
    if hasattr(value, "numpy"):  # a tensor
        value = value.numpy()
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        raise NotYet(f"`{name}` should be a number, and is {described(value)}")
    if not math.isfinite(value):
        raise NotYet(f"`{name}` is {value}, which is no number to reckon with")
    return float(value)


def agrees(claimed: float, right: float) -> bool:
    """Whether a stated share is the right one, perhaps rounded to three digits.

    A judge prints three digits; who writes down what is printed is not wrong.

    Args:
        claimed: The learner's share, from 0 to 1.
        right: The share that it should be.

    Returns:
        True if they are the same to three digits.

    Example:
        >>> agrees(0.973, 0.9725), agrees(0.97, 0.9725)
        (True, False)
    """
    return abs(claimed - right) < 0.0006


def accuracies(
    head: BaseEstimator,
    features: np.ndarray,
    labels: np.ndarray,
    divisions: BaseShuffleSplit,
) -> np.ndarray:
    """Cross-validated accuracies; whoever asks again does not wait again.

    Args:
        head: Learns anew in each division.
        features: Shape (pictures, columns).
        labels: Class numbers, shape (pictures,).
        divisions: Of the pictures into a part to learn from and one to ask about.

    Returns:
        Shares of right answers, 0 to 1, shape (divisions,).

    Example:
        >>> from sklearn.linear_model import LogisticRegression
        >>> from sklearn.model_selection import ShuffleSplit
        >>> features, divisions = np.repeat([[-1.0], [1.0]], 9, axis=0), ShuffleSplit(2)
        >>> accuracies(LogisticRegression(), features, features[:, 0] > 0, divisions)
        array([1., 1.])
    """
    asked = f"{head!r} {divisions!r}".encode() + features.tobytes() + labels.tobytes()
    key = hashlib.sha256(asked).digest()
    if key not in KNOWN:
        KNOWN[key] = cross_val_score(head, features, labels, cv=divisions)
    return KNOWN[key]


def array(name: str, value: object, shape: tuple[int | None, ...]) -> np.ndarray:
    """Take an answer as an array of finite numbers with a certain shape.

    Args:
        name: The name that the answer has in the notebook.
        value: The answer: an array, a tensor, or lists of numbers.
        shape: What is expected; None stands for any length.

    Returns:
        A float64 array of this shape.

    Raises:
        NotYet: if it cannot be taken so.

    Example:
        >>> array("x", [[1, 2]], (None, 2)).shape
        (1, 2)
    """
    answered(name, value)
    wanted = f"({', '.join('any' if n is None else str(n) for n in shape)})"
    try:
        found = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise NotYet(
            f"`{name}` should be an array of numbers with the shape {wanted}, and is "
            f"{described(value)}"
        ) from None
    fits = len(found.shape) == len(shape) and all(
        n in (None, m) for n, m in zip(shape, found.shape, strict=True)
    )
    refuse_unless(
        fits, f"`{name}` should have the shape {wanted}, and has {found.shape}"
    )
    refuse_unless(np.isfinite(found), f"`{name}` holds numbers that are not finite")
    return found


def instance(name: str, value: object, kind: type, words: str) -> None:
    """Refuse an answer that is not a thing of a certain kind.

    Args:
        name: The name that the answer has in the notebook.
        value: The answer.
        kind: The class that it has to be of.
        words: What such a thing is called, behind "a".

    Raises:
        NotYet: if it is of another class, or a gap that nobody has filled.

    Example:
        >>> instance("names", ["cat", "dog"], list, "list")
    """
    answered(name, value)
    refuse_unless(
        isinstance(value, kind),
        f"`{name}` should be a {words}, and is {described(value)}",
    )


def called(name: str, function: Callable, *arguments: object) -> object:
    """Call a function of the answer.

    Args:
        name: The name that the function has in the notebook.
        function: The answer.
        arguments: What it is called with.

    Returns:
        What it gives.

    Raises:
        NotYet: if it is no function, or ends in an error.

    Example:
        >>> called("double", lambda n: 2 * n, 4)
        8
    """
    answered(name, function)
    refuse_unless(
        callable(function),
        f"`{name}` should be a function, and is {described(function)}",
    )
    try:
        return function(*arguments)
    except Exception as error:
        given = ", ".join(described(argument) for argument in arguments)
        raise NotYet(
            f"`{name}` called with {given} ends in {type(error).__name__}: {error}"
        ) from error


def described(value: object) -> str:
    """Name a value in a sentence: short, and what kind of thing it is.

    Example:
        >>> described("cat"), described([1, 2]), described(np.zeros((2, 3)))
        ("the text 'cat'", 'a list of 2', 'an array of shape (2, 3)')
    """
    if value is None or value is ... or isinstance(value, bool):
        return repr(value).replace("Ellipsis", "...")
    if isinstance(value, str):
        return f"the text {value if len(value) < 40 else value[:40] + '…'!r}"
    if isinstance(value, numbers.Number):
        return f"{value:.3g}" if isinstance(value, float | np.floating) else f"{value}"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    kind = type(value).__name__
    if isinstance(value, list | tuple | dict | set):
        return f"a {kind} of {len(value)}"
    return f"a {kind}"
