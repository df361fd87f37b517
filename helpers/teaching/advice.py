"""What a test says, and what to do next, in plain sentences with a name and a number.

Nothing here looks at a picture: all of it follows from the facts that a report shows,
so a reader can check each sentence against the tables below it.
"""

from __future__ import annotations

import unicodedata

from helpers.pictures import shown
from helpers.plumbing import PYTHON

LONGEST = 60  # characters of a name within a sentence
WIDE = 0.15  # a range wider than this leaves open whether the classifier is good
NEAR_PERFECT = 0.99  # by the learning curve: pictures are not what is missing
FEW = 10  # test pictures of a class, below which its share means little


def percent(share: float) -> str:
    """A share as a percentage, with one decimal at most, never rounded to 100%.

    Args:
        share: 0 to 1.

    Returns:
        `"97.9%"`; `"100%"` and `"0%"` only where the share is exactly that.

    Example:
        >>> percent(47 / 48), percent(0.89), percent(0.9999), percent(1)
        ('97.9%', '89%', 'over 99.9%', '100%')
    """
    text = f"{100 * share:.1f}".removesuffix(".0")
    if text == "100" and share < 1:
        return "over 99.9%"
    if text == "0" and share > 0:
        return "under 0.1%"
    return f"{text}%"


def short(name: str) -> str:
    """A name on one line, cut in its middle if it is longer than 60 characters.

    Names of pictures differ at their ends, so both ends are kept.

    Example:
        >>> short("coffee mug"), len(short("m" * 200))
        ('coffee mug', 60)
    """
    name = shown(name)
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[:half]}…{name[1 - half :]}"


def quoted(name: str) -> str:
    """A name, or a picture's path, within an English sentence.

    If it is in a script from right to left it is isolated, so that it does not reorder
    the numbers after it; the parts of a path stay in their order.

    Example:
        >>> print(quoted("coffee mug"))
        “coffee mug”
    """
    name = short(name)
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name):
        isolate = "\u2066" if "/" in name else "\u2068"
        name = f"{isolate}{name}\u2069"
    return f"“{name}”"


def accuracy_sentence(facts: dict) -> str:
    """Say how many test pictures were right, and how sure that is.

    Args:
        facts: What `write_report` takes; here `accuracy` is read.

    Returns:
        One sentence.

    Example:
        >>> facts = {"accuracy": {"right": 47, "of": 48, "value": 47 / 48,
        ...                       "interval": [0.89, 0.996]}}
        >>> print(accuracy_sentence(facts))  # doctest: +NORMALIZE_WHITESPACE
        47 of 48 right: 97.9%, and with other pictures of this kind between 89% and
        99.6%.
    """
    accuracy = facts["accuracy"]
    low, high = map(percent, accuracy["interval"])
    return (
        f"{accuracy['right']:,} of {accuracy['of']:,} right: "
        f"{percent(accuracy['value'])}, and with other pictures of this kind between "
        f"{low} and {high}."
    )


def three_sentences(facts: dict) -> list[str]:
    """Say what to do next, the most useful first.

    The rules, in this order: no better than guessing; labels that look wrong; the
    weakest class; more pictures, and of what; a test too small to tell. What is left
    of three goes to using the classifier.

    Args:
        facts: What `write_report` takes; `next` may be missing, since it is this.

    Returns:
        Three sentences, each with a name and a number.

    Example:
        >>> accuracy = {"right": 40, "of": 40, "value": 1.0, "interval": [0.91, 1.0]}
        >>> facts = {
        ...     "accuracy": accuracy, "guessing": 0.5, "model": "data/mugs.keras",
        ...     "classes": [{"name": "mug", "train": 80, "test": 40, "recall": 1.0}],
        ...     "confusion": [[40]], "doubtful_labels": [], "learning_curve": [],
        ...     "name": "mugs"}
        >>> print(three_sentences(facts)[1])
        Hand on data/mugs.keras: the file is all that others need to name “mug”.
    """
    rules = (
        _no_better_than_guessing,
        _doubtful_labels,
        _weakest_class,
        more_pictures,
        _test_too_small,
    )
    found = [sentence for rule in rules if (sentence := rule(facts))]
    return [*found, *_use_it(facts)][:3]


def most_confused(facts: dict) -> list[tuple[str, str, int]]:
    """Which class was taken for which, most often first.

    Args:
        facts: `classes` and `confusion` are read.

    Returns:
        The class, what it was taken for, and how many times, for each that happened.

    Example:
        >>> classes = [{"name": "mug"}, {"name": "key"}]
        >>> most_confused({"classes": classes, "confusion": [[8, 2], [1, 9]]})
        [('mug', 'key', 2), ('key', 'mug', 1)]
    """
    names = [each["name"] for each in facts["classes"]]
    pairs = [
        (names[label], names[said], times)
        for label, row in enumerate(facts["confusion"])
        for said, times in enumerate(row)
        if times and said != label
    ]
    return sorted(pairs, key=lambda pair: -pair[2])


