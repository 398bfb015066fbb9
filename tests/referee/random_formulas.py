"""Random formulas, the same for the same seed on every machine."""

from __future__ import annotations

import random

_FUNCTIONS = (
    *("exp", "expm1", "log1p", "sqrt", "sin", "cos", "tanh", "tanh", "sigmoid", "sigmoid"),
    *("softplus", "softplus", "atan", "asinh", "erf", "erfc", "norm_cdf", "log", "abs"),
    *("sinh", "cosh", "sign", "relu", "gelu", "silu", "elu", "-"),
)
_NUMBERS = ("1", "2", "3", "0.5", "0.1", "1.7")
_EXPONENTS = ("2", "3", "0.5", "(-1)", "1.5")


def random_formula(seed: int) -> str:
    """A formula of x."""
    draw = random.Random(seed)
    while True:
        depth = draw.choice((2, 3, 3, 4))
        text = _formula(draw, depth)
        if "x" in text.replace("exp", "").replace("max", ""):
            return text


def _formula(draw: random.Random, depth: int) -> str:
    if depth == 0 or draw.random() < 0.15:
        return draw.choice(("x", "x", "x", "x", "x", "x", draw.choice(_NUMBERS)))
    kind = draw.random()

    def inner() -> str:
        return _formula(draw, depth - 1)

    if kind < 0.45:
        return f"{draw.choice(_FUNCTIONS)}({inner()})"
    if kind < 0.88:
        return f"({inner()}{draw.choice('+-*/+*')}{inner()})"
    if kind < 0.92:
        return f"({inner()})**{draw.choice(_EXPONENTS)}"
    if kind < 0.96:
        return f"{draw.choice(('max', 'min'))}({inner()},{inner()})"
    return f"where({inner()}>{inner()},{inner()},{inner()})"
