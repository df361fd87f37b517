"""The layout of the code: rooms behind faces, and who may ask whom."""

import ast

import pytest

from helpers.plumbing import ROOT

FOLDERS = ("helpers", "data_scripts", "tools", "benchmarks", "notebooks/source")
SOURCES = sorted(path for name in FOLDERS for path in (ROOT / name).rglob("*.py"))
FACES = sorted((ROOT / "helpers").glob("*/__init__.py"))
ROOMS = {face.parent.name for face in FACES}
MOST_ON_TOP = 14  # modules that a lesson's reader has to find his way among
# One draws animals and things on white with the pen of the drawn pets, the other
# measures the parts of a page one by one.
BEHIND = {
    ("benchmarks.lookalikes", f"helpers.pets.{module}")
    for module in ("bodies", "coats", "kinds", "pen", "scenes")
} | {
    ("benchmarks.page", f"helpers.{module}")
    for module in (
        "page.examples",
        "page.making",
        "page.splitting",
        "teaching.regression",
    )
}


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


MODULES = {name_of(path): path.read_text(encoding="utf-8") for path in SOURCES}


def imported(code, modules=MODULES, top_level_only=False):
    """The names of our modules that a piece of code imports."""
    tree = ast.parse(code)
    found = set()
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & set(modules)) or {node.module}
    return {name for name in found if name.split(".")[0] in FOLDERS}


def room_of(name):
    parts = name.split(".")
    inside = parts[0] == "helpers" and len(parts) > 1 and parts[1] in ROOMS
    return parts[1] if inside else None


def circle(modules):
    """Modules that import each other in a ring, or nothing.

    A package's face is imported before whatever is behind it; that is no ring.
    """
    needs = {
        name: {
            other
            for other in imported(code, modules, top_level_only=True)
            if other in modules and not name.startswith(f"{other}.")
        }
        for name, code in modules.items()
    }
    while needs:  # take away whoever needs nobody that is left
        free = {name for name, others in needs.items() if not others & set(needs)}
        if not free:
            return sorted(needs)
        needs = {name: others for name, others in needs.items() if name not in free}
    return []


def test_few_modules_stand_on_top():
    modules = [path.name for path in (ROOT / "helpers").glob("*.py")]
    assert len(modules) - 1 <= MOST_ON_TOP, modules  # one is the package itself


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.parent.name)
def test_a_room_has_a_face_that_says_what_it_is_for_and_what_it_gives(face):
    tree = ast.parse(face.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree).partition("\n")[0].endswith(".")
    (names,) = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    ]
    given = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(names) == given


def test_every_folder_of_helpers_has_a_face():
    folders = {path.parent for path in (ROOT / "helpers").rglob("*.py")}
    assert {face.parent for face in FACES} | {ROOT / "helpers"} == folders


def behind(name, code):
    """Which modules behind a face somebody outside of the room reaches for."""
    rooms = ((other, room_of(other)) for other in imported(code))
    return {
        (name, other)
        for other, room in rooms
        if room and other != f"helpers.{room}" and room != room_of(name)
    }


@pytest.mark.parametrize("name", MODULES)
def test_nobody_outside_of_a_room_reaches_behind_its_face(name):
    assert behind(name, MODULES[name]) <= BEHIND


def test_who_reaches_behind_a_face_is_found():
    module = "helpers.figures.boxes"
    for code in (
        "from helpers.figures.boxes import diagram",
        "from helpers.figures import boxes",
        "import helpers.figures.boxes",
        "def late():\n    from helpers.figures.boxes import diagram",
    ):
        assert behind("helpers.layers", code) == {("helpers.layers", module)}
        assert behind("helpers.figures.blocks", code) == set()
    assert behind("helpers.layers", "from helpers.figures import diagram") == set()


def test_no_import_goes_round_in_a_circle():
    assert circle(MODULES) == []


def test_a_circle_is_found():
    ring = {
        "helpers.a": "from helpers.b import x",
        "helpers.b": "from helpers import c",
        "helpers.c": "import helpers.a",
        "helpers.d": "import helpers.a",
        "helpers.e": "",
    }
    assert circle(ring)[:3] == ["helpers.a", "helpers.b", "helpers.c"]
    assert circle({**ring, "helpers.c": "def late():\n    import helpers.a"}) == []


@pytest.mark.parametrize("name", MODULES)
def test_lessons_import_helpers_alone_and_helpers_only_each_other(name):
    folder = name.split(".")[0]
    if folder in ("helpers", "notebooks"):
        asked = {other.split(".")[0] for other in imported(MODULES[name])}
        assert asked <= {"helpers"}
