"""Several lessons in a row: as a learner runs them, and to measure what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpers.classifier_file import model_path, read_record
from helpers.plumbing import ROOT, lessons_in
from tools.lessons.budgets import BUDGETS, over_budget, read_budgets, record
from tools.lessons.first_run import project_copy
from tools.lessons.pictures import choose_pictures
from tools.lessons.runs import Result, run_lesson, table
from tools.lessons.sources import NOTEBOOKS, chosen, short

BUILD = ROOT / "build"
CORE = 7  # the last lesson that a first run needs; what follows is opened one by one


def learn(
    numbers: Sequence[str],
    photos: str | None,
    offline: bool,
    language: str | None = None,
) -> list[Result]:
    """Run lessons on the learner's pictures and say what came of it.

    Args:
        numbers: Of lessons; none for 0 to 7, after which the classifier stands.
        photos: An archive, an address or a folder, or None.
        offline: Fetch no photographs.
        language: Such as `zh_CN`; None for English.

    Returns:
        How each lesson went.

    Raises:
        InputError: if there is no such lesson, or there are no such photographs.
    """
    lessons, build = NOTEBOOKS, BUILD
    if language:
        lessons = lessons_in(language)
        build = BUILD / lessons.name
    notebooks = _notebooks(numbers, lessons)
    if not numbers:
        notebooks = [n for n in notebooks if int(n.stem[:2]) <= CORE]
    pictures = choose_pictures(photos, offline)
    classifier = model_path()
    before = _changed(classifier)
    results = [run_lesson(notebook, build, pictures) for notebook in notebooks]
    print(f"\n{table(results)}")
    for sentence in over_budget(results, read_budgets()):
        print(sentence)
    for result in results:
        if result.doubt:
            print(
                f"\n{result.lesson}: its check does not hold on these photographs: "
                f"{result.doubt}\nThe lesson tells of drawn pets; yours may be harder, "
                "or easier. What it says of them may differ, too."
            )
    if _changed(classifier) != before:
        print(f"\n{classifier_sentence(classifier)}")
    _tell_faults(results)
    return results


def measure(numbers: Sequence[str]) -> list[Result]:
    """Measure what lessons cost at a first run, and record it if all went well.

    Args:
        numbers: Of lessons; none for all.

    Returns:
        How each lesson went.
    """
    notebooks = _notebooks(numbers, NOTEBOOKS)
    # A lesson that is not the first finds the drawn pets, as its reader will.
    first = notebooks[0] == _notebooks([], NOTEBOOKS)[0]
    with project_copy(("weights",) if first else ("weights", "drawn")) as folder:
        results = [run_lesson(folder / n.name, BUILD, "drawn") for n in notebooks]
    print(f"\n{table(results)}")
    _tell_faults(results)
    if not any(result.fault for result in results):
        record(results)
        print(f"\nrecorded in {short(BUDGETS)}")
    return results


def _notebooks(numbers: Sequence[str], lessons: Path) -> list[Path]:
    return chosen(numbers, list(lessons.glob("[0-9][0-9]_*.ipynb")))


def _tell_faults(results: Sequence[Result]) -> None:
    for result in results:
        if result.fault:
            print(f"\n{result.lesson} stopped at {result.fault}")


def classifier_sentence(model: Path) -> str:
    """What the learner holds now, from what lesson 6 recorded with its model.

    Args:
        model: The `.keras` file. Its record has `accuracy` (0 to 1) and `n_pictures`.
    """
    facts = read_record(model)
    return (
        f"your classifier: {facts['accuracy']:.1%} on {facts['n_pictures']} pictures "
        f"it never saw; saved as {short(model)}"
    )


def _changed(model: Path) -> int | None:
    return model.stat().st_mtime_ns if model.is_file() else None
