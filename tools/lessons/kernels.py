"""The one place where a notebook gets a process in which its cells run."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tools.lessons.sources import NOTEBOOKS


class _OwnKernel(AsyncKernelManager):
    """A kernel of this Python, whatever other environments have registered.

    Jupyter would take the first kernel called "python3" that it finds, which may belong
    to another environment, without our packages.
    """

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return KernelSpecManager(parent=self, kernel_dirs=[])


@contextlib.contextmanager
def environment(pictures: str, strict: bool, **settings: str) -> Iterator[dict]:
    """What the cells of a notebook find in `os.environ`; and a folder to clear away.

    Whatever a lesson, or TensorFlow for it, puts into the temporary folder is gone when
    the kernel is.

    Args:
        pictures: `"drawn"` or `"photos"`.
        strict: Whether a check that does not hold ends the lesson. With photographs it
            reports (see helpers.checks): they may be harder than drawn pets, or easier.
        settings: What else is set.

    Yields:
        The variables. The kernel has to end before this does.
    """
    # On Windows, what a process that just ends still holds open stays.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ours = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder) | {"PICTURES": pictures}
        theirs = {k: v for k, v in os.environ.items() if k != "STRICT_CHECKS"}
        yield theirs | ours | ({"STRICT_CHECKS": "1"} if strict else {}) | settings


def client(
    notebook: nbformat.NotebookNode, timeout: int, folder: str = str(NOTEBOOKS)
) -> NotebookClient:
    """What executes the cells of a notebook; it has not begun.

    Args:
        notebook: The notebook; its outputs will be replaced.
        timeout: Seconds that one cell may take.
        folder: Where its cells run.

    Returns:
        A client. Give its `execute` or `setup_kernel` the environment as `env`.
    """
    return NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        kernel_manager_class=_OwnKernel,
        # Newer kernels warn that this computer talks to itself without encryption.
        extra_arguments=["--log-level=CRITICAL"],
        shutdown_kernel="immediate",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": folder}},
    )
