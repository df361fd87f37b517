"""What no lesson names: files that are whole or not there, and scripts' manners."""

from helpers.plumbing.commands import run
from helpers.plumbing.files import (
    DATA,
    ROOT,
    explained,
    locked,
    sha256,
    whole_file,
    whole_folder,
)

__all__ = [
    "DATA",
    "ROOT",
    "explained",
    "locked",
    "run",
    "sha256",
    "whole_file",
    "whole_folder",
]
