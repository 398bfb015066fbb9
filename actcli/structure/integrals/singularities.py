"""Integrals beside a singular place and over a whole tail, from what a function is there.

Beside a place the germ of the integrand is integrated term by term, and its exponent says whether
the integral exists. Over a tail the size of f is enough, since the normal density is next to
nothing there; only where f grows exponentially it takes a germ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, ctx

from actcli.formula.germs.expansion import as_ball
from actcli.formula.germs.germ import Germ
from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.germs.orders import Order, OrderRing
from actcli.formula.jets.intervals import INFINITY, ONE, ZERO
from actcli.formula.jets.jet_algebra import JetAlgebra
from actcli.formula.jets.jets import JUMP, Jet, UndecidedError
from actcli.structure.function import ProvedFunction
from actcli.structure.integrals.products import COUNT, NEEDS_SLOPE, SQUARES, Products
from actcli.structure.integrals.weights import Normal, Weight

UNKNOWN = arb.nan()
"""Stands for an integral of which nothing is known."""

_LOST = 16
"""Bits that may be lost where nothing but roundoff is."""

_TERMS, _FEW_TERMS = 10, 2
"""Of a germ that is integrated, and of one that is only bounded."""


def beside(
    function: ProvedFunction,
    products: Products,
    weight: Weight,
    place: tuple[float, int],
    reach: float,
) -> tuple[list[arb], bool]:
    """The integrals from a double to `reach` beside it, on one side: balls, infinite, or NaN.

    And whether those that are known have no more than roundoff.
    """
    centre, side = place
    ring = GermRing(reach, side=side, centre=centre, terms=_TERMS, mild=True)
    raw = _by_germs(function, Products(ZERO, ZERO), weight, ring)
    ends = arb(centre), arb(centre) + side * arb(reach)
    low, high = ends if side > 0 else ends[::-1]
    with ctx.workprec(4 * ctx.prec):  # they cancel over a short way
        powers = weight.powers(low, high)
    centred = products.recentred(raw, powers)
    sizes = Products(abs(products.c), abs(products.d))
    summands = sizes.recentred(list(map(abs, raw)), list(map(abs, powers)), sign=1)
    roundoff = arb(2) ** (_LOST - ctx.prec)
    sharp = all(
        not a.is_finite() or bool(a.rad() <= roundoff * size)
        for a, size in zip(centred, summands, strict=True)
    )
    return [a if a == INFINITY else b for a, b in zip(raw, centred, strict=True)], sharp


def tail(function: ProvedFunction, products: Products, weight: Normal, end: float) -> list[arb]:
    """The integrals from a double on to the infinity of its sign: balls, infinite, or NaN."""
    side = 1 if end > 0 else -1
    found = _by_order(function, products, weight, OrderRing(abs(end), side))
    if all(part.is_finite() for part in found):
        return found
    ring = GermRing(abs(end), side=side, at_infinity=True, terms=_FEW_TERMS, mild=True)
    return [
        a if a.is_finite() else b
        for a, b in zip(found, _by_germs(function, products, weight, ring), strict=True)
    ]


def _by_order(
    function: ProvedFunction, products: Products, weight: Normal, ring: OrderRing
) -> list[arb]:
    jet = _of_some_order(function, ring)
    if jet is None:
        return [UNKNOWN] * COUNT

    def mass(i: int, size: Order) -> arb:
        bound = size.R.magnitude * weight.tail(ring.reach, as_ball(size.p))
        return _between_nothing_and(bound, i)

    terms = _terms(jet, products, ring)
    found = [UNKNOWN if q is None else mass(i, q) for i, q in enumerate(terms)]
    if terms[2] is None:  # by parts, a jump counted
        g = terms[0]
        at_end = g.R.magnitude * ring.reach ** as_ball(g.p) * weight.at(ring.reach)
        line = products.d * weight.tail(ring.reach, 0)
        found[2] = line + mass(0, g * ring.x()) / weight.q + at_end * arb(0, 1)
    return found


def _of_some_order(function: ProvedFunction, ring: OrderRing) -> Jet | None:
    """The jet on a whole tail; without a slope where that has no bound.

    What branches for ever, as a root of abs(sin(x)) does, is seen in the formula as it is written.
    """
    for one in (function, function.another(function.written[0], sharpened=False)):
        jet: Jet = one.over(JetAlgebra(ring), Jet(ring.x(), ring.const(ONE)))
        if not jet.has_value:
            jet = one.over(JetAlgebra(ring), Jet(ring.x())).marked(JUMP)
        if jet.has_value:
            return jet
    return None


def _by_germs(
    function: ProvedFunction, products: Products, weight: Weight, ring: GermRing
) -> list[arb]:
    jet = function.over(JetAlgebra(ring), Jet(ring.x(), ring.const(ONE)))
    if not jet.has_value:
        return [UNKNOWN] * COUNT
    found, power = [], -2 if ring.at_infinity else 0  # dx = +-dt, or -+dt/t**2
    try:
        density = weight.germ(ring)
        for i, q in enumerate(_terms(jet, products, ring)):
            found.append(UNKNOWN if q is None else _integral((q * density).shifted(power), i))
    except UndecidedError:
        pass
    return found + [UNKNOWN] * (COUNT - len(found))


def _terms(jet: Jet, products: Products, ring: Any) -> Sequence[Any]:
    """The integrands over a ring; None where f' is not known, since f may jump."""
    df = ring.zero() if jet.slope is None else jet.slope
    terms = list(products.of(ring.x(), jet.value, df, ring.const))
    if jet.marks & JUMP:
        return [None if i in NEEDS_SLOPE else term for i, term in enumerate(terms)]
    return terms


def _between_nothing_and(bound: arb, i: int) -> arb:
    return bound * (arb(0.5, 0.5) if i in SQUARES else arb(0, 1))


def _integral(h: Germ, i: int) -> arb:
    """The integral of a germ over the t of its ring."""
    try:
        return _termwise(h.folded(), i)
    except UndecidedError:
        return UNKNOWN


def _termwise(h: Germ, i: int) -> arb:
    ring = h.ring
    if h.is_zero():
        return ZERO
    has_sign = bool(h.c) and bool(h.c[0] > 0 or h.c[0] < 0)
    way = 0
    if h.U is not None:
        exponent = h.U.germ
        way = 0 if ring.bounded(exponent) else exponent.limit_sign()
        if not way:
            return UNKNOWN
    if way < 0:
        bound = ring.range(h).magnitude * ring.T
        return _between_nothing_and(bound, i) if bound.is_finite() else UNKNOWN
    if way > 0 or h.p <= -1:
        return INFINITY if has_sign else UNKNOWN
    total, p = ZERO, as_ball(h.p)
    for k, c in enumerate(h.c):
        total += c * ring.T ** (p + k + 1) / (p + k + 1)
    k = len(h.c)
    total += h.R.ball * ring.T ** (p + k + 1) / (p + k + 1)
    return total if total.is_finite() else UNKNOWN
