"""Before lessons are compared: what they prepare once, and say so, is prepared."""

# pytest imports a module to find its examples, and importing a lesson would run it.
collect_ignore = ["notebooks/source"]


def pytest_collection_finish(session):
    if any(".ipynb" in item.nodeid for item in session.items):
        from helpers.start import quietly

        with quietly():
            from helpers.backbones import EfficientNetLite0, EfficientNetLite2
            from helpers.picture_sets import open_pictures
        for prepare in (open_pictures, EfficientNetLite0, EfficientNetLite2):
            prepare()


def pytest_terminal_summary(terminalreporter):
    """What stands proven on the page: `make test` ends with it."""
    run = {item.nodeid.partition("::")[0] for item in _reported(terminalreporter)}
    if not any(name.endswith(".ipynb") for name in run):
        return
    import nbformat

    from tools.notebooks import NOTEBOOKS, lessons
    from tools.rules import style_figures

    figures = [
        style_figures(source, nbformat.read(NOTEBOOKS / f"{source.stem}.ipynb", 4))
        for source in lessons()
        if f"notebooks/{source.stem}.ipynb" in run
    ]
    proven, exempt, code = (
        sum(row[key] for row in figures) for key in ("proven results", "exempt", "code")
    )
    terminalreporter.write_line(
        f"{len(figures)} lessons: {proven} results in prose are tied to the run, "
        f"{code - exempt} of {code} outputs are compared ({exempt} exempt, "
        "each with its reason)."
    )


def _reported(terminalreporter):
    for outcome in ("passed", "failed"):
        yield from terminalreporter.stats.get(outcome, [])
