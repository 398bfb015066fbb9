"""Whether a function jumps at a double, from its one-sided limits there."""

from __future__ import annotations

from flint import ctx

from actcli.formula.jets.jets import SWITCH
from actcli.structure.function import ProvedFunction

_BITS = (80, 240, 1000)
"""More precision, where what has to be told apart is close."""


def jumps(function: ProvedFunction, x: float) -> bool | None:
    """Whether f is not continuous at a double; None where that is not known.

    A hole that both sides lead to is none.
    """
    for bits in _BITS:
        with ctx.workprec(bits):
            known = _jumps(function, x)
        if known is not None:
            return known
    return None


def _jumps(function: ProvedFunction, x: float) -> bool | None:
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
    return None if None in sides or not all(value.is_point for value in values) else False
