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
