"""Values and derivatives of a program in doubles, by wide numbers where doubles are too narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.expression.algebras import Values
from actcli.expression.arrays import Arrays
from actcli.expression.duals import Dual, Duals
from actcli.expression.program import Program
from actcli.expression.wide import Wide, WideNumbers

_SMALL = 2.0**-960
"""Numbers below may come from subnormal ones, which have lost digits."""

_FACTORS = {"*": 2, "/": 1, "**": 1}
"""Operations that are exactly 0 where one of the first so many arguments is."""

_NARROWING = {*_FACTORS, "exp", "expm1", "sinh", "cosh", "sigmoid", "softplus", "erfc", "norm_cdf"}
"""Operations that overflow or underflow although their arguments do not."""

Mask = NDArray[np.bool_]


def values(program: Program, x: Array) -> Array:
    """f at the points."""
    algebra = _Watchful()
    result = _filled(program.walk(algebra, x), x)
    if not program.is_piecewise_linear:
        doubtful = np.flatnonzero(algebra.doubt | ~np.isfinite(result))
        if doubtful.size:
            wide = program.walk(Values(WideNumbers), Wide(x[doubtful]))
            result[doubtful] = _better(wide, result[doubtful])
    return result


def values_and_derivatives(program: Program, x: Array) -> tuple[Array, Array]:
    """f and f' at the points."""
    algebra = _Watchful()
    dual = program.walk(Duals(Arrays, algebra), Dual(x, 1.0))
    value, rate = _filled(dual.value, x), _filled(dual.rate_or_zero, x)
    if not program.is_piecewise_linear:
        size = np.abs(rate)
        weak = ~((size > _SMALL) & (size < np.inf))
        if program.is_piecewise_polynomial:
            weak &= rate != 0
        doubtful = np.flatnonzero(algebra.doubt | weak | ~np.isfinite(value))
        if doubtful.size:
            wide = program.walk(Duals(WideNumbers), Dual(Wide(x[doubtful]), 1.0))
            value[doubtful] = _better(wide.value, value[doubtful])
            rate[doubtful] = _better(wide.rate_or_zero, rate[doubtful])
    return value, rate


class _Watchful(Values):
    """Doubles that note at which points some step overflowed or underflowed."""

    def __init__(self) -> None:
        super().__init__(Arrays)
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
