"""Command-line scripts that put pictures and weights in place."""

import tools  # noqa: F401  says so if this is not the project's Python
