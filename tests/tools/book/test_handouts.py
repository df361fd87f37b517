"""What learners are handed on paper counts right, and names what is there.

Commands and links of these pages are read with those of all documents
(tests/project/test_commands.py, test_links.py), numbers in digits by test_documents.py.
"""

import re

from helpers.exercises import setup_and_exercises
from helpers.teaching.collection import FEWEST
from tests.project.documents import read, stored
from tools.book.gathering import HERE
from tools.lab import NAME
from tools.lessons.sources import lessons

LEARNERS = (HERE / "class" / "for_learners.md").read_text(encoding="utf-8")
SURVEY = (HERE / "class" / "survey.md").read_text(encoding="utf-8")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")
NUMBERS += ("nine", "ten")


def paragraph(text, begins):
    """A paragraph as one line."""
    (found,) = [p for p in text.split("\n\n") if p.startswith(begins)]
    return " ".join(found.split())


def test_the_words_that_are_counted_are_in_the_glossary():
    told = paragraph(LEARNERS, "**Ten words:**")
    words = re.search(r":\*\* (.*?)\. ", told)[1].split(", ")
    assert len(words) == NUMBERS.index("ten")
    glossary = read("notebooks/glossary.md")
    for word in words:
        assert re.search(rf"^\| .*\*\*{word}\*\*", glossary, re.MULTILINE), word


def test_the_folder_the_hint_and_the_number_of_pictures_are_the_programs():
    assert f"in the folder `{NAME}`" in LEARNERS
    (number,) = re.findall(r'`hint\("([\d.]+)"\)`', LEARNERS)
    source = lessons()[int(number.split(".")[0])]
    _, exercises = setup_and_exercises(source.read_text(encoding="utf-8"))
    assert number in [one.number for one in exercises]
    assert any(cell.tag == "exercise-hint" for one in exercises for cell in one.cells)
    least = paragraph(LEARNERS, "**Your own pictures:**")
    assert f"{NUMBERS[FEWEST]} pictures or more in each" in least


def test_the_survey_counts_its_questions_and_the_pictures():
    title = SURVEY.splitlines()[0]
    questions = re.findall(r"^(\d)\. ", SURVEY, re.MULTILINE)
    assert questions == [str(n + 1) for n in range(len(questions))]
    assert f": {NUMBERS[len(questions)]} questions, " in title
    assert stored("07", r"^\((\d+), 1280\) \(\d+, 1280\)$") == 200
    assert "why two hundred pictures are enough" in SURVEY


def test_whoever_reads_the_answers_is_sent_to_the_right_question():
    (number,) = re.findall(
        r"two of ten name under (\d) needs", " ".join(SURVEY.split())
    )
    asked = re.search(rf"^{number}\. (.*)", SURVEY, re.MULTILINE)[1]
    assert asked.startswith("Where did you first lose the thread?")
