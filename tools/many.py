"""Install what many computers need: once, half a minute, into build/many.

    .venv/bin/python -m tools.many

Ray and what it needs, by a lock of their own, go into an environment of their own that
borrows everything else from the project's: so TensorFlow, Keras and NumPy are the same
with Ray and without it. Do this on each computer of the cluster, in a copy of the
project; then, on the first, `build/many/environment/bin/ray start --head`, and on the
others the command that it prints.
"""

from __future__ import annotations

import sysconfig
from pathlib import Path

from helpers.plumbing import MANY, ROOT, parser, run
from tools.extras import install_extra

STORE = MANY.with_name("store")
# What Jupyter brings for addresses of the web takes seconds to import, and each of
# Ray's many processes would do that. Without it jsonschema checks a little less.
WITHOUT = "import sys; sys.modules['rfc3987_syntax'] = None"


def install_many(place: Path = MANY) -> bool:
    """Install Ray, unless it is there.

    Args:
        place: The environment; one of another lock is replaced.

    Returns:
        Whether anything had to be done.

    Raises:
        InputError: if pip fails. Its own words were shown as they came.
    """
    borrowed = sysconfig.get_path("purelib")
    return install_extra(place, "requirements-many.txt", borrowed, WITHOUT)


def install_store(place: Path = STORE) -> bool:
    """Install a store like Amazon's for the tests, unless it is there.

    Args:
        place: As for `install_many`.

    Returns:
        As `install_many`.

    Raises:
        InputError: as `install_many`.
    """
    return install_extra(place, "requirements-store.txt")


def _main() -> None:
    options = parser(__doc__)
    options.add_argument(
        "--store", action="store_true", help="a store like Amazon's too, for the tests"
    )
    arguments = options.parse_args()
    installed = [(MANY, install_many())]
    if arguments.store:
        installed.append((STORE, install_store()))
    for place, new in installed:
        told = "installed" if new else "in place already"
        print(f"{place.relative_to(ROOT)}: {told}.")


if __name__ == "__main__":
    run(_main)
