"""What a function does at one place: at a double, or between two adjacent ones."""

from __future__ import annotations

import math
from collections.abc import Mapping

from flint import arb, ctx

from actcli.formula.germs.germ_ring import GermRing
from actcli.formula.jets.intervals import ZERO, Interval, Real
from actcli.formula.jets.jet_signs import Choice
from actcli.formula.jets.jets import JUMP, NO_VALUE, PARTIAL, TIE, Jet
from actcli.structure.asymptotes import is_told
from actcli.structure.boxes import even
from actcli.structure.function import LARGEST, ProvedFunction
from actcli.structure.out_of_time import otherwise
from actcli.structure.points.branch_point import BranchPoint
from actcli.structure.points.kind import Place
from actcli.structure.points.sides import Side
from actcli.structure.search.between import Spot, spots
from actcli.structure.symmetries.identities import is_one_function, is_one_value, is_zero_where

_BITS = (100, 400, 1300)
"""More precision, where what has to be told apart is close, or what is large cancels."""


def at_double(function: ProvedFunction, x: float) -> list[BranchPoint] | None:
    """The branch point at a double, if it is one; None where that is not decided."""
    found = None
    for bits in _BITS:
        with ctx.workprec(bits):
            finer = _at_double(function, x, is_continuous=_is_continuous(function, x))
        found = found if finer is None else finer
        if found is not None and _are_told(found):
            return found
    if found is not None:
        return found
    with ctx.workprec(_BITS[0]):
        return _at_double(function, x, is_continuous=True) if _meets(function, x) else None


def _at_double(
    function: ProvedFunction, x: float, *, is_continuous: bool
) -> list[BranchPoint] | None:
    here = function.at(x)
    choices = function.choices
    left, right = Side(function, x, -1), Side(function, x, 1)
    is_analytic = _is_analytic(function, x, left.choices, right.choices)
    place = Place(
        left,
        right,
        None if here.marks & NO_VALUE or not here.value.is_finite() else here.value,
        has_value=has_value(here),
        is_continuous=is_continuous
        or (is_analytic and _is_on_arm(function, choices, left.choices)),
        is_analytic=is_analytic,
        agrees=lambda order: _agrees(function, x, left, right, order),
    )
    if place.is_isolated:
        return []
    known = place.kind()
    if known is None:
        return None
    points = place.point(x, x, *known, is_exact=True)
    return [_joined(function, point, choices, left.choices, right.choices) for point in points]


def has_value(here: Jet) -> bool | None:
    """Whether f has a value at a place, of which this is the jet; None where it is not known."""
    if here.is_nowhere_defined:
        return False
    if here.marks & (NO_VALUE | PARTIAL):
        return None
    return True if here.value.is_finite() else False if here.value.is_infinite_point() else None


def _agrees(function: ProvedFunction, x: float, left: Side, right: Side, order: int) -> bool:
    """Whether a derivative is seen to be the same on both sides of a double."""
    below, above = (function.arm(side.choices) for side in (left, right))
    return is_one_value(function.terms, below, above, x, order)


def _meets(function: ProvedFunction, x: float) -> bool:
    """Whether the formulas on both sides of a double and at it have one value there."""
    arms = []
    for side in (0, -1, 1):
        jet = function.at(x, side)
        if jet.marks & ~TIE or not jet.value.is_finite():
            return False
        arms.append(function.arm(function.choices))
    return all(is_one_value(function.terms, arms[0], arm, x) for arm in arms[1:])


@otherwise(None)
def between(function: ProvedFunction, low: float, high: float) -> list[BranchPoint] | None:
    """The branch points between adjacent doubles; None where they are not decided."""
    with ctx.workprec(_BITS[0]):
        found: list[BranchPoint] | None = function.once(
            ("between", low, high), lambda: _between(function, low, high)
        )
    return found


def _between(function: ProvedFunction, low: float, high: float) -> list[BranchPoint] | None:
    known = None
    for bits in _BITS:
        found = spots(function, low, high, bits)
        if found is None:
            continue
        with ctx.workprec(2 * bits + 120):
            points = [_at_spot(function, spot, low, final=bits == _BITS[-1]) for spot in found]
        if None not in points:
            known = [point for some in points if some is not None for point in some]
            if _are_told(known):
                break
    return known


def _are_told(points: list[BranchPoint]) -> bool:
    """Whether the doubles nearest to all that is known of branch points are known."""
    numbers = [limit for p in points for limit in p.numbers if limit is not None]
    with ctx.workprec(_BITS[-1]):
        return all(is_told(limit.ball) for limit in numbers if limit.is_point)


