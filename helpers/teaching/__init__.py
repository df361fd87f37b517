"""Train a classifier from a folder of the learner's own classes, and report on it."""
