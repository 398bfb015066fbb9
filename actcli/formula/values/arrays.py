"""The arithmetic of doubles, arrays or scalars, by the names that `functions` uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import (
    absolute,
    cos,
    cosh,
    exp,
    expm1,
    floor,
    log,
    log1p,
    maximum,
    minimum,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    where,
)
from numpy import arcsinh as asinh
from numpy import arctan as atan
from numpy import float64 as number
from numpy import logical_not as negation
from numpy import mod as modulo

from actcli.formula.primitives import CONSTANTS
from actcli.numeric.arrays import Array
from actcli.numeric.elementary import (
    erf,
    erf_derivative,
    erfc,
    norm_cdf,
    norm_pdf,
    sigmoid,
    sigmoid_derivative,
    softplus,
    tanh_derivative,
)

__all__ = [
    "absolute",
    "apply",
    "asinh",
    "atan",
    "constant",
    "cos",
    "cosh",
    "erf",
    "erf_derivative",
    "erfc",
    "exp",
    "expm1",
    "floor",
    "log",
    "log1p",
    "maximum",
    "minimum",
    "modulo",
    "negation",
    "norm_cdf",
    "norm_pdf",
    "number",
    "power",
    "sigmoid",
    "sigmoid_derivative",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "tan",
    "tanh",
    "tanh_derivative",
    "where",
]


def constant(name: str) -> Any:
    """The double nearest to `pi` or `e`."""
    return number(CONSTANTS[name])


def power(base: Any, exponent: Any) -> Any:
    """The power; by multiplication where that is exact enough, for numpy's is slow."""
    if np.ndim(exponent) == 0:
        if exponent == 3:
            return base * base * base
        if exponent == 4:
            square = base * base
            return square * square
    return base**exponent


def apply(kernel: Callable[[Array], Array], x: Any) -> Any:
    """A catalogue kernel at x; kernels take one block."""
    return kernel(x) if np.ndim(x) else kernel(np.atleast_1d(x))[0]
