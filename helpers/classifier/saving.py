"""A trained classifier on disk: one file, whole or not there."""

from __future__ import annotations

import contextlib
import datetime
import json
import random
import re
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keras
import tensorflow as tf

from helpers.accuracy import accuracy_interval
from helpers.classifier.claims import refuse_boasting
from helpers.classifier.forms import output_kind, picture_size
from helpers.classifier.known import Known, read_known
from helpers.classifier.naming import Classifier
from helpers.classifier_file import (
    AGAIN,
    FORMAT,
    KNOWN,
    SAME_SOURCE,
    add_members,
    check_class_names,
    leave_out_later,
    model_path,
    plain,
    read_record,
)
from helpers.errors import InputError
from helpers.pictures import shown
from helpers.plumbing import PYTHON, ROOT, explained, locked, printable, whole_file

LAMBDA = "`Lambda` layer"  # so Keras calls one that it refuses
OURS = ("format", "class_names", "outputs", "reading", "versions", "saved", "members")


def save_classifier(
    model: keras.Model,
    class_names: Sequence[str],
    path: Path | str | None = None,
    crop: bool = False,
    outputs: str | None = None,
    known: Known | None = None,
    **facts: object,
) -> Path:
    """Save a model together with the names of its classes, in one file.

    The names go into the `.keras` file itself, because a model on its own only knows
    class 0 and class 1. With them goes how pictures are to be read, how good the
    classifier is, and what it was made from. Keras opens the file like any other; a
    classifier of this project's base and head, Keras 3.5 and all that came later.

    A classifier that stands there already is replaced if it has the same classes and
    was made from the same source (`made_by`, `pictures`, `data`), as by a lesson that
    is run again. Any other is kept beside it, and a line says under which name.

    Args:
        model: The model; it takes raw pixels, 0 to 255.
        class_names: A name for each class number, in order.
        path: Where to save it; the name ends in `.keras`. None for lesson 6's place.
        crop: Whether pictures were cropped, not squeezed, to the model's size.
        outputs: What the model ends in: `"softmax"`, `"sigmoid"` or `"logits"`. None
            to look at its last layer.
        known: What the training pictures looked like, from `fit_known`;
            then the model is a `base` and a `head`, as `helpers.heads.join` makes it.
        facts: What else is worth keeping: `accuracy` (0 to 1) and `n_pictures`, from
            which its interval follows; `made_by`, `pictures` and `data` (a digest),
            which tell the source; and what you like.

    Returns:
        The path of the file.

    Raises:
        InputError: if a name, a fact or the model is not of the right kind, if its
            weights are no numbers that one can compute with, if nobody could open the
            file (a layer or a loss of one's own, a Lambda layer), or the disk is full.
            What was there before is then still there.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> inputs = keras.Input((8, 8, 3))
        >>> x = keras.layers.GlobalAveragePooling2D()(inputs)
        >>> model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(x))
        >>> with TemporaryDirectory() as folder:
        ...     path = save_classifier(model, ["cat", "dog"], Path(folder, "a.keras"))
        ...     load_classifier(path)[1]
        ['cat', 'dog']
    """
    path = model_path() if path is None else Path(path)
    if path.suffix != ".keras":
        raise InputError(
            f"expected a name that ends in .keras, found {path.name!r}: "
            "Keras 3 saves whole models in no other format that it can read safely."
        )
    class_names = check_class_names(class_names, "save_classifier")
    record = {"outputs": outputs} if outputs else {}
    Classifier(model, class_names, record, known)  # checks that they fit
    record = {
        "format": FORMAT,
        "class_names": class_names,
        "outputs": outputs or output_kind(model),
        "reading": {
            "size": picture_size(model),
            "crop": bool(crop),
            "resize": "bilinear",
            "range": [0, 255],
        },
        "versions": _versions(),
        "saved": datetime.date.today(),
        **_with_interval(facts),
    }
    record = {name: plain(value, name) for name, value in record.items()}
    with explained(path), locked(path), whole_file(path) as unfinished:
        try:
            model.save(unfinished)
        except (NotImplementedError, TypeError, ValueError) as error:
            raise _only_here(error) from error
        leave_out_later(unfinished)
        if known:
            known.save(unfinished.with_name(KNOWN))
        add_members(unfinished, record, unfinished.with_name(KNOWN) if known else None)
        _try_elsewhere(unfinished)
        before = _keep_earlier(path, record)
    if "sha256" in before:  # a pair of the first kind: its other half is done with
        path.with_suffix(".json").unlink()
    return path


def load_classifier(path: Path | str | None = None) -> tuple[keras.Model, list[str]]:
    """Load the model that `save_classifier` saved, and the names of its classes.

    Args:
        path: The classifier's file. None for lesson 6's.

    Returns:
        The model and the names of its classes.

    Raises:
        InputError: as `open_classifier`.

    Example:
        >>> load_classifier("pets.keras")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a saved classifier, found no pets.keras. ...
    """
    classifier = open_classifier(path)
    return classifier.model, list(classifier.class_names)


