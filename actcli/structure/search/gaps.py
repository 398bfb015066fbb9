"""What may happen between adjacent doubles: a kink, a jump, a pole or a vertical tangent."""

from __future__ import annotations

from flint import arb, ctx

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import INFINITY, ZERO
from actcli.formula.jets.jets import JUMP, SWITCH, Jet, UndecidedError
from actcli.structure.points.places import between
from actcli.structure.search.between import Spot, spots
from actcli.structure.search.heights import Heights, bound_of, size_of

_BITS = 200

_SPOT_BITS = 100
"""Bits, beyond those of a double, with which the numbers are found at which a branch ends."""

UNBOUNDED = arb(2) ** 500
"""A size that is proved to get beyond this, where no bound is known, is said to have none."""

_FAR_BITS = 1100
"""So many that a slope which grows as 1/sqrt is `UNBOUNDED` there."""

_HALVINGS = 1400
"""How often the gap is halved: a slope that grows as 1/sqrt is `UNBOUNDED` by then."""


def between_doubles(heights: Heights, low: float, high: float) -> arb:
    """An upper bound on the size between adjacent doubles; what is taken there is noted.

    Where all branches change at one number those on either side are followed up to it. One that
    holds at that number alone, as that of x == 1/3 does, counts for the bound.
    """
    if low == 0 or high == 0:
        return _bound(heights.order, heights.function.on(low, high))
    function = heights.function
    found = spots(function, low, high, _SPOT_BITS)
    if (
        heights.order
        and found is not None
        and len(found) == 1
        and (found[0].left is None) != (found[0].right is None)
    ):
        with ctx.workprec(_BITS):
            edge = _at_edge(heights, found[0], high - low)
            if edge is not None:
                return edge
    if found is None or len(found) != 1 or None in (found[0].left, found[0].right):
        with ctx.workprec(_BITS):
            return _deeper(heights, low, high)
    (spot,) = found
    with ctx.workprec(_BITS):
        place = float(spot.ball.mid())
        sides = [function.on(low, high, forced=chosen) for chosen in (spot.left, spot.right)]
        if any(jet.marks for jet in sides):
            if _is_infinite_beside(heights, low, high):
                heights.peak(place, INFINITY)
                return ZERO
            filled = _where_filled(heights, low, high)
            return _deeper(heights, low, high) if filled is None else filled
        if sides[0].value.apart(sides[1].value) and heights.order:
            heights.peak(place, INFINITY)
            return ZERO
        for jet in sides:
            q = jet.order(heights.order)
            if q is not None and q.sign():
                heights.peak(place, abs(q.low).min(abs(q.high)))
        tie = function.on(low, high, forced=spot.here)
        bounds = [_bound(heights.order, jet) for jet in (*sides, tie)]
        return max(bounds, key=float)


def _at_edge(heights: Heights, spot: Spot, width: float) -> arb | None:
    """The bound beside a number at which f begins or ends, by its germ there; None: not known."""
    side, choices = (1, spot.right) if spot.left is None else (-1, spot.left)
    ring, order = GermRing(width, side=side, centre=spot.ball), heights.order
    try:
        jet = heights.function.germ(ring, order, forced=choices, pinned=spot.pinned)
        if not jet.has_value or jet.marks & (SWITCH | JUMP):
            return None
        q = jet.order(order)
        bound = ZERO if q is None else ring.range(q).magnitude
        if bound.is_finite():
            return bound
        limit = ring.limit(q)
    except UndecidedError:
        return None
    if not limit.is_point or limit.is_finite():
        return None
    heights.peak(float(spot.ball.mid()), INFINITY)
    return ZERO


def _where_filled(heights: Heights, low: float, high: float) -> arb | None:
    """The bound of what has one but at holes that both sides lead to; None where it is not seen."""
    jet = heights.function.on(low, high)
    size = bound_of(jet.order(heights.order)) if jet.has_value else INFINITY
    points = between(heights.function, low, high) if size.is_finite() else None
    return size if points and all(point.is_continuous for point in points) else None


def _is_infinite_beside(heights: Heights, low: float, high: float) -> bool:
    """Whether the size is beyond all bounds close to where a branch changes."""
    found = spots(heights.function, low, high, _FAR_BITS)
    if found is None or len(found) != 1:
        return False
    with ctx.workprec(_HALVINGS):
        near, place = abs(arb(low)) * arb(2) ** (-_FAR_BITS - 40), found[0].ball.mid()
        sides = [heights.function.at(place + side * near) for side in (-1, 1)]
        sizes = [size_of(jet.order(heights.order)) for jet in sides if jet.has_value]
        return any(size > UNBOUNDED for size in sizes)


def _bound(order: int, jet: Jet) -> arb:
    if jet.is_nowhere_defined:
        return ZERO
    if not jet.has_value or (order and jet.marks & JUMP):
        return INFINITY
    return bound_of(jet.order(order))


def _deeper(heights: Heights, low: float, high: float) -> arb:
    """Halve the gap towards what has no bound; one that goes on beyond all sizes is infinite."""
    function, place = heights.function, low
    left, right = arb(low), arb(high)
    settled = _bound(heights.order, function.on(low, high))
    if settled.is_finite():
        return settled
    settled = ZERO
    for _ in range(_HALVINGS):
        middle = ((left + right) / 2).mid()
        ctx.prec += 1
        q = function.at(middle).order(heights.order)
        if q is not None and q.is_finite():
            heights.peak(place, size_of(q))
        halves = (left, middle), (middle, right)
        bounds = [_bound(heights.order, function.on(*half)) for half in halves]
        wild = [half for half, bound in zip(halves, bounds, strict=True) if not bound.is_finite()]
        for bound in bounds:
            settled = settled.max(bound) if bound.is_finite() else settled
        if not wild:
            return settled
        if size_of(q) > UNBOUNDED:
            heights.peak(place, INFINITY)
            return ZERO
        if len(wild) > 1:
            break
        left, right = wild[0]
    return INFINITY
