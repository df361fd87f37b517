"""A report that a learner opens in a browser: how good the classifier is, and why.

One HTML file with everything in it: no program, no address, nothing that is fetched.
Beside it lie the same facts as JSON, for whoever wants to count with them.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import jinja2

from helpers.errors import InputError
from helpers.plumbing import read_json, whole_file
from helpers.teaching.advice import (
    accuracy_sentence,
    by_recall,
    more_pictures,
    most_confused,
    percent,
    plural,
    short,
)

FEW_CLASSES = 12  # a table of so many columns can be read at once
MOST_PICTURES = 24  # of the mistakes, and of the doubtful labels
MOST_BYTES = 600_000  # of pictures in each of the two
MOST_ROWS = 100  # of a list
MOST_PAIRS = 10  # of classes that are mixed up
Thumbnails = Callable[[str], bytes | None]


def write_report(facts: dict, thumbnails: Thumbnails, path: Path) -> Path:
    """Write what a training found as one HTML file, and the facts as JSON beside it.

    Args:
        facts: What was counted, chosen, tried and found, in JSON's own types; see
            `tests/helpers/teaching/test_report.py` for one of each. Shares and
            probabilities are 0 to 1.
        thumbnails: Gives a small picture, a JPEG file's bytes, for the relative path
            of a picture in `facts`, or None if it cannot be read. It is asked for those
            that are shown and for no others.
        path: Where the report goes; the name ends in .html. An earlier report there is
            replaced.

    Returns:
        The path.

    Raises:
        InputError: if the name does not end in .html, a file that is no report stands
            at one of the two places, or the disk is full.
        TypeError: if there is something in `facts` that JSON does not know; nothing was
            written. So ValueError, for a number that is none (NaN).

    Example:
        >>> write_report({}, lambda picture: None, Path("mugs.pdf"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a name that ends in .html, found 'mugs...
    """
    path = Path(path)
    beside = path.with_suffix(".json")
    if path.suffix != ".html":
        raise InputError(
            f"expected a name that ends in .html, found {path.name!r}. Add the ending."
        )
    refuse_others(path)
    record = json.dumps(facts, indent=2, allow_nan=False) + "\n"
    page = _template().render(
        facts=facts,
        headline=accuracy_sentence(facts),
        weakest_first=by_recall(facts),
        confused=most_confused(facts),
        mistakes=_with_pictures(facts["mistakes"], thumbnails),
        doubtful=_with_pictures(facts["doubtful_labels"], thumbnails),
        growing=more_pictures(facts),
        curve=draw_curve(facts["learning_curve"]),
        record=beside.name,
        few_classes=FEW_CLASSES,
        most_pairs=MOST_PAIRS,
        most_rows=MOST_ROWS,
    )
    with whole_file(beside) as unfinished:
        unfinished.write_text(record, encoding="utf-8")
    # A file's name may hold bytes that are no text; they are shown by their numbers.
    content = page.encode("utf-8", "backslashreplace")
    with whole_file(path) as unfinished:
        unfinished.write_bytes(content)
    return path


def draw_curve(points: Sequence[dict]) -> dict | None:
    """Where the lines of a learning curve go, in a drawing of 360 by 240 units.

    Numbers of pictures are spaced by how many times more they are, since that is what
    counts. The accuracy goes from a round number below the lowest to 100%.

    Args:
        points: `pictures`, `accuracy`, `low` and `high` of each, by number of pictures.

    Returns:
        The line and its band as SVG's `points`, the dots, and the places and texts of
        both axes' ticks; None without points.

    Example:
        >>> both = {"low": 0.8, "high": 0.9}
        >>> curve = draw_curve([{"pictures": 20, "accuracy": 0.85, **both},
        ...                     {"pictures": 80, "accuracy": 0.9, **both}])
        >>> curve["line"]
        '52.0,148.8 344.0,102.5'
        >>> [text for _, text in curve["y_ticks"]]
        ['100%', '95%', '90%', '85%', '80%']
    """
    if not points:
        return None
    left, right, top, bottom = 52.0, 344.0, 10.0, 195.0
    floor = min(90, 10 * math.floor(10 * min(p["low"] for p in points)))  # percent
    step = 5 if floor >= 80 else 10 if floor >= 50 else 20
    first, last = (math.log(points[place]["pictures"]) for place in (0, -1))

    def x(pictures: int) -> float:
        share = (math.log(pictures) - first) / (last - first) if last > first else 0.5
        return left + share * (right - left)

    def y(accuracy: float) -> float:
        return top + (100 - 100 * accuracy) / (100 - floor) * (bottom - top)

    def line(corners: Sequence[tuple[int, float]]) -> str:
        return " ".join(f"{x(p):.1f},{y(accuracy):.1f}" for p, accuracy in corners)

    x_ticks: list[tuple[float, str]] = []
    for p in reversed(points):  # the largest is always named
        if not x_ticks or x_ticks[-1][0] - x(p["pictures"]) > 34:
            x_ticks.append((x(p["pictures"]), f"{p['pictures']:,}"))
    band = [(p["pictures"], p["high"]) for p in points]
    band += [(p["pictures"], p["low"]) for p in reversed(points)]
    return {
        "line": line([(p["pictures"], p["accuracy"]) for p in points]),
        "band": line(band),
        "dots": [
            (x(p["pictures"]), y(p["accuracy"]), y(p["low"]), y(p["high"]))
            for p in points
        ],
        "x_ticks": x_ticks,
        "y_ticks": [(y(p / 100), f"{p}%") for p in range(100, floor - 1, -step)],
    }


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,  # a missing fact is an error, not a blank
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(percent=percent, plural=plural, short=short)
    return environment.get_template("report.html.j2")


def _with_pictures(entries: Sequence[dict], thumbnails: Thumbnails) -> list[dict]:
    """The first entries, each with `image`, an address that holds the whole picture."""
    shown, size = [], 0
    for entry in entries[:MOST_PICTURES]:
        jpeg = thumbnails(entry["picture"])
        if shown and size + len(jpeg or b"") > MOST_BYTES:
            break
        size += len(jpeg or b"")
        data = jpeg and base64.b64encode(jpeg).decode("ascii")
        shown.append({**entry, "image": data and f"data:image/jpeg;base64,{data}"})
    return shown


def refuse_others(path: Path) -> None:
    """Make sure that a report can go to `path`: nothing is there, or an earlier one.

    Args:
        path: Where the report goes; its facts and the card go beside it.

    Raises:
        InputError: if something else is there, such as a page that a learner wrote.

    Example:
        >>> refuse_others(Path("no_such_folder", "mugs.html"))
    """
    # The record of a report has a confusion table; a classifier's of the same name,
    # or a page that a learner wrote, has none beside it.
    beside = path.with_suffix(".json")
    facts = read_json(beside)
    ours = isinstance(facts, dict) and "confusion" in facts
    for place in (beside, path, path.with_suffix(".md")):
        if place.exists() and not ours:
            raise InputError(
                f"expected no file, or an earlier report, at {place}, found something "
                "else. Nothing was touched: move it away, or name another place "
                "(--name)."
            )
