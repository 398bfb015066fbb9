"""a*(exp(x) - 1 - x) + b*x for x <= 0 and 0 < b < a, accurate at its roots and its minimum.

It has two roots, 0 and one r < 0 that is no double. About either root, with t = x - root, it is
t * (slope + bend * psi(t)), where psi(t) = (exp(t) - 1 - t)/t, the slope is its own at the root and
the bend is a*exp(root); each form is used where nothing cancels in the bracket.
"""

from __future__ import annotations

from functools import cache
from math import factorial
from typing import NamedTuple

from actcli.numeric.arrays import Array
from actcli.numeric.late import np
from actcli.numeric.polynomial import horner

_PSI = tuple(1 / factorial(n) for n in range(24, 1, -1))
"""psi(t)/t as a Taylor polynomial, right to the last bit for |t| < 1.5."""
_WATERSHED = 0.45
"""The part of the way from 0 to the root r where both brackets cancel equally little."""


def expm1_line(x: Array, a: float, b: float) -> Array:
    """a*(exp(x) - 1 - x) + b*x."""
    at = _anchors(a, b)
    near_zero = x > _WATERSHED * at.root
    t = np.where(near_zero, x, (x - at.root) - at.root_low)
    slope = np.where(near_zero, b, at.slope)
    bend = np.where(near_zero, a, at.bend)
    return t * (slope + bend * _psi(t))


def expm1_line_derivative(x: Array, a: float, b: float) -> Array:
    """a*(exp(x) - 1) + b = (a - b) * (exp(x - m) - 1), where m is the minimum."""
    at = _anchors(a, b)
    return (a - b) * np.expm1((x - at.minimum) - at.minimum_low)


def _psi(t: Array) -> Array:
    small = np.clip(t, -1.5, 1.5)
    return np.where(small == t, t * horner(_PSI, small), np.expm1(t) / t - 1)


class _Anchors(NamedTuple):
    """The root r < 0 and the minimum as double-doubles, and what the form about r needs."""

    root: float
    root_low: float
    slope: float
    bend: float
    minimum: float
    minimum_low: float


@cache
def _anchors(a: float, b: float) -> _Anchors:
    """Newton's method in decimals from -a/(a - b), left of the root of a convex function."""
    from decimal import Decimal, localcontext

    with localcontext() as context:
        context.prec = 60
        fall = Decimal(a) - Decimal(b)
        root = -Decimal(a) / fall
        for _ in range(200):
            bend = Decimal(a) * root.exp()
            step = (bend - Decimal(a) - fall * root) / (bend - fall)
            root -= step
            if abs(step) < abs(root) * Decimal("1e-50"):
                break
        bend = Decimal(a) * root.exp()
        minimum = (fall / Decimal(a)).ln()
        return _Anchors(
            root=float(root),
            root_low=float(root - Decimal(float(root))),
            slope=float(bend - fall),
            bend=float(bend),
            minimum=float(minimum),
            minimum_low=float(minimum - Decimal(float(minimum))),
        )
