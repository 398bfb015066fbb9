"""Values and derivatives of a program in doubles, by wide numbers where doubles are too narrow."""

from __future__ import annotations

from typing import Any

import numpy as np

from actcli.activation import Array
from actcli.expression.algebras import Duals, Values
from actcli.expression.arrays import Arrays
from actcli.expression.program import Program
from actcli.expression.wide import Wide, WideNumbers

_VALUES, _DUALS = Values(Arrays), Duals(Arrays)
_WIDE_VALUES, _WIDE_DUALS = Values(WideNumbers), Duals(WideNumbers)

_SMALL = 2.0**-960
"""Results below may come from subnormal numbers, which have lost digits."""


def values(program: Program, x: Array) -> Array:
    """f at finite points."""
    result = _filled(program.walk(_VALUES, x)[-1], x)
    if not program.is_piecewise_linear:
        doubtful = _doubtful(result)
        if doubtful.size:
            wide = program.walk(_WIDE_VALUES, Wide(x[doubtful]))[-1]
            _mend(result, doubtful, wide)
    return result


def values_and_derivatives(program: Program, x: Array) -> tuple[Array, Array]:
    """f and f' at finite points."""
    value, rate = program.walk(_DUALS, (x, 1.0))[-1]
    value = _filled(value, x)
    rate = _filled(0.0 if rate is None else rate, x)
    if not program.is_piecewise_linear:
        doubtful = np.union1d(_doubtful(value), _doubtful(rate))
        if doubtful.size:
            wide, wide_rate = program.walk(_WIDE_DUALS, (Wide(x[doubtful]), 1.0))[-1]
            _mend(value, doubtful, wide)
            _mend(rate, doubtful, wide_rate)
    return value, rate


def _doubtful(result: Array) -> Any:
    """Where an overflow or an underflow on the way may have spoilt the result."""
    size = np.abs(result)
    return np.flatnonzero(~((size > _SMALL) & (size < np.inf)))


def _mend(result: Array, places: Any, wide: Any) -> None:
    """Put the wide result in place of doubtful ones, where it is a number."""
    better = wide.double() if isinstance(wide, Wide) else np.asarray(0.0 if wide is None else wide)
    old = result[places]
    mendable = _doubtful(old)
    better = np.broadcast_to(better, old.shape)[mendable]
    old[mendable] = np.where(np.isnan(better), old[mendable], better)
    result[places] = old


def _filled(result: Any, x: Array) -> Array:
    """One number for each point: a new array, NaN where x is."""
    return np.where(np.isnan(x), x, result)
