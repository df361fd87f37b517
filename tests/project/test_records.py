"""No table is edited by hand, and each says whether its code has changed since."""

import hashlib
import io
import json

import numpy as np
import pytest
from PIL import Image

from benchmarks import report
from helpers.plumbing import ROOT
from tests.faults import side_by_side
from tools import matrix, reach, records

RENDERED = records.rendered()
NAMES = sorted(path.stem for path in report.RESULTS.glob("*.json"))
SMALL = (70, 45)  # letters of another font blur away; a bar or a point does not


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.name)
def test_a_page_says_what_its_record_says(path):
    told = "run: python -m tools.records"
    assert path.read_text(encoding="utf-8") == RENDERED[path], told


def test_every_result_has_a_record():
    pages = {path.stem for path in report.RESULTS.glob("*.md")}
    pictures = {path.stem for path in report.RESULTS.glob("*.png")}
    assert pages == set(NAMES) >= pictures
    assert {matrix.TABLE, side_by_side.PAGE, reach.README} < set(RENDERED)
    assert len(RENDERED) == len(NAMES) + 3 > 10


def far(one: bytes, other: bytes) -> float:
    """How far the farthest spot of two small gray pictures is apart, 0 to 255."""
    small = [
        np.asarray(Image.open(io.BytesIO(png)).convert("L").resize(SMALL), float)
        for png in (one, other)
    ]
    return np.abs(small[0] - small[1]).max()


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_shows_what_its_record_says(name):
    record = report.read_record(name)
    told = [p for p in record["parts"] if isinstance(p, dict) and "text" in p]
    path = report.RESULTS / f"{name}.png"
    assert path.exists() == bool(told)
    if told:
        kept = path.read_bytes()
        assert hashlib.sha256(kept).hexdigest() == told[0]["sha256"]
        fresh = report.drawing(record)
        assert (fresh is None) == (told[0]["draw"] is None)
        assert fresh is None or far(kept, fresh) < 60


def test_a_picture_of_other_numbers_is_found():
    record = report.read_record("rates_photographs")
    assert far(report.drawing(record), report.drawing(record)) == 0
    kept = report.drawing(record)
    record["parts"][3]["rows"][2][1] = "246.1"  # 50 pictures a second fewer
    assert far(kept, report.drawing(record)) > 60


def test_a_mark_is_neither_left_out_nor_left_standing():
    changed = dict.fromkeys(report.read_record("copies")["code"], "0" * 12)
    assert records.CHANGED in report.page(
        {**report.read_record("copies"), "code": changed}
    )
    same = records.code_of(["benchmarks/copies.py"])
    text = report.page({**report.read_record("copies"), "code": same})
    assert records.CHANGED not in text
    (row,) = [r for r in matrix.read_records() if r["setting"] == "newest"]
    assert matrix.row(row | {"code": matrix.lessons_code()}).endswith("| the same |")
    assert matrix.row(row | {"code": changed}).endswith("| changed |")


def test_records_name_files_by_their_place_in_the_project():
    for path in [*report.RESULTS.glob("*.json"), matrix.RECORD, side_by_side.RECORD]:
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text
        told = json.loads(text)
        for record in told if isinstance(told, list) else [told]:
            assert all(len(digest) == 12 for digest in record["code"].values())
            assert len(record["code"]) > 5
