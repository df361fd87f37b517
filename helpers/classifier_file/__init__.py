"""The file of a classifier, read and written without starting TensorFlow."""

from helpers.classifier_file.older_keras import leave_out_later
from helpers.classifier_file.reading import (
    KNOWN,
    SAME_SOURCE,
    add_members,
    model_path,
    read_record,
)
from helpers.classifier_file.record import AGAIN, FORMAT, check_class_names, plain

__all__ = [
    "AGAIN",
    "FORMAT",
    "KNOWN",
    "SAME_SOURCE",
    "add_members",
    "check_class_names",
    "leave_out_later",
    "model_path",
    "plain",
    "read_record",
]
