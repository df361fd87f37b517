"""What is to be written on the package when a classifier is handed on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from helpers.accuracy import accuracy_interval
from helpers.errors import InputError
from helpers.teaching.advice import FEW, percent, quoted, short

NETWORK_RIGHTS = "Apache-2.0, by Google"  # of every EfficientNet-Lite
OPEN = "*To be written by whoever hands it on.*"


def model_card(
    name: str,
    classes: Sequence[Mapping],
    pictures: str,
    network: str,
    purpose: str = OPEN,
    rights: str = OPEN,
    limits: Sequence[str] = (),
    day: datetime.date | None = None,
) -> str:
    """A model card: what a classifier is for, how good it is, and where that ends.

    What can be counted is filled in, with its interval: the whole, each class, the
    weakest one, classes that were hardly tested. The rest is for people to write.

    Args:
        name: What the classifier is called.
        classes: For each class a mapping with its `name`, and how many pictures it has
            learned from (`train`), was tested with (`test`), and of these were named
            rightly (`right`). More in it does not matter, as in a report's facts.
        pictures: What the pictures are and where they come from. Markdown, as what
            follows.
        network: The pretrained network, such as `"EfficientNet-Lite0"`.
        purpose: What it is for, and what it is not for.
        rights: Under which licence, or with whose leave, the pictures were used.
        limits: What else is known of where it fails, a sentence each.
        day: When it was made; today if None.

    Returns:
        Markdown, one blank line between its parts.

    Raises:
        InputError: if there are fewer than two classes, or none was tested.

    Example:
        >>> classes = [{"name": "key", "train": 80, "test": 20, "right": 20},
        ...            {"name": "mug", "train": 80, "test": 20, "right": 19}]
        >>> card = model_card("things", classes, "My own.", "EfficientNet-Lite0")
        >>> print(card.splitlines()[10][:64])
        39 of 40 pictures that were kept apart were named rightly: 97.5%

    Source: Mitchell and others, 2019, https://arxiv.org/abs/1810.03993.
    """
    tested = [one for one in classes if one["test"]]
    if len(classes) < 2 or not tested:
        raise InputError(
            "expected two classes or more, of which some were tested, found "
            f"{len(classes)}, {len(tested)} of them tested. Count the answers first."
        )
    right, of = (sum(one[key] for one in classes) for key in ("right", "test"))
    learned = sum(one["train"] for one in classes)
    weakest = min(tested, key=lambda one: one["right"] / one["test"])
    few = [quoted(one["name"]) for one in classes if one["test"] < FEW]
    known = [
        "These figures hold for pictures of the kind that it learned from. With others "
        "(another camera, another place, another hand that draws) it may be right less "
        "often.",
        f"It has {len(classes)} words. Whatever else it is shown gets one of them.",
    ]
    if weakest["right"] < weakest["test"]:
        known.append(
            f"Weakest is {_plain(quoted(weakest['name']))}: {_counted(weakest)}."
        )
    if few:
        known.append(
            f"Tested with fewer than {FEW} pictures: {_plain(', '.join(few))}."
        )
    rows = [
        f"| {_plain(short(one['name']))} | {one['train']:,} | {_told(one)} |"
        for one in classes
    ]
    date = (day or datetime.date.today()).isoformat()
    parts = [
        f"# {_plain(short(name))}",
        f"A classifier of pictures, made on {date}.",
        "## What it is for",
        purpose,
        "## How good it is",
        f"{right:,} of {of:,} pictures that were kept apart were named rightly: "
        f"{percent(right / of)}, and with other pictures of this kind "
        f"{_between(right, of)}, in 95 of 100 cases.",
        "\n".join(
            ["| class | learned from | tested, kept apart |", "|---|--:|---|", *rows]
        ),
        "## Where that ends",
        "\n".join(f"- {sentence}" for sentence in (*known, *limits)),
        "## What it was made from",
        f"{learned:,} pictures to learn from, {of:,} to test with. {pictures}",
        f"{network}, trained on ImageNet and left as it was, turns a picture into "
        "features; a head on these has learned the classes.",
        "## Licences",
        f"- Network: {NETWORK_RIGHTS}.\n- Pictures: {rights}",
    ]
    return "\n\n".join(parts) + "\n"


def _told(one: Mapping) -> str:
    return _counted(one) if one["test"] else "not tested"


def _counted(one: Mapping) -> str:
    between = _between(one["right"], one["test"])
    return f"{one['right']:,} of {one['test']:,} right, {between}"


def _between(right: int, of: int) -> str:
    low, high = map(percent, accuracy_interval(right, of))
    return f"between {low} and {high}"


def _plain(text: str) -> str:
    """A name as Markdown shows it: whatever is in it, letter by letter."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&-])", r"\\\1", text)
