"""Whether a function jumps at a double, from its one-sided limits there."""

from __future__ import annotations

from flint import ctx

from actcli.formula.jets.jets import SWITCH
from actcli.structure.function import ProvedFunction
from actcli.structure.points.places import at_double

_BITS = 80


def jumps(function: ProvedFunction, x: float) -> bool | None:
    """Whether f is not continuous at a double; None where that is not known.

    A hole that both sides lead to is none.
    """
    with ctx.workprec(_BITS):
        known = _jumps(function, x)
    if known is not None:
        return known
    points = at_double(function, x)
    return None if points is None else any(point.is_jump for point in points)


def _jumps(function: ProvedFunction, x: float) -> bool | None:
    """The same, if it is seen at a glance."""
    here = function.at(x)
    if not here.marks & ~SWITCH:
        return False
    sides = [function.limit(x, side) for side in (-1, 1)]
    values = [side for side in sides if side is not None]
    if any(value.is_point and not value.is_finite() for value in values):
        return True
    if here.has_value:
        values.append(here.value)
    if any(a.apart(b) for a in values for b in values):
        return True
    is_one = None not in sides and all(value.is_point and value.low.is_exact() for value in values)
    return False if is_one else None
