"""The README's map leads to every lesson there is."""

from helpers.files import ROOT
from tools.notebooks import lessons, title


def test_the_map_has_every_lesson_in_order():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    map_of_lessons = readme.split("<!-- lessons -->")[1].split("<!-- /lessons -->")[0]
    lines = [line for line in map_of_lessons.splitlines() if "](" in line]
    assert [line.split(" | ")[0] for line in lines] == [
        f"| [{title(source)}](notebooks/{source.stem}.ipynb)" for source in lessons()
    ]
