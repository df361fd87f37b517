"""A trained classifier: one file that holds it, and the names that it gives."""

from helpers.classifier.known import Known, fit_known, is_unknown, likeness
from helpers.classifier.naming import (
    Classifier,
    all_pictures,
    each_answer,
    name_picture,
    name_pictures,
    name_table,
)
from helpers.classifier.saving import (
    load_classifier,
    open_classifier,
    save_classifier,
)

__all__ = [
    "Classifier",
    "Known",
    "all_pictures",
    "each_answer",
    "fit_known",
    "is_unknown",
    "likeness",
    "load_classifier",
    "name_picture",
    "name_pictures",
    "name_table",
    "open_classifier",
    "save_classifier",
]
