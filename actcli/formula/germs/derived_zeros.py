"""Coefficients of a derivative's germ that the germ of the function itself proves to be 0.

Where f goes to 1/sqrt(alpha), what leads f' cancels; in balls only nearly so. But an expansion of
f' is the formal derivative of that of f, term by term: a power that f does not have, or has as a
constant, f' does not have either.
"""

from __future__ import annotations

from typing import Any

from flint import arb

from actcli.formula.germs.expansion import Power
from actcli.formula.germs.germ import Germ
from actcli.formula.jets.intervals import ZERO
from actcli.formula.jets.jets import ANYTHING, Jet


def with_derived_zeros(jet: Jet) -> Jet:
    """The same jet of germs, its slope and its curvature without what cannot be there."""
    if not jet.has_value:
        return jet
    slope = _cleared(jet.value, jet.slope)
    curvature = _cleared(slope, jet.curvature)
    return Jet(jet.value, slope, curvature, jet.marks)


def _cleared(f: Any, rate: Any) -> Any:
    """A derivative, whose own integral is f, without what cannot be there."""
    if f is None or f is ANYTHING or rate is None or rate is ANYTHING:
        return rate
    f = f.leading() if f.smaller is not None else f
    if f.U is not None or rate.U is not None or f.is_zero() or not _is_unclear(rate):
        return rate
    step = -1 if rate.ring.at_infinity else 1
    c = [
        ZERO if _is_nearly_0(a) and _is_absent(f, rate.p + n + step) else a
        for n, a in enumerate(rate.c)
    ]
    cleared = Germ(rate.ring, rate.p, None, c, rate.R)
    return cleared if rate.smaller is None else cleared + rate.smaller


def _is_unclear(rate: Germ) -> bool:
    return any(map(_is_nearly_0, rate.c))


def _is_nearly_0(ball: arb) -> bool:
    return not ball.is_exact() and bool(ball.contains(ZERO))


def _is_absent(f: Germ, power: Power) -> bool:
    """Whether t**power is not in f, or is the constant 1."""
    place = power - f.p
    if power == 0 or place < 0:
        return True
    if place >= len(f.c):
        return f.R.is_zero()
    return bool(place != int(place) or f.c[int(place)].is_zero())
