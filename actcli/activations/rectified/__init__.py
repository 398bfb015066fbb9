"""Rectified functions: near 0 or a small slope on the left, near x on the right."""

MODULES = ("straight", "squares", "elu", "bent", "rounded", "xielu")
"""In the order in which `list` shows their functions."""
