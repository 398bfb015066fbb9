"""Values and derivatives of a program, within 4 and 8 ulp of the real function that it means.

Doubles with an error bound come first. Where the bound exceeds the promise the point is evaluated
again in balls, and where a formula alone does not say (0/0, equal operands of a switch) its limits
from both sides decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from actcli.formula.algebras import Values
from actcli.formula.by_formula import ByFormula
from actcli.formula.program import Program
from actcli.formula.rewriting import without_cancellation
from actcli.formula.values import estimated_functions
from actcli.formula.values.estimates import FIRST_ORDER, UNIT, Estimate, estimate
from actcli.formula.values.ties import TiedDuals
from actcli.numeric.arrays import Array

if TYPE_CHECKING:
    from actcli.formula.values.one_sided import TwoSided

Mask = NDArray[np.bool_]

VALUE, DERIVATIVE = 4.0, 8.0
"""What is promised, in ulp."""


class EstimatedValues(ByFormula, Values[Estimate]):
    """The algebra of doubles with an error bound."""


class EstimatedDuals(ByFormula, TiedDuals[Estimate]):
    """The algebra of dual numbers over them."""


def values(program: Program, x: Array) -> Array:
    """The values at the points, +-inf included; NaN where there is none."""
    program = without_cancellation(program)
    result = np.full_like(x, np.nan)
    finite = np.isfinite(x)
    result[finite] = _finite_values(program, x[finite])
    for at, limits in ends(program, x):
        result[at] = limits[0]
    return result


def values_and_derivatives(program: Program, x: Array) -> tuple[Array, Array]:
    """Values and derivatives at the points, +-inf included; NaN where there is none.

    Where the slopes from both sides agree the derivative is that slope; at a kink it is the chain
    rule's, with the conventions of `duals`, or the mean of both sides where that says nothing; at
    the edge of the domain it is the slope from inside.
    """
    program = without_cancellation(program)
    value, rate = np.full((2, x.size), np.nan)
    finite = np.isfinite(x)
    value[finite], rate[finite] = _finite_pairs(program, x[finite])
    for at, limits in ends(program, x):
        value[at], rate[at] = limits
    return value, rate


def ends(program: Program, x: Array) -> Iterator[tuple[Mask, tuple[float, float]]]:
    """Which points are infinite, and the limits of f and f' there."""
    if np.any(np.isinf(x)):
        from actcli.formula.values.one_sided import at_end

        for side in (-1, 1):
            at = x == side * np.inf
            if np.any(at):
                end = at_end(program, side)
                yield at, (float(end.value[0]), float(end.slope[0]))


def _finite_values(program: Program, x: Array) -> Array:
    result = _filled(program.walk(EstimatedValues(estimated_functions), Estimate(x)), x)
    value = result.value
    places = np.flatnonzero(_is_doubtful(result, VALUE))
    if places.size:
        from actcli.formula.values import refinement

        plain = value[places]
        balls = refinement.refined(program, refinement.exact(x[places]), rates=False)
        value[places] = refinement.doubles(balls.value)
        undefined = np.isnan(value[places])
        if np.any(undefined):
            open_ = places[undefined]
            value[open_] = limits(program, x[open_]).value(plain[undefined])
    return _unsigned(value)


def _finite_pairs(program: Program, x: Array) -> tuple[Array, Array]:
    algebra = EstimatedDuals(estimated_functions)
    dual = program.walk(algebra, algebra.variable(Estimate(x)))
    first, second = _filled(dual.value, x), _filled(dual.rate_or_zero, x)
    value, rate, plain = first.value, second.value, first.value.copy()
    open_ = np.array(np.broadcast_to(algebra.ties, x.shape))
    weak = _is_doubtful(first, VALUE)
    places = np.flatnonzero(weak | _is_doubtful(second, DERIVATIVE))
    if places.size:
        from actcli.formula.values import refinement

        balls = refinement.refined(program, refinement.exact(x[places]), rates=True)
        value[places] = np.where(weak[places], refinement.doubles(balls.value), value[places])
        rate[places] = refinement.doubles(balls.rate)
        open_[places] = balls.ties | np.isnan(value[places]) | np.isnan(rate[places])
    if np.any(open_):
        sides = limits(program, x[open_])
        undefined = np.isnan(value[open_])
        value[open_] = np.where(undefined, sides.value(plain[open_]), value[open_])
        rate[open_] = sides.slope(rate[open_])
    rate[np.isnan(value)] = np.nan
    return _unsigned(value), _unsigned(rate)


def _unsigned(result: Array) -> Array:
    """The numbers without -0.0."""
    result += 0.0
    return result


def limits(program: Program, x: Array) -> TwoSided:
    """The limits of f and f' from both sides."""
    from actcli.formula.values.one_sided import beside

    return beside(program, x)


def _filled(result: Estimate | float, x: Array) -> Estimate:
    """The result of a walk over x, an array in any case and its own."""
    result = estimate(result)
    value = np.array(np.broadcast_to(result.value, x.shape), np.float64)
    return Estimate(value, result.error)


def _is_doubtful(result: Estimate, promise: float) -> Mask:
    """Where the bound exceeds the promise in ulp, or nothing is known.

    A unit of the bound is between half an ulp and an ulp.
    """
    error = np.broadcast_to(result.error, result.value.shape)
    doubtful: Mask = ~(error <= promise)
    places = np.flatnonzero(doubtful)
    if places.size:
        size, some = np.abs(result.value[places]), error[places]
        doubtful[places] = ~(
            (some < FIRST_ORDER) & (some * UNIT * size <= promise * np.spacing(size))
        )
        doubtful[places] &= ~(np.isnan(size) & (some < np.inf))
    return doubtful
