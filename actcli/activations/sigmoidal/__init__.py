"""Sigmoidal functions: they rise from one level to another, or ever more slowly."""

MODULES = (
    "logistic",
    "hyperbolic",
    "softsign",
    "normal",
    "inverse",
    "algebraic",
    "gumbel",
    "logsigmoid",
)
"""In the order in which `list` shows their functions."""
