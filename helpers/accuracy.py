"""How sure an accuracy is, measured on so many pictures."""

from __future__ import annotations

from scipy.stats import binomtest

from helpers.errors import InputError


def accuracy_interval(right: int, of: int) -> tuple[float, float]:
    """Where the true accuracy lies, in 95 of 100 cases or more (Clopper, Pearson).

    391 right answers of 400 are 97.8% on these pictures. Other pictures of the same
    kind would have given a little more, or less: the interval says how much. This one
    is made of the binomial probabilities themselves: it stays within 0 and 1, does not
    shrink to nothing when all answers are right, and holds the truth in 95 of 100
    cases whatever the truth and the count are. Shorter ones hold it so often only in
    the mean: near 100%, where a good classifier is, they may not.

    Args:
        right: How many answers were right.
        of: How many pictures were asked about.

    Returns:
        The lower and the upper end, both 0 to 1.

    Raises:
        InputError: if these are no counts: `of` at least 1, `right` from 0 to `of`.

    Example:
        >>> [round(end, 3) for end in accuracy_interval(391, of=400)]
        [0.958, 0.99]
        >>> [round(end, 2) for end in accuracy_interval(5, of=5)]
        [0.48, 1.0]
    """
    whole = all(float(number).is_integer() for number in (right, of))
    if not whole or of < 1 or not 0 <= right <= of:
        raise InputError(
            "expected a number of right answers, 0 or more, and of how many pictures, "
            f"1 or more; found {right} of {of}. Give both as counts, not as shares."
        )
    # scipy takes integers alone; what comes from NumPy may be another kind of number.
    interval = binomtest(int(right), int(of)).proportion_ci(method="exact")
    return float(interval.low), float(interval.high)
