"""Lessons read what the benchmarks have measured."""

import json

import numpy as np
import pytest

from helpers import measured
from helpers.errors import InputError
from helpers.measured import measured_table


def kept(monkeypatch, folder, *parts, number=0):
    record = json.dumps({"parts": parts})
    (folder / "speed.json").write_text(record, encoding="utf-8")
    monkeypatch.setattr(measured, "RESULTS", folder)
    return measured_table("speed", number)


def test_a_table_is_read_with_numbers_as_numbers(monkeypatch, tmp_path):
    rows = [["ours, once", "1.5", ""], ['theirs | "quoted"', "20", "slow"]]
    first = {"columns": ["who, how", "seconds", "note"], "rows": rows}
    second = {"columns": ["other", "table"], "rows": [["a", "1"]]}
    parts = "Seconds, in rows.", first, "More.", second
    table = kept(monkeypatch, tmp_path, *parts)
    assert table.index.tolist() == ["ours, once", 'theirs | "quoted"']
    assert table["seconds"].tolist() == [1.5, 20.0]
    assert table["note"].tolist()[1] == "slow"
    assert table["note"].isna().tolist() == [True, False]
    other = kept(monkeypatch, tmp_path, *parts, number=1)
    assert other.loc["a"].to_dict() == {"table": 1}
    with pytest.raises(InputError, match=r"table 2 in speed\.json, found 2 tables"):
        kept(monkeypatch, tmp_path, *parts, number=2)


@pytest.mark.parametrize("name", ["accuracy_drawn", "accuracy_photographs"])
def test_records_that_lessons_read_are_there(name):
    table = measured_table(name)
    assert {"a class", "mean", "spread"} <= set(table.columns)
    assert np.isfinite(table["mean"]).all()


def test_a_name_that_is_none_is_told_with_those_there_are():
    with pytest.raises(InputError, match=r"found .speed_of_light.: .*accuracy_drawn"):
        measured_table("speed_of_light")


def test_a_record_without_a_table_is_told(monkeypatch, tmp_path):
    with pytest.raises(InputError, match=r"table 0 in speed\.json, found 0 tables"):
        kept(monkeypatch, tmp_path, "No rows yet.")
