"""Exercises: their judges, a module for each lesson, and what a learner calls."""

from helpers.exercises.asking import check, hint, solution
from helpers.exercises.cells import Cell, Exercise, setup_and_exercises
from helpers.exercises.languages import speak, translated
from helpers.exercises.sentences import templates

__all__ = [
    "Cell",
    "Exercise",
    "check",
    "hint",
    "setup_and_exercises",
    "solution",
    "speak",
    "templates",
    "translated",
]
