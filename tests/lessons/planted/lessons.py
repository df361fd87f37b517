"""What may be false in a lesson: its words, numbers, checks, figures and exemptions."""

import functools
import tempfile
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt

from helpers.ties import find_ties, prose, untrue
from tests.lessons.planted import Planted
from tools.lessons.exempt import exempt_faults
from tools.lessons.notebooks import code_cells
from tools.lessons.spoiled import cannot_fail
from tools.lessons.unproven import asserted, unproven

LESSON = Path(__file__).with_name("lesson.txt").read_text(encoding="utf-8")


def read(text):
    """What is refused without a run."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "08_add_numbers.py"
        source.write_text(text, encoding="utf-8")
        return unproven(source)


@functools.cache
def names():
    """What the lesson's cells give: of the true lesson, for its words are planted."""
    return _run(LESSON)


def _run(text):
    found = {}
    for cell in code_cells(jupytext.reads(text, fmt="py:percent")):
        if "compare_text" not in cell.source:
            exec(cell.source, found)
    plt.close("all")
    return found


def run(text):
    """What a run does not bear out."""
    return list(untrue(prose(text), names()))


def spoil(text):
    """What no run could refute."""
    cells = code_cells(jupytext.reads(text, fmt="py:percent"))
    ties = [(tie.claim, tie.expression) for tie in find_ties(prose(text))]
    asserts = [(None, claim) for cell in cells for claim in asserted(cell)]
    return [f"{claim} cannot fail" for claim in cannot_fail(ties + asserts, names())]


def exempt(text):
    """What is not compared, and should be."""
    cells = code_cells(jupytext.reads(text, fmt="py:percent"))
    # In a lesson of ten cells the one exemption is not too many.
    return [f for f in exempt_faults(cells) if "at most one in ten" not in f]


def of_lesson(what, old, new, check, says):
    return Planted(what, LESSON, old, new, check, says)


ADD = "# - Add others."

ROWS = [
    # 1. words
    of_lesson("a word turned round", "total > mean", "total < mean", run, "larger"),
    of_lesson("twice", ADD, "# - It takes twice as long.", read, "'twice'"),
    of_lesson("a third", ADD, "# - It takes a third.", read, "'a third'"),
    of_lesson("thirteen", ADD, "# - Thirteen people.", read, "'thirteen'"),
    of_lesson("four of five", ADD, "# - Four of five are.", read, "'four of'"),
    of_lesson("nine in ten", ADD, "# - About nine in ten.", read, "'nine in'"),
    of_lesson("faster", ADD, "# - It is faster.", read, "'faster'"),
    of_lesson("no faster than", ADD, "# - No faster than a mean.", read, "'than'"),
    of_lesson("fewer", ADD, "# - It makes fewer mistakes.", read, "'fewer'"),
    of_lesson("as good as", ADD, "# - It is as good as ten.", read, "'as good as'"),
    of_lesson("the longest", ADD, "# - It takes the longest.", read, "'longest'"),
    of_lesson("never", ADD, "# - It never fails.", read, "'never'"),
    of_lesson("hardly", ADD, "# - You hardly see it.", read, "'hardly'"),
    of_lesson("because", ADD, "# - It is so because it is.", read, "'because'"),
    of_lesson("in a table", ADD, "# | a |\n# |---|\n# | half |", read, "'half'"),
    of_lesson("a heading", "# ## Try it", "# ## Half of it", read, "'half'"),
    of_lesson("a number as words", "4 times<", "4.5 times<", read, "'4.5'"),
    # 2. ties that say nothing
    of_lesson("a constant", "= len(heights) -", "= 2 + 3 -", read, "names nothing"),
    of_lesson("a module", "= len(heights) -", "= np.pi + 2 -", read, "names nothing"),
    of_lesson("True", "total > mean", "True", read, "names nothing"),
    of_lesson("itself", "total > mean", "total == total", read, "with itself"),
    of_lesson(
        "a tautology",
        "total > mean -->",
        "total > mean or mean >= total -->",
        spoil,
        "total > mean or mean >= total cannot fail",
    ),
    of_lesson("a number for true", "total > mean", "total", run, "expected True or"),
    of_lesson("no about", "about 10<", "and 10<", read, "say “about 10”"),
    of_lesson("a wide band", "ms, 1 -", "ms, 3 -", read, "for 10 a tolerance of 1 at"),
    of_lesson("a wide percentage", "right, 0.03", "right, 0.05", read, "of 0.03 at"),
    of_lesson("over the rival", "0.05, 0.3 -", "0.09, 0.3 -", run, "a fifth of the"),
    of_lesson("bands, swapped", "<!--? right > wrong -->", "", read, "change places"),
    of_lesson("outside the band", "about 80%", "about 90%", run, "expected 90%"),
    of_lesson("half a message", "bounds`<", "bound`<", run, "expected IndexError"),
    of_lesson(
        "a word of it", "`IndexError: index 7 is out of bounds`", "`index`", run, "“"
    ),
    of_lesson("a message", "`<!--= message -->", "`", read, "a message with no tie"),
    of_lesson("an excuse", ADD, "# - It never<!--! so --> fails.", read, "three words"),
    of_lesson("excuses", ADD, f"{ADD}<!--! it is so -->\n" * 9, read, "at most 8"),
    # 3. digits
    of_lesson("another number", "mean is 5.0<", "mean is 6.0<", run, "expected 6.0"),
    of_lesson("40x", ADD, "# - It is 40x that.", read, "'40'"),
    of_lesson("900MB", ADD, "# - It takes 900MB.", read, "'900'"),
    of_lesson("5k", ADD, "# - It takes 5k of them.", read, "'5'"),
    of_lesson("½", ADD, "# - It takes ½ of them.", read, "'½'"),
    of_lesson("a number in a heading", "# ## Try it", "# ## In 40 s", read, "'40'"),
    of_lesson("in bold", ADD, "# - It takes **40** s.", read, "'40'"),
    of_lesson("in code marks", ADD, "# - It takes `0.35`.", read, "'0.35'"),
    of_lesson("a size", ADD, "# - Maps of `6×6`.", read, "'6'"),
    of_lesson("2 of 400", ADD, "# - It was wrong on 2 of them.", read, "'2'"),
    of_lesson("80/20", ADD, "# - Divided 80/20.", read, "'20'"),
    # 5. figures
    of_lesson("a constant text", 'f"A line up to', '"A line up to', read, "a constant"),
    of_lesson(
        "marks by hand",
        "ax.plot(heights,",
        "ax.plot([1, 2, 9],",
        read,
        "nothing computed",
    ),
    # 6. checks
    of_lesson(
        "an assert gone", "assert mean == 5\n", "", read, "has 1 asserts and states 2"
    ),
    of_lesson(
        "an empty assert",
        "assert mean == 5",
        "assert mean == mean",
        spoil,
        "mean == mean cannot fail",
    ),
    of_lesson(
        "an assert with an or",
        "assert mean == 5",
        "assert mean == 5 or len(heights) >= 0",
        spoil,
        "cannot fail",
    ),
    of_lesson(
        "an assert of a pair",
        "assert mean == 5",
        'assert (mean == 6, "mean")',
        spoil,
        "cannot fail",
    ),
    of_lesson(
        "unsupported", "# - The mean is 5.0<!--= mean -->", "# - Means", read, "saw”"
    ),
    # 7. exemptions
    of_lesson(
        "no reason", ' reason="seconds differ between machines"', "", exempt, "a reason"
    ),
    of_lesson(
        "another reason", '"seconds differ bet', '"it is late bet', exempt, "Begin with"
    ),
]
