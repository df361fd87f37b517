"""The one error that says what to do."""

from __future__ import annotations


class InputError(ValueError):
    """Something that was given is not what was expected, and can be put right.

    The message says what was expected, what came (the file, the row, the value) and
    what to do next. In a notebook it is shown as that message alone, without the forty
    lines of traceback that lead to it; the scripts print it and end with exit code 2.

    Example:
        >>> raise InputError("no such folder: 'pets'. Make it, or name another.")
        Traceback (most recent call last):
        ...
        helpers.errors.InputError: no such folder: 'pets'. Make it, or name another.
    """

    def _render_traceback_(self) -> list[str]:  # IPython asks the error how to show it
        return [f"{type(self).__name__}: {self}"]
