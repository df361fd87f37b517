"""What no lesson names: files that are whole or not there, and scripts' manners."""

from helpers.plumbing.commands import parser, run
from helpers.plumbing.editions import (
    known_in,
    languages,
    lessons_in,
    read_translations,
    translations_in,
)
from helpers.plumbing.extras import MANY, STAMP, packages_of, python_of, ray_is_there
from helpers.plumbing.files import (
    DATA,
    ROOT,
    explained,
    sha256,
    whole_file,
    whole_folder,
    write_whole,
)
from helpers.plumbing.known import identity
from helpers.plumbing.locks import locked
from helpers.plumbing.ours import Place, Standing, read_json
from helpers.plumbing.paths import (
    PYTHON,
    given_path,
    printable,
    refuse_inside_set,
    refuse_overlap,
    resolved,
    shown,
)
from helpers.plumbing.zips import ListedZip

__all__ = [
    "DATA",
    "MANY",
    "PYTHON",
    "ROOT",
    "STAMP",
    "ListedZip",
    "Place",
    "Standing",
    "explained",
    "given_path",
    "identity",
    "known_in",
    "languages",
    "lessons_in",
    "locked",
    "packages_of",
    "parser",
    "printable",
    "python_of",
    "ray_is_there",
    "read_json",
    "read_translations",
    "refuse_inside_set",
    "refuse_overlap",
    "resolved",
    "run",
    "sha256",
    "shown",
    "translations_in",
    "whole_file",
    "whole_folder",
    "write_whole",
]
