"""A copy of the project as a learner first finds it, to measure lessons in."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from helpers.plumbing import DATA, MANY, ROOT


@contextlib.contextmanager
def project_copy(keep: tuple[str, ...]) -> Iterator[Path]:
    """Copy what lessons need into a temporary folder, which is removed afterwards.

    Nothing of the learner's is touched, however much the lessons there write.

    Args:
        keep: Folders of `data` that come along, if they are there: `weights`, which the
            set-up has prepared, and `drawn` for a lesson that is not the first.

    Yields:
        The copy's folder `notebooks`.
    """
    # A left file that another program holds open must not spoil the measurement.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "project"
        passed_over = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        for name in ("helpers", "data_scripts", "notebooks", "benchmarks/results"):
            shutil.copytree(ROOT / name, copy / name, ignore=passed_over)
        for name in keep:
            if (DATA / name).is_dir():
                shutil.copytree(DATA / name, copy / "data" / name)
        if MANY.is_dir():  # an extra, for a lesson that needs it
            ours = copy.joinpath(*MANY.parts[-3:])
            ours.parent.mkdir(parents=True)
            ours.symlink_to(MANY, target_is_directory=True)
        yield copy / "notebooks"