def open_classifier(path: Path | str | None = None) -> Classifier:
    """Open what `save_classifier` saved. Nothing in the file can run code.

    Args:
        path: The classifier's file. None for lesson 6's. One of the first kind, with
            its names in a JSON file beside it, opens as well.

    Returns:
        The classifier, to be asked by `name_pictures`.

    Raises:
        InputError: if the file is missing or damaged, if Keras cannot load it, the
            names do not fit the model, or its weights are no numbers.

    Example:
        >>> open_classifier("pets.keras")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a saved classifier, found no pets.keras. ...
    """
    path = model_path() if path is None else Path(path)
    record = read_record(path)
    try:
        refuse_boasting(path)
        model = keras.models.load_model(path, safe_mode=True)
    except InputError:
        raise
    except Exception as error:  # Keras raises many kinds; what helps is the same
        raise InputError(_not_loaded(path, error)) from error
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
        known = read_known(archive.read(KNOWN), path.name) if KNOWN in members else None
    try:
        return Classifier(model, record["class_names"], record, known)
    except InputError as error:
        raise InputError(f"{shown(path)}: {error}") from error


def _try_elsewhere(path: Path) -> None:
    """Open a file as somebody would who knows Keras alone, before it is kept.

    Layers of one's own that are registered here are not known there; those of a scope
    are left out by the thread. What is made of Keras's own parts is not tried, since
    opening a backbone takes seconds.
    """
    with zipfile.ZipFile(path) as archive:
        parts = list(_parts(json.loads(archive.read("config.json"))))
    if all(_is_of_keras(part) for part in parts):
        return
    registered, drawn = keras.saving.get_custom_objects(), random.getstate()
    ours = dict(registered)
    registered.clear()
    try:
        with ThreadPoolExecutor(1) as apart:
            apart.submit(open_classifier, path).result()
    except InputError as error:
        raise _only_here(error.__cause__ or error) from error
    finally:
        registered.update(ours)
        random.setstate(drawn)  # what is drawn next does not depend on this


def _parts(config: object) -> Iterator[dict]:
    """Whatever in the description of a model names a class or a function."""
    if isinstance(config, dict):
        if "class_name" in config:
            yield config
        config = list(config.values())
    if isinstance(config, list):
        for inside in config:
            yield from _parts(inside)


def _is_of_keras(part: dict) -> bool:
    if part["class_name"] == "__keras_tensor__":  # from where a layer takes its input
        return True
    of_keras = f"{part.get('module')}.".startswith("keras.")
    registered = ">" in (part.get("registered_name") or "")
    return of_keras and not registered and part["class_name"] != "Lambda"


def _only_here(error: BaseException) -> InputError:
    said = str(error)
    own = re.search(r"Could not locate (\w+ '[^'\n]{1,80}')", said)
    found = f"the {own[1]} of your own" if own else "what Keras cannot read back"
    if LAMBDA in said:
        found = "a Lambda layer, whose Python would run unseen"
    return InputError(
        f"expected a model that anybody can open, found in it {found}. Build and "
        "compile it of what Keras has (keras.layers, keras.ops, keras.losses), and "
        "save that; nothing was saved."
    )


def _with_interval(facts: dict) -> dict:
    taken = sorted(set(facts) & {*OURS, "accuracy_interval"})
    if taken:
        raise InputError(
            f"expected facts of your own, found {taken[0]}, which save_classifier "
            "writes itself. Give it another name."
        )
    accuracy, of = facts.get("accuracy"), facts.get("n_pictures")
    if accuracy is None or of is None:
        return facts
    try:
        interval = accuracy_interval(round(float(accuracy) * float(of)), of)
    except (TypeError, ValueError) as error:  # an InputError is a ValueError
        raise InputError(
            "expected accuracy, 0 to 1, and n_pictures, 1 or more, found "
            f"{accuracy!r:.40} and {of!r:.40}. Nothing was saved."
        ) from error
    return {**facts, "accuracy_interval": interval}


def _versions() -> dict[str, str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = re.search(r'^version = "(.+)"', text, re.MULTILINE)[1]
    return {
        "keras": keras.__version__,
        "tensorflow": tf.__version__,
        "project": project,
    }


def _keep_earlier(path: Path, record: dict) -> dict:
    # The last step before the new file takes the place: until then nothing has moved.
    try:
        earlier = read_record(path)
    except InputError:  # damaged, or somebody else's: all the more to be kept
        earlier = {}
    again = any(record.get(name) for name in SAME_SOURCE) and all(
        earlier.get(name) == record.get(name) for name in ("class_names", *SAME_SOURCE)
    )
    if again or not path.exists():
        return earlier
    day = datetime.date.fromtimestamp(path.stat().st_mtime)
    number = 1
    while (kept := path.with_name(f"{path.stem}.{day}-{number}.keras")).exists():
        number += 1
    for suffix in (".keras", ".json") if "sha256" in earlier else (".keras",):
        with whole_file(kept.with_suffix(suffix)) as copy:
            shutil.copy2(path.with_suffix(suffix), copy)
    print(f"The classifier that was in {path.name} is kept as {kept.name}.")
    return earlier


def _not_loaded(path: Path, error: Exception) -> str:
    here, there = keras.__version__, _saved_with(path)
    if _numbers(there) > _numbers(here):
        return (
            f"{shown(path)} was saved with Keras {there}; this is Keras {here}, which "
            f'cannot read it. Run: {PYTHON} -m pip install --upgrade "keras>={there}"'
        )
    if LAMBDA in str(error):
        return (
            f"{shown(path)} holds a Lambda layer, whose Python would run unseen: it is "
            "not opened. Ask whoever made it for one of Keras's own layers."
        )
    lines = str(error).splitlines() or [type(error).__name__]
    return (
        f"Keras {here} cannot load {shown(path)}: {printable(lines[0][:300])} {AGAIN}"
    )


def _saved_with(path: Path) -> str:
    with contextlib.suppress(Exception), zipfile.ZipFile(path) as archive:
        version = str(json.loads(archive.read("metadata.json"))["keras_version"])
        return printable(version[:20])
    return ""


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
