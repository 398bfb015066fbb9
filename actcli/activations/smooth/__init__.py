"""Smooth functions of other shapes: bells, waves and soft ramps."""

MODULES = ("exponential", "bells", "ramps", "waves")
"""In the order in which `list` shows their functions."""
