"""One file: nothing in it ends too early, and only what it holds may run."""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess

import pytest
from bs4 import BeautifulSoup

from helpers.errors import InputError
from helpers.page_file import PARTS, pack, packing, page_parts
from helpers.page_file.packing import SOURCE, as_json
from tests.parts import needs_parts

pytestmark = needs_parts

HOSTILE = ["</script><img src=x onerror=alert(1)>", "<!--", "\u2028", '"', "猫", "\\"]


@pytest.fixture(scope="module")
def page():
    return pack({"names": HOSTILE}, b"the network")


def element(page, name):
    return BeautifulSoup(page, "html.parser").find(id=name).string


def test_what_goes_in_comes_out(page):
    assert json.loads(element(page, "classifier")) == {"names": HOSTILE}
    network = gzip.decompress(base64.b64decode(element(page, "network")))
    assert network == b"the network"
    runtime = gzip.decompress(base64.b64decode(element(page, "runtime")))
    assert runtime == (PARTS / packing.RUNTIME).read_bytes()
    jpeg = gzip.decompress(base64.b64decode(element(page, "jpeg")))
    assert jpeg == (PARTS / packing.JPEG).read_bytes()


def test_json_holds_no_letter_that_html_reads():
    text = as_json(HOSTILE)
    assert text.isascii()
    assert "<" not in text
    assert json.loads(text) == HOSTILE
    with pytest.raises(ValueError, match="not JSON compliant"):
        as_json(float("nan"))


def test_the_policy_names_the_one_script_and_the_one_style(page):
    soup = BeautifulSoup(page, "html.parser")
    text = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    rules = dict(rule.strip().split(" ", 1) for rule in text.split(";"))
    run = [s for s in soup.find_all("script") if s.get("type") in (None, "module")]
    (script,), (style,) = run, soup.find_all("style")

    def digest(tag):
        found = hashlib.sha256(tag.string.encode("utf-8")).digest()
        return f"'sha256-{base64.b64encode(found).decode()}'"

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"{digest(script)} 'wasm-unsafe-eval'"
    assert rules["style-src"] == digest(style)
    assert rules["img-src"] == "data: blob:"
    nothing = {"default-src", "base-uri", "form-action"}
    assert {name for name in rules if rules[name] == "'none'"} == nothing
    assert set(rules) - nothing == {"script-src", "style-src", "img-src"}
    # The policy counts from where it stands: nothing that it could forbid is before it.
    assert page.index("Content-Security-Policy") < page.index("<style")
    assert not soup.find_all(["link", "iframe", "object", "base"])
    assert not [tag for tag in soup.find_all(src=True) if tag.name != "img"]


def test_the_same_in_gives_the_same_out(page):
    assert pack({"names": HOSTILE}, b"the network") == page


def test_a_page_without_one_of_its_lines_is_told(tmp_path):
    for name in ("script", "page.html", "style.css"):
        source = SOURCE / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)
    page = tmp_path / "page.html"
    page.write_text(page.read_text(encoding="utf-8").replace(packing.STYLE, ""))
    with pytest.raises(ValueError, match=r"expected .*style\.css.* once .* found 0"):
        pack({}, b"", source=tmp_path)


def test_a_module_that_cannot_be_understood_is_told(tmp_path):
    (tmp_path / "main.js").write_text("import { no } from './none.js'; no(")
    with pytest.raises(ValueError, match=r"main\.js:1"):
        packing.bundled(tmp_path / "main.js", page_parts())


def checked(folder, tmp_path):
    """What the checker of types says of a folder of modules."""
    shutil.copytree(folder, tmp_path / "script")
    shutil.copy(SOURCE / "tsconfig.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(PARTS / "node_modules")
    checkers = (PARTS / "node_modules" / "@typescript").glob("*/lib/tsc*")
    (checker,) = (path for path in checkers if path.suffix in ("", ".exe"))
    done = subprocess.run([checker, "-p", tmp_path], capture_output=True, text=True)
    return done.stdout


def test_every_module_keeps_to_its_types(tmp_path):
    assert checked(SOURCE / "script", tmp_path) == ""


def test_a_wrong_type_is_found(tmp_path):
    (tmp_path / "bad").mkdir()
    code = "/** @param {number} n */\nexport const f = (n) => n + 1;\nf('a');\n"
    (tmp_path / "bad" / "main.js").write_text(code)
    assert "TS2345" in checked(tmp_path / "bad", tmp_path)


def test_a_page_has_the_words_of_its_language(page):
    chinese = pack({"names": HOSTILE}, b"the network", language="zh")
    assert 'LANGUAGE = "en"' in page
    assert 'LANGUAGE = "zh-CN"' in chinese
    assert 'LANGUAGE = "en"' not in chinese
    with pytest.raises(InputError, match="expected a language of the page, en or zh"):
        pack({}, b"", language="xx")
