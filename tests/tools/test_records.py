"""Records: which code made a table, and is it the same today?"""

from tools import records

HELPER = (
    '"""A helper."""\nimport numpy\n\n\ndef f(x):\n    """Add."""\n    return x + 1\n'
)


def project(folder, **files):
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def small(folder):
    return project(
        folder,
        helpers__one=HELPER,
        helpers__two="from .one import f\n",
        helpers__other="x = 1\n",
        tools__tool="import helpers.two\n",
    )


def test_code_is_what_runs_and_what_that_imports(tmp_path):
    code = records.code_of(["tools/tool.py"], small(tmp_path))
    assert list(code) == ["helpers/one.py", "helpers/two.py", "tools/tool.py"]
    assert records.changed_files(code, tmp_path) == []


def test_a_comment_is_no_change_and_a_number_is(tmp_path):
    code = records.code_of(["tools/tool.py"], small(tmp_path))
    project(tmp_path, helpers__one=HELPER.replace('"Add."', '"Add, again."') + "# !\n")
    assert records.changed_files(code, tmp_path) == []
    project(tmp_path, helpers__one=HELPER.replace("x + 1", "x + 2"))
    assert records.changed_files(code, tmp_path) == ["helpers/one.py"]
    (tmp_path / "helpers" / "two.py").unlink()
    assert records.changed_files(code, tmp_path) == ["helpers/one.py", "helpers/two.py"]


def test_the_mark_says_changed_or_unknown_or_nothing():
    code = records.code_of(["helpers/accuracy.py"])
    assert records.mark(code) == ""
    assert records.mark({**code, "helpers/accuracy.py": "0" * 12}) == records.CHANGED
    assert records.mark(None) == records.mark({}) == records.UNKNOWN


def test_of_a_script_that_is_not_python_every_letter_counts(tmp_path):
    (tmp_path / "page.js").write_text("// why\n")
    before = records.code_of(["page.js"], tmp_path)
    assert records.changed_files(before, tmp_path) == []
    (tmp_path / "page.js").write_text("// because\n")
    assert records.changed_files(before, tmp_path) == ["page.js"]
