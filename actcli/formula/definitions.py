"""Functions that the language has no primitive for: other names, and formulas in their place."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import NamedTuple

ALIASES = {
    "ln": "log",
    "fabs": "abs",
    "absolute": "abs",
    "maximum": "max",
    "fmax": "max",
    "minimum": "min",
    "fmin": "min",
    "arctan": "atan",
    "arcsinh": "asinh",
    "sgn": "sign",
    "expit": "sigmoid",
    "ndtr": "norm_cdf",
    "normcdf": "norm_cdf",
    "power": "pow",
    "remainder": "mod",
    "clamp": "clip",
    "rint": "round",
    "around": "round",
    "fix": "trunc",
    "arctanh": "atanh",
    "negative": "neg",
    "clip_by_value": "clip",
}
"""What other languages call something that there is."""

_DEFINITIONS = {
    "cbrt(x)": "sign(x)*abs(x)**(1/3)",
    "square(x)": "x**2",
    "reciprocal(x)": "1/x",
    "rsqrt(x)": "1/sqrt(x)",
    "hypot(x, y)": "sqrt(x**2 + y**2)",
    "pow(x, y)": "x**y",
    "mod(x, y)": "x % y",
    "exp2(x)": "2**x",
    "log2(x)": "log(x)/log(2)",
    "log10(x)": "log(x)/log(10)",
    "logaddexp(x, y)": "y + softplus(x - y)",
    "ceil(x)": "-floor(-x)",
    "trunc(x)": "sign(x)*floor(abs(x))",
    "round(x)": "floor(x/2 + 1/4) - floor(1/4 - x/2)",
    "clip(x, min, max)": "min(max(x, min), max)",
    "clip(x, min)": "max(x, min)",
    "clip(x, max)": "min(x, max)",
    "clip(x, a_min, a_max)": "min(max(x, a_min), a_max)",
    "clip(x, x_min, x_max)": "min(max(x, x_min), x_max)",
    "clip(x, clip_value_min, clip_value_max)": "min(max(x, clip_value_min), clip_value_max)",
    "neg(x)": "-x",
    "atanh(x)": "(log1p(x) - log1p(-x))/2",
    "log_ndtr(x)": "log(norm_cdf(x))",
    "heaviside(x, y)": "where(x > 0, 1, where(x < 0, 0, y))",
}
"""As in numpy and torch: `round` goes to the even number from the middle of two."""


class Definition(NamedTuple):
    """A formula that stands for a function of these arguments."""

    name: str
    arguments: tuple[str, ...]
    formula: str


@cache
def definitions() -> tuple[Definition, ...]:
    """All of them."""
    return tuple(_definition(head, formula) for head, formula in _DEFINITIONS.items())


def _definition(head: str, formula: str) -> Definition:
    name, _, arguments = head.rstrip(")").partition("(")
    return Definition(name, tuple(arguments.split(", ")), formula)


def definition(name: str, ordered: int, keywords: Collection[str]) -> Definition | None:
    """The definition for so many arguments by position and these by name."""
    fitting = (
        one
        for one in definitions()
        if one.name == name
        and ordered + len(keywords) == len(one.arguments)
        and {*one.arguments[:ordered], *keywords} == {*one.arguments}
    )
    return next(fitting, None)


def forms(name: str) -> list[str]:
    """How a function can be called, none where there is no such function."""
    return [f"{name}({', '.join(one.arguments)})" for one in definitions() if one.name == name]
