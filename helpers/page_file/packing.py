"""One file of many: page, style, script, ONNX Runtime, the network, the classifier.

The file asks nothing of anybody: a content security policy in it forbids whatever
comes from outside, and of what is inside only this one script and this one style.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from helpers.errors import InputError
from helpers.page_file.parts import JPEG, PARTS, RUNTIME, page_parts

SOURCE = Path(__file__).parents[1] / "page"
STYLE = '<link rel="stylesheet" href="style.css">'
SCRIPT = '<script type="module" src="script/main.js"></script>'
CHARSET = '<meta charset="utf-8">'
HOLDS = """
<!-- In this file: ONNX Runtime Web, copyright Microsoft Corporation, MIT license.
image-size, copyright Aditya Yadav, MIT license: permission is granted, free of charge,
to deal in both without restriction, if this notice stays; they come as they are,
without warranty of any kind. The same holds for jpeg-turbo, copyright LinusU,
which is libjpeg-turbo, copyright D. R. Commander, Viktor Szathmáry and others, BSD
license: it may be used and passed on, if this notice stays and none of their names is
used to recommend what is made of it; it comes without warranty of any kind. It is based
in part on the work of the Independent JPEG Group. The network: EfficientNet-Lite,
copyright Google, Apache License 2.0. -->"""


def pack(
    classifier: dict,
    network: bytes,
    parts: Path = PARTS,
    source: Path = SOURCE,
    language: str = "en",
) -> str:
    """Join everything into the text of one HTML file.

    Args:
        classifier: What `script/types.js` calls a `Classifier`.
        network: The base as ONNX.
        parts: Where `tools.page_parts` installed the packages.
        source: The folder with `page.html`, `style.css` and `script/main.js`.
        language: Of the words: `"en"`, or another that has a file of words.

    Returns:
        The text; all of it is ASCII but what `page.html`, `style.css` and the words of
        the script hold.

    Raises:
        InputError: if the packages are not installed, or the language has no words.
        ValueError: if `page.html` has not each of its lines once, or a number is NaN.

    Example:
        >>> pack({"name": "mugs"}, b"", parts=Path("no_such_folder"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: the page needs ONNX Runtime for the web and ...
    """
    parts = page_parts(parts)
    style = (source / "style.css").read_text(encoding="utf-8")
    # Beside the packages: the way to them stands in the script, and is the same one.
    with tempfile.TemporaryDirectory(dir=parts) as scratch:
        modules = Path(scratch, "script")
        shutil.copytree(source / "script", modules)
        if (modules / "words.js").is_file():  # a bare page (tools.bare_page) has none
            speak(modules, language)
        script = bundled(modules / "main.js", parts)
    blocks = [
        block("classifier", "application/json", as_json(classifier)),
        block("network", "application/gzip", as_text(network)),
        block("runtime", "application/gzip", as_text((parts / RUNTIME).read_bytes())),
        block("jpeg", "application/gzip", as_text((parts / JPEG).read_bytes())),
    ]
    page = (source / "page.html").read_text(encoding="utf-8")
    for line, instead in (
        (CHARSET, f"{CHARSET}\n{policy(script, style)}{HOLDS}"),
        (STYLE, f"<style>{style}</style>"),
        (SCRIPT, "\n".join([*blocks, f'<script type="module">{script}</script>'])),
    ):
        before, *after = page.split(line)
        if len(after) != 1:
            raise ValueError(f"expected {line} once in page.html, found {len(after)}")
        page = before + instead + after[0]
    return page


def speak(modules: Path, language: str) -> None:
    """Let a copy of the script take its words from the file of a language.

    Args:
        modules: The folder with `words.js`, which says where the words are.
        language: Such as `zh`, for `words.zh.js`.

    Raises:
        InputError: if there is no such file.

    Example:
        >>> speak(SOURCE / "script", "no_such")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: expected a language of the page, en or zh, found ...
    """
    there = [path.name.split(".")[1] for path in sorted(modules.glob("words.*.js"))]
    if language not in there:
        raise InputError(
            f"expected a language of the page, {' or '.join(there)}, found "
            f"{language!r}. Its words would stand in helpers/page/script/words."
            f"{language}.js."
        )
    said = f'export {{ words }} from "./words.{language}.js";\n'
    (modules / "words.js").write_text(said, encoding="utf-8")


def bundled(main: Path, parts: Path) -> str:
    """A module, and all that it imports, as one script.

    Args:
        main: The module.
        parts: Where `tools.page_parts` installed the packages.

    Returns:
        The script. It holds no end tag that would end it.

    Raises:
        ValueError: with what esbuild said, if a module cannot be understood.
    """
    folder = parts / "node_modules"
    (program,) = [
        path
        for pattern in ("@esbuild/*/bin/esbuild", "@esbuild/*/esbuild.exe")
        for path in folder.glob(pattern)
    ]
    done = subprocess.run(
        [
            *(program, main, "--bundle", "--format=esm", "--target=es2022"),
            # ONNX Runtime asks where it lies, and for a file Firefox has no answer
            # that it can bear. It lies nowhere but in the page.
            '--define:import.meta.url="blob:"',
        ],
        cwd=main.parent,
        env={**os.environ, "NODE_PATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return done.stdout


def policy(script: str, style: str) -> str:
    """The line that forbids everything but what lies in the page itself."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'{_digest(script)}' 'wasm-unsafe-eval'",
        "style-src": f"'{_digest(style)}'",
        "img-src": "data: blob:",  # thumbnails, and the picture that was chosen
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    text = "; ".join(f"{name} {value}" for name, value in rules.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{text}">'


def block(name: str, kind: str, text: str) -> str:
    """Data in the page: no browser runs it, whatever it is."""
    return f'<script type="{kind}" id="{name}">{text}</script>'


def as_json(value: object) -> str:
    """JSON that cannot end the element in which it stands.

    Example:
        >>> as_json({"name": "</script>\\u2028"})
        '{"name": "\\\\u003c/script>\\\\u2028"}'
    """
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def as_text(data: bytes) -> str:
    """A file's bytes, packed by gzip, as base64; the same for the same bytes.

    Example:
        >>> gzip.decompress(base64.b64decode(as_text(b"tom")))
        b'tom'
    """
    return base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
