"""Command-line scripts that put pictures and weights in place."""

import tools  # noqa: F401  meets Ctrl-C; says so if this is not the project's Python
