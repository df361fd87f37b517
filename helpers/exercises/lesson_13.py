"""Judges for the exercises of lesson 13, When one computer is not enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from helpers.exercises.answers import array, called, described, number, refuse_unless

NIGHT = 8  # hours


def exercise_1(workers: object, hours: Callable) -> str:
    """Are they just enough?"""
    found = number("workers", workers)
    refuse_unless(
        found >= 1 and found == int(found),
        f"`workers` is {found:g}: workers come whole, from 1 on",
    )
    refuse_unless(
        hours(found) <= NIGHT,
        f"with {found:.0f} it takes {hours(found):.1f} hours, and the night has "
        f"{NIGHT}: more of them",
    )
    refuse_unless(
        found == 1 or hours(found - 1) > NIGHT,
        f"with {found:.0f} it takes {hours(found):.1f} hours, and one less would be "
        "enough: fewer of them",
    )
    return f"{found:.0f} take {hours(found):.2f} hours, and one less takes too long"


def exercise_2(
    together: object, arrived: Sequence[pd.DataFrame], names: Sequence[str]
) -> str:
    """Is each value there once, in its place?"""
    rng = np.random.default_rng(0)
    for tables, order in ((arrived, names), _tables(rng, 5), _tables(rng, 60)):
        tables = [table.copy() for table in tables]
        known = {
            n: v for t in tables for n, v in zip(t["name"], t["value"], strict=True)
        }
        expected = np.array([known.get(name, np.nan) for name in order], float)
        given = called("together", together, tables, list(order))
        try:
            found = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            found = None
        refuse_unless(
            found is not None and found.ndim == 1,
            f"`together(arrived, names)` should give an array with a number for each "
            f"name, and gives {described(given)}",
        )
        refuse_unless(
            len(found) == len(order),
            f"of {len(order)} names it gives {len(found)} values: one for each name, "
            "whether its table came twice or not at all",
        )
        gaps, missing = np.isnan(found), np.isnan(expected)
        same = np.array_equal(found, expected, equal_nan=True)
        refuse_unless(
            same or sorted(found[~gaps]) != sorted(expected[~missing]),
            "the values are right and stand in other places: in the order of `names`",
        )
        refuse_unless(
            gaps[missing], "a name that never came has a value: it should be `np.nan`"
        )
        refuse_unless(
            ~gaps[~missing], "a name that has come has no value: look at each table"
        )
        refuse_unless(
            same,
            "a value is not the one that came: the second time it is the same row, not "
            "one more to add",
        )
    return "each value is in its place once, in three lists with gaps and doubles"


def exercise_3(mean_and_spread: object) -> str:
    """Is it what all rows together have, and were they looked at once?"""
    rng = np.random.default_rng(0)
    for shape, cuts in (((1000, 3), [10, 250, 999]), ((50, 1), []), ((7, 4), [6])):
        rows = rng.normal(rng.uniform(-9, 9, shape[1]), 2.0, shape).astype("float32")
        rows[0] += 50  # so it matters how long the batches are
        batches = (batch.copy() for batch in np.split(rows, cuts))
        given = called("mean_and_spread", mean_and_spread, batches)
        refuse_unless(
            isinstance(given, tuple | list) and len(given) == 2,
            "`mean_and_spread(batches)` should give two arrays, mean and spread, and "
            f"gives {described(given)}",
        )
        mean = array("the mean", given[0], (shape[1],))
        spread = array("the spread", given[1], (shape[1],))
        parts = np.split(rows.astype(float), cuts)
        right, wide = rows.astype(float).mean(axis=0), rows.astype(float).std(axis=0)
        by_batches = np.mean([part.mean(axis=0) for part in parts], axis=0)
        refuse_unless(
            not cuts or not np.allclose(mean, by_batches, rtol=1e-4),
            "it is the mean of the batches' means: a batch of one row counts as much "
            "as one of hundreds",
        )
        refuse_unless(
            np.allclose(mean, right, rtol=1e-3),
            f"the mean of a column is {mean[0]:.3g}, and all rows together have "
            f"{right[0]:.3g}: count the rows of each batch",
        )
        refuse_unless(
            not np.allclose(spread, wide**2, rtol=1e-3),
            "the spread is squared: take the root",
        )
        of_sample = rows.astype(float).std(axis=0, ddof=1)  # as pandas reckons
        refuse_unless(
            np.allclose(spread, wide, rtol=1e-3)
            or np.allclose(spread, of_sample, rtol=1e-3),
            f"the spread of a column is {spread[0]:.3g}, and all rows together have "
            f"{wide[0]:.3g}: the squares of all rows, less the square of the mean",
        )
        lent = _lent(np.split(rows, cuts))
        again = called("mean_and_spread", mean_and_spread, lent)
        refuse_unless(
            np.allclose(again, (mean, spread)),
            "it keeps batches for later: add up what is needed of a batch before the "
            "next one comes",
        )
    return "as if all were in memory, with 1, 3 and 4 columns, and each batch seen once"


def _lent(batches: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Batches that are spoiled as soon as the next one is asked for."""
    for batch in batches:
        lent = batch.copy()
        yield lent
        lent.fill(np.nan)


def _tables(rng: np.random.Generator, number: int) -> tuple[list, list[str]]:
    """Tables of a list of names, mixed; one of them twice, one that never comes."""
    names = [f"{number}.{n}" for n in rng.permutation(4 * number)]
    values = rng.normal(size=len(names)).round(3)
    order = rng.permutation(len(names))
    tables = [
        pd.DataFrame({"name": [names[n] for n in some], "value": values[some]})
        for some in np.split(order, number)
    ]
    return [*tables[1:], tables[1], tables[-1]], names
