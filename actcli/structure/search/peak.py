"""The top of a hill: where it is, and a bound that it does not pass."""

from __future__ import annotations

from typing import NamedTuple

from flint import arb, ctx

from actcli.formula.germs.expansion import horner
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ZERO
from actcli.formula.jets.jets import Jet, UndecidedError
from actcli.structure.function import ProvedFunction
from actcli.structure.search.heights import Heights, size_of

_NARROW = 1 / 8
"""The width of a box, relative to it, on which an expansion may serve."""

_STEPS = 80

_FINE = 3
"""How many times the bits a top is looked at with: it is no double, and it may be steep around."""


class _Hill(NamedTuple):
    """A bound on a hill, and how far from the double found its top is."""

    bound: arb
    shift: arb


def peak(heights: Heights, low: float, high: float, jet: Jet) -> arb | None:
    """A bound on the size in a box with one hill, whose top is noted; None where there is none."""
    order, function = heights.order, heights.function
    ends = [function.at(x, side) for x, side in ((low, 1), (high, -1))]
    if any(end.marks for end in ends):
        return None
    signs = {0 if end.order(order) is None else end.order(order).sign() for end in ends}
    sign = signs.pop()
    is_concave = order == 0 and jet.curvature is not None and jet.curvature.sign() == -sign
    if not is_concave and high - low > _NARROW * max(abs(low), abs(high), 1.0):
        return None
    top = _top(function, order + 1, low, high, sign) if sign and not signs else None
    if top is None or function.at(top).marks:
        return None
    hill: _Hill | None
    if is_concave:
        hill = _under_tangent(function.at(top), arb(high) - arb(low))
    else:
        hill = _by_expansion(function, order, top, max(top - low, high - top), sign)
    if hill is None or not hill.bound.is_finite():
        return None
    if not is_concave:
        heights.hills.append((top, max(top - low, high - top), hill.bound))
    with ctx.workprec(_FINE * ctx.prec):
        exactly = arb(top) + (ZERO if hill.shift.contains(0) else hill.shift.mid())
        exactly = exactly if low < exactly < high else arb(top)
        heights.peak(float(exactly), size_of(function.at(exactly).order(order)))
    return hill.bound


def _under_tangent(here: Jet, width: arb) -> _Hill:
    """A concave f stays below its tangent at the top."""
    size, rate = size_of(here.value), size_of(here.slope)
    shift = ZERO if here.slope is None else -here.slope.ball / here.curvature.ball
    return _Hill(size + rate * width, shift)


def _by_expansion(
    function: ProvedFunction, order: int, top: float, reach: float, sign: int
) -> _Hill | None:
    """About the top it is q + r t + s t**2 with s < 0 throughout: at most q + r**2/(4 |s|)."""
    try:
        ring = GermRing(reach, centre=top, two_sided=True)
        jet = function.expansion(ring, order)
    except UndecidedError:
        return None
    q = None if jet.marks else jet.order(order)
    if q is None or q.p or q.U is not None or q.smaller is not None or len(q.c) < 3:
        return None
    size, rate, bend = abs(q.c[0]), abs(q.c[1]), horner(q.c[2:], q.R, ring.t)
    keeps_sign = rate * ring.T + bend.magnitude * ring.T**2 <= 2 * size
    if bend.sign() != -sign or not keeps_sign:
        return None
    least = abs(bend.low).min(abs(bend.high))
    return _Hill(size + rate * rate / (4 * least), -q.c[1] / (2 * q.c[2]))


def _top(function: ProvedFunction, order: int, low: float, high: float, sign: int) -> float | None:
    """Where a derivative passes 0 from this sign to the other; None where it does not.

    By secants that keep it between both ends (Illinois); it may be 0 at an end.
    """
    rates = [function.at(x, side).order(order) for x, side in ((low, 1), (high, -1))]
    below, above = (ZERO if rate is None else rate.ball * sign for rate in rates)
    if not (below > 0 and above < 0):
        return low if above < 0 and not below < 0 else high if below > 0 and not above > 0 else None
    kept = 0
    for _ in range(_STEPS):
        x = float(((arb(low) * above - arb(high) * below) / (above - below)).mid())
        q = function.at(x).order(order) if low < x < high else None
        if q is None or not q.is_finite() or not q.sign():
            break
        rate = q.ball * sign
        if rate > 0:
            low, below, above = x, rate, above / 2 if kept > 0 else above
        else:
            high, above, below = x, rate, below / 2 if kept < 0 else below
        kept = 1 if rate > 0 else -1
    return min(max(x, low), high)
