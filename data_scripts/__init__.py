"""Command-line scripts that put pictures and weights in place."""
