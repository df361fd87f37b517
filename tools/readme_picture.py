"""Draw README's picture: what the classifier of lesson 6 answers about drawn pets.

    python -m tools.readme_picture

Six of the test pictures, by chance (seed 0), and the two mistakes that it is surest of.
It never saw one of them. What the picture shows stands in the file too, as README's
alternative text; a test compares them.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from helpers.errors import InputError
from helpers.plumbing import ROOT, run, whole_file
from helpers.start import quietly

PICTURE = ROOT / "notebooks" / "pictures" / "answers.png"
MOST_BYTES = 60_000
BY_CHANCE, MISTAKES = 6, 2


def choose(true: np.ndarray, probabilities: np.ndarray) -> list[int]:
    """Which test pictures are shown: some by chance, then the surest mistakes.

    Args:
        true: Class numbers, of shape (pictures,).
        probabilities: What the model answers, of shape (pictures, classes), 0 to 1.

    Returns:
        Six places by chance, then up to two of mistakes that are not among them.

    Example:
        >>> true = np.zeros(20, int)
        >>> answers = np.tile([0.9, 0.1], (20, 1))
        >>> answers[3] = 0.2, 0.8
        >>> chosen = choose(true, answers)
        >>> len(chosen), int(chosen[-1])
        (7, 3)
    """
    chance = np.random.default_rng(0).choice(len(true), BY_CHANCE, replace=False)
    wrong = np.flatnonzero(probabilities.argmax(axis=-1) != true)
    surest = sorted(wrong, key=lambda place: -probabilities[place].max())
    return [*chance, *[place for place in surest if place not in chance][:MISTAKES]]


def alternative(answers: list[tuple[str, str, float]], n_wrong: int, n: int) -> str:
    """What the picture shows, for those who cannot see it.

    Args:
        answers: For each picture what it is, what the classifier says and how surely,
            0 to 1.
        n_wrong: How many mistakes it makes on the whole test set.
        n: How many pictures that has.

    Example:
        >>> alternative([("cat", "cat", 0.987), ("cat", "dog", 0.71)], 9, 400)
        'A cat: cat 99%. A cat: dog 71%, wrong. 9 of 400 answers are wrong.'
    """
    told = [
        f"A {true}: {said} {sure:.0%}{'' if said == true else ', wrong'}."
        for true, said, sure in answers
    ]
    return " ".join([*told, f"{n_wrong} of {n} answers are wrong."])


def store(picture: Image.Image, notes: dict[str, str], path: Path) -> None:
    """Store a picture as a small PNG of 64 colors that says what it shows.

    Args:
        picture: Any picture.
        notes: What goes with it; `Description` is its alternative text.
        path: Where to.

    Raises:
        InputError: if it is larger than README's reader should wait for.
    """
    stored, told = io.BytesIO(), PngImagePlugin.PngInfo()
    for name, text in notes.items():
        told.add_text(name, text)
    few = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
    few.save(stored, format="png", optimize=True, pnginfo=told)
    if stored.tell() > MOST_BYTES:
        raise InputError(
            f"expected at most {MOST_BYTES:,} bytes, found {stored.tell():,}. Show "
            "fewer pictures, or smaller ones."
        )
    with whole_file(path) as unfinished:
        unfinished.write_bytes(stored.getvalue())


def _main() -> None:
    with quietly():
        import matplotlib.pyplot as plt

        from helpers.classifier import open_classifier
        from helpers.figures import STYLE, picture_grid
        from helpers.picture_sets import open_pictures

    classifier = open_classifier()
    class_names = classifier.class_names
    paths, true = open_pictures("drawn").test_set()
    pixels = np.stack([classifier.read(path) for path in paths])
    probabilities = classifier.model.predict(pixels, verbose=0)  # (pictures, 2)
    said = probabilities.argmax(axis=-1)
    chosen = choose(true, probabilities)
    answers = [
        (class_names[true[i]], class_names[said[i]], float(probabilities[i].max()))
        for i in chosen
    ]
    titles = [
        f"{name} {sure:.0%}" if name == is_a else f"✗ {name} {sure:.0%} (a {is_a})"
        for is_a, name, sure in answers
    ]
    with plt.style.context(STYLE):
        figure = picture_grid([pixels[i] for i in chosen], titles, columns=4)
        for ax, (is_a, name, _) in zip(figure.axes, answers, strict=False):
            ax.title.set_color("black" if name == is_a else "#D55E00")
        text = alternative(answers, int((said != true).sum()), len(true))
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=90)
        store(Image.open(drawn), {"Description": text}, PICTURE)
    print(f"{PICTURE}: {PICTURE.stat().st_size:,} bytes\n{text}")


if __name__ == "__main__":
    run(_main)
