"""Faults of a label table, met by `read_label_table`."""

from __future__ import annotations

import gzip
from pathlib import Path

from helpers.sources import read_label_table, refuse_unless_plain

from . import Scene, fault
from .pictures import gradient

GROUP = "tables"
GOOD = "File Name,Label\ntom.jpg,cat\nrex.jpg,dog\n猫 1.jpg,cat\n"


def _folder(scene: Scene) -> Path:
    """Three pictures, and one more in a folder below."""
    for name in ("tom.jpg", "rex.jpg", "猫 1.jpg", "below/deep.jpg"):
        path = scene.folder / "pictures" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        gradient().save(path)
    return scene.folder / "pictures"


for name, text in (
    ("semicolons, as Excel writes in many countries", GOOD.replace(",", ";")),
    ("Excel's sep=; in the first line", "sep=;\n" + GOOD.replace(",", ";")),
    ("tabs", GOOD.replace(",", "\t")),
    ("line ends of Windows", GOOD.replace("\n", "\r\n")),
    ("a BOM", "\ufeff" + GOOD),
    (
        "upper-case and padded headers",
        GOOD.replace("File Name,Label", " FILE NAME , label "),
    ),
    ("labels in mixed case and padded", GOOD.replace(",cat", ", Cat ")),
    ("one column more", GOOD.replace("\n", ",extra\n")),
    ("a comma too many in the rows", GOOD.replace("jpg,cat", "jpg,cat,")),
    ("empty rows", GOOD.replace("\n", "\n\n,\n")),
):

    @fault(GROUP, name, "works: read as it was meant")
    def _(scene: Scene, text: str = text):
        folder, path = _folder(scene), scene.folder / "labels.csv"
        path.write_text(text, encoding="utf-8", newline="")

        def call() -> None:
            table = read_label_table(path, folder)
            assert table.columns.tolist() == ["File Name", "Label"]
            assert table["File Name"].tolist() == ["tom.jpg", "rex.jpg", "猫 1.jpg"]
            assert table["Label"].tolist() == ["cat", "dog", "cat"]

        return call


def _rex(new: str) -> str:
    return GOOD.replace("rex.jpg,dog", new)


LABEL = r"^expected the label cat or dog in .*labels\.csv, found "
GONE = r"^expected the pictures of .*labels\.csv in .*, found 1 of 3 missing: "
COLUMNS = r"^expected the columns \['File Name', 'Label'\] in .*labels\.csv, found "

