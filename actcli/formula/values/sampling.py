"""Values and derivatives of a program in doubles, by wide numbers where doubles are too narrow.

Fast, for what only samples; without a promise on the last digits, nor on what cancels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.formula.algebras import Values
from actcli.formula.program import Program
from actcli.formula.values import arrays, wide_functions
from actcli.formula.values.duals import Dual, Duals
from actcli.formula.values.wide import Wide
from actcli.numeric.arrays import Array
from actcli.numeric.floats import step

_SMALL = 2.0**-960
"""Numbers below may come from subnormal ones, which have lost digits."""

_FACTORS = {"*": 2, "/": 1, "**": 1}
"""Operations that are exactly 0 where one of the first so many arguments is."""

_NARROWING = {*_FACTORS, "exp", "expm1", "sinh", "cosh", "sigmoid", "softplus", "erfc", "norm_cdf"}
"""Operations that overflow or underflow although their arguments do not."""

Mask = NDArray[np.bool_]


def values(program: Program, x: Array) -> Array:
    """The values at the points."""
    algebra = _Watchful()
    result = _filled(program.walk(algebra, x), x)
    spoilt = np.isnan(result) & ~np.isnan(x)
    if not program.is_piecewise_linear:
        spoilt |= algebra.doubt | np.isinf(result)
    doubtful = np.flatnonzero(spoilt)
    if doubtful.size:
        wide = program.walk(Values(wide_functions), Wide(x[doubtful]))
        result[doubtful] = _better(wide, result[doubtful])
    return result


def values_and_derivatives(program: Program, x: Array) -> tuple[Array, Array]:
    """Values and derivatives at the points.

    A derivative that is undefined where the value is not (sqrt(x*x) at 0) is the mean of those at
    the neighbouring doubles; it is 0 where even wide numbers overflow and f stands still. Where
    there is no value (x % 0) there is no derivative.
    """
    value, rate = _values_and_rates(program, x)
    rate[np.isnan(value)] = np.nan
    undefined = np.flatnonzero(np.isnan(rate) & np.isfinite(value))
    if undefined.size:
        here = value[undefined]
        below, above = (_values_and_rates(program, step(x[undefined], side)) for side in (-1, 1))
        mean = (below[1] + above[1]) / 2
        still = np.isnan(mean) & (below[0] == here) & (here == above[0])
        rate[undefined] = np.where(still, 0.0, mean)
    return value, rate


def _values_and_rates(program: Program, x: Array) -> tuple[Array, Array]:
    algebra = _Watchful()
    dual = program.walk(Duals(arrays, algebra), Dual(x, 1.0))
    value, rate = _filled(dual.value, x), _filled(dual.rate_or_zero, x)
    spoilt, weak = (np.isnan(part) & ~np.isnan(x) for part in (value, rate))
    if not program.is_piecewise_linear:
        size = np.abs(rate)
        weak = ~((size > _SMALL) & (size < np.inf))
        if program.is_piecewise_polynomial:
            weak &= rate != 0
        spoilt |= algebra.doubt | np.isinf(value)
    doubtful = np.flatnonzero(spoilt | weak)
    if doubtful.size:
        wide = program.walk(Duals(wide_functions), Dual(Wide(x[doubtful]), 1.0))
        rate[doubtful] = _better(wide.rate_or_zero, rate[doubtful])
        mended = _better(wide.value, value[doubtful])
        value[doubtful] = np.where(spoilt[doubtful], mended, value[doubtful])
    return value, rate


class _Watchful(Values):
    """Doubles that note at which points some step overflowed or underflowed."""

    def __init__(self) -> None:
        super().__init__(arrays)
        self.doubt: Mask | bool = False

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


def _better(wide: Any, plain: Array) -> Array:
    """The wide result, but the plain one where the wide is not a number."""
    result = wide.double() if isinstance(wide, Wide) else np.asarray(wide)
    return np.where(np.isnan(result), plain, result)


def _filled(result: Any, x: Array) -> Array:
    """One number for each point: a new array, NaN where x is."""
    return np.where(np.isnan(x), x, result)
