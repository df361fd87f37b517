"""What `data_scripts.make_page` does, and what it says on the way."""

from __future__ import annotations

import base64
import datetime
import hashlib
import itertools
import re
from pathlib import Path

import numpy as np

from helpers.accuracy import accuracy_interval
from helpers.classifier import Classifier, open_classifier
from helpers.classifier_file import model_path
from helpers.errors import InputError
from helpers.features import CACHE
from helpers.page.examples import MOST, Examples, find_examples
from helpers.page.network import network
from helpers.page.splitting import Dense, split
from helpers.page_file import PARTS, pack, page_parts
from helpers.plumbing import DATA, ROOT, explained, locked, shown, whole_file

NEIGHBORS = 5  # as `helpers.classifier.known` compares
STRENGTH = 1.0  # scikit-learn's C, for a classifier that does not tell of its own
# The last line of a page: the digest of all before, and of what it was made from.
MARK = re.compile(rb"\n<!-- made by make_page: ([0-9a-f]{64}) ([0-9a-f]{64}) -->\n\Z")


def make_page(
    path: Path | str | None = None,
    folder: Path | str | None = None,
    thumbnails: bool = False,
    cache: Path | str = CACHE,
    parts: Path = PARTS,
    language: str = "en",
) -> Path:
    """Make one HTML file of a classifier: it names pictures, and learns.

    A page of the same classifier is replaced. One of another classifier that has this
    name is kept beside it; what somebody has changed is never touched.

    Args:
        path: The classifier's file. None for lesson 6's.
        folder: Where the pictures are that it learned from; None to look where they
            were.
        thumbnails: Whether small copies of them go into the page. Drawn pets do in any
            case.
        cache: Where features are kept, as for `helpers.features.compute_features`.
        parts: Where `tools.page_parts` installed the packages.
        language: Of the words on the page: `"en"` or `"zh"`.

    Returns:
        The path of the page.

    Raises:
        InputError: if the classifier cannot be opened or is not made of a base and a
            head, the packages are not installed, something that is not ours stands in
            the place, or the disk is full.

    Example:
        >>> make_page("pets.keras", parts=Path("no_such_folder"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: the page needs ONNX Runtime for the web and ...
    """
    page_parts(parts)  # now, not after the work; so with what stands in the place
    path = model_path() if path is None else Path(path)
    page = _pages() / f"{path.stem}.html"
    source_in(page)
    classifier = open_classifier(path)
    base, head = split(classifier)
    onnx = network(base)
    folder = None if folder is None else Path(folder)
    examples = find_examples(classifier, base, head, folder, thumbnails, cache)
    told = describe(classifier, path.stem, head, examples)
    text = pack(told, onnx, parts, language=language)
    source = source_of(classifier)
    with locked(page):
        if source_in(page) not in (None, source):
            _keep(page)
        with whole_file(page) as unfinished:
            unfinished.write_bytes(marked(text, source))
    for line in what_is_in_it(page, examples):
        print(line)
    return page


def describe(
    classifier: Classifier, name: str, head: list[Dense], examples: Examples
) -> dict:
    """What the page knows: a `Classifier` as `script/types.js` describes it.

    Args:
        classifier: From `helpers.classifier.open_classifier`.
        name: What the page is called.
        head: From `split`.
        examples: From `find_examples`.

    Returns:
        Texts, numbers and lists; arrays as base64 of little-endian float32.
    """
    record = classifier.record
    hidden, last = head[:-1], head[-1]
    return {
        "format": 1,
        "name": name,
        "class_names": list(classifier.class_names),
        "image_size": list(classifier.model.input_shape[1:3]),
        "cropped": bool(record.get("reading", {}).get("crop", False)),
        "n_features": examples.features.shape[1],
        "regularization": float(record.get("strength") or STRENGTH),
        "head": {
            "hidden": [
                {
                    "weights": floats(layer.weights),
                    "bias": floats(layer.bias),
                    "activation": layer.activation,
                }
                for layer in hidden
            ],
            "weights": floats(last.weights),
            "bias": floats(last.bias),
        },
        "unknown": _unknown(classifier, examples),
        "accuracy": _accuracy(record),
        "examples": {
            "labels": examples.labels.tolist(),
            "parts": ["test" if test else "train" for test in examples.in_test],
            "names": [_text(name) for name in examples.names],
            "features": floats(examples.features),
            "thumbnails": examples.thumbnails,
        },
        "note": examples.note,
    }


