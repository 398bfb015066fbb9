"""Smooth functions of other shapes: bells, waves and soft ramps."""