def more_pictures(facts: dict) -> str | None:
    """Say whether more pictures would help, by the end of the learning curve.

    Args:
        facts: `learning_curve` and `classes` are read.

    Returns:
        One sentence, or None if the curve cannot tell or is near its top.

    Example:
        >>> points = [{"pictures": n, "accuracy": a, "low": a - 0.02, "high": a + 0.02}
        ...           for n, a in ((20, 0.8), (40, 0.9))]
        >>> facts = {"learning_curve": points, "classes": [{"name": "mug", "train": 9}]}
        >>> print(more_pictures(facts))  # doctest: +NORMALIZE_WHITESPACE
        Add pictures, first of “mug”, which has 9: the accuracy was still rising, from
        80% to 90% when it learned from 40 pictures instead of 20.
        >>> more_pictures({"learning_curve": points[:1]}) is None
        True
    """
    curve = facts["learning_curve"]
    if len(curve) < 2 or curve[-1]["accuracy"] >= NEAR_PERFECT:
        return None
    before, last = curve[-2:]
    smallest = min(facts["classes"], key=lambda each: each["train"])
    least = f"{quoted(smallest['name'])}, which has {smallest['train']}"
    grown = (
        f"from {percent(before['accuracy'])} to {percent(last['accuracy'])} when it "
        f"learned from {last['pictures']:,} pictures instead of {before['pictures']:,}"
    )
    # A step within the spread of the last point may be luck.
    step = last["accuracy"] - before["accuracy"]
    if step > max(0.005, (last["high"] - last["low"]) / 2):
        return (
            f"Add pictures, first of {least}: the accuracy was still rising, {grown}."
        )
    return (
        "Do not expect much from more pictures of the same kind: the accuracy went "
        f"{grown}; other places, light and angles teach more, first of {least}."
    )


def by_recall(facts: dict) -> list[dict]:
    """The classes, the one with the smallest share of right answers first."""
    tested = [each for each in facts["classes"] if each["test"]]
    untested = [each for each in facts["classes"] if not each["test"]]
    return sorted(tested, key=lambda each: (each["recall"], -each["test"])) + untested


def plural(number: int, noun: str) -> str:
    """A number and what it counts.

    Example:
        >>> plural(1, "picture"), plural(2000, "picture")
        ('1 picture', '2,000 pictures')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# -- the rules: each a sentence, or None where it does not apply -----------------------
def _no_better_than_guessing(facts: dict) -> str | None:
    low, guessing = facts["accuracy"]["interval"][0], facts["guessing"]
    if low > guessing:
        return None
    largest = max(facts["classes"], key=lambda each: each["test"])["name"]
    return (
        f"Do not rely on it yet: whoever always says {quoted(largest)} is right in "
        f"{percent(guessing)} of cases, and this test cannot tell the classifier from "
        "that."
    )


def _doubtful_labels(facts: dict) -> str | None:
    doubtful = facts["doubtful_labels"]
    if not doubtful:
        return None
    first = doubtful[0]
    picture, other = quoted(first["picture"]), quoted(first["looks_like"])
    looks = f"which looks like {other} ({percent(first['probability'])})"
    remedy = "move what is in the wrong folder, and train again."
    if len(doubtful) == 1:
        return f"Look at {picture}, {looks}: {remedy}"
    return (
        f"Look at the {len(doubtful):,} labels that may be wrong, first at {picture}, "
        f"{looks}: {remedy}"
    )


def _weakest_class(facts: dict) -> str | None:
    weakest = by_recall(facts)[0]
    if not weakest["test"] or weakest["recall"] == 1:
        return None
    pairs = [pair for pair in most_confused(facts) if pair[0] == weakest["name"]]
    _, said, times = pairs[0]
    often = {1: "once", 2: "twice"}.get(times, f"{times} times")
    return (
        f"Help {quoted(weakest['name'])}, which has the fewest right, "
        f"{weakest['right']} of {weakest['test']}, and was taken for {quoted(said)} "
        f"{often}: add pictures of both that show what sets them apart."
    )


def _test_too_small(facts: dict) -> str | None:
    low, high = facts["accuracy"]["interval"]
    n = facts["accuracy"]["of"]
    if high - low > WIDE:
        return (
            f"Test on more: {plural(n, 'picture')} cannot say more than “between "
            f"{percent(low)} and {percent(high)}”, while {4 * n:,} would make that "
            "range about half as wide."
        )
    fewest = min(facts["classes"], key=lambda each: each["test"])
    if fewest["test"] < FEW:
        return (
            f"Test {quoted(fewest['name'])} on more than "
            f"{plural(fewest['test'], 'picture')}: its share of right answers means "
            f"little below {FEW}."
        )
    return None


def _use_it(facts: dict) -> list[str]:
    accuracy, model = facts["accuracy"], shown(facts["model"])
    wrong = accuracy["of"] - accuracy["right"]
    names = [quoted(each["name"]) for each in facts["classes"]]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more classes"]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    return [
        f"Name pictures of yours with `{PYTHON} -m data_scripts.name_picture --model "
        f"{model} PICTURE`: of {accuracy['of']:,} in the test, it had {wrong:,} wrong.",
        f"Hand on {model}: the file is all that others need to name {listed}.",
        f"Try {quoted(facts['name'])} on pictures from another day, place or camera: "
        f"the {accuracy['of']:,} of the test are like those it learned from.",
    ]