for name, text, sees in (
    ("a third class", _rex("rex.jpg,cow"), LABEL + "'cow' in row 3"),
    ("numbers for labels", _rex("rex.jpg,1"), LABEL + "'1' in row 3"),
    ("no label", _rex("rex.jpg,"), LABEL + "'' in row 3"),
    ("a row that is too short", _rex("rex.jpg"), LABEL + "'' in row 3"),
    (
        "a row that is too short for columns far apart",
        "File Name,a,b,c,Label\ntom.jpg,,,,cat\nrex.jpg\n",
        LABEL + "'' in row 3",
    ),
    ("a formula", _rex("rex.jpg,=A1"), LABEL + "'=A1' in row 3"),
    ("a fault below empty rows", f"\n{GOOD}\n\nx.jpg,cow\n", LABEL + "'cow' in row 8"),
    (
        "a row twice",
        GOOD + "tom.jpg,cat\n",
        "picture once in .* 'tom.jpg' in rows 2 an",
    ),
    (
        "a picture as a cat and as a dog",
        GOOD + "tom.jpg,dog\n",
        r"^expected each picture once in .*found 'tom\.jpg' in rows 2 and 5\. Take one",
    ),
    (
        "names without their ending",
        _rex("rex,dog"),
        GONE + r"'rex' \(row 3\)\. The nearest name there is 'rex\.jpg'",
    ),
    ("names in capitals", _rex("REX.JPG,dog"), GONE + r"'REX\.JPG' \(row 3\)"),
    ("backslashes", _rex("a\\rex.jpg,dog"), GONE + ".*no folder before them"),
    ("an absolute path", _rex("C:\\pets\\REX.JPG,dog"), GONE + r".*is 'rex\.jpg'"),
    ("a path out of the folder", _rex("../rex.jpg,dog"), GONE + r"'\.\./rex\.jpg'"),
    ("a picture in a folder below", _rex("deep.jpg,dog"), GONE + r"'deep\.jpg' \(row"),
    (
        "a missing picture",
        _rex("ben.jpg,dog"),
        GONE + r"'ben\.jpg' \(row 3\).*If a picture is gone, take its row out",
    ),
    (
        "another header",
        GOOD.replace("Label", "Class"),
        COLUMNS + r"'File Name', 'Class'\. Name each of them once, in the first row",
    ),
    (
        "a header twice",
        GOOD.replace("Label", "Label,label", 1),
        COLUMNS + "'File Name', 'Label', 'label'",
    ),
    ("no header", GOOD.partition("\n")[2], COLUMNS + r"'tom\.jpg', 'cat'"),
    (
        "a quote that is never closed",
        GOOD.replace("tom.jpg", '"tom.jpg'),
        COLUMNS + "a file that is no table: .*Save it as CSV again",
    ),
    ("no rows", "File Name,Label\n", r"^expected rows in .*found the header alone"),
    ("empty", "", COLUMNS + r"none\. Name each"),
    ("nothing but spaces", " \n\n", COLUMNS + r"none\. Name each"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, text: str = text):
        folder, path = _folder(scene), scene.folder / "labels.csv"
        path.write_text(text, encoding="utf-8")
        return lambda: read_label_table(path, folder)


UTF8 = r"^expected .*labels\.csv to be a text file in UTF-8, found "

for name, data, sees in (
    ("GBK", f"{GOOD}狗.jpg,dog\n".encode("gbk"), UTF8 + "another encoding .GBK or"),
    ("UTF-16", GOOD.encode("utf-16"), UTF8 + r"UTF-16 .*Save As, “CSV UTF-8”"),
    ("UTF-16 without a BOM", GOOD.encode("utf-16-le"), UTF8 + "UTF-16"),
    ("an Excel workbook", b"PK\3\4\x14\0\6\0\x84", UTF8 + "an Excel workbook"),
    ("an old Excel workbook", b"\xd0\xcf\x11\xe0" + bytes(9), UTF8 + "an Excel workb"),
    ("a table packed by gzip", gzip.compress(GOOD.encode()), UTF8 + "one that is pack"),
    ("a zero byte", GOOD.encode() + b"\0\n", UTF8 + r"a zero byte at place 55\. It is"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, data: bytes = data):
        folder, path = _folder(scene), scene.folder / "labels.csv"
        path.write_bytes(data)
        return lambda: read_label_table(path, folder)


LARGE = r"^.*labels\.csv is too large for a label table: expected at most "

for name, data, sees in (
    (
        "a table of 2 million rows",
        b"a\n" * 2_000_000,
        LARGE + "1,000,000 rows, found m",
    ),
    ("a table of 8 million cells", b"a," * 8_000_000, LARGE + "5,000,000 cells, found"),
    ("a table of 51 MB", b"a" * 51_000_000, LARGE + "50,000,000 bytes, found more"),
):

    @fault(GROUP, name, sees)
    def _(scene: Scene, data: bytes = data):
        folder, path = _folder(scene), scene.folder / "labels.csv"
        path.write_bytes(data)
        return lambda: read_label_table(path, folder)


@fault(GROUP, "a table's name of 300 letters", r"^no such table: x+…x+\. Expected a ")
def _(scene: Scene):
    folder = _folder(scene)
    return lambda: read_label_table("x" * 300, folder)


@fault(GROUP, "no such table", r"^no such table: .*labels\.csv\. Expected a text file")
def _(scene: Scene):
    folder = _folder(scene)
    return lambda: read_label_table(scene.folder / "labels.csv", folder)


@fault(
    GROUP, "a folder in place of a table", r"^no such table: .*pictures\. Expected a"
)
def _(scene: Scene):
    folder = _folder(scene)
    return lambda: read_label_table(folder, folder)


@fault(GROUP, "short rows under a header of a million columns", LABEL + "'' in row 2")
def _(scene: Scene):
    folder, path = _folder(scene), scene.folder / "labels.csv"
    # Filled up to the header's width, these rows would take an hour.
    path.write_text("File Name" + "," * 1_000_000 + "Label\n" + "a.jpg\n" * 100_000)
    return lambda: read_label_table(path, folder)


@fault(GROUP, "accents as macOS writes them", "works: é is é, in one sign or in two")
def _(scene: Scene):
    folder, path = _folder(scene), scene.folder / "labels.csv"
    gradient().save(folder / "Jose\u0301.jpg")
    path.write_text("File Name,Label\nJos\u00e9.jpg,cat\n", "utf-8")

    def call() -> None:
        (name,) = read_label_table(path, folder)["File Name"]
        assert (folder / name).is_file()

    return call


@fault(GROUP, "a blank before a picture's name", "works: it is found so")
def _(scene: Scene):
    folder, path = _folder(scene), scene.folder / "labels.csv"
    gradient().save(folder / " tom 2.jpg")
    path.write_text("File Name,Label\n tom 2.jpg,cat\n tom.jpg,cat\n", "utf-8")

    def call() -> None:
        names = read_label_table(path, folder)["File Name"].tolist()
        assert names == [" tom 2.jpg", "tom.jpg"]

    return call


LESSONS = (
    r"^expected .*labels\.csv as the lessons read it, with pandas\.read_csv: found "
)

for name, text, sees in (
    ("semicolons", GOOD.replace(",", ";"), r"'File Name;Label' in the first row\. W"),
    ("a Dog among dogs", _rex("rex.jpg,Dog"), r"'Dog' for 'dog' as picture 2\. Writ"),
    ("a blank before a label", _rex("rex.jpg, dog"), "' dog' for 'dog' as picture 2"),
    ("a header in capitals", GOOD.replace("Label", "LABEL"), "'File Name,LABEL' in th"),
    ("rows of commas", GOOD + ",\n", "empty rows, or cells too many. Take them out"),
):

    @fault(GROUP, f"{name}, in a lesson", LESSONS + sees)
    def _(scene: Scene, text: str = text):
        folder, path = _folder(scene), scene.folder / "labels.csv"
        path.write_text(text, encoding="utf-8")
        return lambda: refuse_unless_plain(path, folder)


@fault(GROUP, "a good table, in a lesson", "works: read as it was meant")
def _(scene: Scene):
    folder, path = _folder(scene), scene.folder / "labels.csv"
    path.write_text(GOOD, encoding="utf-8")
    return lambda: refuse_unless_plain(path, folder)