def floats(numbers: np.ndarray) -> str:
    """Numbers as the page reads them: base64 of little-endian float32, row by row.

    Example:
        >>> floats(np.array([[1.0, 0.5]]))
        'AACAPwAAAD8='
    """
    return base64.b64encode(np.asarray(numbers, "<f4").tobytes()).decode("ascii")


def what_is_in_it(page: Path, examples: Examples) -> list[str]:
    """Tell where the page is, and what of the learner's goes out with it.

    Args:
        page: Its path.
        examples: What is in it.

    Returns:
        Lines for a terminal.
    """
    size = page.stat().st_size / 1e6
    place = page.relative_to(ROOT) if page.is_relative_to(ROOT) else page
    lines = [f"{shown(place)} ({size:.0f} MB): open it in a browser."]
    number, test = len(examples.names), int(examples.in_test.sum())
    if not number:
        lines.append(
            f"{examples.note} So it names pictures, and learns from those alone that "
            "are added in it. If they are in another folder: --pictures FOLDER."
        )
        return lines
    if examples.note:
        lines.append(examples.note)
    lines.append(
        f"In it: features and file names of {number} pictures, {test} of them held "
        f"apart to test with{_at_most(examples)}."
    )
    if any(examples.thumbnails):
        yours = "" if examples.drawn else " Whoever has the page sees them."
        lines.append(f"In it, too: small copies of these pictures.{yours}")
    else:
        lines.append(
            "Small copies of your pictures are not in it. If whoever gets the page may "
            "see them: --thumbnails."
        )
    return lines


def source_in(page: Path) -> str | None:
    """What the page in a place was made from; whatever is not ours is refused.

    Args:
        page: The place.

    Returns:
        What `marked` wrote, or None if nothing is there.

    Raises:
        InputError: if something else is there, or somebody has changed the page.

    Example:
        >>> source_in(Path("no_such_folder", "mugs.html"))
    """
    if not page.exists():
        return None
    with explained(page):
        data = page.read_bytes()
    mark = MARK.search(data)
    if mark and hashlib.sha256(data[: mark.start()]).hexdigest() == mark[1].decode():
        return mark[2].decode()
    raise InputError(
        f"expected no file, or a page as it was made, at {shown(page)}, found another "
        "one, or one that somebody has changed. Nothing was touched: move it away, or "
        "give it another name."
    )


def marked(text: str, source: str) -> bytes:
    """A page with its last line, by which it is known that nobody has changed it.

    Args:
        text: The page.
        source: What it was made from, 64 hexadecimal digits.
    """
    data = text.rstrip("\n").encode("utf-8")
    digest = hashlib.sha256(data).hexdigest()
    return data + f"\n<!-- made by make_page: {digest} {source} -->\n".encode()


def source_of(classifier: Classifier) -> str:
    """A digest of what a classifier was made from, the same when it is trained anew."""
    record = classifier.record
    known = [record.get(name) for name in ("made_by", "pictures", "data")]
    told = repr((list(classifier.class_names), known))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _keep(page: Path) -> None:
    """Give the page of another classifier a name of its own."""
    day = datetime.date.fromtimestamp(page.stat().st_mtime)
    for number in itertools.count(1):
        kept = page.with_name(f"{page.stem}.{day}-{number}.html")
        if not kept.exists():
            break
    page.replace(kept)
    print(f"The page that was in {page.name} is kept as {kept.name}.")


def _pages() -> Path:
    """Where pages go: beside the folder of classifiers, or into one that was named."""
    models = model_path().parent
    return models.with_name("pages") if models == DATA / "models" else models


def _unknown(classifier: Classifier, examples: Examples) -> dict | None:
    known = classifier.known
    if known is None:
        return None
    learned = int((~examples.in_test).sum())
    return {
        "neighbors": NEIGHBORS,
        "threshold": known.threshold,
        "pictures": None if learned == len(known.pictures) else floats(known.pictures),
    }


def _accuracy(record: dict) -> dict | None:
    accuracy, of = record.get("accuracy"), record.get("n_pictures")
    if accuracy is None or not of:
        return None
    right = round(float(accuracy) * int(of))
    low, high = accuracy_interval(right, int(of))
    return {"right": right, "of": int(of), "low": low, "high": high}


def _at_most(examples: Examples) -> str:
    full = max(examples.in_test.sum(), (~examples.in_test).sum()) >= MOST
    return f" (of more than {MOST} in a part, so many)" if full else ""


def _text(name: str) -> str:
    """A file's name, whose bytes may be no text: those are shown by their numbers."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
