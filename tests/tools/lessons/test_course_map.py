"""The README's map says what the lessons say."""

import pytest

from helpers.errors import InputError
from tools.lessons import course_map
from tools.lessons.course_map import README, mapped

LESSON = "# %% [markdown]\n# # 8 · Add numbers\n"


def test_the_map_is_up_to_date():
    readme = README.read_text(encoding="utf-8")
    assert readme == mapped(readme), "run python -m tools.author map"


def test_a_lesson_that_was_never_measured_is_named(tmp_path, monkeypatch):
    source = tmp_path / "98_never_measured.py"
    source.write_text(LESSON, encoding="utf-8")
    monkeypatch.setattr(course_map, "lessons", lambda: [source])
    with pytest.raises(InputError, match=r"found none for 98\. .* --record 98`"):
        course_map.course_map()


def test_a_readme_without_the_comments_is_refused():
    with pytest.raises(InputError, match="no such pair"):
        mapped("# Transfer learning")


def test_the_map_is_written_once(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text("<!-- lessons -->\n\nold\n\n<!-- /lessons -->\n")
    monkeypatch.setattr(course_map, "README", readme)
    assert course_map.write()
    assert not course_map.write()
    assert "| lesson | you will |" in readme.read_text(encoding="utf-8")


def test_reading_minutes_count_words_code_and_exercises(tmp_path):
    words = tmp_path / "08_add_numbers.py"
    words.write_text(LESSON + "\n# %% [markdown]\n# " + "word " * 2000)
    code = tmp_path / "09_add_lines.py"
    code.write_text(LESSON + "\n# %%" + "\nx = 1" * 200)
    doing = tmp_path / "10_do.py"
    exercise = '\n# %% [markdown] tags=["exercise"]\n# ## 10.{} · Do it\n'
    doing.write_text(LESSON + "".join(exercise.format(n) for n in range(3)))
    minutes = [course_map.reading_minutes(path) for path in (words, code, doing)]
    assert minutes == [10, 10, 15]
