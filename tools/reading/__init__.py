"""What nobody has read since it changed: `python -m tools.reading`.

A tie proves a number. That an expression is about its sentence, a title about its
figure, an assert about its item, a translation about its original: only a reader sees
it. So each piece of a text (`pieces`) has a line in `tests/read` (`lines`), with a
digest of what it says, with its ties, and of what stands above it.
"""
