"""What the page is made of and does not come with the project, once it is installed."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import InputError
from helpers.plumbing import PYTHON, ROOT, sha256

LOCK = Path(__file__).parents[1] / "page" / "package-lock.json"
PARTS = ROOT / "build" / "page"  # where `tools.page_parts` installs them
STAMP = "installed.sha256"  # the last thing that is written: the digest of the lock
RUNTIME = "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm"
JPEG = "node_modules/@cwasm/jpeg-turbo/jpeg-turbo.wasm"


def page_parts(folder: Path = PARTS) -> Path:
    """Where the parts are, if they are those that the lock names.

    Args:
        folder: Where `tools.page_parts` installs them.

    Returns:
        The folder, with `node_modules` in it.

    Raises:
        InputError: if they are not there, or others. The message says what to run.

    Example:
        >>> page_parts(Path("no_such_folder"))
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: the page needs ONNX Runtime for the web and ...
    """
    stamp = folder / STAMP
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != sha256(LOCK):
        raise InputError(
            "the page needs ONNX Runtime for the web and three small packages, which "
            "are not installed, or in other versions. Run "
            f"`{PYTHON} -m tools.page_parts` once (60 MB to download), then the same "
            "command again."
        )
    return folder