def _at_spot(
    function: ProvedFunction, spot: Spot, after: float, *, final: bool
) -> list[BranchPoint] | None:
    x = _rounded(spot.ball, final=final)
    left, right = (
        None if choices is None else Side(function, spot.ball, side, choices, spot.pinned)
        for choices, side in ((spot.left, -1), (spot.right, 1))
    )
    here = function.at(spot.ball, 0, spot.here, spot.pinned)
    defined = not here.marks & (NO_VALUE | PARTIAL) and here.value.is_finite()
    is_analytic = _is_analytic(function, spot.ball, spot.left, spot.right)
    place = Place(
        left,
        right,
        here.value if defined else None,
        has_value=has_value(here),
        is_continuous=spot.is_continuous
        or (is_analytic and _is_on_arm(function, spot.here, spot.left))
        or _arms_meet(function, spot),
        is_analytic=is_analytic,
    )
    if place.is_isolated:
        return []
    known = place.kind()
    if known is None or x is None:
        return None
    points = place.point(x, after, *known, is_exact=False)
    points = [_with_zeros(function, spot, point) for point in points]
    return [_joined(function, point, spot.here, spot.left, spot.right) for point in points]


def _joined(
    function: ProvedFunction,
    point: BranchPoint,
    here: Mapping[int, Choice],
    left: Mapping[int, Choice] | None,
    right: Mapping[int, Choice] | None,
) -> BranchPoint:
    """The point, its value being the limit on the side whose formula is the one there."""
    if point.value is None or point.is_continuous:
        return point
    for limit, beside in ((point.left, left), (point.right, right)):
        is_near = limit is not None and limit.is_finite() and not limit.apart(point.value)
        if is_near and _is_on_arm(function, here, beside):  # 0**y is elsewhere at y = 0
            return point._replace(value=limit)
    return point


def _with_zeros(function: ProvedFunction, spot: Spot, point: BranchPoint) -> BranchPoint:
    """The point of a step, its value and limits exactly 0 where their formulas are seen to be."""
    compared = function.compared(spot.here) if spot.steps else {}

    def sharpened(found: Interval | None, choices: Mapping[int, Choice] | None) -> Interval | None:
        if found is None or choices is None or found.is_zero() or not found.ball.contains(0):
            return found
        terms, arm = function.terms, function.arm(choices)
        vanishes = any(
            is_zero_where(terms, arm, *compared[key]) for key in spot.steps & compared.keys()
        )
        return Interval(ZERO) if vanishes else found

    return point._replace(
        value=sharpened(point.value, spot.here),
        left=sharpened(point.left, spot.left),
        right=sharpened(point.right, spot.right),
    )


def _arms_meet(function: ProvedFunction, spot: Spot) -> bool:
    """Whether the formulas on both sides become one where what is compared is equal."""
    if spot.left is None or spot.right is None:
        return False
    terms, compared = function.terms, function.compared(spot.left)
    arms = [function.arm(choices) for choices in (spot.left, spot.right, spot.here)]
    for key in spot.pinned & compared.keys():
        first, *others = (terms.replaced(arm, *compared[key]) for arm in arms)
        if all(is_one_function(terms, first, other) for other in others):
            return True
    return False


def _rounded(ball: arb, *, final: bool) -> float | None:
    """The double nearest to a number in a ball; at last a tie goes to the even one."""
    ends = {float(ball.lower()), float(ball.upper())}
    if len(ends) > 1 and not final:
        return None
    return even(ends)


def _is_continuous(function: ProvedFunction, x: float) -> bool:
    """Whether f is made of what is continuous around a double."""
    if abs(x) == LARGEST:
        return False
    jet = function.on(math.nextafter(x, -math.inf), math.nextafter(x, math.inf))
    return not jet.marks & (JUMP | PARTIAL | NO_VALUE) and bool(jet.value.is_finite())


def _is_analytic(
    function: ProvedFunction,
    centre: Real,
    left: Mapping[int, Choice] | None,
    right: Mapping[int, Choice] | None,
) -> bool:
    """Whether f is one formula on both sides, which has a Taylor expansion around the place."""
    if left is None or right is None:
        return False
    if not is_one_function(function.terms, function.arm(left), function.arm(right)):
        return False
    size = float(abs(arb(centre)).mid()) or 1.0
    jet = function.germ(GermRing(2.0**-40 * size, centre=centre, two_sided=True), forced=left)
    return not jet.marks and jet.value.U is None and jet.value.p >= 0


def _is_on_arm(
    function: ProvedFunction, here: Mapping[int, Choice], beside: Mapping[int, Choice] | None
) -> bool:
    """Whether the formula at a place is the one on a side of it, all its choices being known."""
    if beside is None or None in here.values():
        return False
    return is_one_function(function.terms, function.arm(here), function.arm(beside))
