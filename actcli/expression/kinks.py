"""Where the value or the derivative of a formula jumps.

Only where it changes branch can it: at a condition, `abs`, `max`, a pole, the edge of a domain.
Those places stay where the two sides really differ.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from actcli.activation import Array
from actcli.expression.branches import branch_points
from actcli.expression.program import Program
from actcli.numeric.floats import ulp

_SPREAD = 2.0**10
"""The ratio of the two distances at which the sides of a place are compared."""

_UNDERFLOW = 2.0**-1000
"""The end of a tail that underflows, as of abs(exp(x)) at -745, is no jump."""

_REAL = 1e-9
"""Jumps of less, relatively, are taken for roundoff."""

Pair = Callable[[Array], tuple[Array, Array]]


def kinks(program: Program, f_and_df: Pair) -> tuple[float, ...]:
    """The places where f or f' jumps or is not finite, ascending.

    Raises:
        CrowdedError: there are too many.
    """
    places = np.array(branch_points(program))
    with np.errstate(all="ignore"):
        return tuple(places[_is_kink(f_and_df, places)].tolist()) if places.size else ()


def _is_kink(f_and_df: Pair, places: Array) -> NDArray[np.bool_]:
    """Whether f or f' jumps or leaves the reals: its sides do not meet as one comes closer.

    A jump less than 1e-9 of what jumps is taken for roundoff.
    """
    neighbours = np.abs(places[places != 0])
    about_zero = min(2.0**-600, np.min(neighbours, initial=1.0) / _SPREAD**2)
    near = np.where(places == 0, about_zero, 8 * np.asarray(ulp(places)))
    far = _SPREAD * near
    at = f_and_df(places)
    left, right = f_and_df(places - near), f_and_df(places + near)
    left_far, right_far = f_and_df(places - far), f_and_df(places + far)
    is_kink: NDArray[np.bool_] = ~np.isfinite(at[0]) | _jumps(left[0], at[0], left_far[0], at[0])
    for n in (0, 1):
        is_kink |= ~np.isfinite(left[n]) | ~np.isfinite(right[n])
        is_kink |= _jumps(left[n], right[n], left_far[n], right_far[n])
    steeper = np.abs([left[1], right[1]]) > 1.5 * np.abs([left_far[1], right_far[1]])
    is_kink |= np.all(steeper, axis=0)
    return is_kink


def _jumps(left: Array, right: Array, left_far: Array, right_far: Array) -> NDArray[np.bool_]:
    jump, wider = np.abs(right - left), np.abs(right_far - left_far)
    is_jump: NDArray[np.bool_] = jump > _REAL * (np.abs(left) + np.abs(right)) + _UNDERFLOW
    return is_jump & (wider < 4 * jump)
