"""What becomes of a translation when the English changes."""

from types import SimpleNamespace

import pytest

from helpers.errors import InputError
from helpers.plumbing import editions as translations
from tools.translation import files, work
from tools.translation.catalogs import Said

OLD = "A frozen layer computes as before, and nothing changes its weights. " * 3 + "So."
NEW = OLD.replace("nothing", "no step")
DONE = "冻结的层照常计算，它的权重不变。"


@pytest.fixture
def said(tmp_path, monkeypatch):
    """A language with a file, for a project that says what a test lets it say."""
    now = SimpleNamespace(texts=[OLD, "Two."])
    monkeypatch.setattr(translations, "TRANSLATIONS", tmp_path)
    (tmp_path / "zh_CN").mkdir()

    def collected():
        return {"a": [Said(text, "a.md", "Layers") for text in now.texts]}

    monkeypatch.setattr(work, "collected", collected)
    monkeypatch.setattr(files, "collected", collected)
    work.extract()
    path = tmp_path / "zh_CN" / "a.po"
    now.read = lambda: path.read_text(encoding="utf-8")
    now.translate = lambda a, b: path.write_text(
        now.read().replace(f'"{a}"\nmsgstr ""', f'"{a}"\nmsgstr "{b}"'),
        encoding="utf-8",
    )
    now.translate(OLD, DONE)
    return now


def test_what_is_new_waits_for_a_translation(said, capsys):
    work.check([])
    assert "a: 2 entries, 1 untranslated, 0 stale, 0 faults" in capsys.readouterr().out
    said.translate("Two.", "二。")
    work.check([])
    assert "2 entries, 0 untranslated" in capsys.readouterr().out


def test_the_same_english_gives_the_same_file(said):
    before = said.read()
    work.extract()
    assert said.read() == before


def test_a_changed_sentence_makes_its_translation_stale(said, capsys):
    said.texts = [NEW, "Two."]
    with pytest.raises(InputError, match="is not in it"):  # before `extract`
        work.check([])
    work.extract()
    assert f'#, fuzzy\nmsgid "{NEW}"\nmsgstr "{DONE}"' in said.read()
    with pytest.raises(InputError, match=r"A frozen layer .* is stale: translate"):
        work.check([])
    work.extract()  # again: the sentence that was translated is still told
    told = "".join(line[1:] for line in said.read().splitlines() if line[:2] == "# ")
    assert told == f" was: {OLD}"
    path = translations.translations_in("zh_CN") / "a.po"
    path.write_text(said.read().replace("#, fuzzy\n", ""), encoding="utf-8")
    work.check([])
    work.extract()
    assert "was:" not in said.read()


def test_a_sentence_that_is_gone_takes_its_translation_along(said):
    said.texts = ["Two."]
    with pytest.raises(InputError, match=r"is stale: Run .* extract"):
        work.check([])
    work.extract()
    assert DONE not in said.read()
    work.check([])


def test_a_sentence_that_moves_keeps_its_translation(said, monkeypatch):
    monkeypatch.setattr(
        work, "collected", lambda: {"b": [Said(OLD, "b.md", "")], "a": []}
    )
    work.extract()
    assert DONE in (translations.translations_in("zh_CN") / "b.po").read_text("utf-8")


def test_a_file_that_gettext_cannot_read_is_named(said):
    (translations.translations_in("zh_CN") / "a.po").write_text("no message\n")
    with pytest.raises(InputError, match=r"expected a\.po in gettext's format"):
        work.check([])
