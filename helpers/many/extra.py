"""Ray is found where `tools.many` installs it, whichever Python of the project runs."""

import sys

from helpers.errors import InputError
from helpers.plumbing import MANY, PYTHON, packages_of, ray_is_there

if not ray_is_there():
    raise InputError(
        "expected Ray, an extra, found none. Install it once, in half a minute, "
        f"with `{PYTHON} -m tools.many`; then begin again."
    )
sys.path.append(str(packages_of(MANY)))  # last: what the project has comes first
