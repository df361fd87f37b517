"""Answers to the exercises of lesson 8: right ones; wrong ones and what is said."""

TUNED = "tuned = descend(old_eyes, start, x, y)\n"
RATE = """\
def rate_at(step, steps, warm, peak):
    rise = step / warm
    fall = (steps + 1 - step) / (steps + 1 - warm)
    return peak * min(rise, fall)
"""
BETWEEN = """\
def between(old, new, share):
    return [a + share * (b - a) for a, b in zip(old, new, strict=True)]
"""

RIGHT = {
    "8.1": [
        "start = probe[1]\n" + TUNED,
        "start = descend(old_eyes, new_head, x, y, eyes_learn=False)[1]\n" + TUNED,
        "start = np.linalg.lstsq(x @ old_eyes, y, rcond=None)[0]\n" + TUNED,
        "tuned = list(descend(*probe, x, y))",
    ],
    "8.2": [
        RATE,
        """\
def rate_at(step, steps, warm, peak):
    if step <= warm:
        return peak * step / warm
    return peak - peak * (step - warm) / (steps + 1 - warm)
""",
        """\
def rate_at(step, steps, warm, peak):
    return np.interp(step, [0, warm, steps + 1], [0, peak, 0])
""",
    ],
    "8.3": [
        BETWEEN,
        """\
def between(old, new, share):
    return [(1 - share) * a + share * b for a, b in zip(old, new)]
""",
        """\
def between(old, new, share):
    mixed = []
    for place in range(len(old)):
        array = old[place].copy()
        array += share * (new[place] - array)
        mixed.append(array)
    return tuple(mixed)
""",
    ],
}

WRONG = {
    "8.1": [
        ("start = new_head\n" + TUNED, "the eyes were bent too far"),
        ("start = -probe[1]\n" + TUNED, "the eyes were bent too far"),
        ("tuned = probe", "that is a probe"),
        (
            "tuned = descend(old_eyes, probe[1], x, y, eyes_learn=False)",
            "that is a probe",
        ),
        ("tuned = old_eyes + 0.1, probe[1]", "until nothing is left to learn"),
        ("tuned = errors(*probe)", "should have the shape"),
        ("tuned = descend(old_eyes, probe[1], x, y)[0]", "an array of shape (12, 3)"),
    ],
    "8.2": [
        (RATE.replace("min(", "max("), "on its way up"),
        (RATE.replace("step / warm", "(step - 1) / warm"), "on its way up"),
        (RATE.replace("(steps + 1 - step)", "(steps - step)"), "at its peak"),
        (RATE.replace("min(rise, fall)", "min(rise, 1)"), "on its way down"),
        (RATE.replace("peak * min", "min"), "on its way up"),
        (RATE.replace("return peak", "print(peak); peak"), "is None"),
        ("rate_at = 0.001", "should be a function"),
    ],
    "8.3": [
        (BETWEEN.replace("share * (b - a)", "(1 - share) * (b - a)"), "other way"),
        (BETWEEN.replace("a + share", "share"), "off the straight line"),
        (
            """\
def between(old, new, share):
    for a, b in zip(old, new):
        a += share * (b - a)
    return old
""",
            "make new ones",
        ),
        (
            """\
def between(old, new, share):
    return old[0] + share * (new[0] - old[0])
""",
            "one array for each pair",
        ),
        (
            """\
def between(old, new, share):
    return new if share > 0.3 else old
""",
            "off the straight line",
        ),
        (
            """\
def between(old, new, share):
    return old + share * (new - old)
""",
            "ends in TypeError",
        ),
        ("between = 0.5", "should be a function"),
    ],
}
