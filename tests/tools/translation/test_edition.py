"""An edition in a made-up language of ten sentences: what is made of them."""

import re

import nbformat
import pytest

from helpers.exercises import translated
from helpers.plumbing import ROOT
from helpers.plumbing import editions as translations
from helpers.ties import find_ties, prose
from tools.lessons.exercises import exercises_of, solutions_of
from tools.lessons.notebooks import notebook_of
from tools.lessons.rules import anchors
from tools.lessons.sources import lessons
from tools.translation.catalogs import Said, written
from tools.translation.collecting import collected
from tools.translation.edition import build
from tools.translation.segments import folded

pytestmark = pytest.mark.slow

TEN = {
    "4 · Freeze layers": "4 · Tavu frizi",
    "Freeze": "Frizi",
    "The idea": "La ideo",
    "Compile afterwards": "Poste kompilu",
    "Two commands": "Du ordonoj",
    "[Glossary](glossary.md)": "[Vortaro](glossary.md)",
    "what it means": "kion tio signifas",
    "you will": "vi faros",
    "{number} is right: {praise}.": "{number} pravas: {praise}.",
    "**Freeze** a base in two ways, and prove that it stays as it was.": (
        "**Frizi** bazon en du manieroj, kaj pruvi ke ĝi restas."
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The folder with the edition; one file of translations makes it."""
    home = tmp_path_factory.mktemp("project")
    folder = home / "translations" / "xx"
    folder.mkdir(parents=True)
    text = written("xx", [Said(english, "a.md", "") for english in TEN], [])
    for english, other in TEN.items():
        text = text.replace(f'"{english}"\nmsgstr ""', f'"{english}"\nmsgstr "{other}"')
    (folder / "all.po").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(translations, "ROOT", home)
        patch.setattr(translations, "TRANSLATIONS", home / "translations")
        translations.known_in.cache_clear()
        build("xx")
        assert build("xx") == []  # a second time nothing is written
        yield home
    translations.known_in.cache_clear()


def pairs(home):
    """Each notebook of the edition, with the English one."""
    for english in lessons():
        other = home / "notebooks" / "xx" / "source" / english.name
        for of in (notebook_of, exercises_of, solutions_of):
            place = (
                home / "notebooks" / "xx" / of(english).relative_to(ROOT / "notebooks")
            )
            assert of(other) == place
            yield (nbformat.read(path, as_version=4) for path in (of(english), place))


def test_what_is_in_the_file_is_said_and_the_rest_stays_english(home):
    lesson = nbformat.read(home / "notebooks/xx/04_freeze_layers.ipynb", as_version=4)
    text = "\n".join(c.source for c in lesson.cells if c.cell_type == "markdown")
    assert text.startswith("# 4 · Tavu frizi\n")
    assert "**Frizi** bazon en du manieroj" in text
    assert "[Vortaro](glossary.md)" in text
    assert "Before painting a wall, you put tape" in text
    readme = (home / "README.xx.md").read_text(encoding="utf-8")
    assert "| lesson | vi faros | minutes" in readme
    assert (
        "[4 · Tavu frizi](notebooks/xx/04_freeze_layers.ipynb) | **Frizi** baz"
        in readme
    )


def test_code_and_outputs_are_the_english_ones(home):
    cells = 0
    for english, other in pairs(home):
        assert len(english.cells) == len(other.cells)
        for one, two in zip(english.cells, other.cells, strict=True):
            if one.cell_type == "markdown":
                continue
            cells += 1
            source = two.source.replace("../../..", "../..").replace('"../..', '"..')
            source = source.replace(", speak", "").replace('\nspeak("xx")', "")
            assert source == one.source.replace('"../..', '"..')
            assert two.metadata == one.metadata
            assert two.get("execution_count") == one.get("execution_count")
            said = [translated(o.get("text", "").strip(), TEN) for o in one.outputs]
            assert [o.get("text", "").strip() for o in two.outputs] == said
            assert [o.get("data") for o in two.outputs] == [
                o.get("data") for o in one.outputs
            ]
    assert cells > 600


def test_ties_and_code_of_the_source_are_kept(home):
    for english in lessons():
        other = home / "notebooks" / "xx" / "source" / english.name
        texts = [path.read_text(encoding="utf-8") for path in (english, other)]
        for exercises in (False, True):
            ties = [
                [(folded(tie.claim or ""), tie.expression) for tie in find_ties(p)]
                for p in (prose(text, exercises) for text in texts)
            ]
            assert ties[0] == ties[1]


def test_links_stay_within_the_edition_and_lead_to_its_headings(home):
    links, here = 0, home / "notebooks" / "xx"
    for page in [*here.glob("*.ipynb"), *here.glob("*/*.ipynb"), *here.glob("*.md")]:
        text = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)\s\\]+)\)", text):
            name, _, anchor = target.partition("#")
            if re.match(r"\w+:", target) or not name.endswith((".ipynb", ".md")):
                continue
            there = (page.parent / name).resolve() if name else page
            assert there.is_file(), (page, target)
            if there.is_relative_to(home):
                links += 1
                assert not anchor or anchor in anchors(there), (page, target)
            else:  # a page that is there in English only
                assert there.is_relative_to(ROOT), (page, target)
                assert "notebooks/0" not in there.as_posix(), (page, target)
    assert links > 300
    glossary = (here / "glossary.md").read_text(encoding="utf-8")
    assert "[4](04_freeze_layers.ipynb#La-ideo)" in glossary
    article = (here / "article.md").read_text(encoding="utf-8")
    assert "[4, Poste kompilu](04_freeze_layers.ipynb#Poste-kompilu)" in article


def test_everything_that_the_build_says_can_be_translated():
    """Ten sentences were found where they stand, so the others will be."""
    said = {one.text for there in collected().values() for one in there}
    assert set(TEN) <= said | {"Freeze"}
