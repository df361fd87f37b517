"""The same features on many computers, for more pictures than one can take.

It needs Ray, an extra: `.venv/bin/python -m tools.many` installs it, and it is found
there.
"""

import helpers.many.extra  # noqa: F401  # isort: skip  # first: it tells where Ray is

from helpers.many.computers import cluster
from helpers.many.computing import Outcome, compute_parts, divide, on_cluster
from helpers.many.heads import Head, fit_head
from helpers.many.listing import list_pictures
from helpers.many.reading import Features, read_features
from helpers.many.rehearsal import Computers
from helpers.many.stores import open_store

__all__ = [
    "Computers",
    "Features",
    "Head",
    "Outcome",
    "cluster",
    "compute_parts",
    "divide",
    "fit_head",
    "list_pictures",
    "on_cluster",
    "open_store",
    "read_features",
]
