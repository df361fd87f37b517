"""The program that draws pets: the same cats and dogs on every computer."""

from helpers.pets.drawing import KINDS, draw_pet, draw_pets

__all__ = ["KINDS", "draw_pet", "draw_pets"]
