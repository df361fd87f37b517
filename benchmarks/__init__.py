"""What the project claims about accuracy and speed, measured on your machine."""

import tools  # noqa: F401  meets Ctrl-C; says so if this is not the project's Python
