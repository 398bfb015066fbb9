"""Values and derivatives of a program in doubles, by balls where doubles are too narrow.

Fast, for what only samples; without a promise on the last digits, nor on what cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.formula.program import Program
from actcli.formula.values import arrays
from actcli.formula.values.evaluation import ends, limits
from actcli.numeric.arrays import Array

_SMALL = 2.0**-960
"""Numbers below may come from subnormal ones, which have lost digits."""

_FACTORS = {"*": 2, "/": 1, "**": 1}
"""Operations that are exactly 0 where one of the first so many arguments is."""

_NARROWING = {*_FACTORS, "exp", "expm1", "sinh", "cosh", "sigmoid", "softplus", "erfc", "norm_cdf"}
"""Operations that overflow or underflow although their arguments do not."""

_Mask = NDArray[np.bool_]


def values(program: Program, x: Array) -> Array:
    """The values at the points; NaN where a formula alone does not say one."""
    algebra = _Watchful()
    value = _filled(program.walk(algebra, x), x)
    _refine(program, x, algebra.doubt | ~np.isfinite(value), value)
    for at, (limit, _) in ends(program, x):
        value[at] = limit
    return value


def values_and_derivatives(program: Program, x: Array) -> tuple[Array, Array]:
    """Values and derivatives at the points.

    A derivative that is undefined where the value is not (sqrt(x*x) at 0) is the mean of those on
    both sides. Where there is no value (x % 0) there is no derivative.
    """
    algebra = _Watchful()
    duals = arrays.DoubleDuals(arrays, algebra)
    dual = program.walk(duals, duals.variable(x))
    value, rate = _filled(dual.value, x), _filled(dual.rate_or_zero, x)
    _refine(program, x, algebra.doubt | ~(np.isfinite(value) & np.isfinite(rate)), value, rate)
    undefined = np.isnan(rate) & np.isfinite(value) & np.isfinite(x)
    if np.any(undefined):
        rate[undefined] = limits(program, x[undefined]).slope(rate[undefined])
    for at, pair in ends(program, x):
        value[at], rate[at] = pair
    rate[np.isnan(value)] = np.nan
    return value, rate


class _Watchful(arrays.DoubleValues):
    """Doubles that note at which points some step overflowed or underflowed."""

    def __init__(self) -> None:
        super().__init__(arrays)
        self.doubt: _Mask | bool = False

    def call(self, operation: str, arguments: Sequence[Any]) -> Any:
        """One primitive, its result watched."""
        result = super().call(operation, arguments)
        if operation in _NARROWING and np.ndim(result):
            size = np.abs(result)
            if not (np.min(size, initial=1) > _SMALL and np.max(size, initial=1) < np.inf):
                doubt = ~((size > _SMALL) & (size < np.inf))
                for factor in arguments[: _FACTORS.get(operation, 0)]:
                    doubt &= factor != 0
                self.doubt = self.doubt | doubt
        return result


def _refine(
    program: Program, x: Array, doubt: _Mask, value: Array, rate: Array | None = None
) -> None:
    """Put in what balls know where doubles are in doubt."""
    places = np.flatnonzero(doubt & np.isfinite(x))
    if places.size:
        from actcli.formula.values.refinement import doubles, exact, refined

        balls = refined(program, exact(x[places]), rates=rate is not None)
        for plain, better in ((value, balls.value), (rate, balls.rate)):
            if plain is not None:
                known = doubles(better)
                plain[places] = np.where(np.isnan(known), plain[places], known)


def _filled(result: Array | float, x: Array) -> Array:
    """One number for each point: a new array, NaN where x is."""
    return np.where(np.isnan(x), x, result)
