"""From a folder of anybody's classes to a classifier and a report on it."""

from helpers.teaching.card import model_card
from helpers.teaching.collection import Collection, read_collection
from helpers.teaching.command import teach
from helpers.teaching.evaluation import doubtful_labels
from helpers.teaching.parts import choose_test
from helpers.teaching.report import write_report
from helpers.teaching.train import Trained, train_classifier

__all__ = [
    "Collection",
    "Trained",
    "choose_test",
    "doubtful_labels",
    "model_card",
    "read_collection",
    "teach",
    "train_classifier",
    "write_report",
]
