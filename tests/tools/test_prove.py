"""Other people's notebooks: what is found in them, and that none can harm."""

import json
import sys

import nbformat.v4 as v4
import pytest

from helpers.errors import InputError
from tools import prove
from tools.proving import findings, read_notebook


def code(source, count=1, *outputs):
    return v4.new_code_cell(source, execution_count=count, outputs=list(outputs))


def printed(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def prose(text):
    return v4.new_markdown_cell(text)


def found(tmp_path, *cells):
    return findings(v4.new_notebook(cells=list(cells)), tmp_path)


ERROR = v4.new_output("error", ename="ValueError", evalue="no such layer")

FAULTS = {
    "a number": (
        [
            code("f()", 1, printed("accuracy 0.931")),
            prose("It is right on 94% of them."),
        ],
        "cell 2: no output gives the number 94%: It is right on 94% of them.",
    ),
    "not run": (
        [code("a = 1"), code("b = 2", None)],
        "cell 2: was not run",
    ),
    "none run": (
        [code("a = 1", None), code("b = 2", None)],
        "no cell was run: no output proves anything",
    ),
    "numbers stripped": (
        [code("a = 1", None, printed("1")), code("b = 2", None)],
        "no cell has a number: whether its outputs are of one run, nobody can tell",
    ),
    "a package, perhaps": (
        [code("! [ -e /content ] && pip install -Uqq fastbook")],
        "cell 1: installs fastbook without a version: "
        "! [ -e /content ] && pip install -Uqq fastbook",
    ),
    "out of order": (
        [code("a = 1", 5), code("b = 2", 3)],
        "cell 2: was run out of order, [3] after [5]",
    ),
    "an error": ([code("f()", 1, ERROR)], "cell 1: ends in ValueError: no such layer"),
    "messages": (
        [code("f()", 1, printed("W0000 you lack a library", "stderr"))],
        "cell 1: stored messages: W0000 you lack a library",
    ),
    "a picture": (
        [prose("![](there.png)")],
        "cell 1: a picture without alternative text: there.png",
    ),
    "a tag": (
        [prose('<img src="there.png" width="9">')],
        'cell 1: a picture without alternative text: <img src="there.png" width="9">',
    ),
    "a link": (
        [prose("See [the next](02_next.ipynb).")],
        "cell 1: a link that leads nowhere: 02_next.ipynb",
    ),
    "a heading": (
        [prose("# One\n\nSee [below](#two).")],
        "cell 1: a link to no heading of this notebook: #two",
    ),
    "a version": (
        [code("!pip install -q keras 'numpy>=2' pandas==2.1")],
        "cell 1: installs keras without a version: "
        "!pip install -q keras 'numpy>=2' pandas==2.1",
    ),
    "a script": (
        [code("!python train.py --fast")],
        "cell 1: runs a file that is not there: !python train.py --fast",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_cell_and_words(tmp_path, name):
    cells, told = FAULTS[name]
    (tmp_path / "there.png").touch()
    assert found(tmp_path, *cells) == [told]


def test_what_is_as_it_should_be_is_left_in_peace(tmp_path):
    (tmp_path / "02_next.ipynb").touch()
    (tmp_path / "a cat.png").touch()
    (tmp_path / "train.py").touch()
    cells = [
        prose(
            "# A title of 12 words\n\n1. In 2019, with Python 3.12, in `x[17]`, $n=40$:"
        ),
        prose(
            "![A cat](a%20cat.png) [next](02_next.ipynb#top) [up](#A-title-of-12-words)"
        ),
        prose("[out](https://example.org/77.png), <img alt='x' src='a%20cat.png'>"),
        code("!pip install keras==3.15.1 -r more.txt\n!python train.py", 2),
        code(
            "n = 1_000\nmodel.fit()", 3, printed("accuracy: 0.9312, 1,313,794 weights")
        ),
        prose("With 1,000 pictures it is right on 93% or 93.1%; 1,313,794 weights."),
    ]
    assert found(tmp_path, *cells) == []


def test_a_reference_is_no_result(tmp_path):
    text = (
        "Class \\#3 is told by BOSS\\[7\\], see [4, 5] and arXiv:2006.00873; gone in "
        "mlkit 1.3.0.\n\n\\[7\\] A. Author. Data mining, 34(5),\n1336-1362."
    )
    assert found(tmp_path, prose(text)) == []
    assert found(tmp_path, prose(f"{text}\n\nIt needs 54 points.")) == [
        "cell 1: no output gives the number 54: It needs 54 points."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Fit an ARMA(1,1) or a SARIMAX(2, 0, 12) to it.",
        "A. Author. *Journal of Data*, 34(5), 1336-1362.",
        "A. Author, J. Data 34: 1336–1362; *Data*, 7, 201-44.",
        "See A. Author, vol. 17, no. 3, pp. 201-44, and section 4.2 there.",
    ],
)
def test_a_citation_and_a_name_with_numbers_are_no_results(tmp_path, text):
    assert found(tmp_path, prose(text)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("It gains 3 points, 17 of 40 in all.", "17"),
        ("AR(2) needs 54 steps.", "54"),
        ("The page has 12 pictures.", "12"),
        ("It takes mean(77) of them.", "77"),
        ("Of 12, 30-45 points are gained.", "12"),
    ],
)
def test_a_number_beside_a_name_is_a_result(tmp_path, text, number):
    told = found(tmp_path, prose(text))
    assert any(f"no output gives the number {number}:" in each for each in told)


def test_a_failure_on_purpose_is_none(tmp_path):
    cell = code("f()", 1, ERROR)
    cell.metadata.tags = ["raises-exception"]
    assert found(tmp_path, cell) == []


def write(path, *cells):
    path.write_text(json.dumps(v4.new_notebook(cells=list(cells))), encoding="utf-8")
    return path


def proved(monkeypatch, *paths):
    monkeypatch.setattr(sys, "argv", ["prove", *map(str, paths)])
    try:
        prove._main()
    except SystemExit as end:
        return end.code
    return 0


def test_the_exit_code_says_whether_something_was_found(tmp_path, monkeypatch, capsys):
    good = write(tmp_path / "good.ipynb", code("print(1)", 1, printed("1")))
    assert proved(monkeypatch, good) == 0
    assert capsys.readouterr().out == f"{good}: nothing found\n"
    bad = write(tmp_path / "bad.ipynb", code("a", 2), code("b", 1))
    assert proved(monkeypatch, tmp_path) == 1
    out = capsys.readouterr().out
    assert f"{bad}: 1 found\n  cell 2: was run out of order" in out
    assert f"{good}: nothing found" in out


def test_many_findings_are_counted_and_not_all_printed(tmp_path, monkeypatch, capsys):
    cells = [prose(f"[a](no{n}.md) " + "word " * 500) for n in range(300)]
    assert proved(monkeypatch, write(tmp_path / "a.ipynb", *cells)) == 1
    out = capsys.readouterr().out
    assert "  … and 260 more" in out
    assert len(out) < 10_000


HOSTILE = {
    "empty": b"",
    "not JSON": b"<html>",
    "JSON, but none": b'{"a": 1}',
    "a list": b"[]",
    "no text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "cells of another kind": b'{"cells": 7, "nbformat": 4, "nbformat_minor": 5}',
    "a cell that is none": b'{"cells": [null], "metadata": {}, "nbformat": 4,'
    b' "nbformat_minor": 5}',
    "of the future": b'{"cells": [], "metadata": {}, "nbformat": 99}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_error(tmp_path, monkeypatch, capsys, name):
    path = tmp_path / "bad.ipynb"
    path.write_bytes(HOSTILE[name])
    assert proved(monkeypatch, path) == 2
    told = capsys.readouterr()
    assert told.err.startswith("error: expected a notebook, found ")
    assert len(told.err) < 500
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(InputError, match="found no"):
        read_notebook(tmp_path / "none.ipynb")
    with pytest.raises(InputError, match="expected notebooks in"):
        list(prove.notebooks([str(tmp_path)]))


def test_names_that_steer_a_terminal_or_break_a_disk_do_nothing(tmp_path):
    cells = [prose("[a](\x1b[2J.md) [b](" + "x" * 5000 + ") [c](%00.md) [d](a%2e%2fb)")]
    told = found(tmp_path, *cells)
    assert all(len(line) < 150 for line in told)
