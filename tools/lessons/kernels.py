"""The one place where a notebook gets a process in which its cells run."""

from __future__ import annotations

import os

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


def environment(pictures: str, strict: bool, **settings: str) -> dict[str, str]:
    """What the cells of a notebook find in `os.environ`.

    Args:
        pictures: `"drawn"` or `"photos"`.
        strict: Whether a check that does not hold ends the lesson. With photographs it
            reports (see helpers.checks): they may be harder than drawn pets, or easier.
        settings: What else is set.
    """
    ours = {"PICTURES": pictures, **({"STRICT_CHECKS": "1"} if strict else {})}
    theirs = {k: v for k, v in os.environ.items() if k != "STRICT_CHECKS"}
    return {**theirs, **ours, **settings}


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
