"""A page of some modules of the page in one file, for whoever tests or times them."""

from __future__ import annotations

from pathlib import Path

from helpers.page_file import pack
from helpers.plumbing import ROOT

SCRIPT = (ROOT / "helpers" / "page" / "script").as_posix()
HTML = """<!doctype html>
<meta charset="utf-8">
<link rel="stylesheet" href="style.css">
<script type="module" src="script/main.js"></script>
"""


def bare_page(main: str, classifier: dict, network: bytes, folder: Path) -> Path:
    """Pack a script as the page is packed, in a frame with nothing in it.

    Args:
        main: The script; `SCRIPT` in it stands for the folder of the page's modules.
        classifier: What the page is told; as `helpers.page_file.pack` takes it.
        network: The base as ONNX.
        folder: Where the page goes, and its source into a folder of its own.

    Returns:
        The page's path.

    Raises:
        InputError: if the page's parts are not installed.
    """
    source = folder / "source"
    (source / "script").mkdir(parents=True)
    script = main.replace("SCRIPT", SCRIPT)
    (source / "script" / "main.js").write_text(script, encoding="utf-8")
    (source / "page.html").write_text(HTML, encoding="utf-8")
    (source / "style.css").write_text("", encoding="utf-8")
    file = folder / "page.html"
    file.write_text(pack(classifier, network, source=source), encoding="utf-8")
    return file
