"""The program that draws pets: the same cats and dogs on every computer."""

from helpers.pets.drawing import draw_pet, draw_pets
from helpers.pets.kinds import KINDS, OTHERS

__all__ = ["KINDS", "OTHERS", "draw_pet", "draw_pets"]
