"""Judges for the exercises of lesson 8, Fine-tune, and when not to."""

from __future__ import annotations

import numpy as np

from helpers.exercises.answers import (
    NotYet,
    answered,
    array,
    called,
    described,
    number,
    refuse_unless,
)

SEEN = 6  # of the toy's numbers, in training


def exercise_1(tuned: object, target: np.ndarray, probe: tuple) -> str:
    """Is it as good inside as can be, and outside as good as the probe?"""
    answered("tuned", tuned)
    if not isinstance(tuned, tuple | list) or len(tuned) != 2:
        raise NotYet(
            "`tuned` should be the eyes and the head that `descend` returns, and is "
            f"{described(tuned)}"
        )
    eyes = array("tuned[0]", tuned[0], probe[0].shape)
    head = array("tuned[1]", tuned[1], probe[1].shape)
    inside, outside = _errors(eyes, head, target)
    probe_inside, probe_outside = _errors(*probe, target)
    refuse_unless(
        not np.array_equal(eyes, probe[0]),
        "the eyes are the old ones: that is a probe; let them learn, too",
    )
    refuse_unless(
        inside < probe_inside / 100,
        f"inside the error is {inside:.4f}, and the probe's {probe_inside:.4f}: "
        "everything should learn until nothing is left to learn",
    )
    refuse_unless(
        outside <= 1.1 * probe_outside,
        f"outside the error is {outside:.3f}, and the probe's {probe_outside:.3f}: the "
        "eyes were bent too far; begin at a head whose errors are small",
    )
    return (
        f"inside {inside:.3f} instead of the probe's {probe_inside:.3f}, outside "
        f"{outside:.3f} instead of {probe_outside:.3f}"
    )


def exercise_2(rate_at: object) -> str:
    """Does the rate rise to its peak and fall to zero, in straight lines?"""
    for steps, warm, peak in ((10, 2, 0.9), (50, 10, 1e-3), (7, 1, 2.0), (4, 4, 1.0)):
        for step in range(1, steps + 1):
            found = number(
                "rate_at(…)", called("rate_at", rate_at, step, steps, warm, peak)
            )
            if step <= warm:
                wanted, way = peak * step / warm, "on its way up"
            else:
                left = (steps + 1 - step) / (steps + 1 - warm)
                wanted, way = peak * left, "on its way down"
            if step == warm:
                way = "at its peak"
            refuse_unless(
                np.isclose(found, wanted, rtol=1e-6),
                f"in step {step} of {steps}, with {warm} to warm up and a peak of "
                f"{peak:g}, the rate is {found:.4g}, and it should be {wanted:.4g}, "
                f"{way}",
            )
    return "up to the peak in the warm-up, and down to zero after the last step"


def exercise_3(between: object) -> str:
    """Are the weights on the straight line, and those given left alone?"""
    rng = np.random.default_rng(0)
    shapes = ((3, 3, 2, 4), (4,), (4, 1))
    old, new = ([rng.normal(size=shape) for shape in shapes] for _ in range(2))
    given = [weights.copy() for weights in (*old, *new)]
    for share in (0, 0.25, 0.5, 1):
        found = called("between", between, old, new, share)
        kept = zip((*old, *new), given, strict=True)
        refuse_unless(
            all(np.array_equal(now, before) for now, before in kept),
            "`between` changes the arrays that it is given: make new ones",
        )
        refuse_unless(
            isinstance(found, list | tuple) and len(found) == len(old),
            f"`between` gives {described(found)} for lists of {len(old)} arrays: one "
            "array for each pair",
        )
        for n, (part, a, b) in enumerate(zip(found, old, new, strict=True)):
            part = array(f"between(…)[{n}]", part, a.shape)
            wanted = (1 - share) * a + share * b
            if np.allclose(part, share * a + (1 - share) * b) and share != 0.5:
                raise NotYet(
                    f"at a share of {share} it is the other way round: 0 is the old "
                    "weights, 1 the new ones"
                )
            refuse_unless(
                np.allclose(part, wanted),
                f"at a share of {share}, array {n} is off the straight line by up to "
                f"{np.abs(part - wanted).max():.2g}",
            )
    return "on the straight line from the old weights to the new ones"


def _errors(eyes: np.ndarray, head: np.ndarray, target: np.ndarray) -> list[float]:
    wrong = (eyes @ head - target) ** 2
    return [float(wrong[:SEEN].sum()), float(wrong[SEEN:].sum())]
