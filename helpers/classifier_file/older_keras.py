"""A file for older Kerases: without settings that they do not know and nobody set.

Each Keras writes all settings of a layer into a file, and refuses a file with one that
it does not know. So a newer Keras makes files that an older one refuses for a setting
that says nothing. In the table are those that came after Keras 3.5; found by saving one
model with 3.5, 3.8, 3.10, 3.14 and 3.15.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

CONFIG = "config.json"
LATER = {  # what each stands at if nobody sets it
    "ragged": False,
    "optional": False,
    "quantization_config": None,
    "renorm": False,
    "renorm_clipping": None,
    "renorm_momentum": 0.99,
    "input_axes": None,
    "output_axes": None,
}


def leave_out_later(path: Path) -> None:
    """Make a `.keras` file that Keras has just written readable for older ones.

    Whoever opens it gets the same model: what is left out is what Keras takes for it.

    Args:
        path: The file, under its unfinished name; beside it is room for a copy.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "pets.keras")
        ...     with zipfile.ZipFile(path, "w") as archive:
        ...         archive.writestr("config.json", '{"units": 2, "input_axes": null}')
        ...     leave_out_later(path)
        ...     zipfile.ZipFile(path).read("config.json").decode()
        '{"units": 2}'
    """
    copied = path.with_name("for_older.keras")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copied, "w") as copy:
        for member in archive.infolist():
            if member.filename == CONFIG:
                config = json.loads(archive.read(member))
                copy.writestr(member, json.dumps(_without_later(config)))
                continue
            with archive.open(member) as source, copy.open(member, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    copied.replace(path)


def _without_later(config: object) -> object:
    if isinstance(config, list):
        return [_without_later(part) for part in config]
    if not isinstance(config, dict):
        return config
    return {
        name: _without_later(value)
        for name, value in config.items()
        if name not in LATER or value != LATER[name]
    }
